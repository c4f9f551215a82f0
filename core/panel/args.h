/* SPDX-License-Identifier: BSD-3-Clause */
/* Named arguments: of a command, of a component's or a port's options.  [main] */
#ifndef ARGS_H
#define ARGS_H

#include <stdint.h>

#include "res_uid.h"

#define ARGS_MAX 16

/* Names and values are borrowed: they outlive the args, or lie in text. */
struct spp_args {
	unsigned int nb;
	struct {
		const char *name;
		const char *value;
		const struct res_uid *port; /* the value, parsed, where it names a port */
	} arg[ARGS_MAX];
};

/* 0, or -E2BIG with fail() when there is no place left. */
int args_add(struct spp_args *args, const char *name, const char *value);
/* Add an argument that names a port, as args_add() does; value is the port's text in canonical
 * form. */
int args_add_port(struct spp_args *args, const char *name, const char *value,
		  const struct res_uid *port);

/* As documented for host->arg_str, arg_u64, arg_mac. */
const char *args_str(const struct spp_args *args, const char *name);
int args_u64(const struct spp_args *args, const char *name, uint64_t *value);
int args_mac(const struct spp_args *args, const char *name, uint8_t mac[6]);

/* The port that an argument names, NULL if args has no such argument or the argument names no
 * port. */
const struct res_uid *args_port(const struct spp_args *args, const char *name);

#endif
