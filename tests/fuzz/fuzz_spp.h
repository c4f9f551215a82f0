/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line program without terminal, network, and commands that touch files. */
#ifndef FUZZ_SPP_H
#define FUZZ_SPP_H

#include "../../apps/spp/cli.h"

/* Begin anew; the controller answers every GET but that of the processes with reply. */
struct cli *fuzz_spp_begin(const char *reply);

/* Everything printed so far. */
const char *fuzz_spp_output(void);

/* Check the printed text, and give back all memory. */
void fuzz_spp_end(void);

#endif
