/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A server and its clients in one thread: verbs to be answered, and clients that let the server
 * run while they wait.  Include once per test program, after cmocka.
 */
#ifndef TEST_PEER_H
#define TEST_PEER_H

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "args.h"
#include "dispatch.h"
#include "error.h"
#include "log.h"
#include "reply.h"

#define REPLY_MAX (1 << 20)
/* A test that waits for what never comes ends here. */
#define GIVE_UP_S 60

static struct {
	struct event_base *base;
	unsigned int nb_run; /* commands */
} server;

/* Verbs: `echo WORD` replies with it, `big N` with N bytes, `slow N` after N milliseconds. */

static int
run_echo(const struct spp_args *args, struct spp_reply *reply)
{
	server.nb_run++;
	reply_str(reply, "text", args_str(args, "word"));
	return 0;
}

static int
run_big(const struct spp_args *args, struct spp_reply *reply)
{
	uint64_t size;
	char *text;

	server.nb_run++;
	if (args_u64(args, "size", &size) != 0)
		return -EINVAL;
	text = malloc(size + 1);
	assert_non_null(text);
	memset(text, 'x', size);
	text[size] = '\0';
	reply_str(reply, "text", text);
	free(text);
	return 0;
}

static int
run_slow(const struct spp_args *args, struct spp_reply *reply)
{
	uint64_t ms = 0;

	(void)reply;
	args_u64(args, "ms", &ms);
	usleep(ms * 1000);
	server.nb_run++;
	return 0;
}

static const struct spp_verb verbs[] = {
	{"echo <word:WORD>", "reply with the word", run_echo},
	{"big <size:UNSIGNED_INT>", "reply with so many bytes", run_big},
	{"slow <ms:UNSIGNED_INT>", "reply after so many milliseconds", run_slow},
};

static int
server_setup(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	alarm(GIVE_UP_S);
	rte_log_set_level(log_core, RTE_LOG_CRIT);
	error_clear();
	server.nb_run = 0;
	server.base = event_base_new();
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(dispatch_add("test", &verbs[i]), 0);
	return 0;
}

static int
server_teardown(void **state)
{
	(void)state;
	alarm(0);
	dispatch_del("test");
	event_base_free(server.base);
	return 0;
}

/* Clients, in the thread of the server: whoever waits lets the server run. */

static inline void
let_server_run(void)
{
	assert_true(event_base_loop(server.base, EVLOOP_NONBLOCK) >= 0);
}

static inline void
send_text(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n < 0) {
			assert_int_equal(errno, EAGAIN);
			let_server_run();
			continue;
		}
		text += n;
		len -= n;
	}
}

/* Take bytes up to and with the newline from what has arrived; 0 at the end of the stream, -1 when
 * there is nothing yet. */
static inline ssize_t
take_up_to_newline(int fd, char *out, size_t size)
{
	ssize_t n = recv(fd, out, size, MSG_PEEK);
	const char *newline = n > 0 ? memchr(out, '\n', n) : NULL;

	if (n > 0)
		return recv(fd, out, newline != NULL ? newline - out + 1 : n, 0);
	/* A server that closes before it has read everything resets the connection. */
	if (n == 0 || errno == ECONNRESET)
		return 0;
	assert_int_equal(errno, EAGAIN);
	return -1;
}

/* The next line without its newline, "" at the end of the stream. */
static inline const char *
next_line(int fd)
{
	static char line[REPLY_MAX];
	size_t len = 0;

	for (;;) {
		ssize_t n = take_up_to_newline(fd, line + len, sizeof(line) - len);

		if (n == 0) {
			assert_int_equal(len, 0);
			return "";
		}
		if (n < 0) {
			assert_true(event_base_loop(server.base, EVLOOP_ONCE) >= 0);
			continue;
		}
		len += n;
		if (line[len - 1] == '\n') {
			line[len - 1] = '\0';
			return line;
		}
		assert_true(len < sizeof(line));
	}
}

static inline void
expect_echo(int fd, const char *word)
{
	char reply[256];

	snprintf(reply, sizeof(reply), "{\"results\":[{\"result\":\"success\"}],\"text\":\"%s\"}",
		 word);
	assert_string_equal(next_line(fd), reply);
}

static inline void
expect_error(int fd, const char *message)
{
	char reply[256];

	snprintf(reply, sizeof(reply),
		 "{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":\"%s",
		 message);
	assert_memory_equal(next_line(fd), reply, strlen(reply));
}

static inline void
expect_end(int fd)
{
	assert_string_equal(next_line(fd), "");
	close(fd);
}

#endif
