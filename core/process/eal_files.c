/* SPDX-License-Identifier: BSD-3-Clause */
/* Files that EAL makes and leaves: its runtime directory, those of hugepages. */

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eal_files.h"

#define PATH_SIZE 512

/* True for files that this process, a secondary, has in its primary's runtime directory:
 * `fbarray_..._PID`, `mp_socket_PID_...`. */
static bool
is_own_file(const char *name)
{
	char socket[32], end[16];
	size_t len = strlen(name);
	int end_len = snprintf(end, sizeof(end), "_%d", (int)getpid());
	int socket_len = snprintf(socket, sizeof(socket), "mp_socket%s_", end);

	if (strncmp(name, socket, socket_len) == 0)
		return true;
	return strncmp(name, "fbarray_", 8) == 0 && strcmp(name + len - end_len, end) == 0;
}

static bool
is_any_file(const char *name)
{
	return name[0] != '.';
}

static void
clean_runtime_dir(const char *runtime_dir, bool (*is_unwanted)(const char *name))
{
	DIR *dir = opendir(runtime_dir);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (is_unwanted(entry->d_name))
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

/* EAL holds a lock in the runtime directory until the process ends, so no other process has begun
 * to use the directory. */
static void
remove_runtime_dir(const char *runtime_dir)
{
	clean_runtime_dir(runtime_dir, is_any_file);
	rmdir(runtime_dir);
}

/* Files of hugepages, which keep their pages until they are removed. */
struct files {
	unsigned int nb;
	char **path;
};

static void
add_file(struct files *files, const char *path)
{
	char **paths = realloc(files->path, (files->nb + 1) * sizeof(*paths));

	if (paths == NULL)
		return;
	files->path = paths;
	files->path[files->nb] = strdup(path);
	files->nb += files->path[files->nb] != NULL;
}

/* Find the hugepage files that EAL has mapped: `<huge-dir>/<prefix>map_<number>`. */
static void
find_hugepage_files(const char *runtime_dir, struct files *files)
{
	const char *prefix = strrchr(runtime_dir, '/');
	char line[PATH_SIZE + 128], pattern[PATH_SIZE];
	FILE *maps = fopen("/proc/self/maps", "r");

	if (maps == NULL || prefix == NULL)
		return;
	snprintf(pattern, sizeof(pattern), "%smap_", prefix);
	while (fgets(line, sizeof(line), maps) != NULL) {
		char *path = strchr(line, '/');

		line[strcspn(line, "\n")] = '\0';
		if (path != NULL && strstr(path, pattern) != NULL)
			add_file(files, path);
	}
	fclose(maps);
}

static void
remove_files(struct files *files)
{
	for (unsigned int i = 0; i < files->nb; i++) {
		unlink(files->path[i]);
		free(files->path[i]);
	}
	free(files->path);
}

void
eal_files_remove(const char *runtime_dir, void (*clean_up)(void))
{
	struct files files = {0};

	find_hugepage_files(runtime_dir, &files);
	clean_up();
	remove_files(&files);
	remove_runtime_dir(runtime_dir);
}

void
eal_files_remove_own(const char *runtime_dir)
{
	clean_runtime_dir(runtime_dir, is_own_file);
}
