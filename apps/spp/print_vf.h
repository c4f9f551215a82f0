/* SPDX-License-Identifier: BSD-3-Clause */
/* Layout of the status of spp_vf, spp_mirror and spp_pcap. */
#ifndef PRINT_VF_H
#define PRINT_VF_H

#include <jansson.h>
#include <stdio.h>

/* The status of spp_vf in three parts: all before the components with the first page of the table,
 * further pages, the components. */
void print_vf_head(FILE *out, const json_t *status);
void print_vf_entries(FILE *out, const json_t *table);
void print_vf_components(FILE *out, const json_t *status);
void print_mirror(FILE *out, const json_t *status);
void print_pcap(FILE *out, const json_t *status);

#endif
