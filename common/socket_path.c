/* SPDX-License-Identifier: BSD-3-Clause */
/* The default path of the socket where a process accepts commands. */

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "refuse.h"
#include "socket_path.h"

char *
socket_path_default(const char *process_name, const char *prefix, char *out, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char dir[SOCKET_PATH_SIZE];

	if (geteuid() == 0)
		snprintf(dir, sizeof(dir), "/run/spp");
	else if (runtime != NULL && runtime[0] == '/')
		snprintf(dir, sizeof(dir), "%.200s/spp", runtime);
	else
		snprintf(dir, sizeof(dir), "/tmp/spp-%u", geteuid());
	snprintf(out, size, "%.200s/%s%s%s.sock", dir, process_name, prefix == NULL ? "" : ".",
		 prefix == NULL ? "" : prefix);
	return out;
}

int
socket_path_prepare(const char *socket_path, char *error, size_t size)
{
	char copy[SOCKET_PATH_SIZE];
	const char *dir;
	struct stat st;

	snprintf(copy, sizeof(copy), "%s", socket_path);
	dir = dirname(copy);
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return refuse(error, size, -errno, "socket %s: cannot create directory %s: %s",
			      socket_path, dir, strerror(errno));
	if (lstat(dir, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 022) != 0)
		return refuse(error, size, -EPERM,
			      "socket %s: %s must be a directory of this user, not writable by "
			      "others; choose another path with --socket",
			      socket_path, dir);
	return 0;
}
