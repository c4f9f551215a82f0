/* SPDX-License-Identifier: BSD-3-Clause */
/* Refusals once a file is mapped, and what a good plugin becomes. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_mbuf_core.h>

#include "core/loader/test_plugins.h"

#include "../../../plugins/fake_port.h"
#include "../../../plugins/stuck.h"
#include "dispatch.h"
#include "error.h"
#include "load.h"
#include "plugin.h"
#include "plugin_verbs.h"

static int
run_other(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	(void)reply;
	return 0;
}

static int
setup(void **state)
{
	const struct spp_verb verb = {"fake_core_verb <action:other>", "taken", run_other};

	(void)state;
	if (plugin_load("early") != -ENOENT)
		return -1;
	if (mkdtemp(dir) == NULL || plugin_set_dir(dir) < 0)
		return -1;
	return dispatch_add("core", &verb) < 0 ? -1 : plugin_verbs_add();
}

static int
teardown(void **state)
{
	clean(state);
	return rmdir(dir);
}

/* What the process has */

static unsigned int
nb_plugins(void)
{
	unsigned int nb = 0;

	for (const struct plugin *plugin = plugin_first(); plugin != NULL; plugin = plugin->next)
		nb++;
	return nb;
}

struct verb_count {
	const char *owner;
	unsigned int nb;
};

static void
count_verb(const struct dispatch_verb *verb, void *arg)
{
	struct verb_count *count = arg;

	if (strcmp(verb->owner, count->owner) == 0)
		count->nb++;
}

static unsigned int
nb_verbs(const char *owner)
{
	struct verb_count count = {owner, 0};

	dispatch_visit(count_verb, &count);
	return count.nb;
}

static int
is_mapped(const char *path)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[1024];
	int found = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL)
		found |= strstr(line, path) != NULL;
	fclose(maps);
	return found;
}

/* Refusals */

/* plugin_load() returns err, the sentence names file and parts, and nothing is left behind. */
static void
assert_load_refused(const char *name, int err, const char *file, const char *const *parts)
{
	const char *const file_part[PARTS_MAX] = {file};
	unsigned int fds = nb_fds();
	unsigned int plugins = nb_plugins();
	unsigned int verbs = nb_verbs(name);

	error_clear();
	assert_int_equal(plugin_load(name), err);
	assert_sentence(file_part);
	assert_sentence(parts);
	assert_int_equal(nb_plugins(), plugins);
	assert_int_equal(nb_verbs(name), verbs);
	assert_int_equal(nb_fds(), fds);
	assert_false(file[0] == '/' && is_mapped(file));
}

#define REFUSED(name, err, ...)                                                                    \
	assert_load_refused(name, err, so_path(name), (const char *[PARTS_MAX]){__VA_ARGS__})

static void
plugin_load_refuses_whoever_breaks_a_rule(void **state)
{
	static const struct {
		const char *name;
		int err;
		const char *parts[PARTS_MAX];
	} cases[] = {
		/* the file; all of its rules are in plugin_file_test.c */
		{"bad_dpdk", -ENOEXEC, {"DPDK 19.08", "this host with "}},
		/* symbols */
		{"bad_manifest_symbol", -ENOEXEC, {"no symbol spp_manifest"}},
		{"bad_two_manifests", -ENOEXEC, {"manifest in memory differs"}},
		{"bad_no_entry", -ENOEXEC, {"no symbol spp_plugin_entry"}},
		{"bad_undefined", -ELIBBAD, {"cannot be mapped", "nobody_has_this_function"}},
		/* entry */
		{"bad_entry", -EIO, {"entry function failed", "the moon is full"}},
		{"bad_entry_silent", -ENOTUNIQ, {"entry function failed", "File exists"}},
		{"bad_entry_positive", -EPROTO, {"entry function failed"}},
		{"bad_entry_null", -ENOEXEC, {"returned no table"}},
		/* its tables; all of their rules are in plugin_tables_test.c */
		{"bad_table_size", -ENOEXEC, {"plugin table of 20 bytes", "at least 40"}},
		{"bad_status_size", -ENOEXEC, {"spp.status/1 of 4 bytes", "at least 8"}},
		/* verbs */
		{"bad_verb_grammar", -EINVAL, {"bad_verb_grammar"}},
		{"bad_verb_clash", -ENOTUNIQ, {"'fake_core_verb'", "core"}},
	};

	(void)state;
	for (size_t i = 0; i < RTE_DIM(cases); i++) {
		install(cases[i].name, cases[i].name, SIZE_MAX);
		assert_load_refused(cases[i].name, cases[i].err, so_path(cases[i].name),
				    cases[i].parts);
	}
	assert_int_equal(nb_plugins(), 0);
}

static void
plugin_load_refuses_a_name_that_cannot_be(void **state)
{
	(void)state;
	assert_load_refused("../forward", -EINVAL, "../forward",
			    (const char *[PARTS_MAX]){"1 to 31 of a-z 0-9 _ -"});
	assert_load_refused("core", -EINVAL, "core",
			    (const char *[PARTS_MAX]){"belongs to the host"});
}

static void
plugin_load_is_not_confused_by_a_library_that_stays_mapped(void **state)
{
	(void)state;
	install("bad_nodelete", "bad_nodelete", SIZE_MAX);
	for (unsigned int i = 0; i < 2; i++) {
		error_clear();
		assert_int_equal(plugin_load("bad_nodelete"), -EIO);
		assert_true(is_mapped(so_path("bad_nodelete")));
	}
	install("bad_entry", "bad_entry", SIZE_MAX);
	REFUSED("bad_entry", -EIO, "the moon is full");
}

/* Good ones; they stay loaded from test to test. */

static void
plugin_load_takes_a_component_into_service(void **state)
{
	struct plugin *plugin;

	(void)state;
	/* Also by a link of the same directory, as packages make them. */
	install("fake_component", "fake_component", SIZE_MAX);
	assert_int_equal(rename(so_path("fake_component"), file_path("fake_component.so.1")), 0);
	assert_int_equal(symlink("fake_component.so.1", so_path("fake_component")), 0);

	assert_int_equal(plugin_load("fake_component"), 0);
	plugin = plugin_find(SPP_KIND_COMPONENT, "fake_component");
	assert_non_null(plugin);
	assert_null(plugin_find(SPP_KIND_PORT, "fake_component"));
	assert_string_equal(plugin->name, "fake_component");
	assert_string_equal(plugin->path, so_path("fake_component"));
	assert_int_equal(plugin->component.rx_max, SPP_MANY);
	assert_int_equal(plugin->component.nb_drop_reasons, 2);
	assert_string_equal(plugin->component.drop_reasons[1], "odd");
	assert_non_null(plugin->component.process);
	assert_null(plugin->status);
	assert_int_equal(plugin->nb_instances, 0);
}

static void
plugin_load_takes_a_port_into_service(void **state)
{
	const struct fake_port_ext *ext;
	struct plugin *plugin;

	(void)state;
	/* After a failure: fixing the file is enough. */
	install("fake_port", "fake_port", 100);
	REFUSED("fake_port", -ENOEXEC, "section headers");
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(plugin_load("fake_port"), 0);
	plugin = plugin_find(SPP_KIND_PORT, "fake_port");
	assert_non_null(plugin);
	assert_int_equal(plugin->port.rank, 100);
	assert_non_null(plugin->port.open);
	assert_null(plugin->port.list);
	ext = plugin->table.get_extension(FAKE_PORT_EXT);
	assert_int_equal(ext->size, sizeof(*ext));
	assert_int_equal(ext->nb_open(0), 0);
}

static void
plugin_load_zero_extends_old_tables(void **state)
{
	const struct plugin *plugin;
	char *reply;

	(void)state;
	install("old_small", "old_small", SIZE_MAX);
	assert_int_equal(plugin_load("old_small"), 0);
	plugin = plugin_find(SPP_KIND_COMPONENT, "old_small");
	assert_non_null(plugin);
	assert_int_equal(plugin->component.tx_max, 1);
	assert_null(plugin->component.drop_reasons);
	assert_int_equal(plugin->component.nb_drop_reasons, 0);
	assert_null(plugin->component.create);
	assert_null(plugin->component.process);
	assert_null(plugin->table.get_extension);
	assert_null(plugin->status);
	assert_int_equal(nb_verbs("old_small"), 2);
	reply = dispatch_run("old_small second");
	assert_contains(reply, "\"old\":\"small\"");
	free(reply);
}

static void
plugin_load_says_what_is_loaded_already(void **state)
{
	unsigned int nb = nb_plugins();

	(void)state;
	/* Whatever the file is by now. */
	install("bad_magic", "fake_port", SIZE_MAX);
	error_clear();
	assert_int_equal(plugin_load("fake_port"), -EEXIST);
	assert_sentence(
		(const char *[PARTS_MAX]){"fake_port", "a port plugin", so_path("fake_port")});
	assert_int_equal(nb_plugins(), nb);
}

static void
plugin_load_all_goes_on_after_refusals(void **state)
{
	static const char *const files[] = {"bad_entry", "fake_port", "stuck", "zzz"};
	const struct stuck_ext *ext;
	unsigned int nb = nb_plugins();

	(void)state;
	install("bad_entry", "bad_entry", SIZE_MAX);
	install("stuck", "stuck", SIZE_MAX);
	install("fake_port", "fake_port", SIZE_MAX);
	install("stuck", "zzz", 10);
	assert_int_equal(mkdir(file_path("not-a-plugin"), 0755), 0);
	for (size_t i = 0; i < RTE_DIM(files); i++)
		assert_int_equal(access(so_path(files[i]), R_OK), 0);

	assert_int_equal(plugin_load_all(), 2);
	assert_int_equal(nb_plugins(), nb + 1);
	ext = plugin_find(SPP_KIND_COMPONENT, "stuck")->table.get_extension(STUCK_EXT);
	assert_false(ext->is_held());
	assert_int_equal(nb_verbs("stuck"), 1);
}

/* After the test before: stuck and fake_port are loaded. */
static void
an_instruction_tells_its_plugin(void **state)
{
	const struct plugin *stuck = plugin_find(SPP_KIND_COMPONENT, "stuck");
	const struct plugin *fake_port = plugin_find(SPP_KIND_PORT, "fake_port");

	(void)state;
	assert_ptr_equal(plugin_find_code((uintptr_t)stuck->component.process), stuck);
	assert_ptr_equal(plugin_find_code((uintptr_t)fake_port->port.open), fake_port);
	assert_true(stuck->base != 0 && stuck->base < stuck->code);
	assert_ptr_equal(plugin_find_code(stuck->code), stuck);
	assert_ptr_equal(plugin_find_code(stuck->code_end - 1), stuck);
	assert_ptr_not_equal(plugin_find_code(stuck->code - 1), stuck);
	assert_ptr_not_equal(plugin_find_code(stuck->code_end), stuck);
	assert_null(plugin_find_code((uintptr_t)nb_plugins));
	assert_null(plugin_find_code(0));
}

/* plugin_add() */

static const struct spp_component_ops linked_ops = {
	.size = sizeof(linked_ops),
	.rx_max = 1,
	.tx_max = 1,
};
static const struct spp_plugin linked_plugin = {
	.size = sizeof(linked_plugin),
	.component = &linked_ops,
};

static int
linked_entry(const struct spp_host *host, const struct spp_plugin **plugin)
{
	assert_int_equal(host->size, sizeof(*host));
	*plugin = &linked_plugin;
	return 0;
}

static void
plugin_add_checks_like_a_file(void **state)
{
	struct spp_manifest manifest = {
		SPP_MANIFEST_BUILD,
		.kind = SPP_KIND_COMPONENT,
		.name = "linked",
	};

	(void)state;
	manifest.mbuf_size = 64;
	error_clear();
	assert_int_equal(plugin_add(&manifest, linked_entry), -ENOEXEC);
	assert_sentence((const char *[PARTS_MAX]){"linked", "mbuf size 64"});
	manifest.mbuf_size = sizeof(struct rte_mbuf);
	manifest.kind = SPP_KIND_PORT;
	assert_int_equal(plugin_add(&manifest, linked_entry), -ENOEXEC);
	assert_sentence((const char *[PARTS_MAX]){"linked", "port table is NULL"});
	manifest.kind = SPP_KIND_COMPONENT;
	assert_int_equal(plugin_add(&manifest, linked_entry), 0);
	assert_non_null(plugin_find(SPP_KIND_COMPONENT, "linked"));
	assert_null(plugin_find(SPP_KIND_COMPONENT, "linked")->handle);

	/* A name is taken whatever the kind. */
	manifest.kind = SPP_KIND_PORT;
	assert_int_equal(plugin_add(&manifest, linked_entry), -EEXIST);
	assert_sentence((const char *[PARTS_MAX]){"linked", "a component plugin"});
}

/* Verbs */

static void
plugin_list_shows_the_manifest(void **state)
{
	char *reply = dispatch_run("plugin list");
	char part[400];

	(void)state;
	assert_non_null(reply);
	assert_contains(reply, "{\"results\":[{\"result\":\"success\"}],\"plugins\":[");
	snprintf(part, sizeof(part),
		 "{\"name\":\"fake_port\",\"kind\":\"port\",\"version\":\"1.0\","
		 "\"summary\":\"queues in memory\",\"abi\":\"%u.%u\",\"file\":\"%s\","
		 "\"instances\":0}",
		 SPP_ABI_MAJOR, SPP_ABI_MINOR, so_path("fake_port"));
	assert_contains(reply, part);
	free(reply);
}

static void
plugin_load_verb_answers(void **state)
{
	char *reply = dispatch_run("plugin load fake_port");

	(void)state;
	assert_contains(reply, "\"result\":\"success\"");
	assert_contains(reply, "plugin fake_port is loaded already");
	free(reply);

	install("bad_drops", "bad_drops", SIZE_MAX);
	reply = dispatch_run("plugin load bad_drops");
	assert_contains(reply, "\"result\":\"error\"");
	assert_contains(reply, "bad_drops.so: 33 drop reasons, this host takes 32");
	free(reply);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, clean)
	const struct CMUnitTest tests[] = {
		TEST(plugin_load_refuses_whoever_breaks_a_rule),
		TEST(plugin_load_refuses_a_name_that_cannot_be),
		TEST(plugin_load_is_not_confused_by_a_library_that_stays_mapped),
		TEST(plugin_load_takes_a_component_into_service),
		TEST(plugin_load_takes_a_port_into_service),
		TEST(plugin_load_zero_extends_old_tables),
		TEST(plugin_load_says_what_is_loaded_already),
		TEST(plugin_load_all_goes_on_after_refusals),
		TEST(an_instruction_tells_its_plugin),
		TEST(plugin_add_checks_like_a_file),
		TEST(plugin_list_shows_the_manifest),
		TEST(plugin_load_verb_answers),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
