/* SPDX-License-Identifier: BSD-3-Clause */
/* The file of a plugin: find the file, decide whether it may be mapped.  [main] */
#ifndef PLUGIN_FILE_H
#define PLUGIN_FILE_H

#include "manifest_file.h"

struct plugin_file {
	int fd;     /* what has been checked; to be mapped as /proc/PID/fd/N */
	char *path; /* for people */
	long long size;
	struct manifest_info info;
};

/* Set the directory, see plugin_set_dir(). */
int plugin_file_set_dir(const char *dir);

/* Open and check `<dir>/<name>.so`: name, owner, mode, manifest, libraries.  0 or -errno with a
 * sentence that names the file. */
int plugin_file_open(const char *name, struct plugin_file *file);
void plugin_file_close(struct plugin_file *file);

/* Call visit for each `<name>.so` of the directory, in order of name.  0 or -errno with fail(). */
int plugin_file_visit(void (*visit)(const char *name, void *arg), void *arg);

#endif
