/* SPDX-License-Identifier: BSD-3-Clause */
/* Layout of the status of spp_primary and of spp_nfv, whose forwarders are the same. */
#ifndef PRINT_PRIMARY_H
#define PRINT_PRIMARY_H

#include <jansson.h>
#include <stdio.h>

void print_primary(FILE *out, const json_t *status);
void print_nfv(FILE *out, const json_t *status);

#endif
