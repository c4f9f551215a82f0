/* SPDX-License-Identifier: BSD-3-Clause */
/* The file of a vhost-user socket: who has it, who makes it, who removes it. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "vhost_fixture.h"

/* A socket bound to the path, listening or not. */
static int
bind_socket(int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type, 0);

	strcpy(address.sun_path, fix.path);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void
vhost_open_creates_an_owner_only_socket_and_close_removes_it(void **state)
{
	struct stat file;
	void *port = open_vhost(NULL);

	(void)state;
	assert_int_equal(stat(fix.path, &file), 0);
	assert_true(S_ISSOCK(file.st_mode));
	assert_int_equal(file.st_mode & 0777, 0600);
	assert_status_alone(port, "server", fix.path);
	port_host.ops->close(port);
	assert_int_equal(stat(fix.path, &file), -1);
}

static void
vhost_open_leaves_the_umask_alone(void **state)
{
	mode_t before = umask(0027), after;

	(void)state;
	port_host.ops->close(open_vhost(NULL));
	after = umask(before);
	assert_int_equal(after, 0027);
}

static void
vhost_client_creates_and_removes_no_socket(void **state)
{
	void *port = open_vhost("client");
	int fd;

	(void)state;
	assert_int_equal(access(fix.path, F_OK), -1);
	assert_status_alone(port, "client", fix.path);
	fd = bind_socket(SOCK_STREAM);
	port_host.ops->close(port);
	assert_int_equal(access(fix.path, F_OK), 0);
	close(fd);
}

static void
vhost_open_refuses_the_path_of_another_port(void **state)
{
	void *port = open_vhost(NULL);

	(void)state;
	assert_refused(fix.path, "client", -EINVAL,
		       "Invalid value (socket): %s is the socket of vhost:0", fix.path);
	port_host.ops->close(port);
}

static void
vhost_open_needs_the_mempool(void **state)
{
	(void)state;
	rte_mempool_free(fix.pool);
	rte_mempool_free(fix.peer_pool);
	assert_refused(fix.path, NULL, -ENOENT,
		       "error occur: vhost:3 has no buffers: the mempool spp_mbuf does not exist");
	make_pools();
}

static void
vhost_open_without_memory_creates_nothing(void **state)
{
	(void)state;
	port_host.no_memory = true;
	assert_refused(fix.path, NULL, -ENOMEM, "error occur: vhost:3: no memory");
	assert_int_equal(access(fix.path, F_OK), -1);
}

static void
vhost_open_refuses_a_file_that_is_no_socket(void **state)
{
	FILE *file = fopen(fix.path, "w");
	struct stat after;

	(void)state;
	assert_non_null(file);
	fputs("precious", file);
	fclose(file);
	assert_refused(fix.path, NULL, -EEXIST,
		       "error occur: vhost:3: %s exists and is no socket; remove it or choose "
		       "another path with the option socket",
		       fix.path);
	assert_refused(fix.path, "client", -EEXIST,
		       "error occur: vhost:3: %s exists and is no socket; remove it or choose "
		       "another path with the option socket",
		       fix.path);
	assert_int_equal(stat(fix.path, &after), 0);
	assert_int_equal(after.st_size, strlen("precious"));
}

static void
vhost_open_follows_no_symbolic_link(void **state)
{
	(void)state;
	assert_int_equal(symlink("elsewhere", fix.path), 0);
	assert_refused(fix.path, NULL, -EEXIST,
		       "error occur: vhost:3: %s exists and is no socket; remove it or choose "
		       "another path with the option socket",
		       fix.path);
}

static void
vhost_open_replaces_a_stale_socket(void **state)
{
	void *port;

	(void)state;
	close(bind_socket(SOCK_STREAM));
	port = open_vhost(NULL);
	peer_plug("net_virtio_user0", "");
	port_host_wait_logged(CONNECTED, 1);
	peer_unplug("net_virtio_user0");
	port_host.ops->close(port);
	assert_int_equal(access(fix.path, F_OK), -1);
}

static void
vhost_open_refuses_a_served_socket(void **state)
{
	int fd = bind_socket(SOCK_STREAM);
	int accepted;

	(void)state;
	assert_int_equal(listen(fd, 8), 0);
	assert_refused(fix.path, NULL, -EADDRINUSE,
		       "error occur: vhost:3: another process serves %s; stop it or choose another "
		       "path with the option socket",
		       fix.path);
	accepted = accept(fd, NULL, NULL);
	assert_true(accepted >= 0);
	close(accepted);
	assert_int_equal(access(fix.path, F_OK), 0);
	close(fd);
}

static void
vhost_open_refuses_a_served_socket_with_a_full_backlog(void **state)
{
	int fd = bind_socket(SOCK_STREAM), clients[2];
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)state;
	strcpy(address.sun_path, fix.path);
	assert_int_equal(listen(fd, 0), 0);
	for (unsigned int i = 0; i < 2; i++) {
		clients[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(clients[i], (struct sockaddr *)&address, sizeof(address));
	}
	assert_refused(fix.path, NULL, -EADDRINUSE,
		       "error occur: vhost:3: another process serves %s; stop it or choose another "
		       "path with the option socket",
		       fix.path);
	close(clients[0]);
	close(clients[1]);
	close(fd);
}

static void
vhost_open_refuses_a_socket_of_another_type(void **state)
{
	int fd = bind_socket(SOCK_DGRAM);

	(void)state;
	assert_refused(fix.path, NULL, -EPROTOTYPE,
		       "error occur: vhost:3: cannot replace the socket %s: Protocol wrong type "
		       "for socket; remove it or choose another path with the option socket",
		       fix.path);
	assert_int_equal(access(fix.path, F_OK), 0);
	close(fd);
}

static void
vhost_open_says_why_a_socket_cannot_be_created(void **state)
{
	char path[104];

	(void)state;
	snprintf(path, sizeof(path), "%s/none/sock", fix.dir);
	assert_refused(path, NULL, -ENOENT,
		       "error occur: vhost:3: cannot create the socket %s: No such file or "
		       "directory; choose another path with the option socket",
		       path);
}

static void
vhost_open_leaves_nothing_behind_when_the_library_refuses(void **state)
{
	(void)state;
	fix.register_fails = true;
	assert_refused(fix.path, NULL, -EIO,
		       "error occur: vhost:3: librte_vhost does not take %s; the log says why",
		       fix.path);
	fix.register_fails = false;
	fix.start_fails = true;
	assert_refused(fix.path, NULL, -EIO,
		       "error occur: vhost:3: librte_vhost cannot start %s; the log says why",
		       fix.path);
	fix.start_fails = false;
	assert_int_equal(access(fix.path, F_OK), -1);
	port_host.ops->close(open_vhost(NULL));
}

static void
vhost_close_keeps_a_socket_that_is_not_ours(void **state)
{
	void *port = open_vhost(NULL);
	struct stat before, after;
	int fd;

	(void)state;
	assert_int_equal(unlink(fix.path), 0);
	fd = bind_socket(SOCK_STREAM);
	assert_int_equal(stat(fix.path, &before), 0);
	port_host.ops->close(port);
	assert_int_equal(stat(fix.path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VHOST_TEST(vhost_open_creates_an_owner_only_socket_and_close_removes_it),
		VHOST_TEST(vhost_open_leaves_the_umask_alone),
		VHOST_TEST(vhost_client_creates_and_removes_no_socket),
		VHOST_TEST(vhost_open_refuses_the_path_of_another_port),
		VHOST_TEST(vhost_open_needs_the_mempool),
		VHOST_TEST(vhost_open_without_memory_creates_nothing),
		VHOST_TEST(vhost_open_refuses_a_file_that_is_no_socket),
		VHOST_TEST(vhost_open_follows_no_symbolic_link),
		VHOST_TEST(vhost_open_replaces_a_stale_socket),
		VHOST_TEST(vhost_open_refuses_a_served_socket),
		VHOST_TEST(vhost_open_refuses_a_served_socket_with_a_full_backlog),
		VHOST_TEST(vhost_open_refuses_a_socket_of_another_type),
		VHOST_TEST(vhost_open_says_why_a_socket_cannot_be_created),
		VHOST_TEST(vhost_open_leaves_nothing_behind_when_the_library_refuses),
		VHOST_TEST(vhost_close_keeps_a_socket_that_is_not_ours),
	};

	start_host("vhost_socket");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
