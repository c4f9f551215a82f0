/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of plugins: which ones are taken, and what becomes of fields that one side does not know.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/loader/test_plugins.h"

#include "error.h"
#include "plugin_tables.h"

/* Tables of the plugins in tests/plugins */

/* What plugin_tables_take() says of the tables that a file hands over. */
static void
assert_file_refused(const char *name, int err, const char *const *parts)
{
	int (*entry)(const struct spp_host *host, const struct spp_plugin **table);
	const struct spp_plugin *table = NULL;
	const struct spp_manifest *manifest;
	struct plugin plugin = {0};
	char path[512];
	void *handle;

	snprintf(path, sizeof(path), "%s/%s.so", getenv("TEST_PLUGIN_DIR"), name);
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	assert_non_null(handle);
	manifest = dlsym(handle, "spp_manifest");
	*(void **)&entry = dlsym(handle, "spp_plugin_entry");
	assert_int_equal(entry(NULL, &table), 0);
	plugin.manifest = *manifest;
	plugin.path = path;
	error_clear();
	assert_int_equal(plugin_tables_take(&plugin, table), err);
	assert_sentence((const char *[PARTS_MAX]){path});
	assert_sentence(parts);
	dlclose(handle);
}

static void
whoever_breaks_a_rule_is_refused(void **state)
{
	static const struct {
		const char *name;
		int err;
		const char *parts[PARTS_MAX];
	} cases[] = {
		/* tables */
		{"bad_table_size", -ENOEXEC, {"plugin table of 20 bytes", "at least 40"}},
		{"bad_component_size", -ENOEXEC, {"component table of 12 bytes", "at least 16"}},
		{"bad_status_size", -ENOEXEC, {"spp.status/1 of 4 bytes", "at least 8"}},
		{"bad_no_table", -ENOEXEC, {"kind component", "component table is NULL"}},
		{"bad_two_tables", -ENOEXEC, {"kind component", "a port table, too"}},
		{"bad_rx_range", -ENOEXEC, {"rx_min 3", "rx_max 2"}},
		{"bad_tx_range", -ENOEXEC, {"tx_min 2", "tx_max 1"}},
		{"bad_rx_none", -ENOEXEC, {"rx_max 0", "1 rx port or more"}},
		{"bad_process", -ENOEXEC, {"no process()", "tx_max is 65535, not 1"}},
		{"bad_drops", -ENOEXEC, {"33 drop reasons", "takes 32"}},
		{"bad_drop_name", -ENOEXEC, {"drop reason 1 of 2 has no name"}},
		{"bad_options", -EINVAL, {"options '<ageing:SOMETIMES>'"}},
		{"bad_options_verb", -EINVAL, {"options 'set ", "begin with a word"}},
		{"bad_port_size", -ENOEXEC, {"port table of 16 bytes", "at least 56"}},
		{"bad_port_table", -ENOEXEC, {"kind port", "port table is NULL"}},
		{"bad_port_open", -ENOEXEC, {"no open()"}},
		{"bad_port_attach", -ENOEXEC, {"no attach()"}},
		/* verbs */
		{"bad_verbs", -ENOEXEC, {"2 verbs", "no table of them"}},
		{"bad_verb_count", -ENOEXEC, {"1879048192 verbs", "takes 256"}},
		{"bad_verb_size", -ENOEXEC, {"verbs of 8 bytes", "at least 24"}},
		{"bad_verb_run", -ENOEXEC, {"verb 1 of 2", "no run()"}},
	};

	(void)state;
	for (size_t i = 0; i < RTE_DIM(cases); i++)
		assert_file_refused(cases[i].name, cases[i].err, cases[i].parts);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test(name)
	const struct CMUnitTest tests[] = {
		TEST(whoever_breaks_a_rule_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
