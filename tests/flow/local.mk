# Stories over the demo cluster: the real engine in one thread, under a clock of its own.
FLOW_LIBS = core/engine/libengine.a core/demo/libdemo.a core/migrate/libmigrate.a core/kube/libkube.a \
	core/model/libmodel.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread
FLOW_SOURCES = %D%/flow.c %D%/flow.h %D%/flow_admin.c %D%/flow_inside.h %D%/flow_transport.c \
	%D%/story.c %D%/story.h %D%/wire.c %D%/wire.h

UNIT_TESTS += %D%/test_go_on
tests_flow_test_go_on_SOURCES = %D%/test_go_on.c $(FLOW_SOURCES)
tests_flow_test_go_on_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_outage
tests_flow_test_outage_SOURCES = %D%/test_outage.c $(FLOW_SOURCES)
tests_flow_test_outage_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_refused
tests_flow_test_refused_SOURCES = %D%/test_refused.c $(FLOW_SOURCES)
tests_flow_test_refused_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_undo
tests_flow_test_undo_SOURCES = %D%/test_undo.c $(FLOW_SOURCES)
tests_flow_test_undo_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_ramp
tests_flow_test_ramp_SOURCES = %D%/test_ramp.c $(FLOW_SOURCES)
tests_flow_test_ramp_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_lease
tests_flow_test_lease_SOURCES = %D%/test_lease.c $(FLOW_SOURCES)
tests_flow_test_lease_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_backup
tests_flow_test_backup_SOURCES = %D%/test_backup.c $(FLOW_SOURCES)
tests_flow_test_backup_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_noticed
tests_flow_test_noticed_SOURCES = %D%/test_noticed.c $(FLOW_SOURCES)
tests_flow_test_noticed_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_bad_input
tests_flow_test_bad_input_SOURCES = %D%/test_bad_input.c $(FLOW_SOURCES)
tests_flow_test_bad_input_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_way_back
tests_flow_test_way_back_SOURCES = %D%/test_way_back.c $(FLOW_SOURCES)
tests_flow_test_way_back_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_pending
tests_flow_test_pending_SOURCES = %D%/test_pending.c $(FLOW_SOURCES)
tests_flow_test_pending_LDADD = $(FLOW_LIBS)
