noinst_LIBRARIES += core/kube/libkube.a
core_kube_libkube_a_SOURCES = \
	%D%/access_view.c \
	%D%/accessfield.c \
	%D%/accessfield.h \
	%D%/accessmerge.c \
	%D%/accessmerge.h \
	%D%/accessuser.c \
	%D%/accessuser.h \
	%D%/address.c \
	%D%/address.h \
	%D%/api.c \
	%D%/api.h \
	%D%/api_explain.c \
	%D%/api_reply.c \
	%D%/api_version.c \
	%D%/backoff.c \
	%D%/backoff.h \
	%D%/bucket.c \
	%D%/bucket.h \
	%D%/execcred.c \
	%D%/execcred.h \
	%D%/fault.c \
	%D%/fault.h \
	%D%/headers.c \
	%D%/headers.h \
	%D%/http.c \
	%D%/http.h \
	%D%/kubeconfig.c \
	%D%/kubeconfig.h \
	%D%/proxyenv.c \
	%D%/proxyenv.h \
	%D%/redact.c \
	%D%/redact.h \
	%D%/reflector.c \
	%D%/reflector.h \
	%D%/reflector_inside.h \
	%D%/reflector_list.c \
	%D%/reflector_watch.c \
	%D%/signin.c \
	%D%/signin.h \
	%D%/transfer.c \
	%D%/transfer.h \
	%D%/transport.c \
	%D%/transport.h \
	%D%/watch.c \
	%D%/watch.h
EXTRA_DIST += %D%/README
