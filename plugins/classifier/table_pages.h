/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier's table page by page, as <spp/ext/draft/table.h> describes it.  [main] */
#ifndef TABLE_PAGES_H
#define TABLE_PAGES_H

#include <stdint.h>

#include <spp/ext/draft/table.h>

/* Entries of all classifiers. */
uint64_t table_pages_count(void);

/* A page.  A place is `CLASSIFIER/CLASS/KEY`: the class is a VID or `-` for the untagged one, the
 * key an address or `default`. */
int table_pages_write(struct spp_reply *reply, const char *from, uint64_t max,
		      char next[SPP_TABLE_PLACE_SIZE]);

#endif
