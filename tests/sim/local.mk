# The whole migration in one thread, simulated.
UNIT_TESTS += %D%/test_sim_classic
tests_sim_test_sim_classic_SOURCES = %D%/test_sim_classic.c tests/flow/flow.c tests/flow/flow.h \
	tests/flow/flow_admin.c tests/flow/flow_inside.h tests/flow/flow_transport.c
tests_sim_test_sim_classic_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_sim_simple
tests_sim_test_sim_simple_SOURCES = %D%/test_sim_simple.c tests/flow/flow.c tests/flow/flow.h \
	tests/flow/flow_admin.c tests/flow/flow_inside.h tests/flow/flow_transport.c
tests_sim_test_sim_simple_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_sim_everything
tests_sim_test_sim_everything_SOURCES = %D%/test_sim_everything.c tests/flow/flow.c tests/flow/flow.h \
	tests/flow/flow_admin.c tests/flow/flow_inside.h tests/flow/flow_transport.c
tests_sim_test_sim_everything_LDADD = $(FLOW_LIBS)
