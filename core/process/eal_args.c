/* SPDX-License-Identifier: BSD-3-Clause */
/* The words that EAL gets: first our own, then those of the configuration and of the command line,
 * last the options of the role. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "eal_args.h"
#include "error.h"

#define WORD_SIZE 512

/* EAL reorders its argv and keeps pointers into the words: both live as long as EAL does. */
static struct {
	int argc;
	char **argv;  /* handed to EAL, which reorders them */
	char **words; /* the same, in our order */
} args;

static int
add_word(const char *word)
{
	char *copy = strdup(word);

	if (copy == NULL)
		return fail(-ENOMEM, "no memory for the EAL options");
	args.words[args.argc] = copy;
	args.argv[args.argc++] = copy;
	return 0;
}

void
eal_args_free(void)
{
	for (int i = 0; i < args.argc; i++)
		free(args.words[i]);
	free(args.words);
	free(args.argv);
	args.words = args.argv = NULL;
	args.argc = 0;
}

/* The value of word i if it is that option, as `--name=value` or `--name value`; else NULL. */
const char *
eal_args_value(int i, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(args.words[i], name, len) != 0)
		return NULL;
	if (args.words[i][len] == '=')
		return args.words[i] + len + 1;
	return args.words[i][len] == '\0' && i + 1 < args.argc ? args.words[i + 1] : NULL;
}

static bool
is_given_from(int i, const char *name)
{
	size_t len = strlen(name);

	for (; i < args.argc; i++)
		if (strncmp(args.words[i], name, len) == 0 &&
		    (args.words[i][len] == '=' || args.words[i][len] == '\0'))
			return true;
	return false;
}

static bool
is_given(const char *name)
{
	return is_given_from(1, name);
}

/* Options that DPDK does not know any more, and their names in DPDK 22.11. */
static const struct renamed {
	const char *old, *now;
} renamed[] = {
	{"-w", "-a"},
	{"--pci-whitelist", "--allow"},
	{"--pci-blacklist", "--block"},
	{"--master-lcore", "--main-lcore"},
};

static int
add_translated(const char *word)
{
	for (unsigned int i = 0; i < RTE_DIM(renamed); i++) {
		size_t len = strlen(renamed[i].old);
		char now[WORD_SIZE];

		if (strncmp(word, renamed[i].old, len) != 0)
			continue;
		/* A short option may have its value attached. */
		if (word[len] != '\0' && word[len] != '=' && word[1] == '-')
			continue;
		fprintf(stderr, "%s: option %s is now called %s; please change your scripts\n",
			args.words[0], renamed[i].old, renamed[i].now);
		snprintf(now, sizeof(now), "%s%s", renamed[i].now, &word[len]);
		return add_word(now);
	}
	return add_word(word);
}

/* Add the options of the role, unless the configuration or the command line has them. */
static int
add_defaults(enum process_role role, const char *prefix)
{
	char word[WORD_SIZE];
	int rc = 0;

	if (role != PROCESS_STANDALONE) {
		if (is_given("--proc-type"))
			return 0;
		return add_word(role == PROCESS_PRIMARY ? "--proc-type=primary"
							: "--proc-type=secondary");
	}

	snprintf(word, sizeof(word), "--file-prefix=%s", prefix);
	if (!is_given("--file-prefix"))
		rc = add_word(word);
	/* No secondary attaches to a standalone process, so the files of its hugepages need not
	 * stay after a crash. */
	if (rc == 0 && !is_given("--no-huge") && !is_given("--in-memory") &&
	    !is_given("--huge-unlink"))
		rc = add_word("--huge-unlink");
	return rc;
}

/* Our own words come before those of the user, which therefore win. */
static const char *const first_words[] = {
	"--log-level=lib.*:warning",
	"--log-level=pmd.*:warning",
	"--log-level=bus.*:warning",
	"--no-telemetry",
};

int
eal_args_build(enum process_role role, const char *program, const char *prefix,
	       const struct config_strings *first, int argc, char *const *argv)
{
	size_t max = 16 + first->nb + argc;
	int rc;

	args.words = calloc(max, sizeof(*args.words));
	args.argv = calloc(max, sizeof(*args.argv));
	if (args.words == NULL || args.argv == NULL)
		return fail(-ENOMEM, "no memory for the EAL options");
	rc = add_word(program);
	for (unsigned int i = 0; rc == 0 && i < RTE_DIM(first_words); i++)
		rc = add_word(first_words[i]);
	for (unsigned int i = 0; rc == 0 && i < first->nb; i++)
		rc = add_translated(first->str[i]);
	for (int i = 1; rc == 0 && i < argc; i++)
		rc = add_translated(argv[i]);
	return rc == 0 ? add_defaults(role, prefix) : rc;
}

int
eal_args_count(void)
{
	return args.argc;
}

char **
eal_args_vector(void)
{
	return args.argv;
}

bool
eal_args_given(const char *name)
{
	return is_given_from(1 + RTE_DIM(first_words), name);
}
