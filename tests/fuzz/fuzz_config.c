/* SPDX-License-Identifier: BSD-3-Clause */
/* Any text as a configuration file: one sentence with file and line, or values within limits. */

#include <errno.h>
#include <rte_config.h>

#include "config.h"
#include "error.h"
#include "fuzz.h"
#include "rings.h"

#define FILE_NAME "panel.conf"

static void
check_sentence(const char *sentence, const char *text)
{
	unsigned long line, nb_lines = 1;
	char *end;

	for (const char *c = text; *c != '\0'; c++)
		nb_lines += *c == '\n';
	FUZZ_ASSERT(strncmp(sentence, FILE_NAME ":", strlen(FILE_NAME ":")) == 0);
	line = strtoul(sentence + strlen(FILE_NAME ":"), &end, 10);
	FUZZ_ASSERT(line >= 1 && line <= nb_lines);
	FUZZ_ASSERT(strncmp(end, ": ", 2) == 0 && end[2] != '\0');
}

static void
check_component(const struct config_component *component)
{
	FUZZ_ASSERT(component->name != NULL && component->type != NULL);
	FUZZ_ASSERT(component->lcore < RTE_MAX_LCORE);
	for (unsigned int i = 0; i < component->tx.nb; i++) {
		FUZZ_ASSERT(component->tx.list[i].res_uid.id <= 99999);
		FUZZ_ASSERT(component->tx.list[i].vlan.vid <= 4094 &&
			    component->tx.list[i].vlan.pcp <= 7);
	}
}

static void
check_config(const struct config *config)
{
	FUZZ_ASSERT(config->nb_rings <= RINGS_MAX);
	FUZZ_ASSERT(config->ring_size >= 2 && (config->ring_size & (config->ring_size - 1)) == 0);
	FUZZ_ASSERT(config->nb_mbufs >= CONFIG_MBUFS_MIN && config->nb_mbufs <= CONFIG_MBUFS_MAX);
	for (unsigned int i = 0; i < config->nb_idle; i++)
		FUZZ_ASSERT(config->idle[i].lcore < RTE_MAX_LCORE);
	for (unsigned int i = 0; i < config->nb_components; i++)
		check_component(&config->components[i]);
	for (unsigned int i = 0; i < config->commands.nb; i++)
		FUZZ_ASSERT(config->commands.str[i][0] != '\0' && config->commands.line[i] >= 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct config *config = NULL;
	int rc;

	error_clear();
	rc = config_parse(text, FILE_NAME, &config);
	if (rc == 0)
		check_config(config);
	else
		check_sentence(error_sentence(rc), text);
	/* Anything else would be libconfuse, which refused a clean text. */
	FUZZ_ASSERT(rc == 0 || rc == -EINVAL);
	if (rc == 0)
		config_free(config);
	free(text);
	return 0;
}
