/* SPDX-License-Identifier: BSD-3-Clause */
/* Entries of a classifier: VLAN classes, tables, flood groups, and how every change is undone. */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <sys/random.h>

#include <rte_common.h>

#include <spp/component.h>

#include "entries.h"
#include "instance.h"
#include "mac_table.h"

static struct {
	uint64_t nb_visits; /* see entries_nb_visits() */
} module;

uint64_t
entries_nb_visits(void)
{
	return module.nb_visits;
}

/* Tables as the worker sees them */

/* A random number of the kernel: who sends frames must not be able to guess it. */
static int
draw_secret(const struct classifier *c, uint64_t *secret)
{
	if (getrandom(secret, sizeof(*secret), 0) == sizeof(*secret))
		return 0;
	return spp_host->fail(spp_host, -EIO,
			      "classifier '%s': the kernel gives no random numbers: %s; allow the "
			      "process to call getrandom()",
			      spp_host->component_name(c->self), strerror(errno));
}

/* 0 or what the host was told. */
static int
make_table(const struct classifier *c, uint64_t nb_buckets, struct mac_table **table)
{
	uint64_t secret;
	int rc = draw_secret(c, &secret);

	*table = NULL;
	if (rc != 0)
		return rc;
	*table = spp_host->zalloc(spp_host, mac_table_size(nb_buckets),
				  spp_host->component_numa_node(c->self));
	if (*table == NULL)
		return instance_fail_memory(c);
	mac_table_init(*table, nb_buckets, secret);
	return 0;
}

/* Two words that the worker reads one at a time; either is true on its own, so relaxed will do. */
static void
set_miss(struct mac_table *table, uint16_t unicast, uint16_t multicast)
{
	__atomic_store_n(&table->miss[0], unicast, __ATOMIC_RELAXED);
	__atomic_store_n(&table->miss[1], multicast, __ATOMIC_RELAXED);
}

static uint16_t
group_of(uint16_t vc)
{
	return vc == UNTAGGED ? UNTAGGED_GROUP : vc;
}

/* Where a packet goes for which its class has neither an entry nor a default. */
static uint16_t
last_resort(const struct classifier *c, uint16_t vc)
{
	uint16_t value = c->class[UNTAGGED].default_value;

	if (value != 0)
		return value - 1;
	return SPP_DROP(vc == UNTAGGED || c->class[vc].nb_entries > 0 ? DROP_UNKNOWN_MAC
								      : DROP_UNKNOWN_VLAN);
}

/* Show the worker what the entries of the class have become.  The worker sees addresses, defaults
 * and floods change one by one, each from its old to its new target.  A new class floods only when
 * the plan of the worker has the group of the class; until then its floods go where they went
 * before. */
static void
publish_class(struct classifier *c, uint16_t vc)
{
	struct vlan_class *class = &c->class[vc];
	struct mac_table *table = c->none;
	uint16_t unicast = last_resort(c, vc);
	uint16_t multicast = vc == UNTAGGED ? SPP_DROP(DROP_UNKNOWN_MAC) : unicast;

	if (class->nb_entries > 0 && class->group_is_in_force)
		multicast = SPP_GROUP(group_of(vc));
	if (class->default_value != 0)
		unicast = class->default_value - 1;
	if (class->nb_entries > 0 || vc == UNTAGGED) {
		table = class->table;
		set_miss(table, unicast, multicast);
	}
	/* Pairs with the acquire in class_table(): whoever sees the table sees its content. */
	__atomic_store_n(&c->worker->table[vc], table, __ATOMIC_RELEASE);
}

static void
publish(struct classifier *c, uint16_t vc, uint64_t key)
{
	publish_class(c, vc);
	if (vc != UNTAGGED || key != DEFAULT_KEY)
		return;
	/* The default of the untagged class is the last resort of all other classes. */
	set_miss(c->none, last_resort(c, NB_VIDS - 1), last_resort(c, NB_VIDS - 1));
	for (uint16_t vid = 0; vid < NB_VIDS; vid++)
		if (c->class[vid].nb_entries > 0)
			publish_class(c, vid);
}

/* Flood groups */

static void
mark_group(struct classifier *c, uint16_t vc)
{
	if (c->class[vc].group_is_stale)
		return;
	c->class[vc].group_is_stale = true;
	c->stale_groups[c->nb_stale_groups++] = vc;
}

/* The class has got its first entry for an output, or has lost its last one, so its flood reaches
 * other ports.  The default of the untagged class is in the flood of every class. */
static void
mark_groups(struct classifier *c, uint16_t vc, uint64_t key)
{
	mark_group(c, vc);
	if (vc != UNTAGGED || key != DEFAULT_KEY)
		return;
	for (uint16_t vid = 0; vid < NB_VIDS; vid++)
		if (c->class[vid].nb_entries > 0)
			mark_group(c, vid);
}

static bool
is_flooded(const struct classifier *c, uint16_t vc, uint16_t output)
{
	const struct vlan_class *class = &c->class[vc];

	if (class->nb_entries == 0)
		return false;
	if (class->nb_outputs > output && class->nb_uses[output] > 0)
		return true;
	return vc != UNTAGGED && c->class[UNTAGGED].default_value == output + 1;
}

static int
set_group(struct classifier *c, uint16_t vc)
{
	uint32_t end = RTE_MAX(c->class[vc].nb_outputs, c->class[UNTAGGED].default_value);
	uint16_t outputs[SPP_OUTPUT_MAX];
	uint16_t nb = 0;

	for (uint16_t output = 0; output < end; output++)
		if (is_flooded(c, vc, output))
			outputs[nb++] = output;
	return spp_host->component_set_group(c->self, group_of(vc), outputs, nb);
}

static uint16_t
take_stale_group(struct classifier *c)
{
	uint16_t vc = c->stale_groups[--c->nb_stale_groups];

	module.nb_visits++;
	c->class[vc].group_is_stale = false;
	return vc;
}

/* Tell the host all groups that the running command has changed. */
static int
set_stale_groups(struct classifier *c)
{
	int rc = 0;

	while (c->nb_stale_groups > 0 && rc == 0)
		rc = set_group(c, take_stale_group(c));
	return rc;
}

/* A refused command: the host puts the groups back itself. */
static void
forget_stale_groups(struct classifier *c)
{
	while (c->nb_stale_groups > 0)
		take_stale_group(c);
}

/* Classes that have become empty, or have got their first entry */

static void
free_class(struct vlan_class *class)
{
	spp_host->free(spp_host, class->table);
	spp_host->free(spp_host, class->nb_uses);
	*class = (struct vlan_class){0};
}

/* No worker uses the plan or the tables of before the change any more, so an empty class can give
 * its memory back, and a new class can flood. */
static void
settle_class(struct classifier *c, uint16_t vc)
{
	struct vlan_class *class = &c->class[vc];

	module.nb_visits++;
	class->settled_by = NULL;
	class->group_is_in_force = class->nb_entries > 0;
	if (class->nb_entries == 0 && vc != UNTAGGED)
		free_class(class);
	else
		publish_class(c, vc);
}

/* Entries: what cannot fail.  Memory is there, undo is recorded. */

uint16_t
entries_find(const struct classifier *c, uint16_t vc, uint64_t key)
{
	const struct vlan_class *class = &c->class[vc];

	if (key == DEFAULT_KEY)
		return class->default_value;
	return class->table == NULL ? 0 : mac_table_find(class->table, key);
}

static void
put_entry(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	struct vlan_class *class = &c->class[vc];

	c->nb_entries++;
	class->nb_entries++;
	if (class->nb_uses[value - 1]++ == 0 || key == DEFAULT_KEY)
		mark_groups(c, vc, key);
	if (key == DEFAULT_KEY)
		class->default_value = value;
	else
		mac_table_add(class->table, key, value);
	if (key == DEFAULT_KEY || class->nb_entries == 1)
		publish(c, vc, key);
}

static void
take_entry(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	struct vlan_class *class = &c->class[vc];

	c->nb_entries--;
	class->nb_entries--;
	if (--class->nb_uses[value - 1] == 0 || key == DEFAULT_KEY)
		mark_groups(c, vc, key);
	if (key == DEFAULT_KEY)
		class->default_value = 0;
	else
		mac_table_del(class->table, key);
	if (key == DEFAULT_KEY || class->nb_entries == 0)
		publish(c, vc, key);
}

/* Entries: within a command */

struct change {
	struct classifier *c;
	uint64_t key;
	uint16_t vc;
	uint16_t value;
	bool is_new;
};

static void
revert(void *arg)
{
	const struct change *change = arg;

	if (change->is_new)
		take_entry(change->c, change->vc, change->key, change->value);
	else
		put_entry(change->c, change->vc, change->key, change->value);
	forget_stale_groups(change->c);
}

static void
release(void *mem)
{
	spp_host->free(spp_host, mem);
}

/* The change can be seen by no worker any more, made or undone.  A class that a later change has
 * emptied or filled again waits for that change.  The classes of a destroyed classifier wait for
 * none. */
static void
finish(void *arg)
{
	struct change *change = arg;
	struct classifier *c = change->c;

	if (c->class[change->vc].settled_by == change)
		settle_class(c, change->vc);
	release(change);
	instance_put(c);
}

/* The host owns the change from now on and calls finish() after the command, whether revert() ran
 * or not. */
static int
hand_over(struct classifier *c, struct change *change)
{
	struct vlan_class *class = &c->class[change->vc];
	const struct change *settled_by = class->settled_by;
	int rc;

	if (class->nb_entries == (change->is_new ? 0 : 1))
		class->settled_by = change;
	instance_get(c);
	rc = spp_host->defer(spp_host, finish, change);
	if (rc != 0) {
		class->settled_by = settled_by;
		release(change);
		instance_put(c);
	}
	return rc;
}

/* Record how to undo the change that the caller makes next.  undo() comes last: when it is
 * recorded, nothing can fail before the change is made. */
static int
record(struct classifier *c, const struct change *change)
{
	struct change *copy = spp_host->zalloc(spp_host, sizeof(*copy), SPP_NUMA_ANY);
	int rc;

	if (copy == NULL)
		return instance_fail_memory(c);
	*copy = *change;
	rc = hand_over(c, copy);
	return rc != 0 ? rc : spp_host->undo(spp_host, revert, copy);
}

static int
reserve_uses(struct classifier *c, struct vlan_class *class, uint16_t output)
{
	uint32_t nb = RTE_MAX(output + 1u, 2 * class->nb_outputs);
	uint32_t *nb_uses;

	if (output < class->nb_outputs)
		return 0;
	nb_uses = spp_host->zalloc(spp_host, nb * sizeof(*nb_uses), SPP_NUMA_ANY);
	if (nb_uses == NULL)
		return instance_fail_memory(c);
	if (class->nb_outputs > 0)
		memcpy(nb_uses, class->nb_uses, class->nb_outputs * sizeof(*nb_uses));
	spp_host->free(spp_host, class->nb_uses);
	class->nb_uses = nb_uses;
	class->nb_outputs = nb;
	return 0;
}

static int
refuse_key(const struct classifier *c, const struct mac_table *table)
{
	const char *name = spp_host->component_name(c->self);

	if (table->nb_entries >= MAC_TABLE_MAX_ENTRIES)
		return spp_host->fail(spp_host, -ENOSPC,
				      "classifier '%s': a VLAN takes at most %u addresses; delete "
				      "entries that are not needed",
				      name, MAC_TABLE_MAX_ENTRIES);
	return spp_host->fail(spp_host, -ENOSPC,
			      "classifier '%s': the table has no place near the one where this "
			      "address belongs; delete entries that are not needed",
			      name);
}

/* A table with all entries of the old one and room for the key; 0 or what the host was told.  Each
 * attempt draws a new secret, so the first one works unless somebody can guess secrets. */
static int
make_successor(const struct classifier *c, const struct mac_table *old, uint64_t key,
	       struct mac_table **new)
{
	uint32_t nb_rekeys = mac_table_is_full(old) ? 0 : old->nb_rekeys + 1;
	uint64_t size;
	int rc;

	while ((size = mac_table_next_size(old, nb_rekeys)) != 0) {
		rc = make_table(c, size, new);
		if (rc != 0)
			return rc;
		(*new)->nb_rekeys = nb_rekeys++;
		if (mac_table_copy(*new, old) && mac_table_has_room(*new, key))
			return 0;
		release(*new);
	}
	return refuse_key(c, old);
}

/* Put another table in the place of one without room for the key.  The worker may still read the
 * old table, so defer() frees it.  If the command is refused, the new table stays. */
static int
replace_table(struct classifier *c, uint16_t vc, uint64_t key)
{
	struct vlan_class *class = &c->class[vc];
	struct mac_table *old = class->table, *new;
	int rc = make_successor(c, old, key, &new);

	if (rc != 0)
		return rc;
	rc = spp_host->defer(spp_host, release, old);
	if (rc != 0) {
		release(new);
		return rc;
	}
	c->nb_rekeys += new->nb_rekeys > 0;
	class->table = new;
	publish_class(c, vc);
	return 0;
}

/* Memory for one more entry.  A command that is refused later leaves the memory to the class. */
static int
reserve(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	struct vlan_class *class = &c->class[vc];
	int rc = reserve_uses(c, class, value - 1);

	if (rc == 0 && class->table == NULL)
		rc = make_table(c, 1, &class->table);
	if (rc != 0 || key == DEFAULT_KEY || mac_table_has_room(class->table, key))
		return rc;
	return replace_table(c, vc, key);
}

int
entries_add(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	int rc = reserve(c, vc, key, value);

	if (rc == 0)
		rc = record(c, &(struct change){c, key, vc, value, true});
	if (rc != 0)
		return rc;
	put_entry(c, vc, key, value);
	spp_host->component_touch(c->self);
	return set_stale_groups(c);
}

int
entries_del(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	int rc = record(c, &(struct change){c, key, vc, value, false});

	if (rc != 0)
		return rc;
	take_entry(c, vc, key, value);
	spp_host->component_touch(c->self);
	return set_stale_groups(c);
}

/* Entries of a port that is being detached: the port goes even if there is no memory for undo */

static void
drop_entry(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	if (record(c, &(struct change){c, key, vc, value, false}) != 0)
		spp_host->log(spp_host, SPP_LOG_ERR,
			      "classifier '%s': an entry of %s is lost if this command is refused: "
			      "no memory",
			      spp_host->component_name(c->self), c->port[value - 1]);
	take_entry(c, vc, key, value);
}

static void
drop_class_entries(struct classifier *c, uint16_t vc, uint16_t output)
{
	struct vlan_class *class = &c->class[vc];
	uint64_t pos = 0, key;
	uint16_t value;

	if (class->default_value == output + 1)
		drop_entry(c, vc, DEFAULT_KEY, output + 1);
	while (class->nb_uses[output] > 0 && mac_table_next(class->table, &pos, &key, &value))
		if (value == output + 1)
			drop_entry(c, vc, key, value);
}

int
entries_drop(struct classifier *c, uint16_t output)
{
	for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
		if (output < c->class[vc].nb_outputs && c->class[vc].nb_uses[output] > 0)
			drop_class_entries(c, vc, output);
	return set_stale_groups(c);
}

/* Instances */

int
entries_init(struct classifier *c)
{
	int rc = make_table(c, 1, &c->class[UNTAGGED].table);

	if (rc == 0)
		rc = make_table(c, 1, &c->none);
	if (rc == 0)
		rc = make_table(c, 1, &c->runt);
	if (rc != 0)
		return rc;
	set_miss(c->runt, SPP_DROP(DROP_SHORT_FRAME), SPP_DROP(DROP_SHORT_FRAME));
	c->worker->runt = c->runt;
	for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
		publish_class(c, vc);
	publish(c, UNTAGGED, DEFAULT_KEY);
	return 0;
}

uint32_t
entries_longest_probe(const struct classifier *c)
{
	uint32_t longest = 0;

	for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
		if (c->class[vc].table != NULL)
			longest = RTE_MAX(longest, c->class[vc].table->longest_probe);
	return longest;
}

void
entries_fini(struct classifier *c)
{
	for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
		free_class(&c->class[vc]);
	release(c->none);
	release(c->runt);
}
