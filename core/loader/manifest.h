/* SPDX-License-Identifier: BSD-3-Clause */
/* Judge what a manifest says.  [main] */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <spp/plugin.h>

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
