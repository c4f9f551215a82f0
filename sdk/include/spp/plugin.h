/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spp/plugin.h: what every plugin shares: manifest, entry function, host services, verbs.
 *
 * A plugin is one shared object that exports two symbols and hides everything else:
 *
 *	spp_manifest		data, in the ELF section .spp.manifest; read without dlopen()
 *	spp_plugin_entry	function; returns the tables below and does nothing else
 *
 * Do not define the two by hand: SPP_COMPONENT() in <spp/component.h> and SPP_PORT() in
 * <spp/port.h> write both.  A plugin has no constructors and no thread-local data, links DPDK as
 * shared libraries, and calls the host only through `struct spp_host`.
 *
 * Life of a plugin and of its instances (a component, or a port):
 *
 *	found -> loaded -> create/open -> attach ... -> running -> detach -> destroy/close
 *	         entry     [main]         [main]        [worker]   [main]    [main]
 *
 * Threads.  Every function below carries one of these tags:
 *
 *	[main]    the control thread of the process: commands run there, one at a time.
 *	[worker]  the one lcore that owns the instance.  Never blocks, allocates, logs or locks.
 *	[any]     any thread that is not a worker.
 *
 * Errors.  Functions return 0 or a negative errno value.  A function that fails leaves nothing
 * behind and says why, in one sentence, through host->fail() or host->fail_arg().  Plugins never
 * print, exit, abort or install signal handlers.
 *
 * Growth.  Each table starts with its size in bytes.  The host copies min(its size, yours) into
 * zeroed memory of its own, so an older plugin keeps loading; fields are only ever appended.
 * Strings and arrays reached from the tables must stay valid while the plugin is loaded.
 */
#ifndef SPP_PLUGIN_H
#define SPP_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this ABI.  The host loads a plugin if the major numbers are equal and the minor
 * number the plugin needs is not above the host's.  0.x makes no promise between majors or
 * minors yet; see sdk/CHANGES.md. */
#define SPP_ABI_MAJOR 0
#define SPP_ABI_MINOR 2

/* Largest number of packets handed over in one call of any data path function. */
#define SPP_BURST_MAX 32

/* Name of the mempool that every process of the panel uses, for rte_mempool_lookup(). */
#define SPP_MBUF_POOL_NAME "spp_mbuf"

/* Name of shared ring N, a struct spp_ring of <spp/ring.h>, for rte_memzone_lookup(): a printf
 * format for one unsigned int.  The rings, like the mempool, are created before any port is opened.
 */
#define SPP_RING_NAME_FORMAT "spp_ring_%u"

/* Kinds of plugins (spp_manifest.kind). */
#define SPP_KIND_COMPONENT 1
#define SPP_KIND_PORT 2

/* Directions of an attachment: packets enter a component by rx and leave it by tx. */
#define SPP_RX 0
#define SPP_TX 1

#if defined(__GNUC__)
#define SPP_EXPORT __attribute__((visibility("default")))
#define SPP_PRINTF(fmt_arg, first_arg) __attribute__((format(printf, fmt_arg, first_arg)))
#else
#define SPP_EXPORT
#define SPP_PRINTF(fmt_arg, first_arg)
#endif

/* Manifest */

#define SPP_MANIFEST_SECTION ".spp.manifest"
#define SPP_MANIFEST_MAGIC "SPPLUGIN"
#define SPP_NAME_SIZE 32

/* Which plugin a file holds and what the plugin was built against.  The structure holds no
 * pointers; it has the host's byte order and a fixed size; its strings are NUL-terminated within
 * their arrays. */
struct spp_manifest {
	char magic[8];             /* SPP_MANIFEST_MAGIC, without the NUL */
	uint32_t size;             /* sizeof(struct spp_manifest) */
	uint32_t kind;             /* SPP_KIND_* */
	uint16_t abi_major;        /* SPP_ABI_MAJOR at build time; must equal the host's */
	uint16_t abi_minor;        /* SPP_ABI_MINOR at build time; information only */
	uint16_t abi_minor_needed; /* lowest minor of a host that will do */
	uint16_t dpdk_year;        /* DPDK release, e.g. 22 and 11: inline functions of that */
	uint16_t dpdk_month;       /* release are compiled in, so both must equal the host's */
	uint16_t mbuf_size;        /* sizeof(struct rte_mbuf), bytes */
	uint16_t mbuf_headroom;    /* RTE_PKTMBUF_HEADROOM, bytes */
	uint16_t cache_line_size;  /* RTE_CACHE_LINE_SIZE, bytes */
	uint16_t max_lcore;        /* RTE_MAX_LCORE */
	uint16_t reserved0;        /* 0 */
	char name[SPP_NAME_SIZE];  /* [a-z0-9_-]; a component type or a port type */
	char version[16];          /* the plugin's own version, free text */
	char summary[80];          /* one line for people */
	uint8_t reserved[64];      /* 0 */
};

/* Fields of the manifest that say what the plugin was built against.  The macro needs
 * <rte_mbuf_core.h> and <rte_version.h>. */
#define SPP_MANIFEST_BUILD                                                                         \
	.magic = {'S', 'P', 'P', 'L', 'U', 'G', 'I', 'N'}, .size = sizeof(struct spp_manifest),    \
	.abi_major = SPP_ABI_MAJOR, .abi_minor = SPP_ABI_MINOR, .abi_minor_needed = SPP_ABI_MINOR, \
	.dpdk_year = RTE_VER_YEAR, .dpdk_month = RTE_VER_MONTH,                                    \
	.mbuf_size = sizeof(struct rte_mbuf), .mbuf_headroom = RTE_PKTMBUF_HEADROOM,               \
	.cache_line_size = RTE_CACHE_LINE_SIZE, .max_lcore = RTE_MAX_LCORE

/* Objects of the host: opaque, owned by the host, valid as each function says. */
struct spp_args;      /* named arguments of a command, an instance or a port */
struct spp_reply;     /* the JSON reply being written */
struct spp_component; /* one component: the host's side of an instance */

/* Host services */

/* Log levels of host->log(), the syslog numbers. */
#define SPP_LOG_ERR 3     /* somebody must act */
#define SPP_LOG_WARNING 4 /* degraded */
#define SPP_LOG_NOTICE 5  /* a state change an operator asked for */
#define SPP_LOG_INFO 6
#define SPP_LOG_DEBUG 7

/* Kinds of containers for host->reply_open(). */
#define SPP_REPLY_OBJECT 0
#define SPP_REPLY_ARRAY 1

/* NUMA node argument meaning "no preference". */
#define SPP_NUMA_ANY (-1)

/* What the host offers: one table per plugin, valid while the plugin is loaded.  Use SPP_HAS()
 * before touching a field newer than abi_minor_needed. */
struct spp_host {
	uint32_t size;
	uint16_t abi_major;
	uint16_t abi_minor;

	/* Log one line: lower case, names the object, ends with the cause, no newline. [any] */
	void (*log)(const struct spp_host *host, uint32_t level, const char *fmt, ...)
		SPP_PRINTF(3, 4);

	/* Store the sentence that the user gets for the failing call; returns err (negative
	 * errno), so that `return host->fail(host, -EEXIST, ...)` is one statement. [main] */
	int (*fail)(const struct spp_host *host, int err, const char *fmt, ...) SPP_PRINTF(3, 4);

	/* The same for a bad argument: the user reads `Invalid value (<arg>): <sentence>`.
	 * Returns -EINVAL. [main] */
	int (*fail_arg)(const struct spp_host *host, const char *arg, const char *fmt, ...)
		SPP_PRINTF(3, 4);

	/* Zeroed, cache-aligned memory, private to the process, on a NUMA node (SPP_NUMA_ANY for
	 * none in particular); NULL when there is no memory.  The plugin owns the memory and gives
	 * it back with free(). [any] */
	void *(*zalloc)(const struct spp_host *host, size_t size, int32_t numa_node);
	void (*free)(const struct spp_host *host, void *mem);

	/* Call fn(arg) on [main] once no worker can still hold what it saw before the running
	 * command, whether the command succeeds or is refused.  Meant for memory that the command
	 * has unpublished.  Calls keep their order, and come before a later destroy(); while a
	 * worker is stuck they wait, but the command does not.  0 or -ENOMEM. [main] */
	int (*defer)(const struct spp_host *host, void (*fn)(void *arg), void *arg);

	/* Call fn(arg) on [main], latest first, if the command (or the transaction it is part of)
	 * is refused after all.  fn puts back what the command changed and cannot fail.
	 * 0, or -ENOMEM: then the host refuses the command, whatever the plugin returns. [main] */
	int (*undo)(const struct spp_host *host, void (*fn)(void *arg), void *arg);

	/* Wait until every worker has passed a quiescent state: then no worker uses what was
	 * unpublished before the call.  0, or -ETIMEDOUT after the process's limit. [any] */
	int (*wait_quiescent)(const struct spp_host *host);

	/* Value of an argument as the user wrote it (a port in its canonical form, `phy:0` or
	 * `phy:0 nq 1`), NULL when the user gave none.  Valid during the call. [main] */
	const char *(*arg_str)(const struct spp_args *args, const char *name);

	/* Value of an argument as a number or a MAC address.  0, -ENOENT when the user gave none,
	 * -EINVAL when the argument is no such value (host->fail_arg() has been called). [main] */
	int (*arg_u64)(const struct spp_args *args, const char *name, uint64_t *value);
	int (*arg_mac)(const struct spp_args *args, const char *name, uint8_t mac[6]);

	/* Add a member to the container open in the reply; name is ignored inside an array.
	 * Strings are copied. [main] */
	void (*reply_str)(struct spp_reply *reply, const char *name, const char *value);
	void (*reply_u64)(struct spp_reply *reply, const char *name, uint64_t value);
	void (*reply_bool)(struct spp_reply *reply, const char *name, int value);
	void (*reply_open)(struct spp_reply *reply, const char *name, uint32_t container);
	void (*reply_close)(struct spp_reply *reply);

	/* Say that a request succeeded although there was nothing to do. [main] */
	void (*reply_note)(struct spp_reply *reply, const char *fmt, ...) SPP_PRINTF(2, 3);

	/* Name of a component, its lcore, and the NUMA node of that lcore. [main] */
	const char *(*component_name)(const struct spp_component *self);
	uint32_t (*component_lcore)(const struct spp_component *self);
	int32_t (*component_numa_node)(const struct spp_component *self);

	/* Say which outputs out[i] = SPP_GROUP(group) stands for; nb_outputs 0 empties the group
	 * (its packets are dropped).  group < SPP_GROUP_MAX; outputs are indices of tx
	 * attachments, each once.  The group takes effect with the running command, and is put back
	 * if the command is refused.  0, -EINVAL or -ENOMEM. [main] */
	int (*component_set_group)(struct spp_component *self, uint16_t group,
				   const uint16_t *outputs, uint16_t nb_outputs);

	/* Say that the component's data path state (its tables) changed: the reply of the running
	 * command waits until the component's worker has seen the change, and is_ready() is asked
	 * again. [main] */
	void (*component_touch)(struct spp_component *self);

	/* A group of services that was added later, by id `spp.<name>/<revision>`; NULL if this
	 * host has no such group. [main] */
	const void *(*get_extension)(const struct spp_host *host, const char *id);
};

/* Non-zero if the host's table is new enough to have that field. */
#define SPP_HAS(host, field)                                                                       \
	((host)->size >= offsetof(struct spp_host, field) + sizeof((host)->field))

/* Verbs */

/*
 * One form of a command that the plugin adds.  The grammar is one line:
 *
 *	classifier_table <action:add> <type:vlan> <vlan id:VID> <mac address:MAC_ADDR|default>
 *
 * The first word is the verb.  Every other word is an argument `<name:kinds>`; kinds, separated
 * by `|`, are literal words (lower case) or one of
 *
 *	NAME	a component name, 1..31 of [A-Za-z0-9_.-]	RES_UID	a port, TYPE:ID[nqQUEUE]
 *	MAC_ADDR	six octets				CORE	an lcore id
 *	VID	0..4094						PCP	0..7
 *	UNSIGNED_INT	0..2^63-1				WORD	anything without blanks
 *
 * The host checks count and kinds of the words, answers `Wrong message format` or
 * `Invalid value (<name>): ...` itself, and calls run() with the arguments under their names.
 * Several forms may share a verb; a verb belongs to one plugin.
 */
struct spp_verb {
	const char *grammar;
	const char *help; /* one line for people */

	/* Carry the command out, completely or not at all.  0 or negative errno. [main] */
	int (*run)(const struct spp_args *args, struct spp_reply *reply);
};

/* Tables of a plugin */

struct spp_component_ops; /* <spp/component.h> */
struct spp_port_ops;      /* <spp/port.h> */

struct spp_plugin {
	uint32_t size;
	uint32_t nb_verbs;
	uint32_t verb_size; /* sizeof(struct spp_verb) */
	uint32_t reserved0; /* 0 */
	const struct spp_verb *verbs;

	/* The table that manifest.kind names; the other table is NULL. */
	const struct spp_component_ops *component;
	const struct spp_port_ops *port;

	/* Other names of the plugin, separated by blanks; NULL if there are none. */
	const char *aliases;

	/* Optional features by id `spp.<name>/<revision>`, see <spp/ext/>; NULL for none, and
	 * the function itself may be NULL. [main] */
	const void *(*get_extension)(const char *id);
};

/* Check what has to be checked about the host, keep the pointer to the host, return the tables. The
 * host calls this function once per process, as a rule before rte_eal_init(): the function
 * allocates nothing, registers nothing and starts no thread.  0 or negative errno. [main] */
SPP_EXPORT int spp_plugin_entry(const struct spp_host *host, const struct spp_plugin **plugin);

/* The manifest as it lies in the section; for the macros of component.h and port.h. */
extern SPP_EXPORT const struct spp_manifest spp_manifest;

#if defined(__GNUC__)
#define SPP_HIDDEN __attribute__((visibility("hidden")))
#define SPP_MANIFEST_ATTR __attribute__((section(SPP_MANIFEST_SECTION), used, aligned(8)))
#else
#define SPP_HIDDEN
#define SPP_MANIFEST_ATTR
#endif

/* The host's services, for every file of a plugin.  The entry function that SPP_PLUGIN_DEFINE()
 * writes sets this variable before any other function of the plugin runs. */
extern SPP_HIDDEN const struct spp_host *spp_host;

/* What SPP_COMPONENT() and SPP_PORT() expand to; use those two. */
#define SPP_PLUGIN_DEFINE(plugin_kind, plugin_name, plugin_version, plugin_summary, plugin_table)  \
	SPP_EXPORT SPP_MANIFEST_ATTR const struct spp_manifest spp_manifest = {                    \
		SPP_MANIFEST_BUILD,        .kind = plugin_kind,       .name = plugin_name,         \
		.version = plugin_version, .summary = plugin_summary,                              \
	};                                                                                         \
	SPP_HIDDEN const struct spp_host *spp_host;                                                \
	SPP_EXPORT int spp_plugin_entry(const struct spp_host *spp_host_arg,                       \
					const struct spp_plugin **spp_plugin_out)                  \
	{                                                                                          \
		spp_host = spp_host_arg;                                                           \
		*spp_plugin_out = &(plugin_table);                                                 \
		return 0;                                                                          \
	}

#ifdef __cplusplus
}
#endif

#endif
