dist_check_SCRIPTS += %D%/layers.sh %D%/length.sh
TESTS += %D%/layers.sh %D%/length.sh
EXTRA_DIST += %D%/README
