/* SPDX-License-Identifier: BSD-3-Clause */
/* Read and judge a plugin's manifest from its file, without dlopen().  [main] */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <stddef.h>

#include <spp/plugin.h>

#define MANIFEST_NEEDED_MAX 64
#define MANIFEST_SONAME_SIZE 64
#define MANIFEST_BUILD_ID_SIZE 65

struct manifest_info {
	struct spp_manifest manifest;
	unsigned int nb_needed;
	/* DT_NEEDED sonames that begin with librte_ */
	char needed[MANIFEST_NEEDED_MAX][MANIFEST_SONAME_SIZE];
	char build_id[MANIFEST_BUILD_ID_SIZE]; /* hexadecimal, "" if there is none */
};

/* Read the manifest of the ELF file at path.  -errno and a sentence with fail() that names the
 * file: cannot open, not a regular file, not ELF, truncated, other machine, no manifest, magic,
 * size, strings not terminated, bad characters in the name. */
int manifest_read(const char *path, struct manifest_info *info);

/* The same of an open file; path is for the sentence only. */
int manifest_read_fd(int fd, const char *path, struct manifest_info *info);

/* The same from an image in memory; path is for the sentence only. */
int manifest_parse(const void *image, size_t size, const char *path, struct manifest_info *info);

/* Magic, size and strings of a manifest; what manifest_parse() checks in the end. */
int manifest_validate(const struct spp_manifest *manifest, const char *path);

/* Compare with what this host is: ABI major and minor, DPDK fingerprint, kind.  -ENOEXEC and a
 * sentence that names the file and both values of the first difference. */
int manifest_check(const struct spp_manifest *manifest, const char *path);

/* True for 1..31 of [a-z0-9_-], what plugins can be called. */
int manifest_name_is_valid(const char *name);

/* `component` or `port`. */
const char *manifest_kind_name(uint32_t kind);

#endif
