/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ABI as 0.1 has it: where each field lies and what type it has, on 64-bit machines.
 *
 * devtools/check-headers compiles this.  When it no longer does, plugins that people have built no
 * longer fit: append instead, or raise SPP_ABI_MAJOR and begin a new file of this kind.  Fields
 * that come with a later minor version go into a file of that version; this one stays as it is.
 */
#include <spp/component.h>
#include <spp/ext/status.h>
#include <spp/port.h>

#if SPP_ABI_MAJOR != 0 || SPP_ABI_MINOR < 1
#error "this file describes the ABI from 0.1 on"
#endif

/* A pointer to the field must be a pointer to the type: nothing is promoted or converted. */
#define FROZEN(table, field, offset, type)                                                         \
	_Static_assert(offsetof(struct table, field) == (offset), #table "." #field " has moved"); \
	_Static_assert(_Generic(&((struct table *)0)->field, __typeof__(type) * : 1, default : 0), \
		       #table "." #field " has another type")

/* A struct that never grows: it has no size of its own, or the ABI promises that it stays as it
 * is. */
#define FROZEN_SIZE(table, bytes)                                                                  \
	_Static_assert(sizeof(struct table) == (bytes), #table " has another size")

/* A table with a size may grow, with the minor version. */
#define FIRST_SIZE(table, bytes)                                                                   \
	_Static_assert(SPP_ABI_MINOR > 1 ? sizeof(struct table) >= (bytes)                         \
					 : sizeof(struct table) == (bytes),                        \
		       #table " has another size, SPP_ABI_MINOR is the same")

#define FROZEN_VALUE(name, value) _Static_assert((name) == (value), #name " has another value")

_Static_assert(sizeof(void *) == 8, "the offsets below are those of 64-bit machines");

/* Values; a macro that is no number must be defined here exactly as in the header. */

#define SPP_MBUF_POOL_NAME "spp_mbuf"
#define SPP_RING_NAME_FORMAT "spp_ring_%u"
#define SPP_MANIFEST_SECTION ".spp.manifest"
#define SPP_MANIFEST_MAGIC "SPPLUGIN"
#define SPP_EXT_STATUS "spp.status/1"

FROZEN_VALUE(SPP_BURST_MAX, 32);
FROZEN_VALUE(SPP_KIND_COMPONENT, 1);
FROZEN_VALUE(SPP_KIND_PORT, 2);
FROZEN_VALUE(SPP_RX, 0);
FROZEN_VALUE(SPP_TX, 1);
FROZEN_VALUE(SPP_NAME_SIZE, 32);
FROZEN_VALUE(SPP_LOG_ERR, 3);
FROZEN_VALUE(SPP_LOG_WARNING, 4);
FROZEN_VALUE(SPP_LOG_NOTICE, 5);
FROZEN_VALUE(SPP_LOG_INFO, 6);
FROZEN_VALUE(SPP_LOG_DEBUG, 7);
FROZEN_VALUE(SPP_REPLY_OBJECT, 0);
FROZEN_VALUE(SPP_REPLY_ARRAY, 1);
FROZEN_VALUE(SPP_NUMA_ANY, -1);
FROZEN_VALUE(SPP_OUTPUT_MAX, 1024);
FROZEN_VALUE(SPP_GROUP_MAX, 8192);
FROZEN_VALUE(SPP_DROP_MAX, 32);
FROZEN_VALUE(SPP_MANY, 0xffff);
FROZEN_VALUE(SPP_GROUP(0), 0x4000);
FROZEN_VALUE(SPP_GROUP(SPP_GROUP_MAX - 1), 0x5fff);
FROZEN_VALUE(SPP_DROP(0), 0x8000);
FROZEN_VALUE(SPP_DROP(SPP_DROP_MAX - 1), 0x801f);

/* <spp/plugin.h> */

FROZEN_SIZE(spp_manifest, 228);
FROZEN(spp_manifest, magic, 0, char[8]);
FROZEN(spp_manifest, size, 8, uint32_t);
FROZEN(spp_manifest, kind, 12, uint32_t);
FROZEN(spp_manifest, abi_major, 16, uint16_t);
FROZEN(spp_manifest, abi_minor, 18, uint16_t);
FROZEN(spp_manifest, abi_minor_needed, 20, uint16_t);
FROZEN(spp_manifest, dpdk_year, 22, uint16_t);
FROZEN(spp_manifest, dpdk_month, 24, uint16_t);
FROZEN(spp_manifest, mbuf_size, 26, uint16_t);
FROZEN(spp_manifest, mbuf_headroom, 28, uint16_t);
FROZEN(spp_manifest, cache_line_size, 30, uint16_t);
FROZEN(spp_manifest, max_lcore, 32, uint16_t);
FROZEN(spp_manifest, reserved0, 34, uint16_t);
FROZEN(spp_manifest, name, 36, char[32]);
FROZEN(spp_manifest, version, 68, char[16]);
FROZEN(spp_manifest, summary, 84, char[80]);
FROZEN(spp_manifest, reserved, 164, uint8_t[64]);

FIRST_SIZE(spp_host, 192);
FROZEN(spp_host, size, 0, uint32_t);
FROZEN(spp_host, abi_major, 4, uint16_t);
FROZEN(spp_host, abi_minor, 6, uint16_t);
FROZEN(spp_host, log, 8, void (*)(const struct spp_host *, uint32_t, const char *, ...));
FROZEN(spp_host, fail, 16, int (*)(const struct spp_host *, int, const char *, ...));
FROZEN(spp_host, fail_arg, 24, int (*)(const struct spp_host *, const char *, const char *, ...));
FROZEN(spp_host, zalloc, 32, void *(*)(const struct spp_host *, size_t, int32_t));
FROZEN(spp_host, free, 40, void (*)(const struct spp_host *, void *));
FROZEN(spp_host, defer, 48, int (*)(const struct spp_host *, void (*)(void *), void *));
FROZEN(spp_host, undo, 56, int (*)(const struct spp_host *, void (*)(void *), void *));
FROZEN(spp_host, wait_quiescent, 64, int (*)(const struct spp_host *));
FROZEN(spp_host, arg_str, 72, const char *(*)(const struct spp_args *, const char *));
FROZEN(spp_host, arg_u64, 80, int (*)(const struct spp_args *, const char *, uint64_t *));
FROZEN(spp_host, arg_mac, 88, int (*)(const struct spp_args *, const char *, uint8_t *));
FROZEN(spp_host, reply_str, 96, void (*)(struct spp_reply *, const char *, const char *));
FROZEN(spp_host, reply_u64, 104, void (*)(struct spp_reply *, const char *, uint64_t));
FROZEN(spp_host, reply_bool, 112, void (*)(struct spp_reply *, const char *, int));
FROZEN(spp_host, reply_open, 120, void (*)(struct spp_reply *, const char *, uint32_t));
FROZEN(spp_host, reply_close, 128, void (*)(struct spp_reply *));
FROZEN(spp_host, reply_note, 136, void (*)(struct spp_reply *, const char *, ...));
FROZEN(spp_host, component_name, 144, const char *(*)(const struct spp_component *));
FROZEN(spp_host, component_lcore, 152, uint32_t (*)(const struct spp_component *));
FROZEN(spp_host, component_numa_node, 160, int32_t (*)(const struct spp_component *));
FROZEN(spp_host, component_set_group, 168,
       int (*)(struct spp_component *, uint16_t, const uint16_t *, uint16_t));
FROZEN(spp_host, component_touch, 176, void (*)(struct spp_component *));
FROZEN(spp_host, get_extension, 184, const void *(*)(const struct spp_host *, const char *));

FIRST_SIZE(spp_verb, 24);
FROZEN(spp_verb, grammar, 0, const char *);
FROZEN(spp_verb, help, 8, const char *);
FROZEN(spp_verb, run, 16, int (*)(const struct spp_args *, struct spp_reply *));

FIRST_SIZE(spp_plugin, 56);
FROZEN(spp_plugin, size, 0, uint32_t);
FROZEN(spp_plugin, nb_verbs, 4, uint32_t);
FROZEN(spp_plugin, verb_size, 8, uint32_t);
FROZEN(spp_plugin, reserved0, 12, uint32_t);
FROZEN(spp_plugin, verbs, 16, const struct spp_verb *);
FROZEN(spp_plugin, component, 24, const struct spp_component_ops *);
FROZEN(spp_plugin, port, 32, const struct spp_port_ops *);
FROZEN(spp_plugin, aliases, 40, const char *);
FROZEN(spp_plugin, get_extension, 48, const void *(*)(const char *));

_Static_assert(_Generic(&spp_plugin_entry,
			int (*)(const struct spp_host *, const struct spp_plugin **) : 1,
			default : 0),
	       "spp_plugin_entry has another type");

/* <spp/component.h> */

FROZEN_SIZE(spp_attachment, 16);
FROZEN(spp_attachment, port, 0, const char *);
FROZEN(spp_attachment, dir, 8, uint16_t);
FROZEN(spp_attachment, index, 10, uint16_t);
FROZEN(spp_attachment, reserved0, 12, uint32_t);

FIRST_SIZE(spp_component_ops, 88);
FROZEN(spp_component_ops, size, 0, uint32_t);
FROZEN(spp_component_ops, worker_size, 4, uint32_t);
FROZEN(spp_component_ops, rx_min, 8, uint16_t);
FROZEN(spp_component_ops, rx_max, 10, uint16_t);
FROZEN(spp_component_ops, tx_min, 12, uint16_t);
FROZEN(spp_component_ops, tx_max, 14, uint16_t);
FROZEN(spp_component_ops, drop_reasons, 16, const char *const *);
FROZEN(spp_component_ops, nb_drop_reasons, 24, uint32_t);
FROZEN(spp_component_ops, reserved0, 28, uint32_t);
FROZEN(spp_component_ops, options, 32, const char *);
FROZEN(spp_component_ops, create, 40,
       int (*)(struct spp_component *, void *, const struct spp_args *, void **));
FROZEN(spp_component_ops, destroy, 48, void (*)(void *));
FROZEN(spp_component_ops, attach, 56, int (*)(void *, const struct spp_attachment *));
FROZEN(spp_component_ops, detach, 64, void (*)(void *, const struct spp_attachment *));
FROZEN(spp_component_ops, is_ready, 72, int (*)(void *));
FROZEN(spp_component_ops, process, 80,
       void (*)(void *, uint16_t, struct rte_mbuf **, uint16_t, uint16_t *));

/* <spp/port.h> */

_Static_assert(_Generic((spp_burst_fn)0, uint16_t (*)(void *, struct rte_mbuf **, uint16_t) : 1,
			default : 0),
	       "spp_burst_fn has another type");

FROZEN_SIZE(spp_port_queue, 16);
FROZEN(spp_port_queue, burst, 0, spp_burst_fn);
FROZEN(spp_port_queue, queue, 8, void *);

FIRST_SIZE(spp_port_ops, 64);
FROZEN(spp_port_ops, size, 0, uint32_t);
FROZEN(spp_port_ops, rank, 4, uint32_t);
FROZEN(spp_port_ops, options, 8, const char *);
FROZEN(spp_port_ops, list, 16, uint32_t (*)(uint32_t *, uint32_t));
FROZEN(spp_port_ops, open, 24, int (*)(uint32_t, const struct spp_args *, void **));
FROZEN(spp_port_ops, close, 32, void (*)(void *));
FROZEN(spp_port_ops, nb_queues, 40, uint16_t (*)(void *, uint16_t));
FROZEN(spp_port_ops, attach, 48, int (*)(void *, uint16_t, uint16_t, struct spp_port_queue *));
FROZEN(spp_port_ops, detach, 56, void (*)(void *, uint16_t, uint16_t));

/* <spp/ext/status.h> */

FIRST_SIZE(spp_status_ext, 24);
FROZEN(spp_status_ext, size, 0, uint32_t);
FROZEN(spp_status_ext, reserved0, 4, uint32_t);
FROZEN(spp_status_ext, process_status, 8, void (*)(struct spp_reply *));
FROZEN(spp_status_ext, instance_status, 16, void (*)(void *, struct spp_reply *));
