/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of core/loader/host.c: each service reaches its owner, on the right thread only. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_common.h>

#include <spp/component.h>

#include "args.h"
#include "component.h"
#include "error.h"
#include "host.h"
#include "log.h"
#include "reply.h"
#include "txn.h"

static const struct spp_host *host;

static int
setup(void **state)
{
	(void)state;
	host = host_create(log_register("plugin.host_test"));
	return host == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	host_destroy(host);
	return 0;
}

static void
host_table_tells_its_version(void **state)
{
	(void)state;
	assert_int_equal(host->size, sizeof(*host));
	assert_int_equal(host->abi_major, SPP_ABI_MAJOR);
	assert_int_equal(host->abi_minor, SPP_ABI_MINOR);
	assert_true(SPP_HAS(host, get_extension));
}

static void
host_log_writes_one_line_under_the_name_of_the_plugin(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	(void)state;
	assert_non_null(stream);
	rte_openlog_stream(stream);
	host->log(host, SPP_LOG_NOTICE, "port %u: is\nup", 3);
	host->log(host, SPP_LOG_DEBUG, "not at this level");
	host->log(host, 0, "louder than ERR is ERR");
	rte_openlog_stream(NULL);
	fclose(stream);
	assert_string_equal(text, "spp.plugin.host_test: port 3: is?up\n"
				  "spp.plugin.host_test: louder than ERR is ERR\n");
	free(text);
}

static void
host_fail_stores_the_sentence(void **state)
{
	(void)state;
	assert_int_equal(host->fail(host, -EEXIST, "table %s: full", "t1"), -EEXIST);
	assert_string_equal(error_text(-EEXIST), "error occur: table t1: full");
	assert_int_equal(host->fail_arg(host, "port", "ring:%d is taken", 1), -EINVAL);
	assert_string_equal(error_text(-EINVAL), "Invalid value (port): ring:1 is taken");
}

static void
host_memory_is_zeroed(void **state)
{
	static const char zeros[100];
	char *mem = host->zalloc(host, sizeof(zeros), SPP_NUMA_ANY);

	(void)state;
	assert_memory_equal(mem, zeros, sizeof(zeros));
	host->free(host, mem);
}

static void
append(void *arg)
{
	static char calls[8];

	if (arg != NULL)
		strcat(calls, arg);
	else
		calls[0] = '\0';
	check_expected_ptr(calls);
}

static void
host_undo_and_defer_belong_to_the_transaction(void **state)
{
	char d[] = "d", u[] = "u", v[] = "v";

	(void)state;
	txn_begin();
	assert_int_equal(host->undo(host, append, u), 0);
	assert_int_equal(host->undo(host, append, v), 0);
	assert_int_equal(host->defer(host, append, d), 0);
	expect_string(append, calls, "v");
	expect_string(append, calls, "vu");
	expect_string(append, calls, "vud");
	txn_abort();

	expect_string(append, calls, "");
	append(NULL);
	txn_begin();
	assert_int_equal(host->undo(host, append, u), 0);
	assert_int_equal(host->defer(host, append, d), 0);
	expect_string(append, calls, "d");
	assert_int_equal(txn_commit(), 0);
}

static void
host_wait_quiescent_returns_without_workers(void **state)
{
	(void)state;
	assert_int_equal(host->wait_quiescent(host), 0);
}

static void
host_args_are_read_by_name(void **state)
{
	struct spp_args args = {0};
	uint8_t mac[6];
	uint64_t value;

	(void)state;
	args_add(&args, "vlan id", "101");
	args_add(&args, "mac", "52:54:00:12:34:56");
	assert_string_equal(host->arg_str(&args, "vlan id"), "101");
	assert_null(host->arg_str(&args, "port"));
	assert_int_equal(host->arg_u64(&args, "vlan id", &value), 0);
	assert_int_equal(value, 101);
	assert_int_equal(host->arg_u64(&args, "port", &value), -ENOENT);
	assert_int_equal(host->arg_mac(&args, "mac", mac), 0);
	assert_int_equal(mac[5], 0x56);
	error_clear();
	assert_int_equal(host->arg_mac(&args, "vlan id", mac), -EINVAL);
	assert_non_null(strstr(error_text(-EINVAL), "Invalid value (vlan id)"));
}

static void
host_reply_builds_json(void **state)
{
	struct spp_reply reply;
	char *text;

	(void)state;
	assert_int_equal(reply_init(&reply), 0);
	host->reply_open(&reply, "list", SPP_REPLY_ARRAY);
	host->reply_u64(&reply, NULL, 7);
	host->reply_close(&reply);
	host->reply_str(&reply, "name", "x");
	host->reply_bool(&reply, "up", 1);
	host->reply_note(&reply, "%s is 100%% there", "entry");
	text = reply_text(&reply, NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "\"list\":[7]"));
	assert_non_null(strstr(text, "\"name\":\"x\""));
	assert_non_null(strstr(text, "\"up\":true"));
	assert_non_null(strstr(text, "\"note\":\"entry is 100% there\""));
	free(text);
	reply_fini(&reply);
}

static void
host_tells_about_a_component(void **state)
{
	struct spp_component component = {.name = "fwd1", .lcore = 3, .numa_node = 1};
	uint16_t output = 0;

	(void)state;
	assert_string_equal(host->component_name(&component), "fwd1");
	assert_int_equal(host->component_lcore(&component), 3);
	assert_int_equal(host->component_numa_node(&component), 1);
	assert_int_equal(host->component_set_group(&component, SPP_GROUP_MAX, &output, 1), -EINVAL);
}

static void
host_has_no_unknown_extension(void **state)
{
	(void)state;
	assert_null(host->get_extension(host, "spp.nothing/1"));
}

#ifndef NDEBUG
static void *
call_from_another_thread(void *arg)
{
	(void)arg;
	host->fail(host, -EIO, "not on [main]");
	return NULL;
}

static void
host_asserts_the_main_thread(void **state)
{
	const struct rlimit no_core = {0};
	int status;
	pid_t pid;

	(void)state;
	/* The child would print the buffered output a second time, so it is written now. */
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		pthread_t thread;

		signal(SIGABRT, SIG_DFL);
		setrlimit(RLIMIT_CORE, &no_core);
		/* The line that assert() prints is expected here and would only alarm a reader. */
		fclose(stderr);
		pthread_create(&thread, NULL, call_from_another_thread, NULL);
		pthread_join(thread, NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_table_tells_its_version),
		cmocka_unit_test(host_log_writes_one_line_under_the_name_of_the_plugin),
		cmocka_unit_test(host_fail_stores_the_sentence),
		cmocka_unit_test(host_memory_is_zeroed),
		cmocka_unit_test(host_undo_and_defer_belong_to_the_transaction),
		cmocka_unit_test(host_wait_quiescent_returns_without_workers),
		cmocka_unit_test(host_args_are_read_by_name),
		cmocka_unit_test(host_reply_builds_json),
		cmocka_unit_test(host_tells_about_a_component),
		cmocka_unit_test(host_has_no_unknown_extension),
#ifndef NDEBUG
		cmocka_unit_test(host_asserts_the_main_thread),
#endif
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
