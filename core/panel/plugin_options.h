/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of components and ports: `name=value` texts against the plugin's grammar.  [main] */
#ifndef PLUGIN_OPTIONS_H
#define PLUGIN_OPTIONS_H

#include "args.h"

struct plugin_options {
	struct spp_args args; /* what create() or open() gets */
	char *storage;        /* behind args; freed by plugin_options_fini() */
};

/* Check texts[0..nb-1] against the grammar line (NULL: no options).  A name given twice: the later
 * text wins.  -EINVAL or -ENOMEM with fail(); object is who they are for, e.g. `port TYPE:1`. */
int plugin_options_init(struct plugin_options *options, const char *object, const char *grammar,
			const char *const *texts, unsigned int nb);
void plugin_options_fini(struct plugin_options *options);

#endif
