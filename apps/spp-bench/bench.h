/* SPDX-License-Identifier: BSD-3-Clause */
/* spp-bench: the real plugins on the real worker loop, beside baselines, packet by packet. */
#ifndef BENCH_H
#define BENCH_H

#include <rte_mbuf.h>
#include <rte_ring.h>
#include <stdbool.h>
#include <stdint.h>

#include <spp/plugin.h>
#include <spp/ring.h>

#define BENCH_INPUTS_MAX 4
#define BENCH_OUTPUTS_MAX 64
#define BENCH_REPETITIONS_MAX 999

/* Packets in flight.  Hot packets stay in the first cache levels, cold packets do not. */
#define BENCH_PKTS_HOT 512
#define BENCH_PKTS_COLD 16384

/* Mbufs between two rounds, and where they are sent next. */
struct traffic {
	struct rte_mbuf **pkts;
	uint32_t nb;
	uint32_t nb_max;
	uint32_t nb_addresses; /* destinations are drawn from addresses 0..nb_addresses-1 */
	uint64_t random;
};

/* The ring of the panel, and the one of a baseline that stands beside it. */
struct bench_ring {
	struct spp_ring *ours;
	struct rte_ring *raw;
};

/* Something that moves packets from its input rings to its output rings. */
struct path {
	const char *name;
	/* Work until nb_pkts packets are through; stop early rather than wait for ever. */
	void (*run)(void *state, uint32_t nb_pkts);
	void *state;
	struct bench_ring in[BENCH_INPUTS_MAX];
	struct bench_ring out[BENCH_OUTPUTS_MAX];
	unsigned int nb_in, nb_out;
	bool is_raw;           /* a baseline: moves packets between raw rings */
	bool by_address;       /* address i must come out of output i % nb_out */
	uint64_t nb_fed;       /* packets put into the input rings so far */
	uint64_t nb_collected; /* packets taken from the output rings */
	uint64_t nb_misplaced; /* packets that came out of the wrong output */
};

/* Cycles per packet of one path. */
struct figure {
	double median, min, max;
};

/* traffic.c */

int traffic_init(struct traffic *traffic, uint32_t nb, uint32_t nb_addresses);
void traffic_fini(struct traffic *traffic);
void traffic_address(uint32_t index, uint8_t mac[6]);
/* Give every packet a new random destination, replace lost packets. */
int traffic_renew(struct traffic *traffic);
/* Share the packets out over the input rings, evenly. */
void traffic_feed(struct traffic *traffic, struct path *path);
/* Take all packets from the output rings of the path. */
void traffic_collect(struct traffic *traffic, struct path *path);

/* measure.c */

struct measure_options {
	unsigned int repetitions;
	uint32_t pkts_per_repetition;
};

/* Run the paths in turn, repetition by repetition.  *ratio is the median of the cost of the first
 * path divided by the cost of the second.  -errno with fail(). */
int measure(struct traffic *traffic, struct path *const *paths, unsigned int nb_paths,
	    const struct measure_options *options, struct figure *figures, double *ratio);

/* baseline.c */

struct obvious; /* the obvious classifier */

void baseline_ring(struct path *path);
void baseline_move(struct path *path);
void baseline_floor(struct path *path);
int baseline_obvious(struct path *path, uint32_t nb_entries);
void baseline_obvious_fini(struct path *path);

/* testbed.c: the core and its plugins. */

/* Load a plugin, before testbed_start(). */
int testbed_load(const char *plugin);
/* Start the panel; huge: use hugepages, which must be reserved. */
int testbed_start(bool huge, char **eal_args, unsigned int nb_eal_args);
void testbed_stop(void);
/* Ring `id` of the case, the port ring:ID; the ring is made when first asked for. */
int testbed_ring(unsigned int id, struct bench_ring *ring);
int testbed_add(const char *name, const char *type, const char *const *options,
		unsigned int nb_options);
int testbed_attach(const char *name, unsigned int ring, uint16_t dir);
int testbed_command(const char *line);
/* The calls above belong between testbed_begin() and testbed_commit() or testbed_abort(). */
void testbed_begin(bool cold);
int testbed_commit(void);
/* Commit the changes so far and open the next transaction. */
int testbed_commit_part(void);
void testbed_abort(void);
/* Stop all components, free the rings. */
int testbed_clear(void);
/* Make path run the panel; hops: how many components each packet passes. */
void testbed_path(struct path *path, unsigned int hops);
/* Check the balance of every component, that entry received the packets fed to path, and that exit
 * sent the packets collected from path.  *nb_drops is the number of packets that all components
 * dropped.  -EPROTO with fail(). */
int testbed_check(const struct path *path, const char *entry, const char *exit, uint64_t *nb_drops);

/* cases.c */

enum bench_kind { BENCH_FORWARD, BENCH_MERGE, BENCH_CLASSIFIER, BENCH_CHAIN, BENCH_COMPONENT };

struct bench_case {
	char name[64];
	enum bench_kind kind;
	uint32_t nb_entries;
	unsigned int nb_outputs;
	bool cold;
};

/* What the command line says of a component under test. */
struct bench_component {
	const char *type;
	const char *options[16];
	const char *commands[16];
	unsigned int nb_options, nb_commands, nb_outputs;
};

struct bench_row {
	const struct bench_case *what;
	struct figure ours, baseline, floor;
	const char *baseline_name;
	double ratio;
	bool has_floor;
	uint64_t nb_pkts, nb_drops;
};

/* The built-in cases, or those of the component if it has a type.  Returns their number. */
unsigned int cases_list(const struct bench_component *component, const struct bench_case **cases);
/* Load the plugins that the case needs. */
int cases_load(const struct bench_case *what, const struct bench_component *component);
int cases_run(const struct bench_case *what, const struct bench_component *component,
	      const struct measure_options *options, struct bench_row *row);

#endif
