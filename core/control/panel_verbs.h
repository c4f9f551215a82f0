/* SPDX-License-Identifier: BSD-3-Clause */
/* The verbs component and port.  [main] */
#ifndef PANEL_VERBS_H
#define PANEL_VERBS_H

/* Register both verbs with the dispatcher.  -errno with fail(). */
int panel_verbs_add(void);

#endif
