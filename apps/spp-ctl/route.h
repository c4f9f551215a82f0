/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of REST routes and the search in it.  A route either becomes one command to a process,
 * whose outcome becomes the answer, or is handled by a function of its own.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>
#include <jansson.h>

#include "outcome.h"
#include "proc_type.h"
#include "response.h"

#define ROUTE_ARG_SIZE 128

/* What stood in the place of {id}, {name}, {port_id} and {rule_id}; percent-decoded. */
struct route_args {
	char id[ROUTE_ARG_SIZE];
	char name[ROUTE_ARG_SIZE];
	char port_id[ROUTE_ARG_SIZE];
	char rule_id[ROUTE_ARG_SIZE];
};

struct request; /* request.h */

struct route {
	const char *method;
	const char *pattern;
	enum proc_type target; /* the process that the request goes to; PROC_NONE: none */
	bool has_body;         /* the body must be a JSON object */

	/* Write the command: malloc()ed text, or NULL with the answer filled in. */
	char *(*command)(const struct route_args *args, const json_t *body,
			 struct response *response);
	/* Turn a success of the command into the answer; NULL: 204. */
	void (*answer)(const struct outcome *outcome, struct response *response);
	/* Instead of command and answer: everything.  Must end in request_reply(). */
	void (*handle)(struct request *request);
	/* The command ends the process. */
	bool ends_process;
	/* The process's own errors are answered like its successes. */
	bool errors_are_data;
};

/* Find the route of a path (query excluded, not decoded).  NULL with the answer 404 or 405.  HEAD
 * finds what GET finds. */
const struct route *route_find(const char *method, const char *path, struct route_args *args,
			       struct response *response);

/* Read a request body: a JSON object without duplicate keys, or NULL with the answer 400. */
json_t *route_body(const char *bytes, size_t len, struct response *response);

/* printf() into new memory; NULL with the answer 500. */
char *route_command(struct response *response, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The routes, ended by one without method. */
extern const struct route routes[];

/* Commands and answers, by the file that has them. */

/* route_vf.c, also for mirrors */
char *vf_component_start(const struct route_args *args, const json_t *body, struct response *r);
char *mirror_component_start(const struct route_args *args, const json_t *body, struct response *r);
char *vf_component_stop(const struct route_args *args, const json_t *body, struct response *r);
char *vf_ports(const struct route_args *args, const json_t *body, struct response *r);
char *mirror_ports(const struct route_args *args, const json_t *body, struct response *r);
char *vf_classifier_table(const struct route_args *args, const json_t *body, struct response *r);
void vf_answer_status(const struct outcome *outcome, struct response *r);
void mirror_answer_status(const struct outcome *outcome, struct response *r);

/* route_nfv.c, also for the primary's forwarder and for pcap */
char *nfv_forward(const struct route_args *args, const json_t *body, struct response *r);
char *nfv_ports(const struct route_args *args, const json_t *body, struct response *r);
char *nfv_patches(const struct route_args *args, const json_t *body, struct response *r);
char *nfv_patches_reset(const struct route_args *args, const json_t *body, struct response *r);
char *pcap_capture(const struct route_args *args, const json_t *body, struct response *r);
void pcap_answer_status(const struct outcome *outcome, struct response *r);

/* route_primary.c, flow.c, launch.c */
char *primary_clear(const struct route_args *args, const json_t *body, struct response *r);
char *primary_ports(const struct route_args *args, const json_t *body, struct response *r);
char *primary_launch(const struct route_args *args, const json_t *body, struct response *r);
char *flow_validate(const struct route_args *args, const json_t *body, struct response *r);
char *flow_create(const struct route_args *args, const json_t *body, struct response *r);
char *flow_destroy(const struct route_args *args, const json_t *body, struct response *r);

/* route_generic.c */
char *generic_status(const struct route_args *args, const json_t *body, struct response *r);
char *generic_exit(const struct route_args *args, const json_t *body, struct response *r);
char *generic_verbs(const struct route_args *args, const json_t *body, struct response *r);
char *generic_commands(const struct route_args *args, const json_t *body, struct response *r);
void generic_answer_reply(const struct outcome *outcome, struct response *r);
void generic_answer_verbs(const struct outcome *outcome, struct response *r);

/* route_list.c */
void list_processes(struct request *request);
void list_cpu_layout(struct request *request);
void list_cpu_usage(struct request *request);
void list_openapi(struct request *request);

/* route_restore.c */
void restore_show(struct request *request);
void restore_again(struct request *request);

#endif
