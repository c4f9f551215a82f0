/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of commands: names, helps, and who runs and completes them. */
#ifndef COMMAND_TABLE_H
#define COMMAND_TABLE_H

#include "command.h"

/* Alphabetical, ended by a NULL name. */
extern const struct command command_table[];

#endif
