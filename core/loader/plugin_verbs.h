/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb plugin.  [main] */
#ifndef PLUGIN_VERBS_H
#define PLUGIN_VERBS_H

/* Register `plugin list` and `plugin load NAME` with the dispatcher.  -errno with fail(). */
int plugin_verbs_add(void);

#endif
