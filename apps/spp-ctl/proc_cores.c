/* SPDX-License-Identifier: BSD-3-Clause */
/* The lcores of a process, out of its status. */
#include <stdbool.h>

#include "proc_cores.h"

#define LCORE_END 1024

/* Lcores in order of addition. */
struct cores {
	json_t *list;
	bool has[LCORE_END];
};

static void
cores_add(struct cores *cores, const json_t *lcore)
{
	json_int_t id = json_integer_value(lcore);

	if (!json_is_integer(lcore) || id < 0 || id >= LCORE_END || cores->has[id])
		return;
	cores->has[id] = true;
	json_array_append_new(cores->list, json_integer(id));
}

json_t *
proc_cores(const json_t *info)
{
	json_t *given = json_object_get(info, "lcores"), *entry;
	json_t *main_lcore = json_object_get(info, "master-lcore");
	struct cores cores = {.list = json_array()};
	size_t i;

	if (!json_is_integer(main_lcore))
		main_lcore = json_array_get(given, 0);
	cores_add(&cores, main_lcore);
	json_array_foreach (given, i, entry)
		cores_add(&cores, entry);
	json_array_foreach (json_object_get(info, "core"), i, entry)
		cores_add(&cores, json_object_get(entry, "core"));
	if (!json_is_integer(main_lcore))
		return json_pack("{s:o}", "lcores", cores.list);
	return json_pack("{s:O, s:o}", "master-lcore", main_lcore, "lcores", cores.list);
}
