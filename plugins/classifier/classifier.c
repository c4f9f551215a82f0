/* SPDX-License-Identifier: BSD-3-Clause */
/* classifier: by VLAN and destination MAC address, from one rx port to many tx ports. */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_byteorder.h>
#include <rte_common.h>
#include <rte_ether.h>
#include <rte_mbuf.h>
#include <rte_prefetch.h>

#include <spp/component.h>
#include <spp/ext/config.h>
#include <spp/ext/draft/table.h>
#include <spp/ext/status.h>

#include "classifier_verbs.h"
#include "entries.h"
#include "instance.h"
#include "mac_table.h"
#include "table_config.h"
#include "table_pages.h"
#include "table_status.h"

#define TAG_OFFSET offsetof(struct rte_ether_hdr, ether_type)
#define UNTAGGED_LEN sizeof(struct rte_ether_hdr)
#define TAGGED_LEN (UNTAGGED_LEN + sizeof(rte_be16_t))

static const char *const drop_reasons[] = {
	[DROP_UNKNOWN_MAC] = "unknown-mac",
	[DROP_UNKNOWN_VLAN] = "unknown-vlan",
	[DROP_SHORT_FRAME] = "short-frame",
};

/* Data path */

/* What the first pass over a burst leaves for the second. */
struct burst {
	uint64_t key[SPP_BURST_MAX];
	const uint64_t *home[SPP_BURST_MAX];
	const struct mac_table *table[SPP_BURST_MAX];
};

static const struct mac_table *
class_table(const struct classifier_worker *worker, uint16_t class)
{
	/* Pairs with the release in publish_class(): the entries and miss[] are in the table. */
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

/* Most packets find their entry in its home slot.  The first loop lists the other packets, without
 * a branch that nobody could predict; the second loop searches for their entries. */
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

/* A frame that is cut off within its tag or before gets a table without entries. */
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

/* Any burst: every packet has a table of its own. */
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

/* Control */

static int
classifier_create(struct spp_component *self, void *worker, const struct spp_args *args,
		  void **state)
{
	struct classifier *c = instance_create(self, worker);
	int rc = -ENOMEM;

	(void)args;
	if (c == NULL)
		goto err;
	rc = entries_init(c);
	if (rc != 0)
		goto err_destroy;
	*state = c;
	return 0;

err_destroy:
	entries_fini(c);
	instance_destroy(c);
err:
	if (rc != -ENOMEM)
		return rc;
	return spp_host->fail(spp_host, rc, "no memory for classifier '%s'",
			      spp_host->component_name(self));
}

static void
classifier_destroy(void *state)
{
	entries_fini(state);
	instance_destroy(state);
}

static int
classifier_attach(void *state, const struct spp_attachment *attachment)
{
	if (attachment->dir != SPP_TX)
		return 0;
	return instance_add_port(state, attachment->index, attachment->port);
}

/* Entries belong to their port and go with it. */
static void
classifier_detach(void *state, const struct spp_attachment *attachment)
{
	struct classifier *c = state;
	uint16_t output = attachment->index;

	if (attachment->dir != SPP_TX)
		return;
	if (entries_drop(c, output) != 0)
		spp_host->log(spp_host, SPP_LOG_ERR,
			      "classifier '%s': floods of %s go nowhere until an entry changes: "
			      "no memory",
			      spp_host->component_name(c->self), c->port[output]);
	spp_host->component_touch(c->self);
	instance_del_port(c, output);
}

static int
classifier_is_ready(void *state)
{
	const struct classifier *c = state;

	return c->nb_entries > 0;
}

/* Registration */

static const struct spp_verb classifier_verbs[] = {
	{"classifier_table <action:add|del> <type:mac> <mac address:MAC_ADDR|default> "
	 "<port:RES_UID>",
	 "say to which tx port of a classifier untagged frames to an address go",
	 classifier_verbs_run},
	{"classifier_table <action:add|del> <type:vlan> <vlan id:VID> "
	 "<mac address:MAC_ADDR|default> <port:RES_UID>",
	 "say to which tx port of a classifier frames of a VLAN to an address go",
	 classifier_verbs_run},
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
	.process_status = table_status_write,
	.instance_status = table_status_write_instance,
};

static const struct spp_table_ext classifier_table = {
	.size = sizeof(classifier_table),
	.name = "classifier_table",
	.count = table_pages_count,
	.write = table_pages_write,
};

static const struct spp_config_ext classifier_config = {
	.size = sizeof(classifier_config),
	.flags = SPP_CONFIG_LARGE,
	.instance_config = table_config_write,
};

static const void *
classifier_get_extension(const char *id)
{
	if (strcmp(id, SPP_EXT_TABLE) == 0)
		return &classifier_table;
	if (strcmp(id, SPP_EXT_CONFIG) == 0)
		return &classifier_config;
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
