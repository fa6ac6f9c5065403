# Every pane and dialog as text and role letters; `make update-golden` writes them anew.
GOLDEN_LIBS = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

check_PROGRAMS += %D%/test_golden
TESTS += %D%/test_golden
tests_golden_test_golden_SOURCES = %D%/test_golden.c %D%/scene.c %D%/scene.h
tests_golden_test_golden_LDADD = $(GOLDEN_LIBS)
EXTRA_DIST += %D%/README \
	%D%/abort.txt \
	%D%/asking.txt \
	%D%/checks.txt \
	%D%/choices.txt \
	%D%/choices-priority.txt \
	%D%/classic-creating.txt \
	%D%/classic-done.txt \
	%D%/classic-new.txt \
	%D%/classic-pool-made.txt \
	%D%/classic-shift-ascii.txt \
	%D%/classic-shift.txt \
	%D%/classic-typed.txt \
	%D%/classic-wanted.txt \
	%D%/command.txt \
	%D%/crowd-filter.txt \
	%D%/crowd.txt \
	%D%/details.txt \
	%D%/detach.txt \
	%D%/final.txt \
	%D%/forbidden.txt \
	%D%/freeze.txt \
	%D%/fresh.txt \
	%D%/frozen.txt \
	%D%/help.txt \
	%D%/hostile.txt \
	%D%/journal.txt \
	%D%/lease-held.txt \
	%D%/losses.txt \
	%D%/migration.txt \
	%D%/network-died.txt \
	%D%/not-served.txt \
	%D%/pending.txt \
	%D%/plan.txt \
	%D%/preview-diff.txt \
	%D%/preview.txt \
	%D%/report.txt \
	%D%/simple-down.txt \
	%D%/starting.txt \
	%D%/unfreeze.txt \
	%D%/watch.txt

update-golden: %D%/test_golden$(EXEEXT)
	cd $(srcdir) && LC_ALL=C.UTF-8 UPDATE_GOLDEN=1 $(abs_builddir)/$<

.PHONY: update-golden
