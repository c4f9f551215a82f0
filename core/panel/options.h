/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of components and ports: `name=value` texts against the plugin's grammar.  [main] */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "args.h"

struct options {
	struct spp_args args; /* what create() or open() gets */
	char *storage;        /* behind args; freed by options_fini() */
};

/* Check texts[0..nb-1] against the grammar line (NULL: no options).  A name given twice: the later
 * text wins.  -EINVAL or -ENOMEM with fail(); object is who they are for, e.g. `port TYPE:1`. */
int options_init(struct options *options, const char *object, const char *grammar,
		 const char *const *texts, unsigned int nb);
void options_fini(struct options *options);

#endif
