include tui/screen/local.mk
include tui/plain/local.mk

bin_PROGRAMS += poolshift
poolshift_SOURCES = %D%/main.c %D%/config.c %D%/config.h %D%/option_row.h %D%/option_words.c %D%/options.c %D%/options.h %D%/scenario_file.c %D%/scenario_file.h
poolshift_LDADD = tui/plain/libplain.a tui/screen/libscreen.a core/demo/libdemo.a \
	core/engine/libengine.a core/migrate/libmigrate.a core/kube/libkube.a core/model/libmodel.a \
	core/base/libbase.a $(CURL_LIBS) $(CJSON_LIBS) $(YAML_LIBS) $(MICROHTTPD_LIBS) $(CURSES_LIBS) \
	-lpthread -lm
EXTRA_DIST += %D%/README
