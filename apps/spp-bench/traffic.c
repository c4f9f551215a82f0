/* SPDX-License-Identifier: BSD-3-Clause */
/* The packets of a benchmark: minimum-size untagged frames to random known addresses. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_ether.h>

#include "bench.h"
#include "error.h"
#include "pool.h"

#define FRAME_LEN 60
/* Each packet carries the number of its address behind the Ethernet header, for the check of the
 * outputs. */
#define INDEX_OFFSET RTE_ETHER_HDR_LEN

static uint32_t
random_below(struct traffic *traffic, uint32_t limit)
{
	uint64_t x = traffic->random;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	traffic->random = x;
	return (uint32_t)((x >> 32) * limit >> 32);
}

/* Unicast, locally administered, different for every index; the octets look random. */
void
traffic_address(uint32_t index, uint8_t mac[6])
{
	uint64_t bits = index * UINT64_C(0x9e3779b97f);

	mac[0] = 0x02;
	for (unsigned int i = 1; i < 6; i++, bits >>= 8)
		mac[i] = (uint8_t)bits;
}

static bool
is_frame(const struct rte_mbuf *pkt)
{
	return pkt->pkt_len == FRAME_LEN && pkt->data_off == RTE_PKTMBUF_HEADROOM &&
	       pkt->nb_segs == 1;
}

static void
make_frame(struct rte_mbuf *pkt)
{
	static const uint8_t source[] = {0x02, 0xff, 0xff, 0xff, 0xff, 0xff, 0x08, 0x00};
	uint8_t *frame;

	rte_pktmbuf_reset(pkt);
	frame = (uint8_t *)rte_pktmbuf_append(pkt, FRAME_LEN);
	memset(frame, 0, FRAME_LEN);
	memcpy(frame + 6, source, sizeof(source));
}

static int
top_up(struct traffic *traffic)
{
	while (traffic->nb < traffic->nb_max) {
		struct rte_mbuf *pkt = rte_pktmbuf_alloc(pool_get());

		if (pkt == NULL)
			return fail(-ENOBUFS, "no mbuf left; packets have been lost on the way");
		make_frame(pkt);
		traffic->pkts[traffic->nb++] = pkt;
	}
	return 0;
}

int
traffic_init(struct traffic *traffic, uint32_t nb, uint32_t nb_addresses)
{
	*traffic = (struct traffic){.nb_max = nb, .nb_addresses = nb_addresses, .random = 20221105};
	traffic->pkts = calloc(nb, sizeof(*traffic->pkts));
	if (traffic->pkts == NULL)
		return fail(-ENOMEM, "no memory for %u packets", nb);
	if (top_up(traffic) != 0) {
		traffic_fini(traffic);
		return -ENOBUFS;
	}
	/* In random order: a pool hands out neighbours, which a prefetcher would find. */
	for (uint32_t i = nb - 1; i > 0; i--) {
		uint32_t k = random_below(traffic, i + 1);
		struct rte_mbuf *pkt = traffic->pkts[i];

		traffic->pkts[i] = traffic->pkts[k];
		traffic->pkts[k] = pkt;
	}
	return 0;
}

void
traffic_fini(struct traffic *traffic)
{
	rte_pktmbuf_free_bulk(traffic->pkts, traffic->nb);
	free(traffic->pkts);
	traffic->pkts = NULL;
	traffic->nb = 0;
}

int
traffic_renew(struct traffic *traffic)
{
	int rc = top_up(traffic);

	for (uint32_t i = 0; i < traffic->nb; i++) {
		uint32_t index = random_below(traffic, traffic->nb_addresses);
		uint8_t *frame;

		if (!is_frame(traffic->pkts[i]))
			make_frame(traffic->pkts[i]);
		frame = rte_pktmbuf_mtod(traffic->pkts[i], uint8_t *);
		traffic_address(index, frame);
		memcpy(frame + INDEX_OFFSET, &index, sizeof(index));
	}
	return rc;
}

static uint32_t
put(const struct path *path, const struct bench_ring *ring, struct rte_mbuf **pkts, uint32_t nb)
{
	if (path->is_raw)
		return rte_ring_sp_enqueue_burst(ring->raw, (void **)pkts, nb, NULL);
	return spp_ring_put(ring->ours, pkts, nb);
}

static uint32_t
take(const struct path *path, const struct bench_ring *ring, struct rte_mbuf **pkts, uint32_t nb)
{
	if (path->is_raw)
		return rte_ring_sc_dequeue_burst(ring->raw, (void **)pkts, nb, NULL);
	return spp_ring_take(ring->ours, pkts, nb);
}

void
traffic_feed(struct traffic *traffic, struct path *path)
{
	uint32_t done = 0;

	for (unsigned int i = 0; i < path->nb_in; i++) {
		uint32_t share = (traffic->nb - done) / (path->nb_in - i);

		done += put(path, &path->in[i], &traffic->pkts[done], share);
	}
	path->nb_fed += done;
	/* A packet is left only if a ring is too small; such packets stay in traffic. */
	traffic->nb -= done;
	memmove(traffic->pkts, &traffic->pkts[done], traffic->nb * sizeof(traffic->pkts[0]));
}

static bool
is_misplaced(const struct path *path, const struct rte_mbuf *pkt, unsigned int output)
{
	uint32_t index;

	memcpy(&index, rte_pktmbuf_mtod_offset(pkt, const void *, INDEX_OFFSET), sizeof(index));
	return index % path->nb_out != output;
}

/* A packet that went to several outputs comes back several times: keep its last reference. */
static void
take_back(struct traffic *traffic, struct rte_mbuf *pkt)
{
	if (rte_mbuf_refcnt_read(pkt) > 1 || traffic->nb == traffic->nb_max)
		rte_pktmbuf_free(pkt);
	else
		traffic->pkts[traffic->nb++] = pkt;
}

void
traffic_collect(struct traffic *traffic, struct path *path)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	unsigned int n;

	for (unsigned int o = 0; o < path->nb_out; o++)
		while ((n = take(path, &path->out[o], pkts, SPP_BURST_MAX)) > 0) {
			path->nb_collected += n;
			for (unsigned int i = 0; i < n; i++) {
				if (path->by_address)
					path->nb_misplaced += is_misplaced(path, pkts[i], o);
				take_back(traffic, pkts[i]);
			}
		}
}
