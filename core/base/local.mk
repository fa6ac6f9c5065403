noinst_LIBRARIES += core/base/libbase.a

core_base_libbase_a_SOURCES = \
	%D%/arena.c %D%/arena.h \
	%D%/buf.c %D%/buf.h \
	%D%/clock.c %D%/clock.h \
	%D%/config.c %D%/config.h \
	%D%/die.c %D%/die.h \
	%D%/diff.c %D%/diff.h \
	%D%/embed.h \
	%D%/err.c %D%/err.h \
	%D%/file.c %D%/file.h \
	%D%/nearest.c %D%/nearest.h \
	%D%/json.c %D%/json.h \
	%D%/jsonlint.c %D%/jsonlint.h \
	%D%/json_print.c %D%/json_print.h \
	%D%/proc.c %D%/proc.h \
	%D%/scalar.c %D%/scalar.h \
	%D%/self.c %D%/self.h \
	%D%/sha256.c %D%/sha256.h \
	%D%/text.c %D%/text.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/wrap.c %D%/wrap.h \
	%D%/yaml.c %D%/yaml.h \
	%D%/yamlprint.c %D%/yamlprint.h

EXTRA_DIST += %D%/README
