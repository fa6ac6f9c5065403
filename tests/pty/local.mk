# The terminal's own part on a console that stands still, driven under tmux.
check_PROGRAMS += %D%/still
tests_pty_still_SOURCES = %D%/still.c tests/golden/scene.c tests/golden/scene.h
tests_pty_still_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a \
	core/base/libbase.a $(CJSON_LIBS) $(YAML_LIBS) $(CURSES_LIBS) -lm

dist_check_SCRIPTS += %D%/terminal.sh %D%/console.sh %D%/classic.sh %D%/simple.sh %D%/estate.sh %D%/helm.sh %D%/outage.sh %D%/ways_out.sh %D%/sign_in.sh %D%/dumb.sh
EXTRA_DIST += %D%/screen.sh
TESTS += %D%/terminal.sh %D%/console.sh %D%/classic.sh %D%/simple.sh %D%/estate.sh %D%/helm.sh %D%/outage.sh %D%/ways_out.sh %D%/sign_in.sh %D%/dumb.sh
