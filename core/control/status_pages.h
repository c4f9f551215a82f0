/* SPDX-License-Identifier: BSD-3-Clause */
/* Tables of plugins, page by page: `status TABLE from PLACE max NUMBER`.  [main] */
#ifndef STATUS_PAGES_H
#define STATUS_PAGES_H

struct spp_reply;

/* Most entries in a page: about 0.3 MB, some 10 ms. */
#define STATUS_PAGE_MAX 4096

/* Add the form of status that shows a page.  Returns what dispatch_add() returns. */
int status_pages_init(void);

/* Add the member tables: the number of entries of each table that has pages. */
void status_pages_write_totals(struct spp_reply *reply);

#endif
