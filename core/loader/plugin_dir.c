/* SPDX-License-Identifier: BSD-3-Clause */
/* The directory of plugins that belongs to a program. */

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin_dir.h"

/* The top of a build directory has this file; the prefix of an installation has no such file. */
#define BUILD_MARK "build.ninja"

static char found[PATH_MAX];

/* Cut the last part off a path and return that part; NULL if the path has only one. */
static char *
last_part(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || slash[1] == '\0')
		return NULL;
	*slash = '\0';
	return slash + 1;
}

static bool
is_part(const char *part, const char *name)
{
	return part != NULL && strcmp(part, name) == 0;
}

static bool
join(char *path, size_t size, const char *dir, const char *name)
{
	int len = snprintf(path, size, "%s/%s", dir, name);

	return len > 0 && (size_t)len < size;
}

static bool
is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Look beside a built program: dir is BUILD/apps/NAME, and is overwritten. */
static bool
find_built(char *dir, const char *name, char *path, size_t size)
{
	char mark[PATH_MAX];

	if (!is_part(last_part(dir), name) || !is_part(last_part(dir), "apps"))
		return false;
	return join(mark, sizeof(mark), dir, BUILD_MARK) && access(mark, F_OK) == 0 &&
	       join(path, size, dir, "plugins") && is_dir(path);
}

/* Look beside an installed program: dir is PREFIX/BINDIR, and is overwritten. */
static bool
find_installed(char *dir, char *path, size_t size)
{
	const size_t len = strlen(dir), bin_len = strlen("/" BINDIR);

	/* An absolute directory does not move with the program. */
	if (BINDIR[0] == '/' || PLUGIN_SUBDIR[0] == '/')
		return false;
	if (len < bin_len || strcmp(dir + len - bin_len, "/" BINDIR) != 0)
		return false;
	dir[len - bin_len] = '\0';
	return join(path, size, dir, PLUGIN_SUBDIR) && is_dir(path);
}

bool
plugin_dir_find(const char *executable, char *path, size_t size)
{
	char built[PATH_MAX], installed[PATH_MAX];
	const char *name;

	if (executable[0] != '/' || strlen(executable) >= sizeof(built))
		return false;
	strcpy(built, executable);
	name = last_part(built);
	if (name == NULL)
		return false;
	strcpy(installed, built);
	return find_built(built, name, path, size) || find_installed(installed, path, size);
}

const char *
plugin_dir_default(void)
{
	char executable[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", executable, sizeof(executable));

	if (len <= 0 || len == (ssize_t)sizeof(executable))
		return PLUGIN_DIR;
	executable[len] = '\0';
	return plugin_dir_find(executable, found, sizeof(found)) ? found : PLUGIN_DIR;
}
