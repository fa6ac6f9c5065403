# The whole migration in one thread, simulated.
PLAIN_FLOW = tests/flow/flow.c tests/flow/flow.h tests/flow/flow_admin.c tests/flow/flow_inside.h \
	tests/flow/flow_transport.c tests/flow/wire.c tests/flow/wire.h

UNIT_TESTS += %D%/test_sim_classic
tests_sim_test_sim_classic_SOURCES = %D%/test_sim_classic.c $(PLAIN_FLOW)
tests_sim_test_sim_classic_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_sim_simple
tests_sim_test_sim_simple_SOURCES = %D%/test_sim_simple.c $(PLAIN_FLOW)
tests_sim_test_sim_simple_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_sim_everything
tests_sim_test_sim_everything_SOURCES = %D%/test_sim_everything.c %D%/everything.c \
	%D%/everything.h $(PLAIN_FLOW)
tests_sim_test_sim_everything_LDADD = $(FLOW_LIBS)

SIM_SOURCES = %D%/crew.c %D%/crew.h %D%/everything.c %D%/everything.h %D%/explore.h %D%/folder.c \
	%D%/folder.h %D%/sim.c %D%/sim.h %D%/sim_check.c %D%/sim_disk.c %D%/sim_fault.c \
	%D%/sim_guard.c %D%/sim_hand.c %D%/sim_helm.c %D%/sim_helm.h %D%/sim_journal.c \
	%D%/sim_inside.h %D%/sim_state.c %D%/sim_transport.c tests/flow/wire.c tests/flow/wire.h

UNIT_TESTS += %D%/test_sim_faults
tests_sim_test_sim_faults_SOURCES = %D%/test_sim_faults.c %D%/explore.c $(SIM_SOURCES)
tests_sim_test_sim_faults_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_sim_share
tests_sim_test_sim_share_SOURCES = %D%/test_sim_share.c %D%/explore.c $(SIM_SOURCES)
tests_sim_test_sim_share_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_sim_random
tests_sim_test_sim_random_SOURCES = %D%/test_sim_random.c %D%/chaos.c %D%/chaos.h $(SIM_SOURCES)
tests_sim_test_sim_random_LDADD = $(FLOW_LIBS)

EXTRA_DIST += %D%/README

# Everything at every request, nothing left out; and as many random schedules as one likes: SEEDS=N.
sim: tests/sim/test_sim_faults tests/sim/test_sim_share tests/sim/test_sim_random
	SEEDS=$${SEEDS:-2000} tests/sim/test_sim_random
	tests/sim/test_sim_faults
	SIM_ALL=1 tests/sim/test_sim_share
.PHONY: sim
