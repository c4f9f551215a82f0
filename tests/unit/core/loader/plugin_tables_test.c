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
		{"bad_config_size", -ENOEXEC, {"spp.config/1 of 4 bytes", "at least 8"}},
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

/* Tables of this program: good ones, which each test changes where it wants to. */

static int
run(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	(void)reply;
	return 0;
}

static int
open_port(uint32_t id, const struct spp_args *args, void **port)
{
	(void)id;
	(void)args;
	(void)port;
	return 0;
}

static int
attach_port(void *port, uint16_t direction, uint16_t queue, struct spp_port_queue *out)
{
	(void)port;
	(void)direction;
	(void)queue;
	(void)out;
	return 0;
}

static void
process(void *worker, uint16_t input, struct rte_mbuf **pkts, uint16_t nb, uint16_t *out)
{
	(void)worker;
	(void)input;
	(void)pkts;
	memset(out, 0, nb * sizeof(*out));
}

/* Extensions of the plugin: asked for an id of the host, it answers with these. */
static const void *extension, *pages_extension, *config_extension;

static const void *
get_extension(const char *id)
{
	if (strcmp(id, SPP_EXT_TABLE) == 0)
		return pages_extension;
	if (strcmp(id, SPP_EXT_CONFIG) == 0)
		return config_extension;
	assert_string_equal(id, SPP_EXT_STATUS);
	return extension;
}

static struct {
	struct spp_component_ops component;
	struct spp_port_ops port;
	struct spp_plugin table;
	struct plugin plugin;
	char path[16];
} fixture;

static int
setup(void **state)
{
	(void)state;
	memset(&fixture, 0, sizeof(fixture));
	fixture.component = (struct spp_component_ops){
		.size = sizeof(fixture.component),
		.rx_max = 1,
		.tx_max = 1,
	};
	fixture.port = (struct spp_port_ops){
		.size = sizeof(fixture.port),
		.open = open_port,
		.attach = attach_port,
	};
	fixture.table = (struct spp_plugin){
		.size = sizeof(fixture.table),
		.component = &fixture.component,
	};
	strcpy(fixture.path, "good.so");
	fixture.plugin.path = fixture.path;
	fixture.plugin.manifest.kind = SPP_KIND_COMPONENT;
	error_clear();
	return 0;
}

static void
become_a_port(void)
{
	fixture.plugin.manifest.kind = SPP_KIND_PORT;
	fixture.table.component = NULL;
	fixture.table.port = &fixture.port;
}

static int
take(void)
{
	return plugin_tables_take(&fixture.plugin, &fixture.table);
}

static void
assert_refused(int err, const char *sentence)
{
	assert_int_equal(take(), err);
	assert_string_equal(error_sentence(err), sentence);
}

#define END_OF(type, field) (offsetof(type, field) + sizeof(((type *)NULL)->field))

/* Sizes */

static void
tables_are_copied(void **state)
{
	(void)state;
	fixture.component.process = process;
	fixture.component.tx_max = SPP_MANY;
	assert_int_equal(take(), 0);
	memset(&fixture.component, 0xff, sizeof(fixture.component));
	memset(&fixture.table, 0xff, sizeof(fixture.table));
	assert_ptr_equal(fixture.plugin.component.process, process);
	assert_int_equal(fixture.plugin.component.tx_max, SPP_MANY);
	assert_int_equal(fixture.plugin.table.nb_verbs, 0);
	assert_null(fixture.plugin.table.get_extension);
}

static void
fields_behind_the_size_of_a_table_are_not_read(void **state)
{
	(void)state;
	fixture.component.size = END_OF(struct spp_component_ops, tx_max);
	fixture.component.process = process;
	fixture.component.options = "not a grammar";
	fixture.table.size = END_OF(struct spp_plugin, port);
	fixture.table.aliases = "other";
	fixture.table.get_extension = get_extension;
	extension = "";
	assert_int_equal(take(), 0);
	assert_null(fixture.plugin.component.process);
	assert_null(fixture.plugin.component.options);
	assert_null(fixture.plugin.table.aliases);
	assert_null(fixture.plugin.table.get_extension);
	assert_null(fixture.plugin.status);
}

static void
a_port_table_may_end_with_attach(void **state)
{
	(void)state;
	become_a_port();
	fixture.port.size = END_OF(struct spp_port_ops, attach);
	fixture.port.detach = (void (*)(void *, uint16_t, uint16_t))(uintptr_t)1;
	assert_int_equal(take(), 0);
	assert_ptr_equal(fixture.plugin.port.open, open_port);
	assert_ptr_equal(fixture.plugin.port.attach, attach_port);
	assert_null(fixture.plugin.port.detach);
}

static void
tables_of_a_later_abi_are_cut_to_what_the_host_knows(void **state)
{
	struct {
		struct spp_component_ops known;
		uint64_t later[4];
	} component = {.later = {1, 2, 3, 4}};

	(void)state;
	component.known = fixture.component;
	component.known.size = sizeof(component);
	component.known.process = process;
	fixture.table.component = &component.known;
	assert_int_equal(take(), 0);
	assert_ptr_equal(fixture.plugin.component.process, process);
	assert_null(fixture.plugin.status);
	assert_memory_equal(&fixture.plugin.port, &(struct spp_port_ops){0},
			    sizeof(fixture.plugin.port));
}

static void
a_table_one_byte_too_short_is_refused(void **state)
{
	(void)state;
	fixture.table.size = END_OF(struct spp_plugin, port) - 1;
	assert_refused(-ENOEXEC,
		       "plugin good.so: plugin table of 39 bytes, this host needs at least 40");
	fixture.table.size = sizeof(fixture.table);
	fixture.component.size = END_OF(struct spp_component_ops, tx_max) - 1;
	assert_refused(-ENOEXEC,
		       "plugin good.so: component table of 15 bytes, this host needs at least 16");
	become_a_port();
	fixture.port.size = END_OF(struct spp_port_ops, attach) - 1;
	assert_refused(-ENOEXEC,
		       "plugin good.so: port table of 55 bytes, this host needs at least 56");
}

static void
no_table_is_refused(void **state)
{
	(void)state;
	assert_int_equal(plugin_tables_take(&fixture.plugin, NULL), -ENOEXEC);
	assert_string_equal(error_sentence(-ENOEXEC),
			    "plugin good.so: its entry function returned no table");
}

static void
a_port_with_a_component_table_is_refused(void **state)
{
	(void)state;
	become_a_port();
	fixture.table.component = &fixture.component;
	assert_refused(-ENOEXEC, "plugin good.so: kind port, but it has a component table, too");
}

/* Components */

static void
the_most_drop_reasons_are_taken(void **state)
{
	const char *reasons[SPP_DROP_MAX];

	(void)state;
	for (unsigned int i = 0; i < SPP_DROP_MAX; i++)
		reasons[i] = "reason";
	fixture.component.drop_reasons = reasons;
	fixture.component.nb_drop_reasons = SPP_DROP_MAX;
	assert_int_equal(take(), 0);
	reasons[SPP_DROP_MAX - 1] = "";
	assert_refused(-ENOEXEC, "plugin good.so: drop reason 31 of 32 has no name");
	fixture.component.drop_reasons = NULL;
	assert_refused(-ENOEXEC, "plugin good.so: 32 drop reasons, but no table of their names");
}

static void
options_are_arguments(void **state)
{
	(void)state;
	fixture.component.options = "<ageing:UNSIGNED_INT> <mode:fast|slow>";
	assert_int_equal(take(), 0);
	become_a_port();
	fixture.port.options = "<mode:fast|slow>";
	assert_int_equal(take(), 0);
	fixture.port.options = "mode <mode:fast|slow>";
	assert_refused(-EINVAL, "plugin good.so: options 'mode <mode:fast|slow>' begin with a "
				"word, they are arguments");
}

/* Verbs */

/* A verb as a later ABI may have it. */
struct longer_verb {
	struct spp_verb known;
	uint64_t later[2];
};

static void
verbs_are_found_by_the_size_that_the_plugin_gives_them(void **state)
{
	static const struct longer_verb verbs[] = {
		{{"first", "one", run}, {1, 2}},
		{{"second", "two", run}, {3, 4}},
	};
	struct spp_verb verb;

	(void)state;
	fixture.table.verbs = &verbs[0].known;
	fixture.table.nb_verbs = 2;
	fixture.table.verb_size = sizeof(verbs[0]);
	assert_int_equal(take(), 0);
	verb = plugin_tables_verb(&fixture.plugin, 1);
	assert_string_equal(verb.grammar, "second");
	assert_string_equal(verb.help, "two");
	assert_ptr_equal(verb.run, run);
}

static void
the_most_verbs_are_taken(void **state)
{
	static struct spp_verb verbs[256];

	(void)state;
	for (size_t i = 0; i < RTE_DIM(verbs); i++)
		verbs[i] = (struct spp_verb){"verb", "for tests", run};
	fixture.table.verbs = verbs;
	fixture.table.nb_verbs = RTE_DIM(verbs);
	fixture.table.verb_size = sizeof(verbs[0]);
	assert_int_equal(take(), 0);
	verbs[255].grammar = NULL;
	assert_refused(-ENOEXEC, "plugin good.so: verb 255 of 256 has no grammar");
	fixture.table.nb_verbs++;
	assert_refused(-ENOEXEC, "plugin good.so: 257 verbs, this host takes 256");
}

static void
a_plugin_without_verbs_need_not_fill_in_their_table(void **state)
{
	(void)state;
	fixture.table.verbs = (const struct spp_verb *)(uintptr_t)1;
	fixture.table.verb_size = 1;
	assert_int_equal(take(), 0);
}

/* Extensions */

static void
an_extension_is_copied_and_extended_with_zeros(void **state)
{
	struct spp_status_ext status = {
		.size = END_OF(struct spp_status_ext, process_status),
		.process_status = (void (*)(struct spp_reply *))(uintptr_t)1,
		.instance_status = (void (*)(void *, struct spp_reply *))(uintptr_t)1,
	};

	(void)state;
	fixture.table.get_extension = get_extension;
	extension = &status;
	assert_int_equal(take(), 0);
	memset(&status, 0, sizeof(status));
	assert_ptr_equal(fixture.plugin.status, &fixture.plugin.status_ext);
	assert_non_null(fixture.plugin.status->process_status);
	assert_null(fixture.plugin.status->instance_status);
}

static void
each_extension_is_taken_by_itself(void **state)
{
	struct spp_config_ext config = {
		.size = END_OF(struct spp_config_ext, process_config),
		.flags = SPP_CONFIG_LARGE,
		.process_config = (int (*)(spp_config_emit, void *))(uintptr_t)1,
		.instance_config = (int (*)(void *, spp_config_emit, void *))(uintptr_t)1,
	};

	(void)state;
	fixture.table.get_extension = get_extension;
	extension = NULL;
	config_extension = &config;
	assert_int_equal(take(), 0);
	config_extension = NULL;
	assert_null(fixture.plugin.status);
	assert_ptr_equal(fixture.plugin.config, &fixture.plugin.config_ext);
	assert_int_equal(fixture.plugin.config->flags, SPP_CONFIG_LARGE);
	assert_non_null(fixture.plugin.config->process_config);
	assert_null(fixture.plugin.config->instance_config);
}

static void
a_plugin_may_lack_the_extension(void **state)
{
	(void)state;
	fixture.table.get_extension = get_extension;
	extension = NULL;
	assert_int_equal(take(), 0);
	assert_null(fixture.plugin.status);
	assert_null(fixture.plugin.pages);
	assert_null(fixture.plugin.config);
}

static uint64_t
count_none(void)
{
	return 0;
}

static int
write_none(struct spp_reply *reply, const char *from, uint64_t max, char next[SPP_TABLE_PLACE_SIZE])
{
	(void)reply;
	(void)from;
	(void)max;
	next[0] = '\0';
	return 0;
}

static void
pages_have_a_name_and_functions(void **state)
{
	struct spp_table_ext good = {
		.size = sizeof(good), .name = "table", .count = count_none, .write = write_none};
	struct spp_table_ext bad[4] = {good, good, good, good};

	(void)state;
	bad[0].name = NULL;
	bad[1].count = NULL;
	bad[2].write = NULL;
	bad[3].size = END_OF(struct spp_table_ext, count);
	fixture.table.get_extension = get_extension;
	extension = NULL;
	for (unsigned int i = 0; i < 4; i++) {
		pages_extension = &bad[i];
		assert_int_equal(take(), -ENOEXEC);
		assert_null(fixture.plugin.pages);
	}
	pages_extension = &good;
	assert_int_equal(take(), 0);
	assert_ptr_equal(fixture.plugin.pages, &fixture.plugin.pages_ext);
	pages_extension = NULL;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(whoever_breaks_a_rule_is_refused),
		TEST(tables_are_copied),
		TEST(fields_behind_the_size_of_a_table_are_not_read),
		TEST(a_port_table_may_end_with_attach),
		TEST(tables_of_a_later_abi_are_cut_to_what_the_host_knows),
		TEST(a_table_one_byte_too_short_is_refused),
		TEST(no_table_is_refused),
		TEST(a_port_with_a_component_table_is_refused),
		TEST(the_most_drop_reasons_are_taken),
		TEST(options_are_arguments),
		TEST(verbs_are_found_by_the_size_that_the_plugin_gives_them),
		TEST(the_most_verbs_are_taken),
		TEST(a_plugin_without_verbs_need_not_fill_in_their_table),
		TEST(an_extension_is_copied_and_extended_with_zeros),
		TEST(each_extension_is_taken_by_itself),
		TEST(a_plugin_may_lack_the_extension),
		TEST(pages_have_a_name_and_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
