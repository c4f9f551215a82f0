/* SPDX-License-Identifier: BSD-3-Clause */
/* What the plugins are compared with: rings alone, the obvious classifier, reading the address. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_errno.h>
#include <rte_ether.h>
#include <rte_hash.h>

#include "bench.h"
#include "error.h"

#define BURST SPP_BURST_MAX

static inline unsigned int
receive(struct rte_ring *ring, struct rte_mbuf **pkts)
{
	return rte_ring_sc_dequeue_burst(ring, (void **)pkts, BURST, NULL);
}

static inline void
transmit(struct rte_ring *ring, struct rte_mbuf **pkts, unsigned int nb)
{
	unsigned int sent = rte_ring_sp_enqueue_burst(ring, (void **)pkts, nb, NULL);

	if (unlikely(sent < nb))
		rte_pktmbuf_free_bulk(&pkts[sent], nb - sent);
}

/* Raw rings: dequeue, enqueue. */

static void
ring_run(void *state, uint32_t nb_pkts)
{
	const struct path *path = state;
	struct rte_mbuf *pkts[BURST];

	for (uint32_t done = 0; done < nb_pkts;) {
		unsigned int nb = receive(path->in[0].raw, pkts);

		if (nb == 0)
			return;
		transmit(path->out[0].raw, pkts, nb);
		done += nb;
	}
}

/* Rings as large as those of the panel; of several rings the first. */
void
baseline_ring(struct path *path)
{
	path->name = "raw ring";
	path->is_raw = true;
	path->run = ring_run;
	path->state = path;
	path->nb_in = path->nb_out = 1;
	path->by_address = false;
}

/* Floor of what only moves packets: the rings of the panel, without the panel. */

static void
move_run(void *state, uint32_t nb_pkts)
{
	const struct path *path = state;
	struct rte_mbuf *pkts[BURST];

	for (uint32_t done = 0; done < nb_pkts;) {
		uint16_t nb = spp_ring_take(path->in[0].ours, pkts, BURST);

		if (nb == 0)
			return;
		spp_ring_put(path->out[0].ours, pkts, nb);
		done += nb;
	}
}

void
baseline_move(struct path *path)
{
	baseline_ring(path);
	path->name = "ring alone";
	path->is_raw = false;
	path->run = move_run;
}

/* Floor of a classifier: dequeue, read the destination of every packet, enqueue. */

static void
floor_run(void *state, uint32_t nb_pkts)
{
	const struct path *path = state;
	struct rte_mbuf *pkts[BURST];
	uint64_t sum = 0;

	for (uint32_t done = 0; done < nb_pkts;) {
		unsigned int nb = receive(path->in[0].raw, pkts);

		if (nb == 0)
			break;
		for (unsigned int i = 0; i < nb; i++) {
			uint64_t mac;

			memcpy(&mac, rte_pktmbuf_mtod(pkts[i], const void *), sizeof(mac));
			sum ^= mac;
		}
		transmit(path->out[0].raw, pkts, nb);
		done += nb;
	}
	/* Without this the compiler would leave out the reads. */
	__asm__ volatile("" : : "r"(sum));
}

void
baseline_floor(struct path *path)
{
	baseline_ring(path);
	path->name = "read MAC";
	path->run = floor_run;
}

/* The obvious classifier: rte_hash_lookup_data() per packet, a buffer per output that is sent
 * when it is full, and at the end. */

struct obvious {
	struct rte_hash *hash;
	struct path *path;
	unsigned int nb[BENCH_OUTPUTS_MAX];
	struct rte_mbuf *buffer[BENCH_OUTPUTS_MAX][BURST];
};

static inline void
obvious_put(struct obvious *obvious, unsigned int output, struct rte_mbuf *pkt)
{
	obvious->buffer[output][obvious->nb[output]++] = pkt;
	if (obvious->nb[output] == BURST) {
		transmit(obvious->path->out[output].raw, obvious->buffer[output], BURST);
		obvious->nb[output] = 0;
	}
}

static void
obvious_flush(struct obvious *obvious)
{
	for (unsigned int o = 0; o < obvious->path->nb_out; o++) {
		transmit(obvious->path->out[o].raw, obvious->buffer[o], obvious->nb[o]);
		obvious->nb[o] = 0;
	}
}

static void
obvious_run(void *state, uint32_t nb_pkts)
{
	struct obvious *obvious = state;
	struct rte_mbuf *pkts[BURST];

	for (uint32_t done = 0; done < nb_pkts;) {
		unsigned int nb = receive(obvious->path->in[0].raw, pkts);

		if (nb == 0)
			break;
		for (unsigned int i = 0; i < nb; i++) {
			const void *mac = rte_pktmbuf_mtod(pkts[i], const void *);
			void *output;

			if (likely(rte_hash_lookup_data(obvious->hash, mac, &output) >= 0))
				obvious_put(obvious, (uintptr_t)output, pkts[i]);
			else
				rte_pktmbuf_free(pkts[i]);
		}
		done += nb;
	}
	obvious_flush(obvious);
}

/* Twice the entries: a full cuckoo table refuses some. */
static struct rte_hash *
make_hash(uint32_t nb_entries, unsigned int nb_outputs)
{
	const struct rte_hash_parameters parameters = {
		.name = "bench_obvious",
		.entries = RTE_MAX(2 * nb_entries, 64u),
		.key_len = RTE_ETHER_ADDR_LEN,
		.socket_id = SOCKET_ID_ANY,
	};
	struct rte_hash *hash = rte_hash_create(&parameters);

	for (uint32_t i = 0; hash != NULL && i < nb_entries; i++) {
		uint8_t mac[6];

		traffic_address(i, mac);
		if (rte_hash_add_key_data(hash, mac, (void *)(uintptr_t)(i % nb_outputs)) != 0) {
			rte_hash_free(hash);
			rte_errno = ENOSPC;
			return NULL;
		}
	}
	return hash;
}

int
baseline_obvious(struct path *path, uint32_t nb_entries)
{
	struct obvious *obvious = calloc(1, sizeof(*obvious));

	if (obvious == NULL)
		return fail(-ENOMEM, "no memory for the baseline");
	obvious->hash = make_hash(nb_entries, path->nb_out);
	if (obvious->hash == NULL) {
		free(obvious);
		return fail(-rte_errno,
			    "cannot make a hash table of %u entries: %s; give the "
			    "program more memory with -- -m MEGABYTES",
			    nb_entries, rte_strerror(rte_errno));
	}
	obvious->path = path;
	path->name = "rte_hash";
	path->is_raw = true;
	path->run = obvious_run;
	path->state = obvious;
	return 0;
}

void
baseline_obvious_fini(struct path *path)
{
	struct obvious *obvious = path->state;

	rte_hash_free(obvious->hash);
	free(obvious);
}
