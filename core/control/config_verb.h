/* SPDX-License-Identifier: BSD-3-Clause */
/* The verb config: the configuration of the process as command lines, a page at a time.  [main] */
#ifndef CONFIG_VERB_H
#define CONFIG_VERB_H

/* Register the verb config with the dispatcher, and let replies say what commands configure, see
 * config_change.h.  -errno with fail(). */
int config_verb_add(void);

#endif
