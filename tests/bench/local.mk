# Figures (`make bench`), and in short: no request is lost.
BENCH_SOURCES = %D%/load.c %D%/load.h %D%/program.c %D%/program.h %D%/samples.c %D%/samples.h \
	%D%/screen.c %D%/screen.h %D%/traffic.c %D%/traffic.h %D%/wire.c %D%/wire.h
BENCH_LIBS = core/base/libbase.a $(CJSON_LIBS) $(YAML_LIBS) -lm

check_PROGRAMS += %D%/test_traffic
tests_bench_test_traffic_SOURCES = %D%/test_traffic.c $(BENCH_SOURCES)
tests_bench_test_traffic_LDADD = $(BENCH_LIBS)

dist_check_SCRIPTS += %D%/traffic.sh
TESTS += %D%/traffic.sh
EXTRA_DIST += %D%/README

EXTRA_PROGRAMS += %D%/bench
tests_bench_bench_SOURCES = %D%/bench.c %D%/console.c %D%/console.h %D%/events.c %D%/outage.c \
	%D%/relay.c %D%/relay.h %D%/table.c \
	%D%/table.h $(BENCH_SOURCES)
tests_bench_bench_LDADD = $(BENCH_LIBS)
CLEANFILES += %D%/bench$(EXEEXT)

# kubectl is the one of tests/cluster, or KUBECTL=.
bench: poolshift$(EXEEXT) %D%/bench$(EXEEXT)
	@kubectl=$${KUBECTL:-$$($(srcdir)/tests/cluster/programs)/kubectl} && folder=$$(mktemp -d) && \
		trap 'rm -rf "$$folder"' EXIT && \
		%D%/bench$(EXEEXT) "$$PWD/poolshift" "$$kubectl" "$$folder"

.PHONY: bench
