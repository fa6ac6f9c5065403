noinst_LIBRARIES += core/model/libmodel.a
core_model_libmodel_a_SOURCES = \
	%D%/condition.c \
	%D%/condition.h \
	%D%/copy.c \
	%D%/copy.h \
	%D%/decode.c \
	%D%/decode.h \
	%D%/decode_pool.c \
	%D%/decode_route.c \
	%D%/decode_work.c \
	%D%/kind.c \
	%D%/kind.h \
	%D%/kv.c \
	%D%/kv.h \
	%D%/object.c \
	%D%/object.h \
	%D%/plan.c \
	%D%/plan.h \
	%D%/settings.c \
	%D%/settings.h \
	%D%/snapshot.c \
	%D%/snapshot.h \
	%D%/world.c \
	%D%/world.h
EXTRA_DIST += %D%/README
