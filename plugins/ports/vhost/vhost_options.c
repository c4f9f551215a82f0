/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of a port: mode, owner and permissions, path of the socket. */

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spp/plugin.h>

#include "vhost_options.h"

static int
read_mode(struct vhost_socket *sock, const struct spp_args *args)
{
	const char *mode = spp_host->arg_str(args, "mode");

	sock->is_client = mode != NULL && strcmp(mode, "client") == 0;
	if (mode != NULL && !sock->is_client && strcmp(mode, "server") != 0)
		return spp_host->fail_arg(spp_host, "mode", "'%s' is neither client nor server",
					  mode);
	return 0;
}

/* Length of the path.  `socket` wins: it is given for one port, `directory` often for all. */
static int
format_path(struct vhost_socket *sock, const struct spp_args *args)
{
	const char *path = spp_host->arg_str(args, "socket");
	const char *directory = spp_host->arg_str(args, "directory");

	if (path != NULL)
		return snprintf(sock->path, sizeof(sock->path), "%s", path);
	return snprintf(sock->path, sizeof(sock->path), "%s/sock%u",
			directory != NULL ? directory : P_tmpdir, sock->id);
}

static int
read_path(struct vhost_socket *sock, const struct spp_args *args)
{
	int len = format_path(sock, args);

	if (len == 0 || (size_t)len >= sizeof(sock->path))
		return spp_host->fail_arg(spp_host, "socket",
					  "the path of a socket has 1 to %zu characters, not %d",
					  sizeof(sock->path) - 1, len);
	return 0;
}

/* True for a number of digits alone that is at most max. */
static bool
parse_number(const char *text, int base, unsigned long max, unsigned long *number)
{
	char *end;

	*number = strtoul(text, &end, base);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *number <= max;
}

static int
read_permissions(struct vhost_socket *sock, const char *text)
{
	unsigned long permissions;

	sock->permissions = 0600;
	if (text == NULL)
		return 0;
	if (!parse_number(text, 8, 0777, &permissions))
		return spp_host->fail_arg(spp_host, "permissions",
					  "'%s' is no octal number up to 0777, such as 0660", text);
	sock->permissions = permissions;
	return 0;
}

/* A user is given by name or as a number; a group alike. */
static int
read_user(struct vhost_socket *sock, const char *name)
{
	const struct passwd *user = getpwnam(name);
	unsigned long id;

	if (user != NULL) {
		sock->owner = user->pw_uid;
		return 0;
	}
	if (!parse_number(name, 10, (uid_t)-2, &id))
		return spp_host->fail_arg(spp_host, "owner", "there is no user '%s'", name);
	sock->owner = id;
	return 0;
}

static int
read_group(struct vhost_socket *sock, const char *name)
{
	const struct group *group = getgrnam(name);
	unsigned long id;

	if (group != NULL) {
		sock->group = group->gr_gid;
		return 0;
	}
	if (!parse_number(name, 10, (gid_t)-2, &id))
		return spp_host->fail_arg(spp_host, "owner", "there is no group '%s'", name);
	sock->group = id;
	return 0;
}

/* USER, USER:GROUP or :GROUP */
static int
read_owner(struct vhost_socket *sock, const char *text)
{
	char user[64];
	size_t len;
	int ret = 0;

	sock->owner = -1;
	sock->group = -1;
	if (text == NULL)
		return 0;
	len = strcspn(text, ":");
	if (len >= sizeof(user) || text[0] == '\0' || strcmp(text, ":") == 0)
		return spp_host->fail_arg(spp_host, "owner",
					  "'%s' is not USER, USER:GROUP or :GROUP", text);
	snprintf(user, sizeof(user), "%.*s", (int)len, text);
	if (len > 0)
		ret = read_user(sock, user);
	if (ret == 0 && text[len] == ':')
		ret = read_group(sock, text + len + 1);
	return ret;
}

/* The creator of a socket decides who may use it: in mode client that is the VM. */
static int
read_access(struct vhost_socket *sock, const struct spp_args *args)
{
	const char *owner = spp_host->arg_str(args, "owner");
	const char *permissions = spp_host->arg_str(args, "permissions");
	int ret = read_owner(sock, owner);

	if (ret == 0)
		ret = read_permissions(sock, permissions);
	if (ret == 0 && sock->is_client && (owner != NULL || permissions != NULL))
		return spp_host->fail_arg(spp_host, owner != NULL ? "owner" : "permissions",
					  "in mode client the VM makes the socket, so it decides "
					  "who may use it; leave the option out");
	return ret;
}

int
vhost_options_read(const struct spp_args *args, struct vhost_socket *sock)
{
	int ret = read_mode(sock, args);

	if (ret == 0)
		ret = read_access(sock, args);
	if (ret == 0)
		ret = read_path(sock, args);
	return ret;
}
