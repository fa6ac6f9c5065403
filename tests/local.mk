include %D%/unit/local.mk
include %D%/flow/local.mk
include %D%/sim/local.mk
include %D%/golden/local.mk
include %D%/pty/local.mk
include %D%/bench/local.mk
include %D%/cli/local.mk
include %D%/lint/local.mk
include %D%/cluster/local.mk

check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
