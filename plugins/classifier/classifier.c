/* SPDX-License-Identifier: BSD-3-Clause */
/* classifier: by VLAN and destination MAC address, from one rx port to many tx ports. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_ether.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>

#include <spp/component.h>
#include <spp/ext/status.h>

#include "mac_table.h"

/* VLAN classes: the VIDs, and the frames without a tag.  VID 4095 exists on the wire only. */
#define NB_VIDS 4096
#define UNTAGGED NB_VIDS
#define NB_CLASSES (NB_VIDS + 1)
/* Flood group of the untagged class; that of a VID is the VID. */
#define UNTAGGED_GROUP 4095

/* The default of a class, where an address is meant otherwise: no address has this key. */
#define DEFAULT_KEY 1

#define TAG_OFFSET offsetof(struct rte_ether_hdr, ether_type)
#define UNTAGGED_LEN sizeof(struct rte_ether_hdr)
#define TAGGED_LEN (UNTAGGED_LEN + sizeof(rte_be16_t))

enum {
	DROP_UNKNOWN_MAC,
	DROP_UNKNOWN_VLAN,
	DROP_SHORT_FRAME,
};

static const char *const drop_reasons[] = {
	[DROP_UNKNOWN_MAC] = "unknown-mac",
	[DROP_UNKNOWN_VLAN] = "unknown-vlan",
	[DROP_SHORT_FRAME] = "short-frame",
};

/* What the worker reads.  A value of a table is an output index + 1; miss[] is ready for out[]. */
struct classifier_worker {
	const struct mac_table *table[NB_CLASSES]; /* `none` for a class without entries */
	const struct mac_table *runt;              /* of frames too short to have a class */
};

/* Entries of one VLAN class. */
struct vlan_class {
	struct mac_table *table; /* its addresses; kept while a worker may see it */
	uint32_t *nb_uses;       /* entries by output, the default included */
	uint32_t nb_outputs;     /* size of nb_uses */
	uint32_t nb_entries;     /* sum of nb_uses */
	uint16_t default_value;  /* output index + 1; 0 for none */
	bool group_is_in_force;  /* the plan of the worker knows the flood group */
	bool group_is_stale;     /* the running command has to tell the host the new one */
	bool is_settling;        /* became empty, or is not any more, in change no. */
	uintptr_t settles_after;
};

struct classifier {
	struct classifier *next; /* in order of creation */
	struct spp_component *self;
	struct classifier_worker *worker;
	struct mac_table *none; /* of tagged frames whose VID has no entries */
	struct mac_table *runt;
	uint64_t nb_entries;
	bool has_stale_groups;
	char *port[SPP_OUTPUT_MAX]; /* by output index, NULL if there is none */
	struct vlan_class class[NB_CLASSES];
};

static struct {
	struct classifier *first;
	uintptr_t nb_changes; /* numbers the calls of defer() that settle classes */
} module;

/* Data path */

/* A burst between its passes. */
struct burst {
	uint64_t key[SPP_BURST_MAX];
	const uint64_t *home[SPP_BURST_MAX];
	const struct mac_table *table[SPP_BURST_MAX];
};

static const struct mac_table *
class_table(const struct classifier_worker *worker, uint16_t class)
{
	/* Pairs with the release in publish(). */
	return __atomic_load_n(&worker->table[class], __ATOMIC_ACQUIRE);
}

static uint16_t
search(const struct mac_table *table, uint64_t key)
{
	uint16_t value = mac_table_find(table, key);

	if (value != 0)
		return value - 1;
	return __atomic_load_n(&table->miss[mac_key_is_multicast(key)], __ATOMIC_RELAXED);
}

/* Most packets find their entry in its home slot.  Which ones do not is listed without a branch,
 * for there is no predicting it. */
static inline __attribute__((always_inline)) void
look_up(const struct burst *burst, const struct mac_table *common, uint16_t nb, uint16_t *out)
{
	uint8_t rest[SPP_BURST_MAX];
	uint32_t nb_rest = 0;

	for (uint16_t i = 0; i < nb; i++) {
		uint64_t slot = __atomic_load_n(burst->home[i], __ATOMIC_RELAXED);
		uint64_t match = mac_slot_match(slot, burst->key[i]);

		out[i] = (uint16_t)match;
		rest[nb_rest] = i;
		nb_rest += match >= UINT16_MAX;
	}
	for (uint32_t n = 0; n < nb_rest; n++) {
		uint8_t i = rest[n];

		out[i] = search(common != NULL ? common : burst->table[i], burst->key[i]);
	}
}

static inline void
put_key(struct burst *burst, uint16_t i, const struct mac_table *table, uint64_t key)
{
	burst->key[i] = key;
	burst->home[i] = mac_table_home(table, key);
	rte_prefetch0(burst->home[i]);
}

static rte_be16_t
read_be16(const uint8_t *bytes)
{
	rte_be16_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static bool
is_tagged(const uint8_t *frame)
{
	return read_be16(&frame[TAG_OFFSET]) == RTE_BE16(RTE_ETHER_TYPE_VLAN);
}

/* Frames that are cut off within the tag or before get a table without entries. */
static const struct mac_table *
frame_table(const struct classifier_worker *worker, const uint8_t *frame, uint16_t len)
{
	if (likely(len >= TAGGED_LEN)) {
		uint16_t vid = rte_be_to_cpu_16(read_be16(&frame[UNTAGGED_LEN])) & 0xfff;

		return class_table(worker, is_tagged(frame) ? vid : UNTAGGED);
	}
	if (len < UNTAGGED_LEN || is_tagged(frame))
		return worker->runt;
	return class_table(worker, UNTAGGED);
}

/* Any burst. */
static __attribute__((noinline)) void
classify_mixed(const struct classifier_worker *worker, struct rte_mbuf **pkts, uint16_t nb,
	       uint16_t *out)
{
	struct burst burst;

	for (uint16_t i = 0; i < nb; i++) {
		const uint8_t *frame = rte_pktmbuf_mtod(pkts[i], const uint8_t *);
		const struct mac_table *table = frame_table(worker, frame, pkts[i]->data_len);

		burst.table[i] = table;
		put_key(&burst, i, table, unlikely(table == worker->runt) ? 0 : mac_key(frame));
	}
	look_up(&burst, NULL, nb, out);
}

/* The common case, a burst without tags, does not load a table per packet. */
static void
classifier_process(void *arg, uint16_t input, struct rte_mbuf **pkts, uint16_t nb, uint16_t *out)
{
	const struct classifier_worker *worker = arg;
	const struct mac_table *table = class_table(worker, UNTAGGED);
	struct burst burst;

	(void)input;
	for (uint16_t i = 0; i < nb; i++) {
		const uint8_t *frame = rte_pktmbuf_mtod(pkts[i], const uint8_t *);

		if (unlikely(pkts[i]->data_len < UNTAGGED_LEN || is_tagged(frame))) {
			classify_mixed(worker, pkts, nb, out);
			return;
		}
		put_key(&burst, i, table, mac_key(frame));
	}
	look_up(&burst, table, nb, out);
}

/* Tables as the worker sees them */

static struct mac_table *
make_table(struct classifier *c, uint64_t nb_buckets)
{
	struct mac_table *table = spp_host->zalloc(spp_host, mac_table_size(nb_buckets),
						   spp_host->component_numa_node(c->self));

	if (table != NULL)
		mac_table_init(table, nb_buckets);
	return table;
}

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

/* Where a packet goes that its own class leaves to the default of the untagged one. */
static uint16_t
last_resort(const struct classifier *c, uint16_t vc)
{
	uint16_t value = c->class[UNTAGGED].default_value;

	if (value != 0)
		return value - 1;
	return SPP_DROP(vc == UNTAGGED || c->class[vc].nb_entries > 0 ? DROP_UNKNOWN_MAC
								      : DROP_UNKNOWN_VLAN);
}

/* Show the worker what the entries of the class have become.  It sees addresses, defaults and
 * floods change one by one, each from its old to its new target.  A new class floods only when the
 * plan of the worker has its group, and goes on as without entries till then. */
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
	/* Pairs with the acquire in class_table(). */
	__atomic_store_n(&c->worker->table[vc], table, __ATOMIC_RELEASE);
}

static void
publish(struct classifier *c, uint16_t vc, uint64_t key)
{
	publish_class(c, vc);
	if (vc != UNTAGGED || key != DEFAULT_KEY)
		return;
	/* The last resort of everybody else. */
	set_miss(c->none, last_resort(c, NB_VIDS - 1), last_resort(c, NB_VIDS - 1));
	for (uint16_t vid = 0; vid < NB_VIDS; vid++)
		if (c->class[vid].nb_entries > 0)
			publish_class(c, vid);
}

/* Flood groups */

static void
mark_group(struct classifier *c, uint16_t vc)
{
	c->class[vc].group_is_stale = true;
	c->has_stale_groups = true;
}

/* The number of entries of the class for this output has become 0, or is not 0 any more; as for
 * the default of the untagged class, every change counts. */
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
	if (output<class->nb_outputs &&class->nb_uses[output]> 0)
		return true;
	return vc != UNTAGGED && c->class[UNTAGGED].default_value == output + 1;
}

static int
set_group(struct classifier *c, uint16_t vc)
{
	uint16_t outputs[SPP_OUTPUT_MAX];
	uint16_t nb = 0;

	for (uint16_t output = 0; output < SPP_OUTPUT_MAX; output++)
		if (is_flooded(c, vc, output))
			outputs[nb++] = output;
	return spp_host->component_set_group(c->self, group_of(vc), outputs, nb);
}

/* Tell the host all groups that the running command has changed. */
static int
set_stale_groups(struct classifier *c)
{
	int rc = 0;

	if (!c->has_stale_groups)
		return 0;
	for (uint16_t vc = 0; vc < NB_CLASSES && rc == 0; vc++) {
		if (!c->class[vc].group_is_stale)
			continue;
		rc = set_group(c, vc);
		c->class[vc].group_is_stale = false;
	}
	c->has_stale_groups = rc != 0;
	return rc;
}

/* The host has put them back itself. */
static void
forget_stale_groups(struct classifier *c)
{
	if (!c->has_stale_groups)
		return;
	for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
		c->class[vc].group_is_stale = false;
	c->has_stale_groups = false;
}

/* Classes that have become empty, or have got their first entry */

static void
free_class(struct vlan_class *class)
{
	spp_host->free(spp_host, class->table);
	spp_host->free(spp_host, class->nb_uses);
	*class = (struct vlan_class){0};
}

/* No worker uses the plan or the tables of before the change any more. */
static void
settle_class(struct classifier *c, uint16_t vc)
{
	struct vlan_class *class = &c->class[vc];

	class->is_settling = false;
	class->group_is_in_force = class->nb_entries > 0;
	if (class->nb_entries == 0 && vc != UNTAGGED)
		free_class(class);
	else
		publish_class(c, vc);
}

/* Classifiers come and go between a change and its end, so this looks at those there are. */
static void
settle(void *change)
{
	for (struct classifier *c = module.first; c != NULL; c = c->next)
		for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
			if (c->class[vc].is_settling &&
			    c->class[vc].settles_after <= (uintptr_t)change)
				settle_class(c, vc);
}

static int
settle_later(struct vlan_class *class)
{
	int rc = spp_host->defer(spp_host, settle, (void *)(module.nb_changes + 1));

	if (rc != 0)
		return rc;
	module.nb_changes++;
	class->is_settling = true;
	class->settles_after = module.nb_changes;
	return 0;
}

/* Entries: without fail */

static uint16_t
find_entry(const struct classifier *c, uint16_t vc, uint64_t key)
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

static int
fail_memory(const struct classifier *c)
{
	return spp_host->fail(spp_host, -ENOMEM,
			      "classifier '%s': no memory to change the table; stop components or "
			      "delete entries that are not needed",
			      spp_host->component_name(c->self));
}

/* What is done next can be undone. */
static int
record(struct classifier *c, const struct change *change)
{
	struct vlan_class *class = &c->class[change->vc];
	struct change *copy = spp_host->zalloc(spp_host, sizeof(*copy), SPP_NUMA_ANY);
	int rc;

	if (copy == NULL)
		return fail_memory(c);
	*copy = *change;
	rc = spp_host->defer(spp_host, release, copy);
	if (rc != 0) {
		release(copy);
		return rc;
	}
	if (class->nb_entries == (change->is_new ? 0 : 1)) {
		rc = settle_later(class);
		if (rc != 0)
			return rc;
	}
	return spp_host->undo(spp_host, revert, copy);
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
		return fail_memory(c);
	if (class->nb_outputs > 0)
		memcpy(nb_uses, class->nb_uses, class->nb_outputs * sizeof(*nb_uses));
	spp_host->free(spp_host, class->nb_uses);
	class->nb_uses = nb_uses;
	class->nb_outputs = nb;
	return 0;
}

/* Put a larger table in the place of a full one. */
static int
grow_table(struct classifier *c, uint16_t vc)
{
	struct vlan_class *class = &c->class[vc];
	struct mac_table *old = class->table;
	struct mac_table *new = make_table(c, mac_table_next_size(old));
	int rc;

	if (new == NULL)
		return fail_memory(c);
	mac_table_copy(new, old);
	rc = spp_host->defer(spp_host, release, old);
	if (rc != 0) {
		release(new);
		return rc;
	}
	class->table = new;
	publish_class(c, vc);
	return 0;
}

/* Memory for one more entry. */
static int
reserve(struct classifier *c, uint16_t vc, uint16_t value)
{
	struct vlan_class *class = &c->class[vc];
	int rc = reserve_uses(c, class, value - 1);

	if (rc != 0)
		return rc;
	if (class->table == NULL) {
		class->table = make_table(c, 1);
		return class->table == NULL ? fail_memory(c) : 0;
	}
	return mac_table_is_full(class->table) ? grow_table(c, vc) : 0;
}

static int
add_entry(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	int rc = reserve(c, vc, value);

	if (rc == 0)
		rc = record(c, &(struct change){c, key, vc, value, true});
	if (rc != 0)
		return rc;
	put_entry(c, vc, key, value);
	spp_host->component_touch(c->self);
	return set_stale_groups(c);
}

static int
del_entry(struct classifier *c, uint16_t vc, uint64_t key, uint16_t value)
{
	int rc = record(c, &(struct change){c, key, vc, value, false});

	if (rc != 0)
		return rc;
	take_entry(c, vc, key, value);
	spp_host->component_touch(c->self);
	return set_stale_groups(c);
}

/* Ports */

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

	release(change->port);
	release(change);
}

/* Without memory it cannot be put back; then it cannot be undone that a port is detached. */
static void
forget_port(struct classifier *c, uint16_t output)
{
	struct port_change *change = spp_host->zalloc(spp_host, sizeof(*change), SPP_NUMA_ANY);
	char *port = c->port[output];

	c->port[output] = NULL;
	if (change == NULL) {
		release(port);
		return;
	}
	*change = (struct port_change){c, port, output};
	if (spp_host->defer(spp_host, release_port, change) != 0)
		release_port(change);
	else
		(void)spp_host->undo(spp_host, restore_port, change);
}

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

static int
classifier_attach(void *state, const struct spp_attachment *attachment)
{
	struct classifier *c = state;
	size_t size = strlen(attachment->port) + 1;
	char *port;

	if (attachment->dir != SPP_TX)
		return 0;
	port = spp_host->zalloc(spp_host, size, SPP_NUMA_ANY);
	if (port == NULL)
		return fail_memory(c);
	memcpy(port, attachment->port, size);
	c->port[attachment->index] = port;
	return 0;
}

/* Entries belong to the port: nobody could reach it through them any more. */
static void
classifier_detach(void *state, const struct spp_attachment *attachment)
{
	struct classifier *c = state;
	uint16_t output = attachment->index;

	if (attachment->dir != SPP_TX)
		return;
	for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
		if (output < c->class[vc].nb_outputs && c->class[vc].nb_uses[output] > 0)
			drop_class_entries(c, vc, output);
	if (set_stale_groups(c) != 0)
		spp_host->log(spp_host, SPP_LOG_ERR,
			      "classifier '%s': floods of %s go nowhere until an entry changes: "
			      "no memory",
			      spp_host->component_name(c->self), c->port[output]);
	spp_host->component_touch(c->self);
	forget_port(c, output);
}

static int
classifier_is_ready(void *state)
{
	const struct classifier *c = state;

	return c->nb_entries > 0;
}

/* Instances */

static void
free_classifier(struct classifier *c)
{
	for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
		free_class(&c->class[vc]);
	for (uint16_t output = 0; output < SPP_OUTPUT_MAX; output++)
		release(c->port[output]);
	release(c->none);
	release(c->runt);
	release(c);
}

static void
append(struct classifier *c)
{
	struct classifier **link = &module.first;

	while (*link != NULL)
		link = &(*link)->next;
	*link = c;
}

static int
classifier_create(struct spp_component *self, void *worker, const struct spp_args *args,
		  void **state)
{
	struct classifier *c = spp_host->zalloc(spp_host, sizeof(*c), SPP_NUMA_ANY);
	const char *name = spp_host->component_name(self);

	(void)args;
	if (c == NULL)
		goto err;
	c->self = self;
	c->worker = worker;
	c->class[UNTAGGED].table = make_table(c, 1);
	c->none = make_table(c, 1);
	c->runt = make_table(c, 1);
	if (c->class[UNTAGGED].table == NULL || c->none == NULL || c->runt == NULL)
		goto err_free;
	set_miss(c->runt, SPP_DROP(DROP_SHORT_FRAME), SPP_DROP(DROP_SHORT_FRAME));
	c->worker->runt = c->runt;
	for (uint16_t vc = 0; vc < NB_CLASSES; vc++)
		publish_class(c, vc);
	publish(c, UNTAGGED, DEFAULT_KEY);
	append(c);
	*state = c;
	return 0;

err_free:
	free_classifier(c);
err:
	return spp_host->fail(spp_host, -ENOMEM, "no memory for classifier '%s'", name);
}

static void
classifier_destroy(void *state)
{
	struct classifier **link = &module.first;

	while (*link != state)
		link = &(*link)->next;
	*link = (*link)->next;
	free_classifier(state);
}

/* The table as text */

#define VALUE_SIZE sizeof("4094/52:54:00:12:34:56")

/* `52:54:00:12:34:56`, `default`, `101/52:54:00:12:34:56` or `101/default`. */
static char *
format_value(uint16_t vc, uint64_t key, char *out)
{
	static const char digits[] = "0123456789ABCDEF";
	char *end = out;

	if (vc != UNTAGGED)
		end += sprintf(end, "%u/", vc);
	if (key == DEFAULT_KEY) {
		strcpy(end, "default");
		return out;
	}
	for (unsigned int shift = 16; shift < 64; shift += 8) {
		*end++ = digits[key >> (shift + 4) & 0xf];
		*end++ = digits[key >> shift & 0xf];
		*end++ = ':';
	}
	end[-1] = '\0';
	return out;
}

static void
write_entry(struct spp_reply *reply, const struct classifier *c, uint16_t vc, uint64_t key,
	    uint16_t value)
{
	char text[VALUE_SIZE];

	spp_host->reply_open(reply, NULL, SPP_REPLY_OBJECT);
	spp_host->reply_str(reply, "type", vc == UNTAGGED ? "mac" : "vlan");
	spp_host->reply_str(reply, "value", format_value(vc, key, text));
	spp_host->reply_str(reply, "port", c->port[value - 1]);
	spp_host->reply_close(reply);
}

/* Between a key and the number that the address is to a reader; either way. */
static uint64_t
swap_key(uint64_t key)
{
	return rte_bswap64(key);
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Entries of a table in order of address, as numbers: address above, value in the lower 16 bits. */
static uint64_t *
sort_entries(const struct mac_table *table)
{
	uint64_t *sorted, pos = 0, key;
	size_t nb = 0;
	uint16_t value;

	sorted =
		spp_host->zalloc(spp_host, (table->nb_entries + 1) * sizeof(*sorted), SPP_NUMA_ANY);
	if (sorted == NULL)
		return NULL;
	while (mac_table_next(table, &pos, &key, &value))
		sorted[nb++] = swap_key(key) << 16 | value;
	qsort(sorted, nb, sizeof(*sorted), compare);
	return sorted;
}

static void
write_class(struct spp_reply *reply, const struct classifier *c, uint16_t vc)
{
	const struct vlan_class *class = &c->class[vc];
	uint64_t *sorted = NULL;

	if (class->default_value != 0)
		write_entry(reply, c, vc, DEFAULT_KEY, class->default_value);
	if (class->nb_entries > 0)
		sorted = sort_entries(class->table);
	for (uint32_t i = 0; sorted != NULL && i < class->table->nb_entries; i++)
		write_entry(reply, c, vc, swap_key(sorted[i] >> 16), (uint16_t)sorted[i]);
	release(sorted);
}

/* Classifiers in order of creation; untagged, then by VID; the default, then by address. */
static void
classifier_process_status(struct spp_reply *reply)
{
	spp_host->reply_open(reply, "classifier_table", SPP_REPLY_ARRAY);
	for (const struct classifier *c = module.first; c != NULL; c = c->next) {
		write_class(reply, c, UNTAGGED);
		for (uint16_t vid = 0; vid < NB_VIDS; vid++)
			write_class(reply, c, vid);
	}
	spp_host->reply_close(reply);
}

/* Verbs */

/* What a command names. */
struct request {
	struct classifier *c; /* NULL if the port is no tx port of a classifier */
	const char *port;
	uint64_t key;
	uint16_t vc;
	uint16_t value; /* of the port */
	bool is_add;
	char text[VALUE_SIZE];
};

static uint16_t
port_value(const struct classifier *c, const char *port)
{
	for (uint16_t output = 0; output < SPP_OUTPUT_MAX; output++)
		if (c->port[output] != NULL && strcmp(c->port[output], port) == 0)
			return output + 1;
	return 0;
}

/* A port and direction belongs to one component. */
static void
find_classifier(struct request *request)
{
	for (struct classifier *c = module.first; c != NULL && request->c == NULL; c = c->next) {
		request->value = port_value(c, request->port);
		if (request->value != 0)
			request->c = c;
	}
}

static int
parse_key(const struct spp_args *args, uint64_t *key)
{
	uint8_t mac[sizeof(uint64_t)] = {0};
	int rc;

	*key = DEFAULT_KEY;
	if (strcmp(spp_host->arg_str(args, "mac address"), "default") == 0)
		return 0;
	rc = spp_host->arg_mac(args, "mac address", mac);
	if (rc == 0)
		*key = mac_key(mac);
	return rc;
}

static int
parse_request(const struct spp_args *args, struct request *request)
{
	uint64_t vid = UNTAGGED;
	int rc = spp_host->arg_u64(args, "vlan id", &vid);

	if (rc == 0 || rc == -ENOENT)
		rc = parse_key(args, &request->key);
	if (rc != 0)
		return rc;
	request->c = NULL;
	request->vc = vid;
	request->port = spp_host->arg_str(args, "port");
	request->is_add = strcmp(spp_host->arg_str(args, "action"), "add") == 0;
	format_value(request->vc, request->key, request->text);
	find_classifier(request);
	return 0;
}

static int
run_add(const struct request *request, struct spp_reply *reply)
{
	struct classifier *c = request->c;
	uint16_t held;

	if (c == NULL)
		return spp_host->fail_arg(spp_host, "port",
					  "%s is not a tx port of a classifier; attach it to one "
					  "first",
					  request->port);
	held = find_entry(c, request->vc, request->key);
	if (held == 0)
		return add_entry(c, request->vc, request->key, request->value);
	if (held != request->value)
		return spp_host->fail_arg(spp_host, "port",
					  "classifier '%s' has %s on %s already; delete that entry "
					  "first",
					  spp_host->component_name(c->self), request->text,
					  c->port[held - 1]);
	spp_host->reply_note(reply, "classifier '%s' has %s on %s already",
			     spp_host->component_name(c->self), request->text, request->port);
	return 0;
}

static int
run_del(const struct request *request, struct spp_reply *reply)
{
	struct classifier *c = request->c;
	uint16_t held = c == NULL ? 0 : find_entry(c, request->vc, request->key);

	if (held != 0 && held == request->value)
		return del_entry(c, request->vc, request->key, request->value);
	if (c == NULL)
		spp_host->reply_note(reply,
				     "no entry %s on %s to delete: it is not a tx port of a "
				     "classifier",
				     request->text, request->port);
	else if (held == 0)
		spp_host->reply_note(reply, "classifier '%s' has no entry %s on %s to delete",
				     spp_host->component_name(c->self), request->text,
				     request->port);
	else
		spp_host->reply_note(reply,
				     "classifier '%s' has no entry %s on %s to delete: it is on %s",
				     spp_host->component_name(c->self), request->text,
				     request->port, c->port[held - 1]);
	return 0;
}

static int
run_classifier_table(const struct spp_args *args, struct spp_reply *reply)
{
	struct request request;
	int rc = parse_request(args, &request);

	if (rc != 0)
		return rc;
	return request.is_add ? run_add(&request, reply) : run_del(&request, reply);
}

/* Registration */

static const struct spp_verb classifier_verbs[] = {
	{"classifier_table <action:add|del> <type:mac> <mac address:MAC_ADDR|default> "
	 "<port:RES_UID>",
	 "say to which tx port of a classifier untagged frames to an address go",
	 run_classifier_table},
	{"classifier_table <action:add|del> <type:vlan> <vlan id:VID> "
	 "<mac address:MAC_ADDR|default> <port:RES_UID>",
	 "say to which tx port of a classifier frames of a VLAN to an address go",
	 run_classifier_table},
};

static const struct spp_component_ops classifier_ops = {
	.size = sizeof(classifier_ops),
	.worker_size = sizeof(struct classifier_worker),
	.rx_min = 1,
	.rx_max = 1,
	.tx_min = 1,
	.tx_max = SPP_MANY,
	.drop_reasons = drop_reasons,
	.nb_drop_reasons = RTE_DIM(drop_reasons),
	.create = classifier_create,
	.destroy = classifier_destroy,
	.attach = classifier_attach,
	.detach = classifier_detach,
	.is_ready = classifier_is_ready,
	.process = classifier_process,
};

static const struct spp_status_ext classifier_status = {
	.size = sizeof(classifier_status),
	.process_status = classifier_process_status,
};

static const void *
classifier_get_extension(const char *id)
{
	return strcmp(id, SPP_EXT_STATUS) == 0 ? &classifier_status : NULL;
}

static const struct spp_plugin classifier_plugin = {
	.size = sizeof(classifier_plugin),
	.nb_verbs = RTE_DIM(classifier_verbs),
	.verb_size = sizeof(struct spp_verb),
	.verbs = classifier_verbs,
	.component = &classifier_ops,
	.aliases = "classifier_mac",
	.get_extension = classifier_get_extension,
};

SPP_COMPONENT(classifier, "1.0", "by VLAN and destination MAC address to many tx ports",
	      classifier_plugin)
