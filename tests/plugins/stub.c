/* SPDX-License-Identifier: BSD-3-Clause */
/* Stands in for a DPDK library of another version: only its soname matters. */

int stub(void);

int __attribute__((visibility("default"))) stub(void)
{
	return 0;
}
