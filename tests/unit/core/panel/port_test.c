/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports open and close with their use; options, queues and order are what the operator sees. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "args.h"
#include "core/test_panel.h"

/* Port plugin dev: takes options, lists ports, refuses on request; dev:7 has 2 rx queues, 1 tx
 * queue. */

static struct {
	uint32_t listed[4];
	uint32_t nb_listed;
	int refuse_open, refuse_attach;
	int open_returns, attach_returns;
	bool has_no_burst;
	unsigned int nb_opened, nb_closed;
	uint32_t id; /* of the port opened last, and its options, "" if not given */
	char mode[16], size[16];
} dev;

static uint32_t
dev_list(uint32_t *ids, uint32_t max)
{
	for (uint32_t i = 0; i < max && i < dev.nb_listed; i++)
		ids[i] = i < RTE_DIM(dev.listed) ? dev.listed[i] : 1000 + i;
	return dev.nb_listed;
}

static void
dev_note_option(const struct spp_args *args, const char *name, char *out, size_t size)
{
	const char *value = args_str(args, name);

	snprintf(out, size, "%s", value == NULL ? "" : value);
}

static int
dev_open(uint32_t id, const struct spp_args *args, void **port)
{
	if (dev.refuse_open)
		return fail_arg("port", "dev:%u is asleep", id);
	if (dev.open_returns != 0)
		return dev.open_returns;
	dev.nb_opened++;
	dev.id = id;
	dev_note_option(args, "mode", dev.mode, sizeof(dev.mode));
	dev_note_option(args, "size", dev.size, sizeof(dev.size));
	*port = (void *)(uintptr_t)id;
	return 0;
}

static void
dev_close(void *port)
{
	(void)port;
	dev.nb_closed++;
}

static uint16_t
dev_nb_queues(void *port, uint16_t dir)
{
	return (uintptr_t)port == 7 && dir == SPP_RX ? 2 : 1;
}

static uint16_t
dev_burst(void *queue, struct rte_mbuf **pkts, uint16_t nb)
{
	(void)queue;
	(void)pkts;
	(void)nb;
	return 0;
}

static int
dev_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	(void)dir;
	(void)queue;
	if (dev.refuse_attach)
		return fail(-EPERM, "dev:%u takes nobody", (unsigned int)(uintptr_t)port);
	if (!dev.has_no_burst)
		*out = (struct spp_port_queue){dev_burst, port};
	return dev.attach_returns;
}

static const struct spp_port_ops dev_ops = {
	.size = sizeof(dev_ops),
	.rank = 1,
	.options = "<mode:fast|slow> <size:UNSIGNED_INT>",
	.list = dev_list,
	.open = dev_open,
	.close = dev_close,
	.nb_queues = dev_nb_queues,
	.attach = dev_attach,
};

/* Port plugin zed: the least there can be, and first in the order. */

static const struct spp_port_ops zed_ops = {
	.size = sizeof(zed_ops),
	.open = dev_open,
	.attach = dev_attach,
};

static const struct spp_plugin dev_plugin = {.size = sizeof(dev_plugin), .port = &dev_ops};
static const struct spp_plugin zed_plugin = {.size = sizeof(zed_plugin), .port = &zed_ops};

PANEL_ENTRY(dev, SPP_KIND_PORT)
PANEL_ENTRY(zed, SPP_KIND_PORT)

static int
setup(void **state)
{
	if (panel_setup(state) != 0)
		return -1;
	if (plugin_add(&dev_manifest, dev_entry) != 0)
		return -1;
	return plugin_add(&zed_manifest, zed_entry);
}

/* The functions of no plugin here care which direction and queue they detach. */
static int
reset(void **state)
{
	for (struct port *p = port_first(), *next; p != NULL; p = next) {
		next = p->next;
		for (unsigned int nb = p->nb_attachments; nb > 0; nb--)
			port_detach(p, SPP_RX, 0);
	}
	port_fini();
	memset(&dev, 0, sizeof(dev));
	error_clear();
	return panel_reset(state);
}

/* Helpers */

static int
try_attach(const char *name, uint16_t dir, struct port **port)
{
	struct spp_port_queue io;
	struct res_uid res_uid;
	uint16_t queue;

	assert_int_equal(res_uid_parse(name, &res_uid), 0);
	return port_attach(&res_uid, dir, port, &queue, &io);
}

static struct port *
attach(const char *name, uint16_t dir)
{
	struct port *port;

	assert_int_equal(try_attach(name, dir, &port), 0);
	return port;
}

static void
assert_attach_refused(const char *name, uint16_t dir, int err, const char *text)
{
	struct port *port;

	error_clear();
	assert_int_equal(try_attach(name, dir, &port), err);
	assert_string_equal(error_text(err), text);
}

static void
set_option(const char *type_or_port, const char *option)
{
	assert_int_equal(port_set_options(type_or_port, &option, 1), 0);
}

/* Ports in their order, as `zed:1 dev:2 `. */
static void
assert_ports(const char *expected)
{
	char list[256] = "";
	size_t used = 0;

	for (const struct port *p = port_first(); p != NULL; p = p->next)
		used += snprintf(list + used, sizeof(list) - used, "%s:%u ", p->plugin->name,
				 p->id);
	assert_string_equal(list, expected);
}

static unsigned int
nb_ports(void)
{
	unsigned int nb = 0;

	for (const struct port *p = port_first(); p != NULL; p = p->next)
		nb++;
	return nb;
}

/* Options */

static void
options_of_a_port_win_over_those_of_its_type(void **state)
{
	static const char *const of_type[] = {"mode=slow", "size=10"};

	(void)state;
	set_option("dev:1", "mode=fast");
	assert_int_equal(port_set_options("dev", of_type, 2), 0);
	attach("dev:1", SPP_RX);
	assert_string_equal(dev.mode, "fast");
	assert_string_equal(dev.size, "10");
	attach("dev:2", SPP_RX);
	assert_string_equal(dev.mode, "slow");
	assert_string_equal(dev.size, "10");
}

static void
options_reach_no_other_port_or_type(void **state)
{
	(void)state;
	set_option("dev:1", "mode=fast");
	set_option("devil", "nonsense=1");
	attach("dev:11", SPP_RX);
	assert_int_equal(dev.id, 11);
	assert_string_equal(dev.mode, "");
	attach("mem:1", SPP_RX);
	assert_true(mem_ports[1].open);
}

static void
an_added_option_wins_over_those_so_far(void **state)
{
	static const char *const texts[] = {"mode=slow", "size=10"};

	(void)state;
	assert_int_equal(port_set_options("dev:1", texts, 2), 0);
	assert_int_equal(port_add_option("dev:1", "mode=fast"), 0);
	assert_int_equal(port_add_option("dev:2", "size=20"), 0);
	attach("dev:1", SPP_RX);
	assert_string_equal(dev.mode, "fast");
	assert_string_equal(dev.size, "10");
	attach("dev:2", SPP_RX);
	assert_string_equal(dev.mode, "");
	assert_string_equal(dev.size, "20");
}

static void
options_are_copied(void **state)
{
	char name[] = "dev:1", text[] = "mode=slow";

	(void)state;
	set_option(name, text);
	memset(name, 'x', sizeof(name) - 1);
	memset(text, 'x', sizeof(text) - 1);
	attach("dev:1", SPP_RX);
	assert_string_equal(dev.mode, "slow");
}

static void
a_port_configured_twice_is_refused(void **state)
{
	const char *option = "mode=fast";

	(void)state;
	set_option("dev:1", "mode=slow");
	assert_int_equal(port_set_options("dev:1", &option, 1), -EEXIST);
	assert_string_equal(error_sentence(-EEXIST), "port 'dev:1' is configured twice");
	attach("dev:1", SPP_RX);
	assert_string_equal(dev.mode, "slow");
}

static void
wrong_options_keep_the_port_closed(void **state)
{
	(void)state;
	set_option("dev:1", "colour=red");
	set_option("dev:2", "mode=medium");
	set_option("dev:3", "size");
	set_option("mem:4", "mode=fast");
	assert_attach_refused("dev:1", SPP_RX, -EINVAL,
			      "error occur: port dev:1: there is no option 'colour'");
	assert_attach_refused(
		"dev:2", SPP_RX, -EINVAL,
		"error occur: port dev:2: option 'mode' does not take the value 'medium'");
	assert_attach_refused(
		"dev:3", SPP_RX, -EINVAL,
		"error occur: port dev:3: option 'size' has no value; write name=value");
	assert_attach_refused("mem:4", SPP_RX, -EINVAL,
			      "error occur: port mem:4: there is no option 'mode'");
	assert_ports("");
	assert_int_equal(dev.nb_opened, 0);
}

/* Life */

static void
a_port_opens_with_its_first_attachment_and_closes_after_its_last(void **state)
{
	struct port *port;

	(void)state;
	assert_null(port_find("dev", 1));
	port = attach("dev:1", SPP_RX);
	assert_ptr_equal(port_find("dev", 1), port);
	assert_ptr_equal(attach("dev:1", SPP_TX), port);
	assert_int_equal(dev.nb_opened, 1);
	assert_int_equal(port->plugin->nb_instances, 1);
	port_detach(port, SPP_RX, 0);
	assert_int_equal(dev.nb_closed, 0);
	port_detach(port, SPP_TX, 0);
	assert_int_equal(dev.nb_closed, 1);
	assert_null(port_find("dev", 1));
	assert_int_equal(plugin_find(SPP_KIND_PORT, "dev")->nb_instances, 0);
}

static void
a_closed_port_can_be_opened_again(void **state)
{
	(void)state;
	port_detach(attach("dev:1", SPP_RX), SPP_RX, 0);
	port_detach(attach("dev:1", SPP_TX), SPP_TX, 0);
	assert_int_equal(dev.nb_opened, 2);
	assert_int_equal(dev.nb_closed, 2);
}

static void
the_plugin_fills_in_the_data_path(void **state)
{
	const struct res_uid res_uid = {.type = "mem", .id = 60, .queue = 1};
	struct spp_port_queue io = {0};
	struct port *port;
	uint16_t queue;

	(void)state;
	assert_int_equal(port_attach(&res_uid, SPP_TX, &port, &queue, &io), 0);
	assert_int_equal(queue, 1);
	assert_ptr_equal(io.queue, &mem_ports[60].tx[1]);
	assert_ptr_equal(io.burst, mem_tx);
	assert_int_equal(mem_ports[60].attached, 1);
	port_detach(port, SPP_TX, 1);
	assert_int_equal(mem_ports[60].attached, 0);
}

static void
a_plugin_with_the_least_functions_can_be_used(void **state)
{
	struct port *port = attach("zed:1", SPP_RX);

	(void)state;
	assert_int_equal(port_nb_queues(port, SPP_RX), 1);
	assert_int_equal(port_nb_queues(port, SPP_TX), 1);
	port_detach(port, SPP_RX, 0);
	assert_ports("");
}

static void
fini_closes_every_port_and_forgets_the_options(void **state)
{
	(void)state;
	dev.nb_listed = 1;
	dev.listed[0] = 2;
	set_option("dev:2", "mode=slow");
	assert_int_equal(port_init(NULL), 0);
	port_fini();
	assert_int_equal(dev.nb_closed, 1);
	assert_ports("");
	attach("dev:2", SPP_RX);
	assert_string_equal(dev.mode, "");
}

/* Permanent ports */

static void
listed_ports_are_open_from_the_start_and_stay(void **state)
{
	struct port *port;

	(void)state;
	dev.nb_listed = 2;
	dev.listed[0] = 3;
	dev.listed[1] = 5;
	set_option("dev:3", "size=30");
	assert_int_equal(port_init(NULL), 0);
	assert_ports("dev:3 dev:5 ");
	port = port_find("dev", 3);
	assert_true(port->permanent);
	assert_ptr_equal(attach("dev:3", SPP_RX), port);
	port_detach(port, SPP_RX, 0);
	assert_ports("dev:3 dev:5 ");
	assert_int_equal(dev.nb_opened, 2);
	assert_int_equal(dev.nb_closed, 0);
}

static bool
is_odd_dev(const char *type, uint32_t id)
{
	return strcmp(type, "dev") == 0 && id % 2 == 1;
}

static void
a_listed_port_that_is_not_wanted_opens_and_closes_with_its_use(void **state)
{
	(void)state;
	dev.nb_listed = 3;
	dev.listed[0] = 3;
	dev.listed[1] = 4;
	dev.listed[2] = 5;
	assert_int_equal(port_init(is_odd_dev), 0);
	assert_ports("dev:3 dev:5 ");
	port_detach(attach("dev:4", SPP_RX), SPP_RX, 0);
	assert_ports("dev:3 dev:5 ");
	assert_int_equal(dev.nb_closed, 1);
}

static void
a_listed_port_that_is_open_already_becomes_permanent(void **state)
{
	struct port *port = attach("dev:3", SPP_RX);

	(void)state;
	dev.nb_listed = 1;
	dev.listed[0] = 3;
	assert_int_equal(port_init(NULL), 0);
	assert_int_equal(dev.nb_opened, 1);
	port_detach(port, SPP_RX, 0);
	assert_ports("dev:3 ");
}

static void
a_listed_port_that_does_not_open_fails_the_start(void **state)
{
	(void)state;
	dev.nb_listed = 1;
	dev.listed[0] = 3;
	dev.refuse_open = 1;
	assert_int_equal(port_init(NULL), -EINVAL);
	assert_string_equal(error_text(-EINVAL), "Invalid value (port): dev:3 is asleep");
	assert_ports("");
}

static void
a_plugin_that_lists_more_ports_than_it_may_is_held_to_the_limit(void **state)
{
	(void)state;
	dev.nb_listed = 5000;
	for (uint32_t i = 0; i < RTE_DIM(dev.listed); i++)
		dev.listed[i] = i;
	assert_int_equal(port_init(NULL), 0);
	assert_int_equal(nb_ports(), 1024);
	assert_int_equal(dev.nb_opened, 1024);
}

/* Order */

static void
ports_are_in_order_of_rank_then_type_then_id(void **state)
{
	(void)state;
	attach("mem:0", SPP_RX);
	attach("dev:10", SPP_RX);
	attach("zed:99999", SPP_RX);
	attach("dev:9", SPP_RX);
	attach("zed:0", SPP_RX);
	attach("dev:100", SPP_RX);
	assert_ports("zed:0 zed:99999 dev:9 dev:10 dev:100 mem:0 ");
	port_detach(port_find("dev", 10), SPP_RX, 0);
	port_detach(port_find("zed", 0), SPP_RX, 0);
	assert_ports("zed:99999 dev:9 dev:100 mem:0 ");
}

/* Refusals */

static void
an_unknown_type_is_refused_naming_those_there_are(void **state)
{
	(void)state;
	assert_attach_refused("foo:1", SPP_RX, -EINVAL,
			      "Invalid value (port): no plugin drives ports of type 'foo'; there "
			      "are: mem, dev, zed");
	assert_attach_refused("pick:1", SPP_RX, -EINVAL,
			      "Invalid value (port): no plugin drives ports of type 'pick'; there "
			      "are: mem, dev, zed");
	assert_null(port_find("foo", 1));
}

static void
a_queue_is_named_exactly_where_there_are_several(void **state)
{
	(void)state;
	assert_attach_refused("mem:0nq0", SPP_RX, -EINVAL,
			      "Invalid value (port): mem:0 has one queue; leave out nq 0");
	/* Several in one direction are enough. */
	assert_attach_refused("dev:7", SPP_TX, -EINVAL,
			      "Invalid value (port): dev:7 has several queues; say which, as "
			      "dev:7 nq 0");
	assert_attach_refused("dev:7nq1", SPP_TX, -EINVAL,
			      "Invalid value (port rxtx): dev:7 has 1 tx queues, there is no "
			      "queue 1");
	assert_attach_refused("dev:7nq2", SPP_RX, -EINVAL,
			      "Invalid value (port rxtx): dev:7 has 2 rx queues, there is no "
			      "queue 2");
	assert_ports("");
	assert_int_equal(dev.nb_closed, dev.nb_opened);
	attach("dev:7nq0", SPP_TX);
	attach("dev:7nq1", SPP_RX);
	assert_int_equal(port_find("dev", 7)->nb_attachments, 2);
}

static void
a_port_that_does_not_open_leaves_nothing(void **state)
{
	(void)state;
	dev.refuse_open = 1;
	assert_attach_refused("dev:1", SPP_RX, -EINVAL, "Invalid value (port): dev:1 is asleep");
	assert_ports("");
	assert_int_equal(plugin_find(SPP_KIND_PORT, "dev")->nb_instances, 0);
	assert_int_equal(dev.nb_closed, 0);
}

static void
a_refused_attachment_closes_the_port_just_opened(void **state)
{
	(void)state;
	dev.refuse_attach = 1;
	assert_attach_refused("dev:1", SPP_RX, -EPERM, "error occur: dev:1 takes nobody");
	assert_ports("");
	assert_int_equal(dev.nb_opened, 1);
	assert_int_equal(dev.nb_closed, 1);
}

static void
a_refused_attachment_leaves_a_port_in_use_open(void **state)
{
	struct port *port = attach("dev:1", SPP_RX);

	(void)state;
	dev.nb_listed = 1;
	dev.listed[0] = 2;
	assert_int_equal(port_init(NULL), 0);
	dev.refuse_attach = 1;
	assert_attach_refused("dev:1", SPP_TX, -EPERM, "error occur: dev:1 takes nobody");
	assert_attach_refused("dev:2", SPP_TX, -EPERM, "error occur: dev:2 takes nobody");
	assert_ports("dev:1 dev:2 ");
	assert_int_equal(port->nb_attachments, 1);
	assert_int_equal(dev.nb_closed, 0);
}

static void
a_port_without_burst_function_is_refused(void **state)
{
	(void)state;
	dev.has_no_burst = true;
	assert_attach_refused("dev:1", SPP_RX, -EPROTO,
			      "error occur: plugin dev: attach() of dev:1 gave no burst function");
	assert_ports("");
	assert_int_equal(dev.nb_closed, 1);
}

static void
what_is_neither_0_nor_an_errno_value_is_a_fault_of_the_plugin(void **state)
{
	(void)state;
	dev.open_returns = 1;
	assert_attach_refused("dev:1", SPP_RX, -EPROTO,
			      "error occur: plugin dev: open() returned 1, neither 0 nor a "
			      "negative errno value");
	assert_ports("");
	dev.open_returns = 0;
	dev.attach_returns = 2;
	assert_attach_refused("dev:1", SPP_TX, -EPROTO,
			      "error occur: plugin dev: attach() returned 2, neither 0 nor a "
			      "negative errno value");
	assert_ports("");
	assert_int_equal(dev.nb_closed, dev.nb_opened);
}

#define TEST(f) cmocka_unit_test_teardown(f, reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(options_of_a_port_win_over_those_of_its_type),
		TEST(options_reach_no_other_port_or_type),
		TEST(an_added_option_wins_over_those_so_far),
		TEST(options_are_copied),
		TEST(a_port_configured_twice_is_refused),
		TEST(wrong_options_keep_the_port_closed),
		TEST(a_port_opens_with_its_first_attachment_and_closes_after_its_last),
		TEST(a_closed_port_can_be_opened_again),
		TEST(the_plugin_fills_in_the_data_path),
		TEST(a_plugin_with_the_least_functions_can_be_used),
		TEST(fini_closes_every_port_and_forgets_the_options),
		TEST(listed_ports_are_open_from_the_start_and_stay),
		TEST(a_listed_port_that_is_not_wanted_opens_and_closes_with_its_use),
		TEST(a_listed_port_that_is_open_already_becomes_permanent),
		TEST(a_listed_port_that_does_not_open_fails_the_start),
		TEST(a_plugin_that_lists_more_ports_than_it_may_is_held_to_the_limit),
		TEST(ports_are_in_order_of_rank_then_type_then_id),
		TEST(an_unknown_type_is_refused_naming_those_there_are),
		TEST(a_queue_is_named_exactly_where_there_are_several),
		TEST(a_port_that_does_not_open_leaves_nothing),
		TEST(a_refused_attachment_closes_the_port_just_opened),
		TEST(a_refused_attachment_leaves_a_port_in_use_open),
		TEST(a_port_without_burst_function_is_refused),
		TEST(what_is_neither_0_nor_an_errno_value_is_a_fault_of_the_plugin),
	};

	return cmocka_run_group_tests(tests, setup, panel_teardown);
}
