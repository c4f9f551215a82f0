/* SPDX-License-Identifier: BSD-3-Clause */
/* Layout of the status of spp_vf, spp_mirror and spp_pcap. */
#ifndef PRINT_VF_H
#define PRINT_VF_H

#include <jansson.h>
#include <stdio.h>

void print_vf(FILE *out, const json_t *status);
void print_mirror(FILE *out, const json_t *status);
void print_pcap(FILE *out, const json_t *status);

#endif
