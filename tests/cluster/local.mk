EXTRA_DIST += %D%/README %D%/go.mod %D%/go.sum %D%/programs %D%/world.sh %D%/claims.sh
