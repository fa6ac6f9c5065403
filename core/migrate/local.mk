noinst_LIBRARIES += core/migrate/libmigrate.a
core_migrate_libmigrate_a_SOURCES = \
	%D%/access.c \
	%D%/access.h \
	%D%/answers.c \
	%D%/answers.h \
	%D%/assess.c \
	%D%/assess.h \
	%D%/assess_probe.c \
	%D%/assess_undo.c \
	%D%/assess_verify.c \
	%D%/backup.c \
	%D%/backup.h \
	%D%/bundle.c \
	%D%/bundle.h \
	%D%/chart.c \
	%D%/chart.h \
	%D%/convert.c \
	%D%/convert.h \
	%D%/convert_loss.c \
	%D%/grant.c \
	%D%/grant.h \
	%D%/guard.c \
	%D%/guard.h \
	%D%/intent.c \
	%D%/intent.h \
	%D%/intent_met.c \
	%D%/journal.c \
	%D%/journal.h \
	%D%/journal_inside.h \
	%D%/journal_line.c \
	%D%/journal_line.h \
	%D%/journal_load.c \
	%D%/journal_note.c \
	%D%/keeper.c \
	%D%/keeper.h \
	%D%/kubectl.c \
	%D%/kubectl.h \
	%D%/lease.c %D%/lease.h \
	%D%/leftover.c \
	%D%/leftover.h \
	%D%/limits.c \
	%D%/limits.h \
	%D%/machine.c \
	%D%/machine.h \
	%D%/memory.c \
	%D%/memory.h \
	%D%/namesake.c \
	%D%/namesake.h \
	%D%/noticed.c \
	%D%/noticed.h \
	%D%/orphan.c \
	%D%/orphan.h \
	%D%/pair.c \
	%D%/pair.h \
	%D%/pairing.c \
	%D%/pairing.h \
	%D%/past.c \
	%D%/past.h \
	%D%/picker.c \
	%D%/picker.h \
	%D%/places.c \
	%D%/places.h \
	%D%/policy.c \
	%D%/policy.h \
	%D%/putback.c \
	%D%/putback.h \
	%D%/reattach.c \
	%D%/reattach.h \
	%D%/record.c \
	%D%/record.h \
	%D%/record_share.c \
	%D%/reflist.c \
	%D%/reflist.h \
	%D%/release.c \
	%D%/release.h \
	%D%/release_answer.c \
	%D%/restore.c \
	%D%/restore.h \
	%D%/retreat.c \
	%D%/retreat.h \
	%D%/rewrite.c \
	%D%/rewrite.h \
	%D%/rights.c \
	%D%/rights.h \
	%D%/rights_manifest.c \
	%D%/rows.h \
	%D%/say.c \
	%D%/say.h \
	%D%/sealed.c \
	%D%/sealed.h \
	%D%/split.c \
	%D%/split.h \
	%D%/step.c \
	%D%/step.h \
	%D%/step_attach.c \
	%D%/step_check.c \
	%D%/step_cleanup.c \
	%D%/step_crds.c \
	%D%/step_detach.c \
	%D%/step_finalize.c \
	%D%/step_objectives.c \
	%D%/step_pool.c \
	%D%/step_remove_crds.c \
	%D%/step_shift.c \
	%D%/step_verify.c \
	%D%/surgery.c \
	%D%/surgery.h \
	%D%/target.c \
	%D%/target.h \
	%D%/uninstall.c \
	%D%/uninstall.h \
	%D%/upgrade.c \
	%D%/upgrade.h \
	%D%/values.c \
	%D%/values.h \
	%D%/variant.c \
	%D%/variant.h

# The official v1 CRDs, built in (build-aux/embed.sh).
MIGRATE_CRDS = \
	%D%/crds/inference.networking.k8s.io_inferencepools.yaml \
	%D%/crds/inference.networking.x-k8s.io_inferenceobjectives.yaml \
	%D%/crds/inference.networking.x-k8s.io_inferencepools.yaml
nodist_core_migrate_libmigrate_a_SOURCES = %D%/crd_data.c
CLEANFILES += %D%/crd_data.c
EXTRA_DIST += %D%/README %D%/crds/README $(MIGRATE_CRDS)
%D%/crd_data.c: $(MIGRATE_CRDS) build-aux/embed.sh
	$(AM_V_GEN)$(MKDIR_P) %D% && { set -e; list=; for file in $(MIGRATE_CRDS); do \
	  list="$$list $(srcdir)/$$file"; done; \
	  $(SHELL) $(srcdir)/build-aux/embed.sh migrate_crd_files $$list >$@.new; mv $@.new $@; }
