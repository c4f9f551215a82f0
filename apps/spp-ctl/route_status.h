/* SPDX-License-Identifier: BSD-3-Clause */
/* GET /v1/vfs/{id}: the status of an spp_vf, whose table may be large. */
#ifndef ROUTE_STATUS_H
#define ROUTE_STATUS_H

struct request;

/* The whole status, whose table goes through page by page, or one page of the table with
 * `?from=PLACE&max=NUMBER`. */
void status_show(struct request *request);

#endif
