/* SPDX-License-Identifier: BSD-3-Clause */
/* Groups: several outputs under one number, each change with its undo. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "group.h"
#include "txn.h"

struct group_change {
	struct spp_component *component;
	uint16_t group;
	struct component_group *old, *new; /* NULL: empty */
	struct call undo, commit;
};

static void
release_old(void *arg)
{
	struct group_change *change = arg;

	free(change->old);
	free(change);
}

static void
release_new(void *arg)
{
	struct group_change *change = arg;

	free(change->new);
	free(change);
}

static void
undo_group(void *arg)
{
	struct group_change *change = arg;

	change->component->groups[change->group] = change->old;
	txn_defer(&change->undo, release_new, change);
}

static int
check_group(struct spp_component *c, uint16_t group, const uint16_t *outputs, uint16_t nb)
{
	if (group >= SPP_GROUP_MAX)
		return fail(-EINVAL, "component '%s': group %u is above %u", c->name, group,
			    SPP_GROUP_MAX - 1);
	for (uint16_t i = 0; i < nb; i++) {
		if (outputs[i] >= SPP_OUTPUT_MAX)
			return fail(-EINVAL, "component '%s': group %u names output %u, above %u",
				    c->name, group, outputs[i], SPP_OUTPUT_MAX - 1);
		for (uint16_t k = 0; k < i; k++)
			if (outputs[k] == outputs[i])
				return fail(-EINVAL,
					    "component '%s': group %u names output %u twice",
					    c->name, group, outputs[i]);
	}
	return 0;
}

static int
grow_groups(struct spp_component *c, uint16_t group)
{
	struct component_group **groups;

	if (group < c->nb_groups)
		return 0;
	groups = realloc(c->groups, (group + 1) * sizeof(*groups));
	if (groups == NULL)
		return fail(-ENOMEM, "component '%s': no memory for group %u", c->name, group);
	memset(&groups[c->nb_groups], 0, (group + 1 - c->nb_groups) * sizeof(*groups));
	c->groups = groups;
	c->nb_groups = group + 1;
	return 0;
}

static int
make_group(struct spp_component *c, uint16_t group, const uint16_t *outputs, uint16_t nb,
	   struct component_group **out)
{
	*out = NULL;
	if (nb == 0)
		return 0;
	*out = malloc(sizeof(**out) + nb * sizeof(outputs[0]));
	if (*out == NULL)
		return fail(-ENOMEM, "component '%s': no memory for group %u", c->name, group);
	(*out)->nb_outputs = nb;
	memcpy((*out)->outputs, outputs, nb * sizeof(outputs[0]));
	return 0;
}

int
group_set(struct spp_component *c, uint16_t group, const uint16_t *outputs, uint16_t nb)
{
	struct group_change *change;
	int rc = check_group(c, group, outputs, nb);

	if (rc == 0)
		rc = grow_groups(c, group);
	if (rc != 0)
		return rc;
	change = calloc(1, sizeof(*change));
	if (change == NULL)
		return fail(-ENOMEM, "component '%s': no memory for group %u", c->name, group);
	rc = make_group(c, group, outputs, nb, &change->new);
	if (rc != 0) {
		free(change);
		return rc;
	}
	change->component = c;
	change->group = group;
	change->old = c->groups[group];
	txn_undo(&change->undo, undo_group, change);
	txn_on_commit(&change->commit, release_old, change);
	c->groups[group] = change->new;
	txn_touch_lcore(c->lcore);
	return 0;
}
