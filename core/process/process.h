/* SPDX-License-Identifier: BSD-3-Clause */
/* What the DPDK programs have in common: the order in which a process comes up and goes down. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stddef.h>
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
	const char *socket_path; /* NULL: process_default_socket() */
	int client_id;           /* -1 for none */
	int eal_argc;            /* EAL's part of the command line, argv[0] included */
	char **eal_argv;
	const char *process_type;         /* what the controller knows it as: `vf` */
	const struct address *controller; /* NULL: none */
	uint64_t port_mask;               /* primary: bit N admits the listed port TYPE:N */
	unsigned int nb_rings;            /* 0: of the configuration, as the two that follow */
	unsigned int ring_size;
	unsigned int nb_mbufs;
	const struct process_port_option *port_options;
	unsigned int nb_port_options;
	int (*add_verbs)(void); /* those of the program: status, exit */
	/* What there is, for the line that says that the process is ready: `4 workers`. */
	void (*format_ready)(char *text, size_t size);
};

/* The whole life of a process: start, say on stdout that it is ready, serve, stop; a failure is one
 * sentence on stderr.  Returns the exit status. */
int process_main(const struct process_options *options);

/* Read the configuration, load plugins, initialise EAL, pool, rings, lcores, ports, apply the
 * configuration, open the socket.  -errno with fail(); what was begun is undone. */
int process_start(const struct process_options *options);

/* Serve commands until `exit`, SIGINT or SIGTERM. */
int process_run(void);

/* Leave the event loop after the reply being written has gone out; the verb exit calls it. */
void process_exit(void);

/* Undo process_start() in reverse. */
void process_stop(void);

/* Where commands are accepted; after process_start(). */
const char *process_socket(void);

/* `<dir>/<program>.<client id or standalone>.sock`, where dir is /run/spp for root, else
 * $XDG_RUNTIME_DIR/spp, else /tmp/spp-<user id>.  Returns out. */
char *process_default_socket(const char *program, int client_id, char *out, size_t size);

#endif
