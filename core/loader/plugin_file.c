/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which files become plugins: those of one directory that only root or this user can write to,
 * with a manifest that fits this host, and that need no DPDK library which is not mapped already.
 */

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_version.h>

#include "error.h"
#include "plugin_file.h"

#define SUFFIX ".so"
#define LINKS_MAX 8

static struct {
	int fd; /* valid if path is not NULL */
	char *path;
} dir;

/* Trust */

static int
check_owner(const struct stat *st, const char *object, const char *path)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return fail(-EPERM, "%s %s: owned by uid %u, the owner must be root or uid %u",
			    object, path, st->st_uid, geteuid());
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return fail(-EPERM,
			    "%s %s: others than its owner may write (mode %04o), it must "
			    "be %04o: chmod go-w it",
			    object, path, st->st_mode & 07777,
			    st->st_mode & 07777 & ~(unsigned int)(S_IWGRP | S_IWOTH));
	return 0;
}

static int
check_dir(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail(-errno, "plugin directory %s: %s", path, strerror(errno));
	return check_owner(&st, "plugin directory", path);
}

int
plugin_file_set_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *copy;
	int ret;

	if (fd < 0)
		return fail(-errno, "plugin directory %s: cannot open: %s", path, strerror(errno));
	ret = check_dir(fd, path);
	if (ret < 0)
		goto err_close;
	copy = strdup(path);
	if (copy == NULL) {
		ret = fail(-ENOMEM, "plugin directory %s: no memory", path);
		goto err_close;
	}
	if (dir.path != NULL)
		close(dir.fd);
	free(dir.path);
	dir.path = copy;
	dir.fd = fd;
	return 0;

err_close:
	close(fd);
	return ret;
}

/* Find and open */

/* Follow links inside the directory (NAME.so -> NAME.so.1).  A link that leads out of the directory
 * would lead to files and directories whose owners nobody has checked. */
static int
resolve(const char *path, char name[NAME_MAX + 1])
{
	/* LINKS_MAX links are followed, and one more turn is for the file at their end. */
	for (unsigned int i = 0; i <= LINKS_MAX; i++) {
		char target[NAME_MAX + 1];
		struct stat st;
		ssize_t len;

		if (fstatat(dir.fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return fail(-errno, "plugin %s: %s", path, strerror(errno));
		if (S_ISREG(st.st_mode))
			return 0;
		if (!S_ISLNK(st.st_mode))
			return fail(-EINVAL, "plugin %s: not a regular file", path);
		len = readlinkat(dir.fd, name, target, sizeof(target));
		if (len < 0)
			return fail(-errno, "plugin %s: %s", path, strerror(errno));
		if (len == (ssize_t)sizeof(target) || memchr(target, '/', (size_t)len) != NULL)
			return fail(-EPERM,
				    "plugin %s: a link to '%.*s', out of the directory %s: "
				    "copy the file there",
				    path, (int)len, target, dir.path);
		memcpy(name, target, (size_t)len);
		name[len] = '\0';
	}
	return fail(-ELOOP, "plugin %s: more than %u links", path, LINKS_MAX);
}

static int
open_checked(const char *path, const char *name, struct plugin_file *file)
{
	char last[NAME_MAX + 1];
	struct stat st;
	int ret;

	snprintf(last, sizeof(last), "%s" SUFFIX, name);
	ret = resolve(path, last);
	if (ret < 0)
		return ret;
	/* resolve() has found a regular file.  Should the file have been replaced meanwhile,
	 * O_NOFOLLOW refuses a link, and O_NONBLOCK keeps the opening of a FIFO or a device from
	 * waiting. */
	file->fd = openat(dir.fd, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file->fd < 0)
		return fail(-errno, "plugin %s: cannot open: %s", path, strerror(errno));
	if (fstat(file->fd, &st) < 0)
		ret = fail(-errno, "plugin %s: %s", path, strerror(errno));
	else
		ret = check_owner(&st, "plugin", path);
	if (ret < 0)
		close(file->fd);
	file->size = st.st_size;
	return ret;
}

/* DPDK libraries: a second version would bring a second EAL, and one that is mapped only now would
 * register its tailqs and handlers too late. */

struct library {
	const char *soname;
	size_t stem_len; /* of `librte_eal.so.` */
	char mapped[MANIFEST_SONAME_SIZE];
};

static int
match_library(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct library *library = arg;
	const char *slash = strrchr(info->dlpi_name, '/');
	const char *base = slash ? slash + 1 : info->dlpi_name;

	(void)size;
	if (strncmp(base, library->soname, library->stem_len) != 0)
		return 0;
	snprintf(library->mapped, sizeof(library->mapped), "%s", base);
	return 1;
}

static bool
is_mapped(const char *soname)
{
	void *handle = dlopen(soname, RTLD_LAZY | RTLD_NOLOAD);

	if (handle != NULL)
		dlclose(handle);
	return handle != NULL;
}

static int
check_library(const char *path, const char *soname)
{
	const char *so = strstr(soname, SUFFIX ".");
	struct library library = {.soname = soname};

	if (is_mapped(soname))
		return 0;
	library.stem_len = so ? (size_t)(so - soname) + strlen(SUFFIX ".") : strlen(soname);
	if (dl_iterate_phdr(match_library, &library))
		return fail(-ELIBBAD, "plugin %s: needs %s, this host has %s: rebuild it for %s",
			    path, soname, library.mapped, rte_version());
	return fail(-ELIBACC,
		    "plugin %s: needs %s, which this host has not mapped: a plugin can "
		    "use only the DPDK libraries that the host links",
		    path, soname);
}

static int
check_file(const char *name, struct plugin_file *file)
{
	int ret = manifest_read_fd(file->fd, file->path, &file->info);

	if (ret == 0)
		ret = manifest_check(&file->info.manifest, file->path);
	if (ret < 0)
		return ret;
	if (strcmp(file->info.manifest.name, name) != 0)
		return fail(-EINVAL, "plugin %s: its manifest says '%s', its file name '%s'",
			    file->path, file->info.manifest.name, name);
	for (unsigned int i = 0; i < file->info.nb_needed; i++) {
		ret = check_library(file->path, file->info.needed[i]);
		if (ret < 0)
			return ret;
	}
	return 0;
}

int
plugin_file_open(const char *name, struct plugin_file *file)
{
	int ret;

	if (!manifest_name_is_valid(name))
		return fail(-EINVAL, "plugin '%.64s': a name is 1 to %u of a-z 0-9 _ -", name,
			    SPP_NAME_SIZE - 1);
	if (dir.path == NULL)
		return fail(-ENOENT, "plugin %s: no plugin directory has been set", name);
	/* The directory is checked again: its mode may have changed since. */
	ret = check_dir(dir.fd, dir.path);
	if (ret < 0)
		return ret;
	if (asprintf(&file->path, "%s/%s" SUFFIX, dir.path, name) < 0)
		return fail(-ENOMEM, "plugin %s: no memory", name);
	ret = open_checked(file->path, name, file);
	if (ret < 0)
		goto err_free;
	ret = check_file(name, file);
	if (ret < 0)
		goto err_close;
	return 0;

err_close:
	close(file->fd);
err_free:
	free(file->path);
	return ret;
}

void
plugin_file_close(struct plugin_file *file)
{
	close(file->fd);
	free(file->path);
}

/* List */

static int
has_suffix(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > strlen(SUFFIX) && strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) == 0;
}

/* By the names of the plugins: `a` comes before `a-b`, although `a.so` comes after `a-b.so`.  Not
 * alphasort(), whose order depends on the locale. */
static int
compare_names(const struct dirent **a, const struct dirent **b)
{
	size_t a_len = strlen((*a)->d_name) - strlen(SUFFIX);
	size_t b_len = strlen((*b)->d_name) - strlen(SUFFIX);
	int order = memcmp((*a)->d_name, (*b)->d_name, a_len < b_len ? a_len : b_len);

	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

int
plugin_file_visit(void (*visit)(const char *name, void *arg), void *arg)
{
	struct dirent **entries;
	int nb;

	if (dir.path == NULL)
		return fail(-ENOENT, "no plugin directory has been set");
	nb = scandirat(dir.fd, ".", &entries, has_suffix, compare_names);
	if (nb < 0)
		return fail(-errno, "plugin directory %s: cannot list: %s", dir.path,
			    strerror(errno));
	for (int i = 0; i < nb; i++) {
		entries[i]->d_name[strlen(entries[i]->d_name) - strlen(SUFFIX)] = '\0';
		visit(entries[i]->d_name, arg);
		free(entries[i]);
	}
	free(entries);
	return 0;
}
