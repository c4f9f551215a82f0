/* SPDX-License-Identifier: BSD-3-Clause */
/* Every layout of a status, literally. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "print_data.h"
#include "print_primary.h"
#include "print_vf.h"

static void
print_vf(FILE *out, const json_t *status)
{
	print_vf_head(out, status);
	print_vf_components(out, status);
}

static void
assert_layout(void (*print)(FILE *out, const json_t *status), const char *reply, const char *layout)
{
	json_t *status = json_loads(reply, JSON_DECODE_ANY, NULL);
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(status);
	assert_non_null(out);
	print(out, status);
	fclose(out);
	assert_string_equal(text, layout);
	free(text);
	json_decref(status);
}

#define NO_VLAN "\"vlan\":{\"operation\":\"none\",\"id\":0,\"pcp\":0}"

static void
vf_with_vlan_and_idle_workers(void **state)
{
	(void)state;
	assert_layout(
		print_vf,
		"{\"client-id\":1,\"ports\":[\"phy:0\",\"phy:1\",\"vhost:0\",\"ring:0\","
		"\"ring:1\"],\"master-lcore\":2,\"components\":["
		"{\"core\":3,\"name\":\"cls\",\"type\":\"classifier\","
		"\"rx_port\":[{\"port\":\"phy:0\"," NO_VLAN "}],"
		"\"tx_port\":[{\"port\":\"ring:0\",\"vlan\":{\"operation\":\"add\",\"id\":101,"
		"\"pcp\":3}},{\"port\":\"ring:1\",\"vlan\":{\"operation\":\"del\",\"id\":0,"
		"\"pcp\":0}}]},"
		"{\"core\":4,\"name\":\"\",\"type\":\"unuse\",\"rx_port\":[],\"tx_port\":[]},"
		"{\"core\":5,\"type\":\"unuse\"}],"
		"\"classifier_table\":["
		"{\"type\":\"mac\",\"value\":\"default\",\"port\":\"ring:0\"},"
		"{\"type\":\"vlan\",\"value\":\"101/52:54:00:12:34:56\",\"port\":\"ring:1\"}]}",
		"Basic Information:\n"
		"  - client-id: 1\n"
		"  - ports: [phy:0, phy:1, vhost:0, ring:0, ring:1]\n"
		"  - lcore_ids:\n"
		"    - master: 2\n"
		"    - slaves: [3, 4, 5]\n"
		"Classifier Table:\n"
		"  - default, ring:0\n"
		"  - 101/52:54:00:12:34:56, ring:1\n"
		"Components:\n"
		"  - core:3 'cls' (type: classifier)\n"
		"    - rx: phy:0\n"
		"    - tx: ring:0 (vlan operation: add, id: 101, pcp: 3)\n"
		"    - tx: ring:1 (vlan operation: del)\n"
		"  - core:4 '' (type: unuse)\n"
		"  - core:5 '' (type: unuse)\n");
}

static void
vf_after_a_graceful_shutdown(void **state)
{
	(void)state;
	assert_layout(print_vf,
		      "{\"client-id\":1,\"ports\":[\"phy:0\",\"phy:1\"],\"master-lcore\":2,"
		      "\"components\":[{\"core\":3,\"type\":\"unuse\"},{\"core\":4,\"type\":"
		      "\"unuse\"},{\"core\":5,\"type\":\"unuse\"},{\"core\":6,\"type\":\"unuse\"}],"
		      "\"classifier_table\":[]}",
		      "Basic Information:\n"
		      "  - client-id: 1\n"
		      "  - ports: [phy:0, phy:1]\n"
		      "  - lcore_ids:\n"
		      "    - master: 2\n"
		      "    - slaves: [3, 4, 5, 6]\n"
		      "Classifier Table:\n"
		      "  No entries.\n"
		      "Components:\n"
		      "  - core:3 '' (type: unuse)\n"
		      "  - core:4 '' (type: unuse)\n"
		      "  - core:5 '' (type: unuse)\n"
		      "  - core:6 '' (type: unuse)\n");
}

static void
vf_without_its_primary(void **state)
{
	(void)state;
	assert_layout(print_vf,
		      "{\"client-id\":1,\"ports\":[],\"master-lcore\":2,\"components\":"
		      "[{\"core\":3,\"type\":\"unuse\"}],\"classifier_table\":[],"
		      "\"primary\":\"gone\",\"primary_gone\":\"it has died; start it\"}",
		      "Basic Information:\n"
		      "  - client-id: 1\n"
		      "  - primary: gone: it has died; start it\n"
		      "  - ports: []\n"
		      "  - lcore_ids:\n"
		      "    - master: 2\n"
		      "    - slaves: [3]\n"
		      "Classifier Table:\n"
		      "  No entries.\n"
		      "Components:\n"
		      "  - core:3 '' (type: unuse)\n");
}

static void
vf_that_was_not_restored(void **state)
{
	static const char status[] = "{\"client-id\":1,\"ports\":[],\"master-lcore\":2,"
				     "\"components\":[{\"core\":3,\"type\":\"unuse\"}],"
				     "\"classifier_table\":[],\"restore\":%s}";
	static const char layout[] = "Basic Information:\n"
				     "  - client-id: 1\n"
				     "  - ports: []\n"
				     "  - lcore_ids:\n"
				     "    - master: 2\n"
				     "    - slaves: [3]\n"
				     "Classifier Table:\n"
				     "  No entries.\n"
				     "Components:\n"
				     "  - core:3 '' (type: unuse)\n"
				     "%s";
	static const char *const cases[][2] = {
		{"{\"status\":\"none\",\"not_restored\":0}", ""},
		{"{\"status\":\"failed\",\"not_restored\":3,\"failed_command\":\"idle 3 busy\","
		 "\"message\":\"error occur: no\"}",
		 "Not restored (failed):\n"
		 "  - commands that were asked for: 3\n"
		 "  - idle 3 busy: error occur: no\n"},
		{"{\"status\":\"off\",\"not_restored\":1}",
		 "Not restored (off):\n"
		 "  - commands that were asked for: 1\n"},
		{"5", ""},
	};
	char reply[512], expected[512];

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(reply, sizeof(reply), status, cases[i][0]);
		snprintf(expected, sizeof(expected), layout, cases[i][1]);
		assert_layout(print_vf, reply, expected);
	}
}

static void
vf_names_a_shared_lcore_once_and_queues_with_blanks(void **state)
{
	(void)state;
	assert_layout(
		print_vf,
		"{\"client-id\":2,\"ports\":[],\"master-lcore\":0,\"components\":["
		"{\"core\":3,\"name\":\"a\",\"type\":\"forward\",\"rx_port\":[{\"port\":"
		"\"phy:0 nq 1\"," NO_VLAN "}],\"tx_port\":[]},"
		"{\"core\":3,\"name\":\"b\",\"type\":\"merge\",\"rx_port\":[],\"tx_port\":[]}],"
		"\"classifier_table\":[{\"type\":\"mac\",\"value\":\"52:54:00:12:34:5A\","
		"\"port\":\"phy:0 nq 1\"}]}",
		"Basic Information:\n"
		"  - client-id: 2\n"
		"  - ports: []\n"
		"  - lcore_ids:\n"
		"    - master: 0\n"
		"    - slaves: [3]\n"
		"Classifier Table:\n"
		"  - 52:54:00:12:34:5A, phy:0 nq 1\n"
		"Components:\n"
		"  - core:3 'a' (type: forward)\n"
		"    - rx: phy:0 nq 1\n"
		"  - core:3 'b' (type: merge)\n");
}

static void
mirror_with_one_worker_and_with_more(void **state)
{
	(void)state;
	assert_layout(print_mirror,
		      "{\"client-id\":3,\"ports\":[\"phy:0\"],\"master-lcore\":2,\"components\":["
		      "{\"core\":3,\"name\":\"mir\",\"type\":\"mirror\",\"rx_port\":[{\"port\":"
		      "\"phy:0\"," NO_VLAN "}],\"tx_port\":[{\"port\":\"ring:0\"," NO_VLAN "},"
		      "{\"port\":\"ring:1\"," NO_VLAN "}]}]}",
		      "Basic Information:\n"
		      "  - client-id: 3\n"
		      "  - ports: [phy:0]\n"
		      "  - lcore_ids:\n"
		      "    - master: 2\n"
		      "    - slave: 3\n"
		      "Components:\n"
		      "  - core:3 'mir' (type: mirror)\n"
		      "    - rx: phy:0\n"
		      "    - tx: [ring:0, ring:1]\n");
	assert_layout(print_mirror,
		      "{\"client-id\":3,\"ports\":[],\"master-lcore\":2,\"components\":["
		      "{\"core\":3,\"name\":\"mir\",\"type\":\"mirror\",\"rx_port\":[],\"tx_port\":"
		      "[]},{\"core\":4,\"type\":\"unuse\"}]}",
		      "Basic Information:\n"
		      "  - client-id: 3\n"
		      "  - ports: []\n"
		      "  - lcore_ids:\n"
		      "    - master: 2\n"
		      "    - slaves: [3, 4]\n"
		      "Components:\n"
		      "  - core:3 'mir' (type: mirror)\n"
		      "    - rx: \n"
		      "    - tx: \n"
		      "  - core:4 '' (type: unuse)\n");
}

static void
nfv_with_one_worker_more_and_none(void **state)
{
	(void)state;
	assert_layout(print_nfv,
		      "{\"client-id\":2,\"status\":\"idling\",\"master-lcore\":1,\"lcores\":[1,2],"
		      "\"ports\":[\"phy:0\",\"ring:0\"],\"patches\":[{\"src\":\"phy:0\",\"dst\":"
		      "\"ring:0\"}]}",
		      "- status: idling\n"
		      "- lcore_ids:\n"
		      "  - master: 1\n"
		      "  - slave: 2\n"
		      "- ports:\n"
		      "  - phy:0 -> ring:0\n"
		      "  - ring:0\n");
	assert_layout(print_nfv,
		      "{\"client-id\":2,\"status\":\"running\",\"lcores\":[1,2,3],\"ports\":[],"
		      "\"patches\":[]}",
		      "- status: running\n"
		      "- lcore_ids:\n"
		      "  - master: 1\n"
		      "  - slaves: [2, 3]\n"
		      "- ports:\n");
	assert_layout(print_nfv, "{\"status\":\"idling\",\"master-lcore\":1,\"lcores\":[1]}",
		      "- status: idling\n"
		      "- lcore_ids:\n"
		      "  - master: 1\n"
		      "- ports:\n");
}

static void
pcap(void **state)
{
	(void)state;
	assert_layout(print_pcap,
		      "{\"client-id\":4,\"status\":\"idle\",\"master-lcore\":1,\"core\":["
		      "{\"core\":2,\"role\":\"receive\",\"rx_port\":[{\"port\":\"phy:0\"}]},"
		      "{\"core\":3,\"role\":\"write\",\"filename\":\"\"}]}",
		      "Basic Information:\n"
		      "  - client-id: 4\n"
		      "  - status: idle\n"
		      "  - lcore_ids:\n"
		      "    - master: 1\n"
		      "    - slaves: [2, 3]\n"
		      "Components:\n"
		      "  - core:2 receive\n"
		      "    - rx: phy:0\n"
		      "  - core:3 write\n"
		      "    - filename: \n");
}

static void
primary_with_a_forwarder(void **state)
{
	(void)state;
	assert_layout(
		print_primary,
		"{\"master-lcore\":1,\"lcores\":[1,2],\"forwarder\":{\"status\":\"idling\","
		"\"ports\":[\"phy:0\",\"phy:1\"],\"patches\":[{\"src\":\"phy:0\",\"dst\":"
		"\"phy:1\"}]},\"phy_ports\":["
		"{\"id\":0,\"eth\":\"56:48:4f:53:54:00\",\"rx\":12,\"tx\":34,\"tx_drop\":0,"
		"\"nof_queues\":{\"rx\":1,\"tx\":1},\"flow\":[]},"
		"{\"id\":1,\"eth\":\"56:48:4f:53:54:01\",\"rx\":1234567890123,\"tx\":34,"
		"\"tx_drop\":0,\"nof_queues\":{\"rx\":16,\"tx\":1024},\"flow\":[]}],"
		"\"ring_ports\":[{\"id\":0,\"rx\":1,\"rx_drop\":2,\"tx\":3,\"tx_drop\":4}],"
		"\"pipes\":[{\"id\":0,\"rx\":0,\"tx\":1}]}",
		"- lcore_ids:\n"
		"  - master: 1\n"
		"  - slave: 2\n"
		"- forwarder:\n"
		"  - status: idling\n"
		"  - ports:\n"
		"    - phy:0 -> phy:1\n"
		"    - phy:1\n"
		"- pipes:\n"
		"  - pipe:0 ring:0 ring:1\n"
		"- stats\n"
		"  - physical ports:\n"
		"      ID          rx          tx     tx_drop  rxq  txq mac_addr\n"
		"       0          12          34           0    1    1 56:48:4f:53:54:00\n"
		"       1  1234567890123          34           0   16 1024 56:48:4f:53:54:01\n"
		"  - ring ports:\n"
		"      ID          rx          tx     rx_drop     tx_drop\n"
		"       0           1           3           2           4\n");
}

static void
primary_on_one_lcore(void **state)
{
	(void)state;
	assert_layout(print_primary,
		      "{\"master-lcore\":1,\"lcores\":[1],\"phy_ports\":[],\"ring_ports\":[],"
		      "\"pipes\":[]}",
		      "- lcore_ids:\n"
		      "  - master: 1\n"
		      "- pipes:\n"
		      "- stats\n"
		      "  - physical ports:\n"
		      "      ID          rx          tx     tx_drop  rxq  txq mac_addr\n"
		      "  - ring ports:\n"
		      "      ID          rx          tx     rx_drop     tx_drop\n");
}

static void
what_a_plugin_answers(void **state)
{
	(void)state;
	assert_layout(print_data,
		      "{\"rate\":5,\"on\":true,\"names\":[\"a\",\"b\"],\"none\":[],\"drops\":{"
		      "\"late\":1},\"rows\":[{\"x\":1},{\"x\":2}]}",
		      "- rate: 5\n"
		      "- on: true\n"
		      "- names: [a, b]\n"
		      "- none: []\n"
		      "- drops:\n"
		      "  - late: 1\n"
		      "- rows:\n"
		      "  -\n"
		      "    - x: 1\n"
		      "  -\n"
		      "    - x: 2\n");
}

static void
no_layout_needs_more_than_it_gets(void **state)
{
	static void (*const layouts[])(FILE * out, const json_t *status) = {
		print_vf, print_mirror, print_nfv, print_pcap, print_primary, print_data};
	static const char *const replies[] = {
		"{}", "[]", "5",
		("{\"ports\":5,\"components\":[5,{}],\"core\":[[]],\"classifier_table\":{},"
		 "\"forwarder\":1,\"lcores\":{},\"phy_ports\":[null],\"ring_ports\":\"x\"}")};

	(void)state;
	for (unsigned int l = 0; l < sizeof(layouts) / sizeof(layouts[0]); l++) {
		for (unsigned int r = 0; r < sizeof(replies) / sizeof(replies[0]); r++) {
			json_t *reply = json_loads(replies[r], JSON_DECODE_ANY, NULL);
			FILE *out = fopen("/dev/null", "w");

			assert_non_null(out);
			layouts[l](out, reply);
			assert_int_equal(fclose(out), 0);
			json_decref(reply);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vf_with_vlan_and_idle_workers),
		cmocka_unit_test(vf_after_a_graceful_shutdown),
		cmocka_unit_test(vf_without_its_primary),
		cmocka_unit_test(vf_that_was_not_restored),
		cmocka_unit_test(vf_names_a_shared_lcore_once_and_queues_with_blanks),
		cmocka_unit_test(mirror_with_one_worker_and_with_more),
		cmocka_unit_test(nfv_with_one_worker_more_and_none),
		cmocka_unit_test(pcap),
		cmocka_unit_test(primary_with_a_forwarder),
		cmocka_unit_test(primary_on_one_lcore),
		cmocka_unit_test(what_a_plugin_answers),
		cmocka_unit_test(no_layout_needs_more_than_it_gets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
