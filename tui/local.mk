include tui/screen/local.mk
include tui/plain/local.mk
include tui/report/local.mk

# The options apart from main, so that their test is linked with the same.
noinst_LIBRARIES += tui/libfront.a
tui_libfront_a_SOURCES = \
	%D%/option_row.h \
	%D%/option_words.c \
	%D%/options.c %D%/options.h \
	%D%/scenario_file.c %D%/scenario_file.h

bin_PROGRAMS += poolshift
poolshift_SOURCES = %D%/main.c
POOLSHIFT_LIBS = tui/plain/libplain.a tui/libfront.a tui/screen/libscreen.a tui/report/libreport.a \
	core/demo/libdemo.a \
	core/engine/libengine.a core/migrate/libmigrate.a core/kube/libkube.a core/model/libmodel.a \
	core/base/libbase.a $(CURL_LIBS) $(CJSON_LIBS) $(YAML_LIBS) $(MICROHTTPD_LIBS) $(CURSES_LIBS) \
	-lpthread -lm
poolshift_LDADD = $(POOLSHIFT_LIBS)
EXTRA_DIST += %D%/README
