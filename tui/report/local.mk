noinst_LIBRARIES += tui/report/libreport.a
tui_report_libreport_a_SOURCES = \
	%D%/chart.c \
	%D%/chart.h \
	%D%/chart_svg.c \
	%D%/chart_svg.h \
	%D%/report.c \
	%D%/report.h \
	%D%/save.c \
	%D%/sheet.c \
	%D%/sheet.h \
	%D%/sheet_html.c \
	%D%/sheet_markdown.c \
	%D%/sheet_text.c \
	%D%/verdict.c \
	%D%/verdict.h
nodist_tui_report_libreport_a_SOURCES = %D%/style_data.c
CLEANFILES += %D%/style_data.c
EXTRA_DIST += %D%/README %D%/report.css

%D%/style_data.c: %D%/report.css build-aux/embed.sh
	$(AM_V_GEN)$(MKDIR_P) %D% && $(SHELL) $(srcdir)/build-aux/embed.sh report_style_files \
	  $(srcdir)/%D%/report.css >$@.new && mv $@.new $@
