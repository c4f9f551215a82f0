/* SPDX-License-Identifier: BSD-3-Clause */
/* Plugins come into service: map the file, call its entry function, keep its tables. */

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activity.h"
#include "dispatch.h"
#include "error.h"
#include "host.h"
#include "load.h"
#include "log.h"
#include "plugin_file.h"
#include "plugin_tables.h"

/* The core's own verbs have this owner: no plugin can have that name. */
#define CORE_OWNER "core"
#define LINKED_IN " (linked in)"

typedef int (*entry_fn)(const struct spp_host *host, const struct spp_plugin **plugin);

/* Verbs, log types and files go by the name alone, so a name is unique over both kinds of
 * plugins. */
static int
check_name_is_free(const char *name)
{
	if (strcmp(name, CORE_OWNER) == 0)
		return fail(-EINVAL, "plugin %s: that name belongs to the host: rename it", name);
	for (struct plugin *plugin = plugin_first(); plugin != NULL; plugin = plugin->next)
		if (strcmp(plugin->name, name) == 0)
			return fail(-EEXIST,
				    "plugin %s: a %s plugin of that name is loaded from %s", name,
				    manifest_kind_name(plugin->manifest.kind), plugin->path);
	return 0;
}

/* Make and free */

static struct plugin *
plugin_new(const struct spp_manifest *manifest, const char *path)
{
	struct plugin *plugin = calloc(1, sizeof(*plugin));

	if (plugin == NULL)
		goto err;
	plugin->path = strdup(path);
	if (plugin->path == NULL)
		goto err_free;
	plugin->manifest = *manifest;
	plugin->name = plugin->manifest.name;
	plugin->fd = -1;
	return plugin;

err_free:
	free(plugin);
err:
	fail(-ENOMEM, "plugin %s: no memory", path);
	return NULL;
}

static void
plugin_free(struct plugin *plugin)
{
	host_destroy(plugin->host);
	free(plugin->path);
	free(plugin);
}

/* Entry */

/* The error of a refusal: callers take -EEXIST for "is loaded already", so a refusal never has that
 * value. */
static int
refusal(int err)
{
	return err == -EEXIST ? -ENOTUNIQ : err;
}

static int
add_verbs(const struct plugin *plugin)
{
	for (uint32_t i = 0; i < plugin->table.nb_verbs; i++) {
		struct spp_verb verb = plugin_tables_verb(plugin, i);
		int ret = dispatch_add(plugin->name, &verb);

		if (ret < 0) {
			dispatch_del(plugin->name);
			return fail(refusal(ret), "plugin %s: %s", plugin->path,
				    error_sentence(ret));
		}
	}
	return 0;
}

/* Ask the plugin for its tables and take the plugin into service; a failure leaves nothing
 * behind. */
static int
plugin_enter(struct plugin *plugin, entry_fn entry)
{
	const struct spp_plugin *table = NULL;
	char log_name[SPP_NAME_SIZE + 8];
	int ret;

	snprintf(log_name, sizeof(log_name), "plugin.%s", plugin->name);
	plugin->log_type = log_register(log_name);
	plugin->host = host_create(plugin->log_type);
	if (plugin->host == NULL)
		return fail(-ENOMEM, "plugin %s: no memory", plugin->path);

	error_clear();
	activity_enter("the entry function of plugin %s", plugin->name);
	ret = entry(plugin->host, &table);
	activity_leave();
	if (ret != 0)
		return fail(ret < 0 ? refusal(ret) : -EPROTO,
			    "plugin %s: its entry function failed: %s", plugin->path,
			    error_sentence(ret));
	ret = plugin_tables_take(plugin, table);
	if (ret == 0)
		ret = add_verbs(plugin);
	if (ret == 0)
		plugin_append(plugin);
	return ret;
}

int
plugin_add(const struct spp_manifest *manifest, entry_fn entry)
{
	char path[SPP_NAME_SIZE + sizeof(LINKED_IN)];
	struct plugin *plugin;
	int ret;

	snprintf(path, sizeof(path), "%.*s" LINKED_IN, SPP_NAME_SIZE - 1, manifest->name);
	ret = manifest_validate(manifest, path);
	if (ret == 0)
		ret = manifest_check(manifest, path);
	if (ret == 0)
		ret = check_name_is_free(manifest->name);
	if (ret < 0)
		return ret;
	plugin = plugin_new(manifest, path);
	if (plugin == NULL)
		return -ENOMEM;
	ret = plugin_enter(plugin, entry);
	if (ret < 0)
		plugin_free(plugin);
	return ret;
}

/* Mapping.  The file goes by the name /proc/PID/fd/N, so that what is mapped is what was checked.
 * The dynamic linker remembers that name: N stays open as long as the library is mapped; else the
 * linker would take the next file with number N for this library.  The name has PID, not self,
 * because debuggers open it, too. */

#define FD_PATH_SIZE 64

static int
fd_path(int fd, char path[FD_PATH_SIZE])
{
	char pid[16] = "";

	/* Not getpid(): /proc may belong to another PID namespace. */
	if (readlink("/proc/self", pid, sizeof(pid) - 1) < 0)
		return fail(-errno, "cannot read /proc/self: %s: is /proc mounted?",
			    strerror(errno));
	snprintf(path, FD_PATH_SIZE, "/proc/%s/fd/%d", pid, fd);
	return 0;
}

/* Take the bounds of the instructions, for plugin_find_code(). */
static int
take_code(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct plugin *plugin = arg;

	(void)size;
	if (info->dlpi_addr != plugin->base)
		return 0;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0)
			continue;
		if (plugin->code == 0)
			plugin->code = plugin->base + part->p_vaddr;
		plugin->code_end = plugin->base + part->p_vaddr + part->p_memsz;
	}
	return 1;
}

static void
library_find_code(struct plugin *plugin)
{
	const struct link_map *map;

	if (dlinfo(plugin->handle, RTLD_DI_LINKMAP, &map) != 0)
		return;
	plugin->base = map->l_addr;
	dl_iterate_phdr(take_code, plugin);
}

static int
library_open(struct plugin *plugin)
{
	char path[FD_PATH_SIZE];
	const char *why;
	int ret = fd_path(plugin->fd, path);

	if (ret < 0)
		return fail(ret, "plugin %s: %s", plugin->path, error_sentence(ret));
	plugin->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (plugin->handle != NULL) {
		library_find_code(plugin);
		return 0;
	}
	why = dlerror();
	if (strncmp(why, path, strlen(path)) == 0)
		why += strlen(path) + strspn(why + strlen(path), ": ");
	return fail(-ELIBBAD, "plugin %s: cannot be mapped: %s", plugin->path, why);
}

/* Unmap a refused plugin; the sentence of fail() stays. */
static void
library_close(struct plugin *plugin)
{
	char path[FD_PATH_SIZE];
	const struct link_map *map;
	void *still;

	/* Without its name nothing tells whether the library is still mapped after dlclose(): the
	 * library stays, and so does its fd. */
	if (dlinfo(plugin->handle, RTLD_DI_LINKMAP, &map) != 0)
		return;
	snprintf(path, sizeof(path), "%s", map->l_name);
	dlclose(plugin->handle);
	still = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
	if (still == NULL) {
		close(plugin->fd);
		return;
	}
	dlclose(still);
	log_warning("plugin %s: refused, but it stays mapped", plugin->path);
}

static void *
library_symbol(const struct plugin *plugin, const char *name)
{
	void *symbol = dlsym(plugin->handle, name);

	if (symbol == NULL)
		fail(-ENOEXEC, "plugin %s: no symbol %s: define it with SPP_COMPONENT or SPP_PORT",
		     plugin->path, name);
	return symbol;
}

static int
library_enter(struct plugin *plugin)
{
	const struct spp_manifest *manifest = library_symbol(plugin, "spp_manifest");
	entry_fn entry;

	if (manifest == NULL)
		return -ENOEXEC;
	if (memcmp(manifest, &plugin->manifest, sizeof(*manifest)) != 0)
		return fail(-ENOEXEC,
			    "plugin %s: the manifest in memory differs from that in the "
			    "section " SPP_MANIFEST_SECTION " of the file",
			    plugin->path);
	*(void **)&entry = library_symbol(plugin, "spp_plugin_entry");
	if (entry == NULL)
		return -ENOEXEC;
	return plugin_enter(plugin, entry);
}

static void
log_loaded(const struct plugin *plugin, const struct plugin_file *file)
{
	const struct spp_manifest *manifest = &plugin->manifest;
	const char *build_id = file->info.build_id;

	log_notice("plugin %s: loaded %s %s from %s, %lld bytes, build id %s, ABI %u.%u",
		   plugin->name, manifest_kind_name(manifest->kind), manifest->version,
		   plugin->path, file->size, build_id[0] ? build_id : "none", manifest->abi_major,
		   manifest->abi_minor);
}

/* Load the file; file->fd now belongs to the plugin, or is closed. */
static int
load_file(const struct plugin_file *file)
{
	struct plugin *plugin = plugin_new(&file->info.manifest, file->path);
	int ret;

	if (plugin == NULL) {
		close(file->fd);
		return -ENOMEM;
	}
	plugin->fd = file->fd;
	ret = library_open(plugin);
	if (ret < 0) {
		close(plugin->fd);
		goto err_free;
	}
	ret = library_enter(plugin);
	if (ret < 0)
		goto err_close;
	log_loaded(plugin, file);
	return 0;

err_close:
	library_close(plugin);
err_free:
	plugin_free(plugin);
	return ret;
}

/* Load */

int
plugin_set_dir(const char *dir)
{
	return plugin_file_set_dir(dir);
}

int
plugin_load(const char *name)
{
	struct plugin_file file;
	int ret;

	ret = check_name_is_free(name);
	if (ret == 0)
		ret = plugin_file_open(name, &file);
	if (ret < 0)
		return ret;
	ret = load_file(&file);
	free(file.path);
	return ret;
}

static void
load_one(const char *name, void *arg)
{
	int *nb_refused = arg;
	int ret = plugin_load(name);

	if (ret == 0 || ret == -EEXIST)
		return;
	log_err("%s", error_sentence(ret));
	(*nb_refused)++;
}

int
plugin_load_all(void)
{
	int nb_refused = 0;
	int ret = plugin_file_visit(load_one, &nb_refused);

	if (ret < 0) {
		log_err("%s", error_sentence(ret));
		nb_refused++;
	}
	return nb_refused;
}
