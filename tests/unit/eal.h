/* SPDX-License-Identifier: BSD-3-Clause */
/* EAL for unit tests: no hugepages, no devices, nothing left behind.  For setup and teardown. */
#ifndef TEST_EAL_H
#define TEST_EAL_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_eal.h>

/* Start EAL on those lcores.  0 or -1. */
static inline int
test_eal_init(const char *lcores)
{
	static char words[][40] = {
		"test",     "--no-huge", "--no-pci", "--no-telemetry",      "-m",           "64",
		"--lcores", "",          "",         "--log-level=lib.*:3", "--log-level=4"};
	static char *argv[RTE_DIM(words)];

	snprintf(words[7], sizeof(words[7]), "%s", lcores);
	snprintf(words[8], sizeof(words[8]), "--file-prefix=spp_test_%d", (int)getpid());
	for (unsigned int i = 0; i < RTE_DIM(words); i++)
		argv[i] = words[i];
	return rte_eal_init(RTE_DIM(words), argv) < 0 ? -1 : 0;
}

/* End EAL and remove its runtime directory.  0 or -1. */
static inline int
test_eal_fini(void)
{
	DIR *dir = opendir(rte_eal_get_runtime_dir());
	struct dirent *entry;
	int rc = rte_eal_cleanup();

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	rmdir(rte_eal_get_runtime_dir());
	return rc == 0 ? 0 : -1;
}

#endif
