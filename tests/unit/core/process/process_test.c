/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a process, whole: a child is the process, the test is its terminal, its supervisor
 * and its client. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_common.h>

#include <spp/plugin.h>

#include "dispatch.h"
#include "error.h"
#include "process.h"

#define LIMIT_MS 60000

static struct {
	char dir[64];
	char path[96];       /* of the process's socket */
	char supervisor[96]; /* of the socket that systemd would have */
	int notify;
	pid_t child;
	int out, err; /* what the process writes */
	char text[4096];
} fixture;

/* The process */

static int
run_leave(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	(void)reply;
	process_exit();
	return 0;
}

static int
add_verbs(void)
{
	static const struct spp_verb verb = {"leave", "end this process", run_leave};

	return dispatch_add("core", &verb);
}

static int
add_no_verbs(void)
{
	return fail(-EINVAL, "this program has no verbs");
}

static int
add_verbs_and_be_told_to_end(void)
{
	kill(getpid(), SIGTERM);
	return add_verbs();
}

static void
format_ready(char *text, size_t size)
{
	snprintf(text, size, "as the test wants it");
}

static void __attribute__((noreturn)) be_process(struct process_options *options)
{
	static char words[][40] = {"process_test", "--no-huge", "--no-pci", "-m",
				   "64",           "--lcores",  "0@0,1@0",  "--no-shconf"};
	char *argv[RTE_DIM(words) + 1] = {NULL};

	for (unsigned int i = 0; i < RTE_DIM(words); i++)
		argv[i] = words[i];
	options->program = "process_test";
	options->process_type = "vf";
	options->nb_mbufs = 1023;
	options->eal_argc = RTE_DIM(words);
	options->eal_argv = argv;
	options->format_ready = format_ready;
	options->plugin_dir = fixture.dir; /* no plugins */
	if (options->add_verbs == NULL)
		options->add_verbs = add_verbs;
	if (options->socket_path == NULL)
		options->socket_path = fixture.path;
	/* A failed test must not leave its process behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setenv("NOTIFY_SOCKET", fixture.supervisor, 1);
	exit(process_main(options));
}

static void
spawn(struct process_options options)
{
	int out[2], err[2];

	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(err), 0);
	fflush(NULL);
	fixture.child = fork();
	assert_true(fixture.child >= 0);
	if (fixture.child == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		close(out[0]);
		close(err[0]);
		be_process(&options);
	}
	close(out[1]);
	close(err[1]);
	fixture.out = out[0];
	fixture.err = err[0];
}

/* What the process does */

static void
await_input(int fd)
{
	struct pollfd input = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&input, 1, LIMIT_MS), 1);
}

/* Read until the text holds wanted; NULL: to the end. */
static const char *
read_text(int fd, const char *wanted)
{
	size_t len = 0;
	ssize_t n;

	fixture.text[0] = '\0';
	do {
		await_input(fd);
		n = read(fd, fixture.text + len, sizeof(fixture.text) - 1 - len);
		assert_true(n >= 0);
		len += (size_t)n;
		fixture.text[len] = '\0';
	} while (n > 0 && (wanted == NULL || strstr(fixture.text, wanted) == NULL));
	return fixture.text;
}

static void
assert_notified(const char *state)
{
	char text[64];
	ssize_t n;

	await_input(fixture.notify);
	n = recv(fixture.notify, text, sizeof(text) - 1, 0);
	assert_true(n > 0);
	text[n] = '\0';
	assert_non_null(strstr(text, state));
}

static void
assert_not_notified(void)
{
	char text[64];

	assert_int_equal(recv(fixture.notify, text, sizeof(text), MSG_DONTWAIT), -1);
}

static void
assert_exit(int status)
{
	int seen;

	assert_int_equal(waitpid(fixture.child, &seen, 0), fixture.child);
	fixture.child = 0;
	assert_true(WIFEXITED(seen));
	assert_int_equal(WEXITSTATUS(seen), status);
}

/* The last line that the process wrote to its standard error: DPDK writes there as well. */
static const char *
last_error_line(void)
{
	const char *text = read_text(fixture.err, NULL);
	size_t len = strlen(text);

	assert_true(len > 0 && text[len - 1] == '\n');
	fixture.text[len - 1] = '\0';
	return strrchr(text, '\n') == NULL ? text : strrchr(text, '\n') + 1;
}

static void
await_ready(void)
{
	char expected[160];

	snprintf(expected, sizeof(expected),
		 "process_test: ready, as the test wants it, commands at %s\n", fixture.path);
	assert_string_equal(read_text(fixture.out, "\n"), expected);
	assert_notified("READY=1");
}

/* Nothing came up: one sentence, no word on stdout, none to the supervisor but that it ends. */
static void
assert_refused(const char *sentence)
{
	assert_string_equal(last_error_line(), sentence);
	assert_string_equal(read_text(fixture.out, NULL), "");
	assert_exit(EXIT_FAILURE);
	assert_notified("STOPPING=1");
	assert_not_notified();
	assert_int_equal(access(fixture.path, F_OK), -1);
}

/* Client */

static int
connect_to_process(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture.path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void
ask(int fd, const char *command)
{
	assert_int_equal(send(fd, command, strlen(command), 0), strlen(command));
}

static int
set_up(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)state;
	strcpy(fixture.dir, "/tmp/process_test.XXXXXX");
	if (mkdtemp(fixture.dir) == NULL)
		return -1;
	snprintf(fixture.path, sizeof(fixture.path), "%s/sock", fixture.dir);
	snprintf(fixture.supervisor, sizeof(fixture.supervisor), "%s/notify", fixture.dir);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture.supervisor);
	fixture.notify = socket(AF_UNIX, SOCK_DGRAM, 0);
	return bind(fixture.notify, (struct sockaddr *)&address, sizeof(address));
}

static int
tear_down(void **state)
{
	(void)state;
	if (fixture.child > 0) {
		kill(fixture.child, SIGKILL);
		waitpid(fixture.child, NULL, 0);
		fixture.child = 0;
	}
	close(fixture.notify);
	close(fixture.out);
	close(fixture.err);
	unlink(fixture.supervisor);
	unlink(fixture.path);
	return rmdir(fixture.dir);
}

/* Tests */

static void
process_says_that_it_is_ready_and_ends_well_on_sigterm(void **state)
{
	(void)state;
	spawn((struct process_options){.client_id = -1});
	await_ready();
	assert_int_equal(kill(fixture.child, SIGTERM), 0);
	assert_exit(EXIT_SUCCESS);
	assert_notified("STOPPING=1");
	assert_int_equal(access(fixture.path, F_OK), -1);
}

static void
process_answers_the_command_that_ends_it(void **state)
{
	int fd;

	(void)state;
	spawn((struct process_options){.client_id = -1});
	await_ready();
	fd = connect_to_process();
	ask(fd, "leave\n");
	assert_string_equal(read_text(fd, NULL), "{\"results\":[{\"result\":\"success\"}]}\n");
	assert_exit(EXIT_SUCCESS);
	close(fd);
}

static void
process_without_its_configuration_is_refused(void **state)
{
	(void)state;
	spawn((struct process_options){.client_id = -1, .config_path = "/nonexistent/spp.conf"});
	assert_refused(
		"process_test: configuration /nonexistent/spp.conf: cannot open: No such file "
		"or directory");
}

/* The step that fails comes after DPDK, memory, workers and ports, which must go again. */
static void
process_whose_step_fails_says_why_and_undoes_the_rest(void **state)
{
	(void)state;
	spawn((struct process_options){.client_id = -1, .add_verbs = add_no_verbs});
	assert_refused("process_test: this program has no verbs");
}

static void
process_whose_last_step_fails_says_why_and_undoes_the_rest(void **state)
{
	(void)state;
	spawn((struct process_options){.client_id = -1, .socket_path = "/nonexistent/sock"});
	assert_refused("process_test: socket /nonexistent/sock: cannot open directory "
		       "/nonexistent: No such file or directory; choose another path with "
		       "--socket");
}

static void
process_that_is_told_to_end_while_it_starts_does(void **state)
{
	(void)state;
	spawn((struct process_options){.client_id = -1, .add_verbs = add_verbs_and_be_told_to_end});
	assert_refused("process_test: told to end while starting");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(process_says_that_it_is_ready_and_ends_well_on_sigterm),
		TEST(process_answers_the_command_that_ends_it),
		TEST(process_without_its_configuration_is_refused),
		TEST(process_whose_step_fails_says_why_and_undoes_the_rest),
		TEST(process_whose_last_step_fails_says_why_and_undoes_the_rest),
		TEST(process_that_is_told_to_end_while_it_starts_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
