/* SPDX-License-Identifier: BSD-3-Clause */
/* What [main] is inside of: written around each command and each function of a plugin. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <pthread.h>

#include "core/test_panel.h"

#include "activity.h"
#include "status.h"

/* A component and a port whose functions look at what [main] is inside of */

#define SEEN_MAX 32

static struct {
	unsigned int nb;
	char text[SEEN_MAX][ACTIVITY_TEXT_SIZE]; /* the innermost call, repeated or not */
	char command[ACTIVITY_TEXT_SIZE];        /* the outermost one, of the last look */
	const struct spp_host *host;
} seen;

static void
look(void)
{
	struct activity activity;

	assert_true(activity_read(&activity));
	assert_true(seen.nb < SEEN_MAX);
	if (seen.nb == 0 || strcmp(seen.text[seen.nb - 1], activity.text[activity.depth - 1]) != 0)
		strcpy(seen.text[seen.nb++], activity.text[activity.depth - 1]);
	strcpy(seen.command, activity.text[0]);
}

static void
look_later(void *arg)
{
	(void)arg;
	look();
}

static int
look_create(struct spp_component *self, void *worker, const struct spp_args *args, void **state)
{
	(void)self;
	(void)worker;
	(void)args;
	(void)state;
	look();
	return seen.host->defer(seen.host, look_later, NULL);
}

static void
look_destroy(void *state)
{
	(void)state;
	look();
}

static int
look_attach(void *state, const struct spp_attachment *attachment)
{
	(void)state;
	(void)attachment;
	look();
	return 0;
}

static void
look_detach(void *state, const struct spp_attachment *attachment)
{
	(void)state;
	(void)attachment;
	look();
}

static int
look_is_ready(void *state)
{
	(void)state;
	look();
	return 1;
}

static void
look_instance_status(void *state, struct spp_reply *reply)
{
	(void)state;
	(void)reply;
	look();
}

static void
look_process_status(struct spp_reply *reply)
{
	(void)reply;
	look();
}

static const void *
look_get_extension(const char *id)
{
	static const struct spp_status_ext ext = {.size = sizeof(ext),
						  .instance_status = look_instance_status,
						  .process_status = look_process_status};

	look();
	return strcmp(id, SPP_EXT_STATUS) == 0 ? &ext : NULL;
}

static int
look_run(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	(void)reply;
	look();
	return 0;
}

static int
eye_open(uint32_t id, const struct spp_args *args, void **port)
{
	(void)id;
	(void)args;
	(void)port;
	look();
	return 0;
}

static void
eye_close(void *port)
{
	(void)port;
	look();
}

static uint32_t
eye_list(uint32_t *ids, uint32_t max)
{
	(void)ids;
	(void)max;
	look();
	return 0;
}

static uint16_t
eye_nb_queues(void *port, uint16_t dir)
{
	(void)port;
	(void)dir;
	look();
	return 1;
}

static int
eye_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	(void)port;
	(void)dir;
	(void)queue;
	look();
	out->burst = mem_rx;
	out->queue = &mem_ports[0].rx[0];
	return 0;
}

static void
eye_detach(void *port, uint16_t dir, uint16_t queue)
{
	(void)port;
	(void)dir;
	(void)queue;
	look();
}

static const struct spp_component_ops look_ops = {
	.size = sizeof(look_ops),
	.rx_max = 1,
	.tx_max = 1,
	.create = look_create,
	.destroy = look_destroy,
	.attach = look_attach,
	.detach = look_detach,
	.is_ready = look_is_ready,
	.process = pick_process,
};
static const struct spp_verb look_verb = {"look <how:WORD>", "look", look_run};
static const struct spp_plugin look_plugin = {.size = sizeof(look_plugin),
					      .nb_verbs = 1,
					      .verb_size = sizeof(look_verb),
					      .verbs = &look_verb,
					      .component = &look_ops,
					      .get_extension = look_get_extension};
static const struct spp_port_ops eye_ops = {
	.size = sizeof(eye_ops),
	.open = eye_open,
	.close = eye_close,
	.list = eye_list,
	.nb_queues = eye_nb_queues,
	.attach = eye_attach,
	.detach = eye_detach,
};
static const struct spp_plugin eye_plugin = {.size = sizeof(eye_plugin), .port = &eye_ops};

static const struct spp_manifest look_manifest = {
	SPP_MANIFEST_BUILD, .kind = SPP_KIND_COMPONENT, .name = "look",
	.version = "1.0",   .summary = "for tests",
};

static int
look_entry(const struct spp_host *host, const struct spp_plugin **out)
{
	look();
	seen.host = host;
	*out = &look_plugin;
	return 0;
}

PANEL_ENTRY(eye, SPP_KIND_PORT)

/* Functions of plugins */

static void
assert_seen(const char *const *texts, unsigned int nb)
{
	for (unsigned int i = 0; i < seen.nb && i < nb; i++)
		assert_string_equal(seen.text[i], texts[i]);
	assert_int_equal(seen.nb, nb);
	seen.nb = 0;
}

#define ASSERT_SEEN(...)                                                                           \
	do {                                                                                       \
		static const char *const texts[] = {__VA_ARGS__};                                  \
		assert_seen(texts, RTE_DIM(texts));                                                \
	} while (0)

static void
each_function_of_a_plugin_is_named(void **state)
{
	(void)state;
	assert_int_equal(plugin_add(&look_manifest, look_entry), 0);
	ASSERT_SEEN("the entry function of plugin look", "get_extension() of plugin look");
	assert_int_equal(plugin_add(&eye_manifest, eye_entry), 0);
	assert_int_equal(port_init(NULL), 0);
	ASSERT_SEEN("list() of plugin eye");

	panel_ok("look around");
	assert_string_equal(seen.command, "command 'look around'");
	ASSERT_SEEN("verb look of plugin look");
	panel_ok("component start c 3 look");
	assert_string_equal(seen.command, "command 'component start c 3 look'");
	ASSERT_SEEN("create() of plugin look for component 'c'",
		    "a function to call later of plugin (linked in)");
	panel_ok("port add eye:5 rx c");
	ASSERT_SEEN("open() of plugin eye for port eye:5",
		    "nb_queues() of plugin eye for port eye:5",
		    "attach() of plugin eye for port eye:5",
		    "attach() of plugin look for component 'c' and rx eye:5",
		    "is_ready() of plugin look for component 'c'");
	assert_int_equal(port_nb_queues(port_find("eye", 5), SPP_RX), 1);
	seen.nb = 0;
	panel_ok("component stop c");
	ASSERT_SEEN("detach() of plugin look for component 'c' and rx eye:5",
		    "detach() of plugin eye for port eye:5", "close() of plugin eye for port eye:5",
		    "destroy() of plugin look for component 'c'");
	assert_false(activity_read(&(struct activity){0}));
}

static void
status_is_named_too(void **state)
{
	(void)state;
	panel_ok("component start c 3 look");
	seen.nb = 0;
	panel_ok("status");
	ASSERT_SEEN("instance_status() of plugin look for component c",
		    "process_status() of plugin look");
	panel_ok("component stop c");
	seen.nb = 0;
}

static void
a_command_inside_a_transaction_is_named(void **state)
{
	(void)state;
	txn_begin();
	assert_int_equal(dispatch_run_in_txn("look here"), 0);
	assert_int_equal(txn_commit(), 0);
	assert_string_equal(seen.command, "command 'look here'");
	seen.nb = 0;
}

static void
a_refused_command_is_over(void **state)
{
	struct activity activity;

	(void)state;
	panel_run("no such command", "\"result\":\"error\"");
	panel_run("component start c 99 look", "\"result\":\"error\"");
	assert_int_equal(dispatch_run_in_txn("no such command"), -EINVAL);
	assert_false(activity_read(&activity));
}

/* Calls */

static void
calls_nest_and_have_one_beginning(void **state)
{
	struct activity outer, inner;

	(void)state;
	assert_false(activity_read(&outer));
	assert_int_equal(outer.depth, 0);
	activity_enter("command '%s'", "a");
	assert_true(activity_read(&outer));
	assert_int_equal(outer.depth, 1);
	activity_enter("create()");
	assert_true(activity_read(&inner));
	assert_int_equal(inner.depth, 2);
	assert_string_equal(inner.text[0], "command 'a'");
	assert_string_equal(inner.text[1], "create()");
	assert_true(inner.id == outer.id && inner.since_ns == outer.since_ns);
	activity_leave();
	assert_true(activity_read(&inner));
	assert_int_equal(inner.depth, 1);
	activity_leave();
	assert_false(activity_read(&inner));

	activity_enter("command '%s'", "b");
	assert_true(activity_read(&inner));
	assert_true(inner.id != outer.id);
	assert_true(inner.since_ns >= outer.since_ns && inner.since_ns <= activity_clock_ns());
	activity_leave();
}

static void
calls_below_the_deepest_go_by_its_name(void **state)
{
	struct activity activity;

	(void)state;
	for (unsigned int i = 0; i < ACTIVITY_DEPTH + 2; i++)
		activity_enter("%u", i);
	assert_true(activity_read(&activity));
	assert_int_equal(activity.depth, ACTIVITY_DEPTH);
	assert_string_equal(activity.text[ACTIVITY_DEPTH - 1], "2");
	for (unsigned int i = 0; i < ACTIVITY_DEPTH + 2; i++)
		activity_leave();
	assert_false(activity_read(&activity));
}

static void
a_text_is_one_printable_line(void **state)
{
	char longer[2 * ACTIVITY_TEXT_SIZE];
	struct activity activity;

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	activity_enter("a\nb\033c\177");
	activity_enter("%s", longer);
	assert_true(activity_read(&activity));
	assert_string_equal(activity.text[0], "a?b?c?");
	assert_int_equal(strlen(activity.text[1]), ACTIVITY_TEXT_SIZE - 1);
	activity_leave();
	activity_leave();

	panel_run(longer, "\"result\":\"error\"");
}

#define COPIES 20000

static void *
write_until_told(void *arg)
{
	bool *is_told = arg;

	for (unsigned int i = 0; !__atomic_load_n(is_told, __ATOMIC_RELAXED); i++) {
		activity_enter("outer %u", i);
		activity_enter("inner %u", i);
		activity_leave();
		activity_leave();
	}
	return NULL;
}

/* What a reader gets as whole while somebody writes belongs together. */
static void
a_reader_gets_what_was_at_one_time(void **state)
{
	struct activity activity;
	bool is_told = false;
	pthread_t writer;

	(void)state;
	assert_int_equal(pthread_create(&writer, NULL, write_until_told, &is_told), 0);
	for (unsigned int nb_whole = 0; nb_whole < COPIES;) {
		if (!activity_read(&activity) || !activity.is_whole)
			continue;
		nb_whole++;
		assert_memory_equal(activity.text[0], "outer ", 6);
		if (activity.depth > 1)
			assert_string_equal(activity.text[0] + 6, activity.text[1] + 6);
	}
	__atomic_store_n(&is_told, true, __ATOMIC_RELAXED);
	pthread_join(writer, NULL);
}

static int
setup(void **state)
{
	return panel_setup(state) != 0 ? -1 : status_init(-1, NULL, 0);
}

#define TEST(f) cmocka_unit_test_teardown(f, panel_reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_function_of_a_plugin_is_named),
		TEST(status_is_named_too),
		TEST(a_command_inside_a_transaction_is_named),
		TEST(a_refused_command_is_over),
		TEST(calls_nest_and_have_one_beginning),
		TEST(calls_below_the_deepest_go_by_its_name),
		TEST(a_text_is_one_printable_line),
		TEST(a_reader_gets_what_was_at_one_time),
	};

	return cmocka_run_group_tests(tests, setup, panel_teardown);
}
