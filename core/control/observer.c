/* SPDX-License-Identifier: BSD-3-Clause */
/* Who looks at each command. */

#include <stddef.h>

#include "observer.h"

static const struct observer *observer;

void
observer_set(const struct observer *new)
{
	observer = new;
}

void *
observer_begin(void)
{
	return observer == NULL ? NULL : observer->begin();
}

void
observer_end(void *begin, struct spp_reply *reply)
{
	if (observer != NULL)
		observer->end(begin, reply);
}
