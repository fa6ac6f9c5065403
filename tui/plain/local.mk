noinst_LIBRARIES += tui/plain/libplain.a
tui_plain_libplain_a_SOURCES = \
	%D%/checks_text.c \
	%D%/checks_text.h \
	%D%/cmd.c \
	%D%/cmd.h \
	%D%/cmd_apply.c \
	%D%/cmd_completion.c \
	%D%/cmd_demo.c \
	%D%/cmd_freeze.c \
	%D%/cmd_help.c \
	%D%/cmd_journal.c \
	%D%/cmd_plan.c \
	%D%/cmd_report.c \
	%D%/cmd_rollback.c \
	%D%/cmd_shift.c \
	%D%/cmd_status.c \
	%D%/cmd_verify.c \
	%D%/cmd_version.c \
	%D%/follow.c \
	%D%/follow.h \
	%D%/journal_file.c \
	%D%/journal_file.h \
	%D%/jsonout.c \
	%D%/jsonout.h \
	%D%/lines.c \
	%D%/lines.h \
	%D%/losses_text.c \
	%D%/losses_text.h \
	%D%/page.c \
	%D%/page.h \
	%D%/plain_console.c \
	%D%/plain_console.h \
	%D%/preview_text.c \
	%D%/preview_text.h \
	%D%/progress.c \
	%D%/progress.h \
	%D%/status_json.c \
	%D%/status_json.h \
	%D%/talk.c \
	%D%/talk.h \
	%D%/talk_choose.c \
	%D%/talk_inside.h \
	%D%/writing.c \
	%D%/writing.h

EXTRA_DIST += %D%/README
