/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports that are always there, their options, and what status says of everything. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include <inttypes.h>

#include "reply.h"
#include "status.h"

/* Port plugin fixed: fixed:4 and fixed:7 exist from the start. */

static uint64_t fixed_speed[8];
static int fixed_refuses;

static uint32_t
fixed_list(uint32_t *ids, uint32_t max)
{
	assert_true(max >= 2);
	ids[0] = 4;
	ids[1] = 7;
	return 2;
}

static int
fixed_open(uint32_t id, const struct spp_args *args, void **port)
{
	if (fixed_refuses)
		return fail(-EIO, "port fixed:%u: its cable is cut", id);
	fixed_speed[id] = 10;
	args_u64(args, "speed", &fixed_speed[id]);
	*port = &fixed_speed[id];
	return 0;
}

static void
fixed_status(void *port, struct spp_reply *reply)
{
	reply_u64(reply, "speed", *(uint64_t *)port);
}

static void
fixed_process_status(struct spp_reply *reply)
{
	reply_str(reply, "fixed_says", "hello \"you\"");
}

/* A table of seven entries: the place of an entry is its name. */

#define NB_ROWS 7

static uint64_t
rows_count(void)
{
	return NB_ROWS;
}

static int
rows_write(struct spp_reply *reply, const char *from, uint64_t max, char next[SPP_TABLE_PLACE_SIZE])
{
	uint64_t row = strtoull(from[0] == 'r' ? from + 1 : from, NULL, 10);

	if (from[0] != 'r' && from[0] != '0')
		return fail_arg("from", "'%s' is no place", from);
	for (; row < NB_ROWS && max > 0; row++, max--)
		reply_u64(reply, NULL, row);
	next[0] = '\0';
	if (row < NB_ROWS)
		snprintf(next, SPP_TABLE_PLACE_SIZE, "r%" PRIu64, row);
	return 0;
}

static void
rows_process_status(struct spp_reply *reply)
{
	char next[SPP_TABLE_PLACE_SIZE];

	reply_open(reply, "lines", SPP_REPLY_ARRAY);
	rows_write(reply, "0", NB_ROWS, next);
	reply_close(reply);
}

static const void *
rows_extension(const char *id)
{
	static const struct spp_status_ext status = {
		.size = sizeof(status),
		.process_status = rows_process_status,
	};
	static const struct spp_table_ext table = {
		.size = sizeof(table),
		.name = "lines",
		.count = rows_count,
		.write = rows_write,
	};

	if (strcmp(id, SPP_EXT_TABLE) == 0)
		return &table;
	return strcmp(id, SPP_EXT_STATUS) == 0 ? &status : NULL;
}

static const struct spp_port_ops rows_ops = {
	.size = sizeof(rows_ops),
	.open = fixed_open,
	.attach = mem_attach,
};

static const struct spp_plugin rows_plugin = {
	.size = sizeof(rows_plugin),
	.port = &rows_ops,
	.get_extension = rows_extension,
};

PANEL_ENTRY(rows, SPP_KIND_PORT)

static const void *
fixed_extension(const char *id)
{
	static const struct spp_status_ext ext = {
		.size = sizeof(ext),
		.process_status = fixed_process_status,
		.instance_status = fixed_status,
	};

	return strcmp(id, SPP_EXT_STATUS) == 0 ? &ext : NULL;
}

static const struct spp_port_ops fixed_ops = {
	.size = sizeof(fixed_ops),
	.rank = 0,
	.options = "<speed:UNSIGNED_INT>",
	.list = fixed_list,
	.open = fixed_open,
	.attach = mem_attach,
};

static const struct spp_plugin fixed_plugin = {
	.size = sizeof(fixed_plugin),
	.port = &fixed_ops,
	.get_extension = fixed_extension,
};

PANEL_ENTRY(fixed, SPP_KIND_PORT)

/* The reply to a form of status; `info` of it is borrowed in *info. */
static json_t *
get_part(const char *command, json_t **info)
{
	char *text = dispatch_run(command);
	json_t *reply = json_loads(text, 0, NULL);

	free(text);
	assert_non_null(reply);
	*info = json_object_get(reply, "info");
	assert_non_null(*info);
	return reply;
}

static json_t *
get_status(json_t **info)
{
	return get_part("status", info);
}

static void
assert_json(const json_t *value, const char *expected)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	assert_string_equal(text, expected);
	free(text);
}

static void
listed_ports_open_with_their_options_or_the_process_does_not_start(void **state)
{
	static const char *const of_type[] = {"speed=25"}, *const of_port[] = {"speed=100"};

	(void)state;
	fixed_refuses = 1;
	assert_int_equal(port_init(NULL), -EIO);
	assert_string_equal(error_sentence(0), "port fixed:4: its cable is cut");
	fixed_refuses = 0;
	assert_int_equal(port_set_options("fixed", of_type, 1), 0);
	assert_int_equal(port_set_options("fixed:7", of_port, 1), 0);
	assert_int_equal(port_set_options("fixed:7", of_port, 1), -EEXIST);
	assert_string_equal(error_sentence(0), "port 'fixed:7' is configured twice");
	assert_int_equal(port_init(NULL), 0);
	assert_int_equal(fixed_speed[4], 25);
	assert_int_equal(fixed_speed[7], 100);
}

static void
an_empty_panel_has_all_keys(void **state)
{
	json_t *info, *reply = get_status(&info);

	(void)state;
	assert_json(json_object_get(info, "client-id"), "5");
	assert_json(json_object_get(info, "expected"), "[]");
	assert_json(json_object_get(info, "fixed"), "[\"4\",\"7\"]");
	assert_json(json_object_get(info, "mem"), "[]");
	assert_json(json_object_get(info, "master-lcore"), "0");
	assert_json(json_object_get(info, "core"),
		    "[{\"core\":3,\"name\":\"\",\"type\":\"unuse\",\"rx_port\":[],\"tx_port\":[]},"
		    "{\"core\":4,\"name\":\"\",\"type\":\"unuse\",\"rx_port\":[],\"tx_port\":[]}]");
	assert_json(json_object_get(info, "fixed_says"), "\"hello \\\"you\\\"\"");
	assert_json(json_object_get(info, "port_status"),
		    "[{\"port\":\"fixed:4\",\"speed\":25},{\"port\":\"fixed:7\",\"speed\":100}]");
	assert_json(json_object_get(info, "workers"),
		    "[{\"core\":3,\"idle\":\"busy\"},{\"core\":4,\"idle\":\"busy\"}]");
	json_decref(reply);
}

static void
components_ports_and_counters_are_shown(void **state)
{
	json_t *info, *reply;

	(void)state;
	panel_ok("component start p 3 pick");
	panel_ok("port add mem:60nq1 rx p");
	panel_ok("port add mem:2 tx p add_vlantag 101 3");
	panel_put(&mem_ports[60].rx[1], 0, 3);
	panel_put(&mem_ports[60].rx[1], SPP_DROP(1), 2);
	assert_int_equal(panel_pass(), 5);
	reply = get_status(&info);
	assert_json(json_object_get(info, "mem"), "[\"2\",\"60 nq 0\",\"60 nq 1\"]");
	assert_json(json_array_get(json_object_get(info, "core"), 0),
		    "{\"core\":3,\"name\":\"p\",\"type\":\"pick\","
		    "\"rx_port\":[{\"port\":\"mem:60 nq 1\","
		    "\"vlan\":{\"operation\":\"none\",\"id\":0,\"pcp\":0},\"packets\":5}],"
		    "\"tx_port\":[{\"port\":\"mem:2\","
		    "\"vlan\":{\"operation\":\"add\",\"id\":101,\"pcp\":3},"
		    "\"packets\":3,\"dropped\":0}],"
		    "\"running\":true,\"copies\":0,\"drops\":{\"second\":2}}");
	json_decref(reply);
}

static void
bad_counts_of_a_port_are_shown_where_there_are_any(void **state)
{
	json_t *info, *reply, *core;

	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:1 rx a");
	panel_ok("port add mem:1 tx a");
	mem_ports[1].rx[0].bad_count = UINT16_MAX;
	assert_int_equal(panel_pass(), 0);
	reply = get_status(&info);
	core = json_array_get(json_object_get(info, "core"), 0);
	assert_json(json_object_get(core, "rx_port"),
		    "[{\"port\":\"mem:1\",\"vlan\":{\"operation\":\"none\",\"id\":0,\"pcp\":0},"
		    "\"packets\":0,\"bad_counts\":1}]");
	assert_json(json_object_get(core, "tx_port"),
		    "[{\"port\":\"mem:1\",\"vlan\":{\"operation\":\"none\",\"id\":0,\"pcp\":0},"
		    "\"packets\":0,\"dropped\":0}]");
	json_decref(reply);
}

static void
a_port_that_tells_shows_how_often_it_had_no_buffers(void **state)
{
	json_t *info, *reply;

	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:1 rx a");
	panel_ok("port add mem:2 tx a");
	mem_ports[1].nb_nombuf = 3949;
	reply = get_status(&info);
	assert_json(json_array_get(json_object_get(info, "port_status"), 2),
		    "{\"port\":\"mem:1\",\"nombuf\":3949}");
	assert_int_equal(json_array_size(json_object_get(info, "port_status")), 3);
	json_decref(reply);
}

static void
a_port_is_listed_while_it_is_attached_only(void **state)
{
	json_t *info, *reply;

	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:3 rx a");
	panel_ok("port add fixed:4 tx a");
	panel_ok("port del mem:3 rx a");
	panel_ok("port del fixed:4 tx a");
	reply = get_status(&info);
	assert_json(json_object_get(info, "mem"), "[]");
	assert_json(json_object_get(info, "fixed"), "[\"4\",\"7\"]");
	json_decref(reply);
}

static void
a_closed_panel_says_that_its_primary_has_gone(void **state)
{
	json_t *info, *reply = get_status(&info);

	(void)state;
	assert_null(json_object_get(info, "primary"));
	json_decref(reply);
	panel_close("start it again");
	reply = get_status(&info);
	assert_json(json_object_get(info, "primary"), "\"gone\"");
	assert_json(json_object_get(info, "primary_gone"), "\"start it again\"");
	json_decref(reply);
	panel_close(NULL);
}

static void
a_brief_status_leaves_the_tables_out(void **state)
{
	json_t *info, *brief_info, *reply = get_status(&info);
	json_t *brief = get_part("status brief", &brief_info);

	(void)state;
	assert_json(json_object_get(info, "lines"), "[0,1,2,3,4,5,6]");
	assert_null(json_object_get(info, "tables"));
	assert_json(json_object_get(brief_info, "tables"), "{\"lines\":{\"total\":7}}");
	json_object_del(info, "lines");
	json_object_del(brief_info, "tables");
	assert_true(json_equal(info, brief_info));
	json_decref(reply);
	json_decref(brief);
	assert_true(status_has_pages());
}

static void
assert_page(const char *command, const char *expected)
{
	json_t *info, *reply = get_part(command, &info);

	assert_json(info, expected);
	json_decref(reply);
}

static void
a_table_is_shown_page_by_page(void **state)
{
	(void)state;
	assert_page("status lines from 0 max 3",
		    "{\"lines\":[0,1,2],\"tables\":{\"lines\":{\"total\":7,\"next\":\"r3\"}}}");
	assert_page("status lines from r3 max 99",
		    "{\"lines\":[3,4,5,6],\"tables\":{\"lines\":{\"total\":7}}}");
	assert_page("status lines from 0 max 0",
		    "{\"lines\":[],\"tables\":{\"lines\":{\"total\":7,\"next\":\"r0\"}}}");
	panel_run("status lines from x max 1", "Invalid value (from): 'x' is no place");
	panel_run("status nosuch from 0 max 1",
		  "Invalid value (table): no plugin has a table 'nosuch'; 'status brief' lists "
		  "those that have pages");
}

static int
setup(void **state)
{
	static const char *const types[] = {"expected", "fixed"};

	if (panel_setup(state) != 0 || plugin_add(&fixed_manifest, fixed_entry) != 0 ||
	    plugin_add(&rows_manifest, rows_entry) != 0)
		return -1;
	return status_init(5, types, 2);
}

static int
teardown(void **state)
{
	port_fini();
	return panel_teardown(state);
}

#define TEST(f) cmocka_unit_test_teardown(f, panel_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(listed_ports_open_with_their_options_or_the_process_does_not_start),
		TEST(an_empty_panel_has_all_keys),
		TEST(components_ports_and_counters_are_shown),
		TEST(bad_counts_of_a_port_are_shown_where_there_are_any),
		TEST(a_port_that_tells_shows_how_often_it_had_no_buffers),
		TEST(a_port_is_listed_while_it_is_attached_only),
		TEST(a_closed_panel_says_that_its_primary_has_gone),
		TEST(a_brief_status_leaves_the_tables_out),
		TEST(a_table_is_shown_page_by_page),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
