/* SPDX-License-Identifier: BSD-3-Clause */
/* The unix socket of REST clients: where it is, and who may open it. */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admission.h"
#include "ctl_options.h"
#include "refuse.h"
#include "rest_socket.h"
#include "socket_file.h"
#include "socket_path.h"

#define OWNER_ONLY 0600
#define OWNER_AND_GROUP 0660

static struct socket_file file;

/* The directory of the default path may be passed by whoever may open the socket.  The sockets of
 * processes in it are for their owners all the same. */
static int
open_directory(const char *path, mode_t mode, char *error, size_t size)
{
	char copy[SOCKET_PATH_SIZE];
	const char *dir;
	struct stat st;
	int err = socket_path_prepare(path, error, size);

	if (err != 0 || (mode & 077) == 0)
		return err;
	snprintf(copy, sizeof(copy), "%s", path);
	dir = dirname(copy);
	if (stat(dir, &st) == 0 && chmod(dir, (st.st_mode & 07777) | 0011) == 0)
		return 0;
	return refuse(error, size, -errno, "socket %s: cannot open its directory to others: %s",
		      path, strerror(errno));
}

static int
give_to(const struct ctl_options *options, mode_t mode, char *error, size_t size)
{
	const char *path = file.address.sun_path;
	uid_t owner = (uid_t)-1;
	gid_t group = (gid_t)-1;
	int err = 0;

	if (options->socket_owner != NULL)
		err = admission_find_user(options->socket_owner, &owner);
	if (err != 0)
		return refuse(error, size, err, "--socket-owner %s: there is no such user",
			      options->socket_owner);
	if (options->socket_group != NULL)
		err = admission_find_group(options->socket_group, &group);
	if (err != 0)
		return refuse(error, size, err, "--socket-group %s: there is no such group",
			      options->socket_group);
	if (chown(path, owner, group) != 0 || chmod(path, mode) != 0)
		return refuse(error, size, -errno,
			      "socket %s: cannot set its owner, group and mode: %s", path,
			      strerror(errno));
	return 0;
}

/* Who is named for the socket is meant to use it. */
static int
admit(const struct ctl_options *options, char *error, size_t size)
{
	char group[128];
	int err = 0;

	if (options->socket_owner != NULL)
		err = admission_admit(options->socket_owner, error, size);
	if (err != 0 || options->socket_group == NULL)
		return err;
	snprintf(group, sizeof(group), "@%s", options->socket_group);
	return admission_admit(group, error, size);
}

int
rest_socket_open(const struct ctl_options *options, char *error, size_t size)
{
	mode_t mode = options->socket_group == NULL ? OWNER_ONLY : OWNER_AND_GROUP;
	const char *path = options->socket_path;
	char default_path[SOCKET_PATH_SIZE];
	int fd, err = 0;

	if (options->socket_mode != 0)
		mode = options->socket_mode;
	if (path == NULL) {
		path = socket_path_default("spp-ctl", NULL, default_path, sizeof(default_path));
		err = open_directory(path, mode, error, size);
	}
	if (err != 0)
		return err;
	fd = socket_file_listen(&file, path, error, size);
	if (fd < 0)
		return fd;
	err = give_to(options, mode, error, size);
	if (err == 0)
		err = admit(options, error, size);
	if (err == 0)
		return fd;
	close(fd);
	rest_socket_remove();
	return err;
}

const char *
rest_socket_path(void)
{
	return file.address.sun_path;
}

void
rest_socket_remove(void)
{
	socket_file_remove(&file);
}
