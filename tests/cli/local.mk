# The command line as scripts see it: the program itself, its output, its exit codes.
check_PROGRAMS += %D%/shape
tests_cli_shape_SOURCES = %D%/shape.c
tests_cli_shape_LDADD = core/base/libbase.a $(CJSON_LIBS) $(YAML_LIBS) -lm

dist_check_SCRIPTS += %D%/refused.sh %D%/migrate.sh %D%/completion.sh %D%/manual.sh %D%/report.sh %D%/plain.sh
EXTRA_DIST += %D%/cli.sh %D%/status.shape %D%/plan.shape %D%/verify.shape %D%/journal.shape
TESTS += %D%/refused.sh %D%/migrate.sh %D%/completion.sh %D%/manual.sh %D%/report.sh %D%/plain.sh
