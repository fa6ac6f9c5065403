EXTRA_DIST += %D%/architecture.md %D%/developing.md
