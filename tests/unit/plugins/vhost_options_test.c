/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of vhost ports: mode, path, owner and permissions of the socket. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <sys/un.h>

#include "vhost_fixture.h"

/* Open with socket and two more options. */
static int
open_with(const char *name0, const char *value0, const char *name1, const char *value1, void **port)
{
	struct spp_args args = {0};

	args_add(&args, "socket", fix.path);
	args_add(&args, name0, value0);
	if (name1 != NULL)
		args_add(&args, name1, value1);
	error_clear();
	return port_host.ops->open(3, &args, port);
}

static void
vhost_socket_has_the_permissions_asked_for(void **state)
{
	static const char *const bad[] = {"", "660x", "0668", "1777", "-1", "rw"};
	void *port = NULL;
	struct stat file;

	(void)state;
	assert_int_equal(open_with("permissions", "0660", NULL, NULL, &port), 0);
	assert_int_equal(stat(fix.path, &file), 0);
	assert_int_equal(file.st_mode & 07777, 0660);
	port_host.ops->close(port);
	for (unsigned int i = 0; i < RTE_DIM(bad); i++) {
		char text[128];

		snprintf(text, sizeof(text),
			 "Invalid value (permissions): '%s' is no octal number up to 0777, such as "
			 "0660",
			 bad[i]);
		assert_int_equal(open_with("permissions", bad[i], NULL, NULL, &port), -EINVAL);
		assert_string_equal(error_text(-EINVAL), text);
		assert_int_equal(access(fix.path, F_OK), -1);
	}
}

static void
vhost_socket_has_the_owner_asked_for(void **state)
{
	static const struct {
		const char *owner;
		uid_t uid;
		gid_t gid;
	} cases[] = {{"daemon", 1, 0}, {"daemon:daemon", 1, 1}, {":daemon", 0, 1}, {"7:8", 7, 8}};
	struct stat file;

	(void)state;
	if (geteuid() != 0)
		skip(); /* only root gives files away */
	for (unsigned int i = 0; i < RTE_DIM(cases); i++) {
		void *port = NULL;

		assert_int_equal(open_with("owner", cases[i].owner, NULL, NULL, &port), 0);
		assert_int_equal(stat(fix.path, &file), 0);
		assert_int_equal(file.st_uid, cases[i].uid);
		assert_int_equal(file.st_gid, cases[i].gid);
		assert_int_equal(file.st_mode & 0777, 0600);
		port_host.ops->close(port);
		assert_int_equal(access(fix.path, F_OK), -1);
	}
}

static void
vhost_open_refuses_an_owner_that_does_not_exist(void **state)
{
	static const struct {
		const char *owner, *text;
	} cases[] = {
		{"nobody-such", "there is no user 'nobody-such'"},
		{"daemon:such-none", "there is no group 'such-none'"},
		{"-1", "there is no user '-1'"},
		{"4294967295", "there is no user '4294967295'"},
		{"", "'' is not USER, USER:GROUP or :GROUP"},
		{":", "':' is not USER, USER:GROUP or :GROUP"},
		{"root:", "there is no group ''"},
	};
	void *port = NULL;
	char text[128];

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(cases); i++) {
		assert_int_equal(open_with("owner", cases[i].owner, NULL, NULL, &port), -EINVAL);
		snprintf(text, sizeof(text), "Invalid value (owner): %s", cases[i].text);
		assert_string_equal(error_text(-EINVAL), text);
	}
	assert_int_equal(access(fix.path, F_OK), -1);
}

static void
vhost_client_decides_nothing_about_access(void **state)
{
	void *port = NULL;

	(void)state;
	assert_int_equal(open_with("mode", "client", "permissions", "0660", &port), -EINVAL);
	assert_string_equal(error_text(-EINVAL),
			    "Invalid value (permissions): in mode client the VM makes the socket, "
			    "so it decides who may use it; leave the option out");
	assert_int_equal(open_with("mode", "client", "owner", "0", &port), -EINVAL);
	assert_null(port);
}

static void
vhost_socket_is_in_the_directory_asked_for(void **state)
{
	char path[96];
	void *port = NULL;

	(void)state;
	snprintf(path, sizeof(path), "%s/sock5", fix.dir);
	assert_int_equal(port_host_open(5, "directory", fix.dir, NULL, NULL, &port), 0);
	assert_status_alone(port, "server", path);
	port_host.ops->close(port);
	/* What is said of one port wins. */
	assert_int_equal(port_host_open(5, "directory", "/nowhere", "socket", fix.path, &port), 0);
	port_host.ops->close(port);
	assert_int_equal(port_host_open(5, "directory", "/nowhere", NULL, NULL, &port), -ENOENT);
}

static void
vhost_socket_is_named_after_the_port_by_default(void **state)
{
	uint32_t id = 10000000 + getpid(); /* beyond the ids of real ports */
	char path[64];
	void *port = NULL;

	(void)state;
	snprintf(path, sizeof(path), P_tmpdir "/sock%u", id);
	assert_int_equal(port_host_open(id, NULL, NULL, NULL, NULL, &port), 0);
	assert_status_alone(port, "server", path);
	port_host.ops->close(port);
	assert_int_equal(access(path, F_OK), -1);
}

static void
vhost_open_refuses_a_mode_it_does_not_know(void **state)
{
	(void)state;
	assert_refused(fix.path, "both", -EINVAL,
		       "Invalid value (mode): 'both' is neither client nor server");
}

static void
vhost_open_refuses_a_path_that_fits_no_socket(void **state)
{
	char path[109] = "";

	(void)state;
	assert_refused("", NULL, -EINVAL,
		       "Invalid value (socket): the path of a socket has 1 to 107 characters, not "
		       "0");
	memset(path, 'x', sizeof(path) - 1);
	assert_refused(path, "client", -EINVAL,
		       "Invalid value (socket): the path of a socket has 1 to 107 characters, not "
		       "108");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VHOST_TEST(vhost_socket_has_the_permissions_asked_for),
		VHOST_TEST(vhost_socket_has_the_owner_asked_for),
		VHOST_TEST(vhost_open_refuses_an_owner_that_does_not_exist),
		VHOST_TEST(vhost_client_decides_nothing_about_access),
		VHOST_TEST(vhost_socket_is_in_the_directory_asked_for),
		VHOST_TEST(vhost_socket_is_named_after_the_port_by_default),
		VHOST_TEST(vhost_open_refuses_a_mode_it_does_not_know),
		VHOST_TEST(vhost_open_refuses_a_path_that_fits_no_socket),
	};

	start_host("vhost_options");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
