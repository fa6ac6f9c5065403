EXTRA_DIST += %D%/architecture.md %D%/developing.md %D%/performance.md %D%/poolshift.1.in

# The manual page is written by a program that is linked with the tables it prints.
EXTRA_PROGRAMS += %D%/manual
docs_manual_SOURCES = %D%/manual.c
docs_manual_LDADD = $(POOLSHIFT_LIBS)
man_MANS += %D%/poolshift.1
CLEANFILES += %D%/manual$(EXEEXT) %D%/poolshift.1

%D%/poolshift.1: %D%/poolshift.1.in %D%/manual$(EXEEXT)
	$(AM_V_GEN)%D%/manual$(EXEEXT) $(srcdir)/%D%/poolshift.1.in >$@.new && mv $@.new $@
