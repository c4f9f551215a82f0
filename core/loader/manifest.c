/* SPDX-License-Identifier: BSD-3-Clause */
/* What a manifest says, judged: whether its fields are sane, and whether they fit this host. */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <rte_mbuf_core.h>
#include <rte_version.h>

#include "ascii.h"
#include "error.h"
#include "manifest.h"

int
manifest_name_is_valid(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return len > 0 && len < SPP_NAME_SIZE && name[len] == '\0';
}

const char *
manifest_kind_name(uint32_t kind)
{
	return kind == SPP_KIND_PORT ? "port" : "component";
}

/* Check that a string is terminated and fit for a terminal. */
static int
check_text(const char *what, const char *text, size_t size, const char *path)
{
	size_t len = strnlen(text, size);

	if (len == size)
		return fail(-ENOEXEC, "plugin %s: %s in its manifest does not end within %zu bytes",
			    path, what, size);
	for (size_t i = 0; i < len; i++)
		if (ascii_is_control(text[i]))
			return fail(-ENOEXEC,
				    "plugin %s: %s in its manifest has a control character 0x%02x",
				    path, what, (unsigned char)text[i]);
	return 0;
}

static int
fail_magic(const struct spp_manifest *manifest, const char *path)
{
	char magic[sizeof(manifest->magic) + 1] = {0};

	for (size_t i = 0; i < sizeof(manifest->magic); i++) {
		char c = manifest->magic[i];

		magic[i] = ascii_is_printable(c) && c != ' ' ? c : '?';
	}
	return fail(-ENOEXEC, "plugin %s: manifest magic '%s', this host knows '%s'", path, magic,
		    SPP_MANIFEST_MAGIC);
}

int
manifest_validate(const struct spp_manifest *manifest, const char *path)
{
	if (memcmp(manifest->magic, SPP_MANIFEST_MAGIC, sizeof(manifest->magic)) != 0)
		return fail_magic(manifest, path);
	if (manifest->size != sizeof(*manifest))
		return fail(-ENOEXEC,
			    "plugin %s: manifest of %u bytes, this host has %zu: rebuild it", path,
			    manifest->size, sizeof(*manifest));
	if (check_text("the name", manifest->name, sizeof(manifest->name), path) < 0 ||
	    check_text("the version", manifest->version, sizeof(manifest->version), path) < 0 ||
	    check_text("the summary", manifest->summary, sizeof(manifest->summary), path) < 0)
		return -ENOEXEC;
	if (!manifest_name_is_valid(manifest->name))
		return fail(
			-ENOEXEC,
			"plugin %s: name '%s' in its manifest, a name is 1 to %u of a-z 0-9 _ -",
			path, manifest->name, SPP_NAME_SIZE - 1);
	return 0;
}

static int
check_abi(const struct spp_manifest *manifest, const char *path)
{
	if (manifest->abi_major != SPP_ABI_MAJOR)
		return fail(-ENOEXEC, "plugin %s: built for ABI %u.%u, this host has %u.%u", path,
			    manifest->abi_major, manifest->abi_minor, SPP_ABI_MAJOR, SPP_ABI_MINOR);
	if (manifest->abi_minor_needed > SPP_ABI_MINOR)
		return fail(-ENOEXEC, "plugin %s: needs ABI %u.%u, this host has %u.%u", path,
			    manifest->abi_major, manifest->abi_minor_needed, SPP_ABI_MAJOR,
			    SPP_ABI_MINOR);
	return 0;
}

static int
check_same(const char *what, unsigned int theirs, unsigned int ours, const char *path)
{
	if (theirs == ours)
		return 0;
	return fail(-ENOEXEC, "plugin %s: built with %s %u, this host with %u: rebuild it", path,
		    what, theirs, ours);
}

int
manifest_check(const struct spp_manifest *manifest, const char *path)
{
	if (check_abi(manifest, path) < 0)
		return -ENOEXEC;
	if (manifest->kind != SPP_KIND_COMPONENT && manifest->kind != SPP_KIND_PORT)
		return fail(-ENOEXEC,
			    "plugin %s: kind %u, this host knows %u (component), %u (port)", path,
			    manifest->kind, SPP_KIND_COMPONENT, SPP_KIND_PORT);
	if (manifest->dpdk_year != RTE_VER_YEAR || manifest->dpdk_month != RTE_VER_MONTH)
		return fail(-ENOEXEC,
			    "plugin %s: built with DPDK %02u.%02u, this host with %02u.%02u: "
			    "rebuild it",
			    path, manifest->dpdk_year, manifest->dpdk_month, RTE_VER_YEAR,
			    RTE_VER_MONTH);
	if (check_same("mbuf size", manifest->mbuf_size, sizeof(struct rte_mbuf), path) < 0 ||
	    check_same("mbuf headroom", manifest->mbuf_headroom, RTE_PKTMBUF_HEADROOM, path) < 0 ||
	    check_same("cache line size", manifest->cache_line_size, RTE_CACHE_LINE_SIZE, path) <
		    0 ||
	    check_same("max lcores", manifest->max_lcore, RTE_MAX_LCORE, path) < 0)
		return -ENOEXEC;
	return 0;
}
