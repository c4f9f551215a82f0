/* SPDX-License-Identifier: BSD-3-Clause */
/* Instances of the classifier, in order of creation, and their tx ports. */

#include <errno.h>
#include <string.h>

#include <spp/component.h>

#include "instance.h"

static struct {
	struct classifier *first; /* in order of creation */
} module;

struct classifier *
instance_first(void)
{
	return module.first;
}

int
instance_fail_memory(const struct classifier *c)
{
	return spp_host->fail(spp_host, -ENOMEM,
			      "classifier '%s': no memory to change the table; stop components or "
			      "delete entries that are not needed",
			      spp_host->component_name(c->self));
}

static void
append(struct classifier *c)
{
	struct classifier **link = &module.first;

	while (*link != NULL)
		link = &(*link)->next;
	*link = c;
}

struct classifier *
instance_create(struct spp_component *self, struct classifier_worker *worker)
{
	struct classifier *c = spp_host->zalloc(spp_host, sizeof(*c), SPP_NUMA_ANY);

	if (c == NULL)
		return NULL;
	c->self = self;
	c->worker = worker;
	c->nb_refs = 1;
	append(c);
	return c;
}

void
instance_destroy(struct classifier *c)
{
	struct classifier **link = &module.first;

	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
	for (uint16_t output = 0; output < SPP_OUTPUT_MAX; output++)
		spp_host->free(spp_host, c->port[output]);
	instance_put(c);
}

void
instance_get(struct classifier *c)
{
	c->nb_refs++;
}

void
instance_put(struct classifier *c)
{
	if (--c->nb_refs == 0)
		spp_host->free(spp_host, c);
}

/* Ports */

int
instance_add_port(struct classifier *c, uint16_t output, const char *port)
{
	size_t size = strlen(port) + 1;
	char *copy = spp_host->zalloc(spp_host, size, SPP_NUMA_ANY);

	if (copy == NULL)
		return instance_fail_memory(c);
	memcpy(copy, port, size);
	c->port[output] = copy;
	return 0;
}

struct port_change {
	struct classifier *c;
	char *port; /* NULL when it is back */
	uint16_t output;
};

static void
restore_port(void *arg)
{
	struct port_change *change = arg;

	change->c->port[change->output] = change->port;
	change->port = NULL;
}

static void
release_port(void *arg)
{
	struct port_change *change = arg;

	spp_host->free(spp_host, change->port);
	spp_host->free(spp_host, change);
}

/* The change owns the port's name from now on: restore_port() gives it back, release_port() frees
 * what the change still owns.  Undo comes before defer, so one of the two frees it and never both.
 * Without memory for the change, a refused command loses the name. */
void
instance_del_port(struct classifier *c, uint16_t output)
{
	struct port_change *change = spp_host->zalloc(spp_host, sizeof(*change), SPP_NUMA_ANY);
	char *port = c->port[output];

	c->port[output] = NULL;
	if (change == NULL) {
		spp_host->free(spp_host, port);
		return;
	}
	*change = (struct port_change){c, port, output};
	if (spp_host->defer(spp_host, release_port, change) != 0)
		release_port(change);
	else
		(void)spp_host->undo(spp_host, restore_port, change);
}
