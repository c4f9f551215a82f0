/* SPDX-License-Identifier: BSD-3-Clause */
/* How many connections the limit of open files allows. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stddef.h>

struct descriptors {
	unsigned int rest_max;       /* connections of REST clients */
	unsigned int connecting_max; /* processes that have not said who they are */
	unsigned int procs_max;      /* processes */
};

/* Raise the limit of open files where it is too low, and share out what it leaves beside the files
 * and sockets that spp-ctl itself needs.  -EMFILE, with a sentence in error, if that is too little.
 */
int descriptors_share(struct descriptors *descriptors, char *error, size_t size);

#endif
