/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests about no process in particular: lists, processors, the description of the API. */
#ifndef ROUTE_LIST_H
#define ROUTE_LIST_H

struct request;

void list_processes(struct request *request);
void list_cpu_layout(struct request *request);
void list_cpu_usage(struct request *request);
void list_openapi(struct request *request);

#endif
