/* SPDX-License-Identifier: BSD-3-Clause */
/* A look at what workers have no time to report; the log says it once.  [main] */
#ifndef HEALTH_H
#define HEALTH_H

/* Name each attachment whose plugin has returned bad counts, and each port that gets no packet
 * buffers.  Called about once a second. */
void health_look(void);

#endif
