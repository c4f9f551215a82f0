/* SPDX-License-Identifier: BSD-3-Clause */
/* What primary, secondary and a process that runs alone decide, with real processes: a fork shares
 * DPDK's memory, so a child is the secondary of the primary that forks it. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/eal.h"

#include <spp/port.h>

#include "args.h"
#include "config.h"
#include "error.h"
#include "load.h"
#include "plugin.h"
#include "port.h"
#include "registry.h"
#include "rings.h"
#include "role.h"
#include "watch.h"

/* Port plugin dev lists dev:0, dev:1 and so on; dev:1 has 2 rx queues. */

static struct {
	uint32_t nb_listed;
	char mode[16]; /* the option of the port opened last, "" if not given */
} dev;

static uint32_t
dev_list(uint32_t *ids, uint32_t max)
{
	for (uint32_t i = 0; i < max && i < dev.nb_listed; i++)
		ids[i] = i;
	return dev.nb_listed;
}

static int
dev_open(uint32_t id, const struct spp_args *args, void **port)
{
	const char *mode = args_str(args, "mode");

	snprintf(dev.mode, sizeof(dev.mode), "%s", mode == NULL ? "" : mode);
	*port = (void *)(uintptr_t)id;
	return 0;
}

static uint16_t
dev_nb_queues(void *port, uint16_t dir)
{
	return (uintptr_t)port == 1 && dir == SPP_RX ? 2 : 1;
}

static int
dev_attach(void *port, uint16_t dir, uint16_t queue, struct spp_port_queue *out)
{
	(void)port;
	(void)dir;
	(void)queue;
	(void)out;
	return -ENOTSUP;
}

static const struct spp_port_ops dev_ops = {
	.size = sizeof(dev_ops),
	.options = "<mode:fast|slow>",
	.list = dev_list,
	.open = dev_open,
	.nb_queues = dev_nb_queues,
	.attach = dev_attach,
};

static const struct spp_plugin dev_plugin = {.size = sizeof(dev_plugin), .port = &dev_ops};
static const struct spp_manifest dev_manifest = {
	SPP_MANIFEST_BUILD, .kind = SPP_KIND_PORT,  .name = "dev",
	.version = "1.0",   .summary = "for tests",
};

static int
dev_entry(const struct spp_host *host, const struct spp_plugin **out)
{
	(void)host;
	*out = &dev_plugin;
	return 0;
}

/* Processes */

static const char configuration[] = "rings = 3\nring_size = 64\nmbufs = 511\n"
				    "port \"dev:0\" { options = {\"mode=fast\"} }\n";

static struct config *config;
static struct event_base *base;

static struct process_options
options_of(enum process_role role)
{
	return (struct process_options){
		.role = role,
		.program = "test",
		.client_id = role == PROCESS_SECONDARY ? 5 : -1,
		.port_mask = 0x3,
	};
}

/* -errno of the step that fails first. */
static int
start(const struct process_options *options)
{
	int rc = role_start_memory(options, config);

	if (rc != 0)
		return rc;
	rc = role_start_ports();
	if (rc != 0)
		role_stop_memory();
	return rc;
}

static void
stop(void)
{
	port_fini();
	role_stop_memory();
}

static int
with_eal(int (*fn)(void))
{
	int rc;

	base = event_base_new();
	if (base == NULL || test_eal_init("0@0") != 0 ||
	    plugin_add(&dev_manifest, dev_entry) != 0 ||
	    config_parse(configuration, "test.conf", &config) != 0)
		return 20;
	rc = fn();
	config_free(config);
	event_base_free(base);
	return test_eal_fini() == 0 ? rc : 21;
}

/* Run fn in a process with a DPDK of its own: what a primary makes stays until it ends.  The exit
 * status. */
static int
run_alone(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(with_eal(fn));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool
says(const char *sentence)
{
	if (strstr(error_sentence(0), sentence) != NULL)
		return true;
	fprintf(stderr, "%s\n", error_sentence(0));
	return false;
}

/* A process that is no secondary */

static int
open_and_publish(void)
{
	struct process_options options = options_of(PROCESS_PRIMARY);
	struct registry_port port;

	dev.nb_listed = 3;
	if (start(&options) != 0 || !registry_is_primary() || rings_nb() != 3)
		return 1;
	if (port_find("dev", 0) == NULL || port_find("dev", 1) == NULL ||
	    port_find("dev", 2) != NULL)
		return 2;
	if (!registry_find_port("dev", 1, &port) || port.nb_rx != 2 || port.nb_tx != 1)
		return 3;
	if (registry_find_port("dev", 2, &port) || registry_get_port(2, &port))
		return 4;
	stop();
	return registry_is_there() ? 5 : 0;
}

static void
the_primary_opens_and_publishes_the_ports_of_its_mask(void **state)
{
	(void)state;
	assert_int_equal(run_alone(open_and_publish), 0);
}

static int
start_with_a_bit_too_many(void)
{
	struct process_options options = options_of(PROCESS_PRIMARY);

	dev.nb_listed = 1;
	if (start(&options) != 0 || port_find("dev", 0) == NULL)
		return 1;
	stop();
	return strcmp(dev.mode, "fast") == 0 ? 0 : 2;
}

static void
a_bit_of_the_mask_without_a_port_is_no_error(void **state)
{
	(void)state;
	assert_int_equal(run_alone(start_with_a_bit_too_many), 0);
}

static int
start_with_no_bit_right(void)
{
	struct process_options options = options_of(PROCESS_PRIMARY);

	options.port_mask = 0x18;
	dev.nb_listed = 3;
	if (start(&options) != -ENODEV || !says("none of the ports of the mask 0x18 is there"))
		return 1;
	return port_first() != NULL || registry_is_there() ? 2 : 0;
}

static void
a_mask_without_any_port_is_refused_and_leaves_nothing(void **state)
{
	(void)state;
	assert_int_equal(run_alone(start_with_no_bit_right), 0);
}

static int
start_with_options(void)
{
	const struct process_port_option option = {"dev:0", "mode=slow"};
	struct process_options options = options_of(PROCESS_PRIMARY);

	options.port_options = &option;
	options.nb_port_options = 1;
	options.port_mask = 0x1;
	options.nb_rings = 5;
	dev.nb_listed = 1;
	if (start(&options) != 0 || rings_nb() != 5)
		return 1;
	stop();
	return strcmp(dev.mode, "slow") == 0 ? 0 : 2;
}

static void
the_command_line_wins_over_the_configuration(void **state)
{
	(void)state;
	assert_int_equal(run_alone(start_with_options), 0);
}

static int
run_standalone(void)
{
	struct process_options options = options_of(PROCESS_STANDALONE);

	dev.nb_listed = 3;
	if (start(&options) != 0 || port_find("dev", 2) == NULL)
		return 1;
	if (registry_is_there() || registry_is_primary() || role_has_users())
		return 2;
	stop();
	return 0;
}

static void
a_process_alone_opens_all_ports_and_shares_nothing(void **state)
{
	(void)state;
	assert_int_equal(run_alone(run_standalone), 0);
}

/* Primary and secondary */

static int
join_without_primary(void)
{
	struct process_options options = options_of(PROCESS_SECONDARY);

	return role_start_memory(&options, config) == 0 || registry_is_there();
}

static void
a_secondary_without_a_primary_does_not_start(void **state)
{
	(void)state;
	assert_int_equal(run_alone(join_without_primary), 0);
}

/* Of a secondary: it waits for a byte of its primary before fn(), and reports with another. */
static int to_secondary[2], to_primary[2];

static void __attribute__((noreturn)) be_secondary(int (*fn)(void))
{
	char byte;

	/* It never outlives a test that has failed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(to_secondary[0], &byte, 1) != 1)
		_exit(9);
	_exit(fn());
}

/* Start a primary that opens dev:0 and dev:1 of three, and let fn() run in a secondary, which was
 * forked before: it has inherited nothing of the primary.  The exit status of the secondary. */
static int
run_beside_primary(int (*fn)(void))
{
	struct process_options options = options_of(PROCESS_PRIMARY);
	int status;
	pid_t pid;

	if (pipe(to_secondary) != 0 || pipe(to_primary) != 0)
		return 10;
	pid = fork();
	if (pid == 0)
		be_secondary(fn);
	dev.nb_listed = 3;
	if (start(&options) != 0 || role_has_users() || write(to_secondary[1], "", 1) != 1)
		return 11;
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 12;
	stop();
	return WEXITSTATUS(status);
}

static int
join_and_find(void)
{
	struct process_options options = options_of(PROCESS_SECONDARY);

	dev.nb_listed = 3;
	if (start(&options) != 0 || registry_is_primary() || rings_nb() != 3)
		return 1;
	if (port_find("dev", 1) == NULL || port_find("dev", 2) != NULL)
		return 2;
	stop();
	return 0;
}

static int
a_pair(void)
{
	return run_beside_primary(join_and_find);
}

static void
a_secondary_finds_the_rings_and_opens_the_published_ports(void **state)
{
	(void)state;
	assert_int_equal(run_alone(a_pair), 0);
}

static int
join_without_a_device(void)
{
	struct process_options options = options_of(PROCESS_SECONDARY);

	dev.nb_listed = 1;
	if (start(&options) != -ENODEV ||
	    !says("dev:1 of the primary did not come up in this process; start it again"))
		return 1;
	return port_first() != NULL || registry_is_there() ? 2 : 0;
}

static int
a_pair_without_a_device(void)
{
	return run_beside_primary(join_without_a_device);
}

static void
a_secondary_without_a_published_port_is_refused_and_leaves_nothing(void **state)
{
	(void)state;
	assert_int_equal(run_alone(a_pair_without_a_device), 0);
}

/* The primary knows its user while that lives, and has it no more when its death is noticed. */

static int
join_and_wait(void)
{
	struct process_options options = options_of(PROCESS_SECONDARY);

	dev.nb_listed = 3;
	if (start(&options) != 0 || write(to_primary[1], "", 1) != 1)
		return 1;
	for (;;)
		pause();
}

static int
lose_a_user(void)
{
	struct process_options options = options_of(PROCESS_PRIMARY);
	pid_t pid;
	char byte;

	if (pipe(to_secondary) != 0 || pipe(to_primary) != 0)
		return 1;
	pid = fork();
	if (pid == 0)
		be_secondary(join_and_wait);
	dev.nb_listed = 3;
	if (start(&options) != 0 || role_start_watch(base) != 0 ||
	    write(to_secondary[1], "", 1) != 1 || read(to_primary[0], &byte, 1) != 1)
		return 2;
	if (!role_has_users())
		return 3;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	while (watch_death(0) == NULL)
		event_base_loop(base, EVLOOP_ONCE);
	if (role_has_users() || strstr(watch_death(0), "test, client id 5, process ") == NULL)
		return 4;
	role_stop_watch();
	stop();
	return 0;
}

static void
the_primary_has_users_until_they_have_died(void **state)
{
	(void)state;
	assert_int_equal(run_alone(lose_a_user), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_primary_opens_and_publishes_the_ports_of_its_mask),
		cmocka_unit_test(a_bit_of_the_mask_without_a_port_is_no_error),
		cmocka_unit_test(a_mask_without_any_port_is_refused_and_leaves_nothing),
		cmocka_unit_test(the_command_line_wins_over_the_configuration),
		cmocka_unit_test(a_process_alone_opens_all_ports_and_shares_nothing),
		cmocka_unit_test(a_secondary_without_a_primary_does_not_start),
		cmocka_unit_test(a_secondary_finds_the_rings_and_opens_the_published_ports),
		cmocka_unit_test(
			a_secondary_without_a_published_port_is_refused_and_leaves_nothing),
		cmocka_unit_test(the_primary_has_users_until_they_have_died),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
