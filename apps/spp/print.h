/* SPDX-License-Identifier: BSD-3-Clause */
/* How status is laid out for people. */
#ifndef PRINT_H
#define PRINT_H

#include <jansson.h>
#include <stdio.h>

void print_vf(FILE *out, const json_t *status);
void print_mirror(FILE *out, const json_t *status);
void print_nfv(FILE *out, const json_t *status);
void print_pcap(FILE *out, const json_t *status);
void print_primary(FILE *out, const json_t *status);

/* What a plugin answered: `- name: value`, lists and objects further in. */
void print_data(FILE *out, const json_t *data);

#endif
