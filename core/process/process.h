/* SPDX-License-Identifier: BSD-3-Clause */
/* The order in which a process comes up and goes down, common to spp_primary and spp_vf. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdint.h>

#include "address.h"

enum process_role {
	PROCESS_STANDALONE, /* alone: makes what it uses */
	PROCESS_PRIMARY,    /* owns memory, NICs and rings of a panel */
	PROCESS_SECONDARY,  /* uses those of the primary */
};

/* An option for a port or for all ports of a type, from the command line. */
struct process_port_option {
	const char *port; /* `TYPE:0`, `TYPE` */
	const char *text; /* `rx_queues=2` */
};

struct process_options {
	enum process_role role;
	const char *program;     /* for messages and the names of files */
	const char *config_path; /* NULL: defaults */
	const char *plugin_dir;  /* NULL: of the configuration */
	const char *socket_path; /* NULL: socket_path_default() */
	int client_id;           /* -1 for none */
	int eal_argc;            /* EAL's part of the command line, argv[0] included */
	char **eal_argv;
	const char *process_type;         /* kind of process in the controller's words: `vf` */
	const struct address *controller; /* NULL: none */
	uint64_t port_mask;               /* primary: bit N admits the listed port TYPE:N */
	unsigned int nb_rings;            /* 0: of the configuration; the next two likewise */
	unsigned int ring_size;
	unsigned int nb_mbufs;
	const struct process_port_option *port_options;
	unsigned int nb_port_options;
	unsigned int takeover_wait_s; /* primary: for secondaries of an earlier one to end */
	unsigned int orphan_grace_s;  /* secondary: ends so long after its primary; 0: never */
	int (*add_verbs)(void);       /* those of the program: status, exit */
	/* Write the middle of the line that says that the process is ready: `4 workers`. */
	void (*format_ready)(char *text, size_t size);
};

/* The whole life of a process: start, say on stdout that it is ready, serve, stop; a failure is one
 * sentence on stderr.  Returns the exit status. */
int process_main(const struct process_options *options);

/* End process_main() after the reply being written has gone out; the verb exit calls it. */
void process_exit(void);

#endif
