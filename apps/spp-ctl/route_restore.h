/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests about restoring the configuration of a process. */
#ifndef ROUTE_RESTORE_H
#define ROUTE_RESTORE_H

struct request;

void restore_show(struct request *request);
void restore_again(struct request *request);

#endif
