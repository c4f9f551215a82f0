/* SPDX-License-Identifier: BSD-3-Clause */
/* Judge what a manifest says.  [main] */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <spp/plugin.h>

/* Check magic, size and strings of a manifest; manifest_parse() ends with this. */
int manifest_validate(const struct spp_manifest *manifest, const char *path);

/* Compare a manifest with this host: ABI major and minor, DPDK fingerprint, kind.  -ENOEXEC and a
 * sentence that names the file and both values of the first difference. */
int manifest_check(const struct spp_manifest *manifest, const char *path);

/* True for the name of a plugin: 1..31 characters of [a-z0-9_-]. */
int manifest_name_is_valid(const char *name);

/* `component` or `port`. */
const char *manifest_kind_name(uint32_t kind);

#endif
