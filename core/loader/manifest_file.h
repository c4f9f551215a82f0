/* SPDX-License-Identifier: BSD-3-Clause */
/* Read a plugin's manifest from its ELF file, without dlopen().  [main] */
#ifndef MANIFEST_FILE_H
#define MANIFEST_FILE_H

#include "manifest.h"

#define MANIFEST_NEEDED_MAX 64
#define MANIFEST_SONAME_SIZE 64
#define MANIFEST_BUILD_ID_SIZE 65

struct manifest_info {
	struct spp_manifest manifest;
	unsigned int nb_needed;
	/* DT_NEEDED sonames that begin with librte_ */
	char needed[MANIFEST_NEEDED_MAX][MANIFEST_SONAME_SIZE];
	char build_id[MANIFEST_BUILD_ID_SIZE]; /* hexadecimal, "" if the file has no build id */
};

/* Read the manifest of the ELF file at path.  -errno and a sentence with fail() that names the
 * file: cannot open, not a regular file, not ELF, truncated, other machine, no manifest, magic,
 * size, strings not terminated, bad characters in the name. */
int manifest_read(const char *path, struct manifest_info *info);

/* Read the manifest of an open file; path is for the sentence only. */
int manifest_read_fd(int fd, const char *path, struct manifest_info *info);

/* Read the manifest of an image in memory; path is for the sentence only. */
int manifest_parse(const void *image, size_t size, const char *path, struct manifest_info *info);

#endif
