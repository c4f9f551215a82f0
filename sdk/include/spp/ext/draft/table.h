/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spp/ext/draft/table.h: extension `spp.table/1`, by which a plugin gives its table page by page.
 *
 * A status with a million entries holds up every other command for seconds.  A plugin whose
 * process_status() writes such a table offers the same entries in pages, too.
 * plugin->get_extension(SPP_EXT_TABLE) returns a static const struct spp_table_ext.
 *
 * Draft: the content may change until the header leaves this folder.
 */
#ifndef SPP_EXT_TABLE_H
#define SPP_EXT_TABLE_H

#include <spp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPP_EXT_TABLE "spp.table/1"

/* Bytes of a place in a table, the NUL included. */
#define SPP_TABLE_PLACE_SIZE 64

struct spp_table_ext {
	uint32_t size;
	uint32_t reserved0;

	/* The member of the status that has the whole table, an array.  The short form of status
	 * leaves process_status() of this plugin out. */
	const char *name;

	/* Number of entries. [main] */
	uint64_t (*count)(void);

	/* Write entries into the array that is open: at most max, in the order of the whole table,
	 * from the place `from` on.  A place is a number in digits, how many entries to leave out,
	 * or what an earlier call has left in next: the text of the first entry that the call did
	 * not write, without blanks, or "" after the last entry.  Pages that follow next show each
	 * entry that stays exactly once, whatever comes and goes meanwhile.  The time of a call is
	 * bounded by max and by the time of a walk over the table.
	 * 0, -EINVAL with fail_arg("from", ...) for text that is no place, -ENOMEM with fail().
	 * [main] */
	int (*write)(struct spp_reply *reply, const char *from, uint64_t max,
		     char next[SPP_TABLE_PLACE_SIZE]);
};

#ifdef __cplusplus
}
#endif

#endif
