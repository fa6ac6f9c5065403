# One program a module, linked with the layers it may use and no other.
UNIT_BASE_LIBS = core/base/libbase.a $(CJSON_LIBS) $(YAML_LIBS) $(CMOCKA_LIBS) -lm
UNIT_FRONT_LIBS = tui/libfront.a tui/screen/libscreen.a core/engine/libengine.a core/migrate/libmigrate.a \
	core/kube/libkube.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_access
tests_unit_test_access_SOURCES = %D%/test_access.c %D%/classic.h
tests_unit_test_access_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_accessrenew
tests_unit_test_accessrenew_SOURCES = %D%/test_accessrenew.c
tests_unit_test_accessrenew_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_api
tests_unit_test_api_SOURCES = %D%/test_api.c
tests_unit_test_api_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_apply
tests_unit_test_apply_SOURCES = %D%/test_apply.c %D%/demo_ask.h %D%/demo_world.h
tests_unit_test_apply_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_assess
tests_unit_test_assess_SOURCES = %D%/test_assess.c %D%/classic.h
tests_unit_test_assess_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_backup
tests_unit_test_backup_SOURCES = %D%/test_backup.c %D%/journal_made.h
tests_unit_test_backup_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_base
tests_unit_test_base_SOURCES = %D%/test_base.c
tests_unit_test_base_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_bundle
tests_unit_test_bundle_SOURCES = %D%/test_bundle.c
tests_unit_test_bundle_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_chart
tests_unit_test_chart_SOURCES = %D%/test_chart.c %D%/classic.h %D%/worldtext.h
tests_unit_test_chart_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_config
tests_unit_test_config_SOURCES = %D%/test_config.c
tests_unit_test_config_LDADD = $(UNIT_FRONT_LIBS)

UNIT_TESTS += %D%/test_controller
tests_unit_test_controller_SOURCES = %D%/test_controller.c %D%/demo_world.h
tests_unit_test_controller_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_convert
tests_unit_test_convert_SOURCES = %D%/test_convert.c %D%/worldtext.h
tests_unit_test_convert_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_convert_fields
tests_unit_test_convert_fields_SOURCES = %D%/test_convert_fields.c %D%/worldtext.h
tests_unit_test_convert_fields_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_demo_watch
tests_unit_test_demo_watch_SOURCES = %D%/test_demo_watch.c %D%/demo_ask.h %D%/demo_world.h
tests_unit_test_demo_watch_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_diff
tests_unit_test_diff_SOURCES = %D%/test_diff.c
tests_unit_test_diff_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_execcred
tests_unit_test_execcred_SOURCES = %D%/test_execcred.c
tests_unit_test_execcred_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_file
tests_unit_test_file_SOURCES = %D%/test_file.c
tests_unit_test_file_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_gateway
tests_unit_test_gateway_SOURCES = %D%/test_gateway.c %D%/demo_world.h
tests_unit_test_gateway_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_grant
tests_unit_test_grant_SOURCES = %D%/test_grant.c %D%/classic.h
tests_unit_test_grant_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_grid
tests_unit_test_grid_SOURCES = %D%/test_grid.c
tests_unit_test_grid_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_guard
tests_unit_test_guard_SOURCES = %D%/test_guard.c %D%/worldtext.h
tests_unit_test_guard_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_http
tests_unit_test_http_SOURCES = %D%/test_http.c %D%/http_client.h %D%/http_server.h
tests_unit_test_http_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_http_renew
tests_unit_test_http_renew_SOURCES = %D%/test_http_renew.c %D%/http_client.h %D%/http_server.h
tests_unit_test_http_renew_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_http_tls
tests_unit_test_http_tls_SOURCES = %D%/test_http_tls.c %D%/http_client.h
tests_unit_test_http_tls_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_inbox
tests_unit_test_inbox_SOURCES = %D%/test_inbox.c
tests_unit_test_inbox_LDADD = core/engine/libengine.a core/migrate/libmigrate.a core/model/libmodel.a core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_intent
tests_unit_test_intent_SOURCES = %D%/test_intent.c %D%/worldtext.h
tests_unit_test_intent_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_journal
tests_unit_test_journal_SOURCES = %D%/test_journal.c
tests_unit_test_journal_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_json
tests_unit_test_json_SOURCES = %D%/test_json.c
tests_unit_test_json_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_jsonout
tests_unit_test_jsonout_SOURCES = %D%/test_jsonout.c
tests_unit_test_jsonout_LDADD = tui/plain/libplain.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_keeper
tests_unit_test_keeper_SOURCES = %D%/test_keeper.c %D%/classic.h %D%/worldtext.h
tests_unit_test_keeper_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_keymap
tests_unit_test_keymap_SOURCES = %D%/test_keymap.c
tests_unit_test_keymap_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_kind
tests_unit_test_kind_SOURCES = %D%/test_kind.c
tests_unit_test_kind_LDADD = core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_kubeconfig
tests_unit_test_kubeconfig_SOURCES = %D%/test_kubeconfig.c
tests_unit_test_kubeconfig_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_layout
tests_unit_test_layout_SOURCES = %D%/test_layout.c
tests_unit_test_layout_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_lease
tests_unit_test_lease_SOURCES = %D%/test_lease.c
tests_unit_test_lease_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_limits
tests_unit_test_limits_SOURCES = %D%/test_limits.c %D%/classic.h
tests_unit_test_limits_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_machine
tests_unit_test_machine_SOURCES = %D%/test_machine.c
tests_unit_test_machine_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_nearest
tests_unit_test_nearest_SOURCES = %D%/test_nearest.c
tests_unit_test_nearest_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_object
tests_unit_test_object_SOURCES = %D%/test_object.c
tests_unit_test_object_LDADD = core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_options
tests_unit_test_options_SOURCES = %D%/test_options.c
tests_unit_test_options_LDADD = $(UNIT_FRONT_LIBS)

UNIT_TESTS += %D%/test_orphan
tests_unit_test_orphan_SOURCES = %D%/test_orphan.c %D%/classic.h
tests_unit_test_orphan_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_page
tests_unit_test_page_SOURCES = %D%/test_page.c
tests_unit_test_page_LDADD = tui/plain/libplain.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_patch
tests_unit_test_patch_SOURCES = %D%/test_patch.c
tests_unit_test_patch_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_places
tests_unit_test_places_SOURCES = %D%/test_places.c %D%/classic.h %D%/worldtext.h
tests_unit_test_places_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_policy
tests_unit_test_policy_SOURCES = %D%/test_policy.c %D%/classic.h %D%/worldtext.h
tests_unit_test_policy_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_proc
tests_unit_test_proc_SOURCES = %D%/test_proc.c
tests_unit_test_proc_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_record
tests_unit_test_record_SOURCES = %D%/test_record.c %D%/journal_made.h
tests_unit_test_record_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_reflector
tests_unit_test_reflector_SOURCES = %D%/test_reflector.c %D%/reflector_world.h
tests_unit_test_reflector_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_reflist
tests_unit_test_reflist_SOURCES = %D%/test_reflist.c %D%/classic.h
tests_unit_test_reflist_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_release
tests_unit_test_release_SOURCES = %D%/test_release.c %D%/classic.h %D%/worldtext.h
tests_unit_test_release_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_reply
tests_unit_test_reply_SOURCES = %D%/test_reply.c
tests_unit_test_reply_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_report
tests_unit_test_report_SOURCES = %D%/test_report.c %D%/journal_made.h
tests_unit_test_report_LDADD = tui/report/libreport.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_rest
tests_unit_test_rest_SOURCES = %D%/test_rest.c %D%/demo_ask.h %D%/demo_world.h
tests_unit_test_rest_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_restore
tests_unit_test_restore_SOURCES = %D%/test_restore.c %D%/classic.h %D%/worldtext.h
tests_unit_test_restore_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_retreat
tests_unit_test_retreat_SOURCES = %D%/test_retreat.c %D%/classic.h %D%/worldtext.h
tests_unit_test_retreat_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_rewrite
tests_unit_test_rewrite_SOURCES = %D%/test_rewrite.c %D%/classic.h %D%/worldtext.h
tests_unit_test_rewrite_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_rights
tests_unit_test_rights_SOURCES = %D%/test_rights.c %D%/classic.h %D%/worldtext.h
tests_unit_test_rights_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_scenario
tests_unit_test_scenario_SOURCES = %D%/test_scenario.c %D%/demo_world.h
tests_unit_test_scenario_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_schema
tests_unit_test_schema_SOURCES = %D%/test_schema.c
tests_unit_test_schema_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_sealed
tests_unit_test_sealed_SOURCES = %D%/test_sealed.c
tests_unit_test_sealed_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_self
tests_unit_test_self_SOURCES = %D%/test_self.c
tests_unit_test_self_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_server
tests_unit_test_server_SOURCES = %D%/test_server.c
tests_unit_test_server_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_session
tests_unit_test_session_SOURCES = %D%/test_session.c
tests_unit_test_session_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_signin
tests_unit_test_signin_SOURCES = %D%/test_signin.c
tests_unit_test_signin_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_slider
tests_unit_test_slider_SOURCES = %D%/test_slider.c
tests_unit_test_slider_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_split
tests_unit_test_split_SOURCES = %D%/test_split.c
tests_unit_test_split_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_step_attach
tests_unit_test_step_attach_SOURCES = %D%/test_step_attach.c %D%/classic.h
tests_unit_test_step_attach_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_step_cleanup
tests_unit_test_step_cleanup_SOURCES = %D%/test_step_cleanup.c %D%/classic.h
tests_unit_test_step_cleanup_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_step_crds
tests_unit_test_step_crds_SOURCES = %D%/test_step_crds.c %D%/worldtext.h
tests_unit_test_step_crds_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_step_detach
tests_unit_test_step_detach_SOURCES = %D%/test_step_detach.c %D%/classic.h %D%/worldtext.h
tests_unit_test_step_detach_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_step_objectives
tests_unit_test_step_objectives_SOURCES = %D%/test_step_objectives.c %D%/worldtext.h
tests_unit_test_step_objectives_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_step_pool
tests_unit_test_step_pool_SOURCES = %D%/test_step_pool.c %D%/worldtext.h
tests_unit_test_step_pool_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_step_shift
tests_unit_test_step_shift_SOURCES = %D%/test_step_shift.c %D%/classic.h
tests_unit_test_step_shift_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_store
tests_unit_test_store_SOURCES = %D%/test_store.c
tests_unit_test_store_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_talk
tests_unit_test_talk_SOURCES = %D%/test_talk.c tests/golden/scene.c tests/golden/scene.h
tests_unit_test_talk_LDADD = tui/plain/libplain.a tui/screen/libscreen.a core/migrate/libmigrate.a \
	core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_strangers
tests_unit_test_strangers_SOURCES = %D%/test_strangers.c $(FLOW_SOURCES)
tests_unit_test_strangers_LDADD = $(FLOW_LIBS)

UNIT_TESTS += %D%/test_target
tests_unit_test_target_SOURCES = %D%/test_target.c %D%/classic.h %D%/worldtext.h
tests_unit_test_target_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_text
tests_unit_test_text_SOURCES = %D%/test_text.c
tests_unit_test_text_LDADD = $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_theme
tests_unit_test_theme_SOURCES = %D%/test_theme.c
tests_unit_test_theme_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_tools
tests_unit_test_tools_SOURCES = %D%/test_tools.c
tests_unit_test_tools_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_traffic
tests_unit_test_traffic_SOURCES = %D%/test_traffic.c %D%/demo_world.h
tests_unit_test_traffic_LDADD = core/demo/libdemo.a core/model/libmodel.a $(UNIT_BASE_LIBS) $(MICROHTTPD_LIBS) -lpthread

UNIT_TESTS += %D%/test_ui
tests_unit_test_ui_SOURCES = %D%/test_ui.c %D%/desk.c %D%/desk.h tests/golden/scene.c tests/golden/scene.h
tests_unit_test_ui_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_ui_keys
tests_unit_test_ui_keys_SOURCES = %D%/test_ui_keys.c tests/golden/scene.c tests/golden/scene.h
tests_unit_test_ui_keys_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_ui_preview
tests_unit_test_ui_preview_SOURCES = %D%/test_ui_preview.c %D%/desk.c %D%/desk.h tests/golden/scene.c tests/golden/scene.h
tests_unit_test_ui_preview_LDADD = tui/screen/libscreen.a core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_upgrade
tests_unit_test_upgrade_SOURCES = %D%/test_upgrade.c %D%/classic.h %D%/worldtext.h
tests_unit_test_upgrade_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)
UNIT_TESTS += %D%/test_uninstall
tests_unit_test_uninstall_SOURCES = %D%/test_uninstall.c %D%/classic.h %D%/worldtext.h
tests_unit_test_uninstall_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_variant
tests_unit_test_variant_SOURCES = %D%/test_variant.c %D%/classic.h %D%/worldtext.h
tests_unit_test_variant_LDADD = core/migrate/libmigrate.a core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_watch
tests_unit_test_watch_SOURCES = %D%/test_watch.c
tests_unit_test_watch_LDADD = core/kube/libkube.a $(UNIT_BASE_LIBS) $(CURL_LIBS) -lpthread

UNIT_TESTS += %D%/test_world
tests_unit_test_world_SOURCES = %D%/test_world.c
tests_unit_test_world_LDADD = core/model/libmodel.a $(UNIT_BASE_LIBS)

UNIT_TESTS += %D%/test_yaml
tests_unit_test_yaml_SOURCES = %D%/test_yaml.c
tests_unit_test_yaml_LDADD = $(UNIT_BASE_LIBS)
