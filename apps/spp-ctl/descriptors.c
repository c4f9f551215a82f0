/* SPDX-License-Identifier: BSD-3-Clause */
/* How many connections the limit of open files allows. */
#include <errno.h>
#include <sys/resource.h>

#include "descriptors.h"
#include "refuse.h"

#define REST_MAX 128
#define CONNECTING_MAX 256
/* Client ids 0 to 127. */
#define PROCS_MAX 128
/* For listeners, files of the state, and connections that are accepted before others are closed. */
#define RESERVED 64
#define SHARED_MIN 32
#define WANTED (RESERVED + REST_MAX + CONNECTING_MAX + PROCS_MAX)

/* The limit of open files, raised to WANTED if that is allowed. */
static rlim_t
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return WANTED;
	if (limit.rlim_cur < WANTED && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max < WANTED ? limit.rlim_max : WANTED;
		setrlimit(RLIMIT_NOFILE, &limit);
		getrlimit(RLIMIT_NOFILE, &limit);
	}
	return limit.rlim_cur;
}

int
descriptors_share(struct descriptors *descriptors, char *error, size_t size)
{
	rlim_t limit = raise_limit();
	unsigned int shared;

	if (limit < RESERVED + SHARED_MIN)
		return refuse(error, size, -EMFILE,
			      "%lu open files are allowed, %u are needed: raise the limit "
			      "(ulimit -n, or LimitNOFILE of the service)",
			      (unsigned long)limit, RESERVED + SHARED_MIN);
	*descriptors = (struct descriptors){REST_MAX, CONNECTING_MAX, PROCS_MAX};
	if (limit >= WANTED)
		return 0;
	shared = (unsigned int)limit - RESERVED;
	descriptors->rest_max = shared / 4;
	descriptors->connecting_max = shared / 4;
	descriptors->procs_max = shared / 2 < PROCS_MAX ? shared / 2 : PROCS_MAX;
	return 0;
}
