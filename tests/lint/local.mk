dist_check_SCRIPTS += %D%/circles.sh %D%/format.sh %D%/layers.sh %D%/length.sh
TESTS += %D%/circles.sh %D%/format.sh %D%/layers.sh %D%/length.sh
EXTRA_DIST += %D%/README
