/* SPDX-License-Identifier: BSD-3-Clause */
/* Hostile guests of vhost ports: rings that lie, rings of noise, memory that moves. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>

#include "vhost_fixture.h"

/* A stranger: speaks the protocol well, then writes what it likes into its rings. */

#define STRANGER_MEM (1 << 20)
#define STRANGER_RINGS 2
#define STRANGER_RING_SPACE (16 << 10)

/* Requests of the vhost-user protocol. */
enum {
	STRANGER_GET_FEATURES = 1,
	STRANGER_SET_FEATURES = 2,
	STRANGER_SET_OWNER = 3,
	STRANGER_SET_MEM_TABLE = 5,
	STRANGER_SET_VRING_NUM = 8,
	STRANGER_SET_VRING_ADDR = 9,
	STRANGER_SET_VRING_BASE = 10,
	STRANGER_SET_VRING_KICK = 12,
	STRANGER_SET_VRING_CALL = 13,
};

struct stranger_msg {
	uint32_t request, flags, size;
	union {
		uint64_t u64;
		struct {
			uint32_t index, num;
		} state;
		struct {
			uint32_t index, flags;
			uint64_t desc, used, avail, log;
		} addr;
		struct {
			uint32_t nb, padding;
			uint64_t guest, size, user, offset;
		} mem;
	};
} __attribute__((packed));

struct stranger {
	int fd, mem_fd, event_fd;
	uint8_t *mem;
	struct stranger_ring {
		struct vring_desc *desc;
		struct vring_avail *avail;
		struct vring_used *used;
	} rings[STRANGER_RINGS];
	uint8_t *data; /* behind the rings */
};

static void
stranger_say(struct stranger *st, uint32_t request, struct stranger_msg *msg, size_t size, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec piece = {.iov_base = msg, .iov_len = 12 + size};
	struct msghdr header = {.msg_iov = &piece, .msg_iovlen = 1};

	msg->request = request;
	msg->flags = 1;
	msg->size = size;
	if (fd >= 0) {
		struct cmsghdr *cmsg;

		header.msg_control = control;
		header.msg_controllen = sizeof(control);
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	}
	assert_int_equal(sendmsg(st->fd, &header, 0), 12 + size);
}

static uint64_t
stranger_features(struct stranger *st)
{
	struct stranger_msg msg = {0};

	stranger_say(st, STRANGER_GET_FEATURES, &msg, 0, -1);
	assert_int_equal(recv(st->fd, &msg, 12 + sizeof(uint64_t), MSG_WAITALL),
			 12 + sizeof(uint64_t));
	return msg.u64;
}

static void
stranger_set_ring(struct stranger *st, uint32_t index)
{
	struct stranger_ring *ring = &st->rings[index];
	uint8_t *mem = st->mem + index * STRANGER_RING_SPACE;
	struct stranger_msg msg = {0};

	ring->desc = (struct vring_desc *)mem;
	ring->avail = (struct vring_avail *)(mem + (4 << 10));
	ring->used = (struct vring_used *)(mem + (8 << 10));
	msg.state.index = index;
	msg.state.num = RING_SIZE;
	stranger_say(st, STRANGER_SET_VRING_NUM, &msg, sizeof(msg.state), -1);
	msg.state.num = 0;
	stranger_say(st, STRANGER_SET_VRING_BASE, &msg, sizeof(msg.state), -1);
	memset(&msg.addr, 0, sizeof(msg.addr));
	msg.addr.index = index;
	msg.addr.desc = (uintptr_t)ring->desc;
	msg.addr.avail = (uintptr_t)ring->avail;
	msg.addr.used = (uintptr_t)ring->used;
	stranger_say(st, STRANGER_SET_VRING_ADDR, &msg, sizeof(msg.addr), -1);
	msg.u64 = index;
	stranger_say(st, STRANGER_SET_VRING_CALL, &msg, sizeof(msg.u64), st->event_fd);
	msg.u64 = index;
	stranger_say(st, STRANGER_SET_VRING_KICK, &msg, sizeof(msg.u64), st->event_fd);
}

/* Also while the rings run, as when memory is plugged into a guest. */
static void
stranger_set_memory(struct stranger *st)
{
	struct stranger_msg msg = {0};

	msg.mem.nb = 1;
	msg.mem.size = STRANGER_MEM;
	msg.mem.user = (uintptr_t)st->mem;
	stranger_say(st, STRANGER_SET_MEM_TABLE, &msg, sizeof(msg.mem), st->mem_fd);
}

static void
stranger_connect(struct stranger *st)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stranger_msg msg = {0};

	strcpy(address.sun_path, fix.path);
	st->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(st->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	st->event_fd = eventfd(0, EFD_NONBLOCK);
	st->mem_fd = memfd_create("stranger", 0);
	assert_int_equal(ftruncate(st->mem_fd, STRANGER_MEM), 0);
	st->mem = mmap(NULL, STRANGER_MEM, PROT_READ | PROT_WRITE, MAP_SHARED, st->mem_fd, 0);
	assert_ptr_not_equal(st->mem, MAP_FAILED);
	st->data = st->mem + STRANGER_RINGS * STRANGER_RING_SPACE;

	stranger_say(st, STRANGER_SET_OWNER, &msg, 0, -1);
	msg.u64 = stranger_features(st) &
		  (1ULL << VIRTIO_F_VERSION_1 | 1ULL << VIRTIO_RING_F_INDIRECT_DESC |
		   1ULL << VIRTIO_NET_F_MRG_RXBUF);
	stranger_say(st, STRANGER_SET_FEATURES, &msg, sizeof(msg.u64), -1);
	stranger_set_memory(st);
	for (uint32_t i = 0; i < STRANGER_RINGS; i++)
		stranger_set_ring(st, i);
	port_host_wait_logged(CONNECTED, 1);
}

static void
stranger_leave(struct stranger *st)
{
	close(st->fd);
	port_host_wait_logged(LEFT, 1);
	port_host_forget_logged();
	munmap(st->mem, STRANGER_MEM);
	close(st->mem_fd);
	close(st->event_fd);
}

/* Guest address of what lies in the stranger's memory. */
static uint64_t
stranger_address(const struct stranger *st, const void *what)
{
	return (const uint8_t *)what - st->mem;
}

/* Offer the chain that begins at descriptor 0, as often as the ring allows, in both rings. */
static void
stranger_offer(struct stranger *st, uint16_t head, uint16_t nb)
{
	for (unsigned int i = 0; i < STRANGER_RINGS; i++) {
		for (unsigned int n = 0; n < RING_SIZE; n++)
			st->rings[i].avail->ring[n] = head;
		__atomic_store_n(&st->rings[i].avail->idx, nb, __ATOMIC_RELEASE);
	}
}

static void
stranger_describe(struct stranger *st, uint16_t index, uint64_t addr, uint32_t len, uint16_t flags,
		  uint16_t next)
{
	for (unsigned int i = 0; i < STRANGER_RINGS; i++)
		st->rings[i].desc[index] = (struct vring_desc){
			addr, len, flags | (i == 0 ? VRING_DESC_F_WRITE : 0), next};
}

static void
attack_loop(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), 100, VRING_DESC_F_NEXT, 1);
	stranger_describe(st, 1, stranger_address(st, st->data), 100, VRING_DESC_F_NEXT, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_foreign_address(struct stranger *st)
{
	stranger_describe(st, 0, 0xdeadbeef0000, 1500, 0, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_length(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), UINT32_MAX, 0, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_end_of_memory(struct stranger *st)
{
	stranger_describe(st, 0, STRANGER_MEM - 8, 1500, 0, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_no_room_for_a_header(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), 1, 0, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_descriptor_beyond_the_ring(struct stranger *st)
{
	stranger_offer(st, UINT16_MAX, RING_SIZE);
}

static void
attack_more_entries_than_the_ring_has(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), 200, 0, 0);
	stranger_offer(st, 0, 40000);
}

static void
attack_indirect_to_itself(struct stranger *st)
{
	stranger_describe(st, 0, 0, RING_SIZE * sizeof(struct vring_desc), VRING_DESC_F_INDIRECT,
			  0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_indirect_of_odd_size(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), 17, VRING_DESC_F_INDIRECT, 0);
	stranger_offer(st, 0, RING_SIZE);
}

static void
attack_indirect_without_end(struct stranger *st)
{
	stranger_describe(st, 0, stranger_address(st, st->data), UINT32_MAX & ~15U,
			  VRING_DESC_F_INDIRECT, 0);
	stranger_offer(st, 0, RING_SIZE);
}

/* What comes out of the panel's rings now is nobody's business; that something goes on is. */
static void
exchange(const struct spp_port_queue *rx, const struct spp_port_queue *tx, unsigned int nb_rounds)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	for (unsigned int i = 0; i < nb_rounds; i++) {
		uint16_t nb = port_host_burst(rx, pkts, SPP_BURST_MAX);

		assert_in_range(nb, 0, SPP_BURST_MAX);
		rte_pktmbuf_free_bulk(pkts, nb);
		for (unsigned int n = 0; n < SPP_BURST_MAX; n++)
			pkts[n] = frame_make(fix.pool, n);
		nb = port_host_burst(tx, pkts, SPP_BURST_MAX);
		assert_in_range(nb, 0, SPP_BURST_MAX);
		rte_pktmbuf_free_bulk(&pkts[nb], SPP_BURST_MAX - nb);
	}
}

static void
vhost_survives_rings_that_lie(void **state)
{
	static void (*const attacks[])(struct stranger *) = {
		attack_loop,
		attack_foreign_address,
		attack_length,
		attack_end_of_memory,
		attack_no_room_for_a_header,
		attack_descriptor_beyond_the_ring,
		attack_more_entries_than_the_ring_has,
		attack_indirect_to_itself,
		attack_indirect_of_odd_size,
		attack_indirect_without_end,
	};
	void *port = open_vhost(NULL);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	uint16_t peer;

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(attacks); i++) {
		struct stranger st;

		stranger_connect(&st);
		attacks[i](&st);
		exchange(&rx, &tx, 20);
		stranger_leave(&st);
		assert_int_equal(rte_mempool_avail_count(fix.pool), NB_MBUFS);
	}
	/* And an honest one is served as if nothing had been. */
	peer = peer_plug("net_virtio_user0", "");
	port_host_wait_logged(CONNECTED, 1);
	check_both_ways(port, peer, 100);
	peer_unplug("net_virtio_user0");
	port_host.ops->close(port);
}

static void
vhost_survives_rings_of_noise(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue tx = port_host_attach(port, SPP_TX, 0);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct stranger st;
	unsigned int seed = 4711;

	(void)state;
	for (unsigned int i = 0; i < 200; i++) {
		stranger_connect(&st);
		for (unsigned int n = 0; n < 10; n++) {
			uint8_t *end = st.mem + STRANGER_RINGS * STRANGER_RING_SPACE;

			for (uint8_t *byte = st.mem; byte < end; byte++)
				*byte = rand_r(&seed) >> 8;
			/* Half of the addresses are good ones, or all would end at the first check.
			 */
			for (unsigned int r = 0; r < STRANGER_RINGS; r++) {
				for (unsigned int d = 0; d < RING_SIZE; d += 2) {
					st.rings[r].desc[d].addr &= STRANGER_MEM - 1;
					st.rings[r].desc[d].len &= 2047;
					st.rings[r].desc[d].next &= RING_SIZE - 1;
					st.rings[r].avail->ring[d] &= RING_SIZE - 1;
				}
			}
			exchange(&rx, &tx, 5);
		}
		stranger_leave(&st);
		assert_int_equal(rte_mempool_avail_count(fix.pool), NB_MBUFS);
	}
	port_host.ops->close(port);
}

/* Offer as many entries more, and wait until the panel has used all that are sent. */
static void
stranger_send(struct stranger *st, uint16_t nb)
{
	time_t limit = time(NULL) + WAIT_LIMIT_S;
	struct stranger_ring *ring = &st->rings[1];
	uint16_t end = ring->avail->idx + nb;

	stranger_offer(st, 0, end);
	while (__atomic_load_n(&ring->used->idx, __ATOMIC_ACQUIRE) != end && time(NULL) < limit)
		sched_yield();
	assert_int_equal(ring->used->idx, end);
}

static void
vhost_follows_changes_of_guest_memory_under_traffic(void **state)
{
	void *port = open_vhost(NULL);
	pthread_t thread = loop_start(port);
	struct stranger st;

	(void)state;
	stranger_connect(&st);
	stranger_describe(&st, 0, stranger_address(&st, st.data), 200, 0, 0);
	for (unsigned int i = 0; i < 500; i++) {
		stranger_offer(&st, 0, st.rings[1].avail->idx + 8);
		stranger_set_memory(&st);
		stranger_send(&st, 8);
	}
	stranger_leave(&st);
	loop_stop(thread);
	port_host.ops->close(port);
	assert_int_equal(loop.nb_returned, 500 * 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VHOST_TEST(vhost_survives_rings_that_lie),
		VHOST_TEST(vhost_survives_rings_of_noise),
		VHOST_TEST(vhost_follows_changes_of_guest_memory_under_traffic),
	};

	start_host("vhost_guest");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
