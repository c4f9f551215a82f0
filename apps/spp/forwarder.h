/* SPDX-License-Identifier: BSD-3-Clause */
/* The forwarder of spp_nfv and of spp_primary: ports, patches, start and stop. */
#ifndef FORWARDER_H
#define FORWARDER_H

#include <jansson.h>

struct cli;
struct words;
struct cursor;
struct candidates;

struct forwarder {
	const char *path;    /* /v1/nfvs/2 or /v1/primary */
	const char *missing; /* how sentences about missing words begin: "" or "Error: " */
	const json_t *state; /* `ports` and `patches` of the process; the caller's */
};

/* Run a command; words has its name, too.  0, or -1 when the user was told why it failed. */
int forwarder_add(struct cli *cli, const struct forwarder *forwarder, const struct words *words);
int forwarder_del(struct cli *cli, const struct forwarder *forwarder, const struct words *words);
int forwarder_patch(struct cli *cli, const struct forwarder *forwarder, struct words *words);
int forwarder_switch(struct cli *cli, const struct forwarder *forwarder, const struct words *words);

/* Candidates behind the name of one of these commands. */
void forwarder_complete(const json_t *state, const struct cursor *at, struct candidates *found);

#endif
