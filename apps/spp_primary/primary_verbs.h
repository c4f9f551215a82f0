/* SPDX-License-Identifier: BSD-3-Clause */
/* The primary's verbs status, clear and exit. [main] */
#ifndef PRIMARY_VERBS_H
#define PRIMARY_VERBS_H

int primary_verbs_add(void);

#endif
