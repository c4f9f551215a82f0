/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands to one secondary process: `TYPE ID; words`. */
#ifndef TARGET_H
#define TARGET_H

#include "words.h"

struct cli;
struct candidates;
struct cursor;

#define TARGET_ID_SIZE 24
#define TARGET_PATH_SIZE 48

struct target {
	const char *type; /* vf, nfv, mirror, pcap */
	char id[TARGET_ID_SIZE];
	char path[TARGET_PATH_SIZE]; /* /v1/vfs/1 */
	struct words words;
};

/* A verb, which is word 0 of the target that run() gets; further words follow it. */
struct target_verb {
	const char *name;
	int (*run)(struct cli *cli, const struct target *target);
};

/* Cut `ID; words` and check that there is such a process.  0, and target_fini() is due, or -1 when
 * the user was told what is wrong. */
int target_parse(struct cli *cli, const char *type, const char *args, struct target *target);
void target_fini(struct target *target);

/* Find the first word in verbs (ended by a NULL name) and run that verb.  other(), unless it is
 * NULL, runs a word that is not in verbs.  0 or -1. */
int target_run(struct cli *cli, const char *type, const char *args, const struct target_verb *verbs,
	       int (*other)(struct cli *cli, struct target *target));

int target_invalid(struct cli *cli, const struct target *target);

/* Check the number of words, the verb included: 0, or -1 when the user was told what is wrong. */
int target_count(struct cli *cli, const struct target *target, unsigned int min, unsigned int max);

/* End the process and say `Exit TYPE ID.` */
int target_exit(struct cli *cli, const struct target *target);

/* Write the path of a process: /v1/vfs/1. */
void target_path(char *out, const char *type, const char *id);

/* Complete the ID: the processes of the type.  False when the cursor is behind a valid `ID;`, where
 * the caller completes the words. */
bool target_complete(struct cli *cli, const struct cursor *at, const char *type,
		     struct candidates *found);

#endif
