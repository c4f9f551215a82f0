/* SPDX-License-Identifier: BSD-3-Clause */
/* What the log says, once, of what workers have no time to report. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include "health.h"
#include "log.h"

static struct {
	FILE *stream;
	char *text;
	size_t size;
	size_t seen;
} said;

/* Look, and expect what is said beyond what has been said before. */
static void
look_and_expect(const char *expected)
{
	health_look();
	assert_int_equal(fflush(said.stream), 0);
	assert_string_equal(said.text + said.seen, expected);
	said.seen = said.size;
}

#define FAULT_OF(port, function)                                                                   \
	"spp.core: port " port ": plugin mem is faulty: its " function " function returns more "   \
	"packets than it is asked for; these bursts are counted as bad_counts, and another "       \
	"plugin or version is needed\n"

static void
a_plugin_that_miscounts_is_named_once_per_attachment(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:1 tx a");
	fflush(said.stream);
	said.seen = said.size;
	look_and_expect("");
	mem_ports[0].rx[0].bad_count = SPP_BURST_MAX + 1;
	panel_pass();
	panel_pass();
	look_and_expect(FAULT_OF("mem:0", "rx"));
	look_and_expect("");
	mem_ports[0].rx[0].bad_count = 0;
	mem_ports[1].tx[0].bad_count = SPP_BURST_MAX;
	panel_put(&mem_ports[0].rx[0], 0, 1);
	panel_pass();
	look_and_expect(FAULT_OF("mem:1", "tx"));
	look_and_expect("");
}

static void
look_often(unsigned int nb)
{
	for (unsigned int i = 0; i < nb; i++)
		look_and_expect("");
}

#define NO_BUFFERS                                                                                 \
	"spp.core: port mem:0: there are no packet buffers to receive into, so frames are lost "   \
	"or "                                                                                      \
	"wait outside; nombuf of its status counts the attempts; set mbufs higher where the pool " \
	"is made\n"

static void
a_port_without_buffers_is_named_once_until_it_has_some_for_a_while(void **state)
{
	(void)state;
	panel_ok("component start a 3 pass");
	panel_ok("port add mem:0 rx a");
	panel_ok("port add mem:1 tx a");
	fflush(said.stream);
	said.seen = said.size;
	look_often(2);
	mem_ports[0].nb_nombuf = 5;
	look_and_expect(NO_BUFFERS);
	look_and_expect("");
	mem_ports[0].nb_nombuf = 3949;
	look_often(9);
	mem_ports[0].nb_nombuf++;
	look_often(1 + 9);
	mem_ports[0].nb_nombuf++;
	look_often(1 + 10);
	mem_ports[0].nb_nombuf++;
	look_and_expect(NO_BUFFERS);
}

static int
setup(void **state)
{
	if (panel_setup(state) != 0)
		return -1;
	rte_log_set_global_level(RTE_LOG_NOTICE);
	rte_log_set_level(log_core, RTE_LOG_NOTICE);
	said.stream = open_memstream(&said.text, &said.size);
	return said.stream == NULL ? -1 : rte_openlog_stream(said.stream);
}

static int
teardown(void **state)
{
	rte_openlog_stream(NULL);
	fclose(said.stream);
	free(said.text);
	return panel_teardown(state);
}

#define TEST(f) cmocka_unit_test_teardown(f, panel_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_plugin_that_miscounts_is_named_once_per_attachment),
		TEST(a_port_without_buffers_is_named_once_until_it_has_some_for_a_while),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
