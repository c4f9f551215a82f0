/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of REST routes: every request, and who answers it. */
#ifndef ROUTE_TABLE_H
#define ROUTE_TABLE_H

#include "route.h"

/* Ended by a route without a method. */
extern const struct route route_table[];

#endif
