/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp-ctl. */
#ifndef CTL_OPTIONS_H
#define CTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define CTL_OPTIONS_ADMIT_MAX 32

struct ctl_options {
	const char *bind_addr; /* address or host name of the TCP listeners */
	uint16_t primary_port; /* 0 in any of them: the kernel chooses */
	uint16_t secondary_port;
	uint16_t rest_port;
	const char *state_dir; /* NULL: nothing is kept on disk */
	bool no_restore;
	unsigned int nb_admit;
	const char *admit[CTL_OPTIONS_ADMIT_MAX]; /* users, and groups with @ in front */
	bool admit_all;
	const char *token_file; /* NULL: no token */
	bool admit_processes;
	bool no_socket;
	const char *socket_path;  /* NULL: the default path */
	const char *socket_owner; /* NULL: who runs spp-ctl */
	const char *socket_group;
	mode_t socket_mode; /* 0: 0600, or 0660 with a group */
	const char *tls_cert, *tls_key, *tls_ca;
	bool help;
	bool version;
	bool bash_completion;
};

/* Read argv; strings point into it.  0, or -EINVAL with a sentence in error. */
int ctl_options_parse(int argc, char *const *argv, struct ctl_options *options, char *error,
		      size_t size);

void ctl_options_print_usage(FILE *out);
void ctl_options_print_completion(FILE *out);

#endif
