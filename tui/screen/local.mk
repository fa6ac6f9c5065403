noinst_LIBRARIES += tui/screen/libscreen.a
tui_screen_libscreen_a_SOURCES = \
	%D%/answer.h \
	%D%/choose.c \
	%D%/choose.h \
	%D%/console.c \
	%D%/console.h \
	%D%/dialog.c \
	%D%/dialog.h \
	%D%/dialog_freeze.c \
	%D%/frame.c \
	%D%/frame.h \
	%D%/grid.c \
	%D%/grid.h \
	%D%/keymap.c \
	%D%/keymap.h \
	%D%/layout.c \
	%D%/layout.h \
	%D%/page.c \
	%D%/page.h \
	%D%/page_choices.c \
	%D%/page_help.c \
	%D%/page_log.c \
	%D%/page_plan.c \
	%D%/pane.c \
	%D%/pane.h \
	%D%/pane_gateway.c \
	%D%/pane_migration.c \
	%D%/pane_objectives.c \
	%D%/pane_pools.c \
	%D%/pane_routes.c \
	%D%/pane_traffic.c \
	%D%/press.c \
	%D%/press.h \
	%D%/prompt.c \
	%D%/prompt.h \
	%D%/rect.h \
	%D%/role.c \
	%D%/role.h \
	%D%/slider.c \
	%D%/slider.h \
	%D%/state.c \
	%D%/state.h \
	%D%/term.c \
	%D%/term.h \
	%D%/theme.c \
	%D%/theme.h \
	%D%/ui.c \
	%D%/ui.h \
	%D%/ui_do.c \
	%D%/ui_draw.c \
	%D%/ui_handle.c \
	%D%/ui_inside.h \
	%D%/watch.c \
	%D%/watch.h \
	%D%/words.c \
	%D%/words.h
nodist_tui_screen_libscreen_a_SOURCES = %D%/theme_data.c
CLEANFILES += %D%/theme_data.c
EXTRA_DIST += %D%/README

# THEMES is themes/local.mk's.
%D%/theme_data.c: $(THEMES) build-aux/embed.sh
	$(AM_V_GEN)$(MKDIR_P) %D% && { set -e; list=; for file in $(THEMES); do \
	  list="$$list $(srcdir)/$$file"; done; \
	  $(SHELL) $(srcdir)/build-aux/embed.sh screen_theme_files $$list >$@.new; mv $@.new $@; }
