# POOLSHIFT_FLAG(FLAG): adds FLAG to POOLSHIFT_CFLAGS when the compiler takes it without a word.
# The flags are ours, in AM_CFLAGS; CFLAGS stays the builder's.
AC_DEFUN([POOLSHIFT_FLAG], [
	AS_VAR_PUSHDEF([cached], [poolshift_cv_flag_$1])
	AC_CACHE_CHECK([whether $CC takes $1], [cached], [
		saved_CFLAGS=$CFLAGS
		CFLAGS="$POOLSHIFT_CFLAGS $CFLAGS -Werror $1"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[return 0;]])],
			[AS_VAR_SET([cached], [yes])], [AS_VAR_SET([cached], [no])])
		CFLAGS=$saved_CFLAGS
	])
	AS_VAR_IF([cached], [yes], [POOLSHIFT_CFLAGS="$POOLSHIFT_CFLAGS $1"])
	AS_VAR_POPDEF([cached])
])

# POOLSHIFT_LINK_FLAG(FLAG): the same for POOLSHIFT_LDFLAGS.
AC_DEFUN([POOLSHIFT_LINK_FLAG], [
	AS_VAR_PUSHDEF([cached], [poolshift_cv_link_$1])
	AC_CACHE_CHECK([whether $CC links with $1], [cached], [
		saved_LDFLAGS=$LDFLAGS
		saved_CFLAGS=$CFLAGS
		CFLAGS="$POOLSHIFT_CFLAGS $CFLAGS"
		LDFLAGS="$LDFLAGS $1"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([], [[return 0;]])],
			[AS_VAR_SET([cached], [yes])], [AS_VAR_SET([cached], [no])])
		LDFLAGS=$saved_LDFLAGS
		CFLAGS=$saved_CFLAGS
	])
	AS_VAR_IF([cached], [yes], [POOLSHIFT_LDFLAGS="$POOLSHIFT_LDFLAGS $1"])
	AS_VAR_POPDEF([cached])
])
