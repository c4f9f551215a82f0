/* SPDX-License-Identifier: BSD-3-Clause */
/* Log lines: `spp.<name>: <text>`, one line each whatever the text holds. */

#include <stdio.h>

#include <rte_common.h>

#include "ascii.h"
#include "log.h"

#define LINE_SIZE 1024
#define NAME_SIZE 64
#define TYPES_MAX 128

int log_core = RTE_LOGTYPE_USER1;

/* Names of our log types, for the start of a line: DPDK does not tell the name of a type.  Entries
 * below nb are complete and never change, so readers take no lock. */
static struct {
	unsigned int nb;
	struct {
		int type;
		char name[NAME_SIZE];
	} types[TYPES_MAX];
} module;

/* The core's log type exists before main(), so every other file may log from its first line on. */
RTE_INIT(log_init)
{
	log_core = log_register("core");
}

static const char *
name_of(int type)
{
	/* Pairs with the release in log_register(). */
	unsigned int nb = __atomic_load_n(&module.nb, __ATOMIC_ACQUIRE);

	for (unsigned int i = 0; i < nb; i++)
		if (module.types[i].type == type)
			return module.types[i].name;
	return "spp";
}

int
log_register(const char *name)
{
	unsigned int nb = module.nb;
	char full[NAME_SIZE];
	int type;

	snprintf(full, sizeof(full), "spp.%s", name);
	type = rte_log_register_type_and_pick_level(full, RTE_LOG_NOTICE);
	if (type < 0)
		return RTE_LOGTYPE_USER1;
	for (unsigned int i = 0; i < nb; i++)
		if (module.types[i].type == type)
			return type;
	if (nb < TYPES_MAX) {
		module.types[nb].type = type;
		snprintf(module.types[nb].name, NAME_SIZE, "%s", full);
		/* Pairs with the acquire in name_of(). */
		__atomic_store_n(&module.nb, nb + 1, __ATOMIC_RELEASE);
	}
	return type;
}

void
log_line(int type, unsigned int level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vline(type, level, fmt, ap);
	va_end(ap);
}

void
log_vline(int type, unsigned int level, const char *fmt, va_list ap)
{
	char text[LINE_SIZE];

	if (!rte_log_can_log((uint32_t)type, level))
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	/* A line break or an escape sequence inside the text would forge a line of somebody
	 * else. */
	for (char *c = text; *c != '\0'; c++)
		if (ascii_is_control(*c))
			*c = '?';
	rte_log(level, (uint32_t)type, "%s: %s\n", name_of(type), text);
}
