/* SPDX-License-Identifier: BSD-3-Clause */
/* A plugin directory to fill with the plugins of tests/plugins, and what a refusal has to say.
 * Include once per test program, after cmocka. */
#ifndef TEST_PLUGINS_H
#define TEST_PLUGINS_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <rte_common.h>

#include "error.h"

/* Parts that a sentence has to have. */
#define PARTS_MAX 3

/* The plugin directory of the tests */

static char dir[] = "/tmp/spp-plugins-XXXXXX";

static inline const char *
file_path(const char *file)
{
	static char path[2][300];
	static unsigned int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", dir, file);
	return path[turn];
}

static inline const char *
so_path(const char *name)
{
	char file[64];

	snprintf(file, sizeof(file), "%s.so", name);
	return file_path(file);
}

/* Put the first size bytes of a built test plugin into the directory, by renaming: a file that is
 * mapped must not be written to. */
static inline void
install(const char *name, const char *as, size_t max)
{
	char path[512], bytes[4096];
	const char *temporary = file_path("temporary");
	FILE *from, *to;
	size_t nb;

	snprintf(path, sizeof(path), "%s/%s.so", getenv("TEST_PLUGIN_DIR"), name);
	from = fopen(path, "rb");
	to = fopen(temporary, "wb");
	assert_non_null(from);
	assert_non_null(to);
	while (max > 0 && (nb = fread(bytes, 1, RTE_MIN(sizeof(bytes), max), from)) > 0) {
		assert_int_equal(fwrite(bytes, 1, nb, to), nb);
		max -= nb;
	}
	fclose(from);
	assert_int_equal(fclose(to), 0);
	assert_int_equal(chmod(temporary, 0644), 0);
	assert_int_equal(rename(temporary, so_path(as)), 0);
}

static inline int
remove_file(const struct dirent *entry)
{
	if (entry->d_name[0] != '.')
		remove(file_path(entry->d_name));
	return 0;
}

/* Leaves an empty directory. */
static inline int
clean(void **state)
{
	struct dirent **entries = NULL;

	(void)state;
	scandir(dir, &entries, remove_file, NULL);
	free(entries);
	return 0;
}

/* What the process has */

static inline unsigned int
nb_fds(void)
{
	DIR *fds = opendir("/proc/self/fd");
	unsigned int nb = 0;

	assert_non_null(fds);
	while (readdir(fds) != NULL)
		nb++;
	closedir(fds);
	return nb;
}

/* Refusals */

static inline void
assert_contains(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		print_error("'%s' is not in: %s\n", part, text);
	assert_non_null(strstr(text, part));
}

static inline void
assert_sentence(const char *const *parts)
{
	const char *sentence = error_sentence(-1);

	for (unsigned int i = 0; i < PARTS_MAX && parts[i] != NULL; i++)
		assert_contains(sentence, parts[i]);
	assert_null(strchr(sentence, '\n'));
	/* One sentence, one mention of where the file is. */
	assert_null(strstr(sentence, "/fd/"));
}

#endif
