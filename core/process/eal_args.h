/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of EAL.  [main] */
#ifndef EAL_ARGS_H
#define EAL_ARGS_H

#include <stdbool.h>

#include "config.h"
#include "process.h"

/* Put the command line together: the options that this role needs, those of the configuration,
 * those of argv (argv[0] is skipped); renamed options are translated, with a warning.  -ENOMEM with
 * fail(). */
int eal_args_build(enum process_role role, const char *program, const char *prefix,
		   const struct config_strings *first, int argc, char *const *argv);
void eal_args_free(void);

/* The argc and argv for rte_eal_init(); EAL reorders the vector, eal_args_free() frees it. */
int eal_args_count(void);
char **eal_args_vector(void);

/* The value of word i, 0 to eal_args_count() - 1, if word i is that option, as `--name=value` or
 * `--name value`; else NULL. */
const char *eal_args_value(int i, const char *name);

/* True if the configuration or the command line has that option. */
bool eal_args_given(const char *name);

#endif
