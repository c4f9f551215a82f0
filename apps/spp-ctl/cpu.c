/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's sockets, cores and hardware threads, from the kernel's topology files. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "cpu.h"

struct cpu {
	int socket, core, lcore;
};

static int
number_read(const char *root, int lcore, const char *name, int *value)
{
	char path[512];
	FILE *file;
	int n;

	snprintf(path, sizeof(path), "%s/cpu%d/topology/%s", root, lcore, name);
	file = fopen(path, "re");
	if (file == NULL)
		return -1;
	n = fscanf(file, "%d", value);
	fclose(file);
	return n == 1 ? 0 : -1;
}

/* A CPU that is off line has no topology below its folder, so it is left out.  The caller frees
 * *cpus. */
static size_t
cpus_read(const char *root, struct cpu **cpus)
{
	struct dirent *entry;
	size_t nb = 0;
	DIR *dir = opendir(root);

	*cpus = NULL;
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		struct cpu cpu, *more;
		char rest;

		if (sscanf(entry->d_name, "cpu%d%c", &cpu.lcore, &rest) != 1 ||
		    number_read(root, cpu.lcore, "physical_package_id", &cpu.socket) != 0 ||
		    number_read(root, cpu.lcore, "core_id", &cpu.core) != 0)
			continue;
		more = realloc(*cpus, (nb + 1) * sizeof(cpu));
		if (more == NULL)
			break;
		*cpus = more;
		more[nb++] = cpu;
	}
	if (dir != NULL)
		closedir(dir);
	return nb;
}

static int
cpu_compare(const void *a, const void *b)
{
	const struct cpu *x = a, *y = b;

	if (x->socket != y->socket)
		return x->socket - y->socket;
	return x->core != y->core ? x->core - y->core : x->lcore - y->lcore;
}

json_t *
cpu_layout(const char *root)
{
	json_t *layout = json_array(), *cores = NULL, *lcores = NULL;
	struct cpu *cpus;
	size_t nb = cpus_read(root, &cpus);

	if (nb > 0)
		qsort(cpus, nb, sizeof(*cpus), cpu_compare);
	for (size_t i = 0; i < nb; i++) {
		const struct cpu *cpu = &cpus[i], *last = i > 0 ? cpu - 1 : NULL;

		if (last == NULL || last->socket != cpu->socket) {
			cores = json_array();
			json_array_append_new(layout, json_pack("{s:i, s:o}", "socket_id",
								cpu->socket, "cores", cores));
			last = NULL;
		}
		if (last == NULL || last->core != cpu->core) {
			lcores = json_array();
			json_array_append_new(cores, json_pack("{s:i, s:o}", "core_id", cpu->core,
							       "lcores", lcores));
		}
		json_array_append_new(lcores, json_integer(cpu->lcore));
	}
	free(cpus);
	return layout;
}
