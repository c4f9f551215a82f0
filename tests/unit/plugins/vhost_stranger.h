/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A peer of vhost ports that is no virtio-user device: the test says each of its messages, and
 * writes what it likes into its rings.  Include after vhost_fixture.h.
 */
#ifndef VHOST_STRANGER_H
#define VHOST_STRANGER_H

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/vhost_types.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>

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
	STRANGER_GET_VRING_BASE = 11,
	STRANGER_SET_VRING_KICK = 12,
	STRANGER_SET_VRING_CALL = 13,
	STRANGER_GET_PROTOCOL_FEATURES = 15,
	STRANGER_SET_PROTOCOL_FEATURES = 16,
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

static inline void
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

/* The answer to a request that asks for features. */
static inline uint64_t
stranger_ask(struct stranger *st, uint32_t request)
{
	struct stranger_msg msg = {0};

	stranger_say(st, request, &msg, 0, -1);
	assert_int_equal(recv(st->fd, &msg, 12 + sizeof(uint64_t), MSG_WAITALL),
			 12 + sizeof(uint64_t));
	assert_int_equal(msg.request, request);
	return msg.u64;
}

static inline void
stranger_set_ring(struct stranger *st, uint32_t index, uint32_t size)
{
	struct stranger_ring *ring = &st->rings[index];
	uint8_t *mem = st->mem + index * STRANGER_RING_SPACE;
	struct stranger_msg msg = {0};

	ring->desc = (struct vring_desc *)mem;
	ring->avail = (struct vring_avail *)(mem + (4 << 10));
	ring->used = (struct vring_used *)(mem + (8 << 10));
	msg.state.index = index;
	msg.state.num = size;
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
static inline void
stranger_set_memory(struct stranger *st)
{
	struct stranger_msg msg = {0};

	msg.mem.nb = 1;
	msg.mem.size = STRANGER_MEM;
	msg.mem.user = (uintptr_t)st->mem;
	stranger_say(st, STRANGER_SET_MEM_TABLE, &msg, sizeof(msg.mem), st->mem_fd);
}

/* Connect, and nothing more. */
static inline int
stranger_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, fix.path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static inline void
stranger_call(struct stranger *st)
{
	st->fd = stranger_socket();
	st->event_fd = eventfd(0, EFD_NONBLOCK);
	st->mem_fd = memfd_create("stranger", 0);
	assert_int_equal(ftruncate(st->mem_fd, STRANGER_MEM), 0);
	st->mem = mmap(NULL, STRANGER_MEM, PROT_READ | PROT_WRITE, MAP_SHARED, st->mem_fd, 0);
	assert_ptr_not_equal(st->mem, MAP_FAILED);
	st->data = st->mem + STRANGER_RINGS * STRANGER_RING_SPACE;
}

static inline void
stranger_set_rings(struct stranger *st, uint32_t size)
{
	for (uint32_t i = 0; i < STRANGER_RINGS; i++)
		stranger_set_ring(st, i, size);
}

/* All messages up to the rings, which make the panel take the device. */
static inline void
stranger_negotiate(struct stranger *st)
{
	struct stranger_msg msg = {0};

	stranger_say(st, STRANGER_SET_OWNER, &msg, 0, -1);
	msg.u64 = stranger_ask(st, STRANGER_GET_FEATURES) &
		  (1ULL << VIRTIO_F_VERSION_1 | 1ULL << VIRTIO_RING_F_INDIRECT_DESC |
		   1ULL << VIRTIO_NET_F_MRG_RXBUF);
	stranger_say(st, STRANGER_SET_FEATURES, &msg, sizeof(msg.u64), -1);
	stranger_set_memory(st);
}

static inline void
stranger_connect(struct stranger *st)
{
	stranger_call(st);
	stranger_negotiate(st);
	stranger_set_rings(st, RING_SIZE);
	port_host_wait_logged(CONNECTED, 1);
}

static inline void
stranger_forget(struct stranger *st)
{
	close(st->fd);
	munmap(st->mem, STRANGER_MEM);
	close(st->mem_fd);
	close(st->event_fd);
}

static inline void
stranger_leave(struct stranger *st)
{
	stranger_forget(st);
	port_host_wait_logged(LEFT, 1);
	port_host_forget_logged();
}

/* Guest address of what lies in the stranger's memory. */
static inline uint64_t
stranger_address(const struct stranger *st, const void *what)
{
	return (const uint8_t *)what - st->mem;
}

/* Offer the chain that begins at descriptor 0, as often as the ring allows, in both rings. */
static inline void
stranger_offer(struct stranger *st, uint16_t head, uint16_t nb)
{
	for (unsigned int i = 0; i < STRANGER_RINGS; i++) {
		for (unsigned int n = 0; n < RING_SIZE; n++)
			st->rings[i].avail->ring[n] = head;
		__atomic_store_n(&st->rings[i].avail->idx, nb, __ATOMIC_RELEASE);
	}
}

static inline void
stranger_describe(struct stranger *st, uint16_t index, uint64_t addr, uint32_t len, uint16_t flags,
		  uint16_t next)
{
	for (unsigned int i = 0; i < STRANGER_RINGS; i++)
		st->rings[i].desc[index] = (struct vring_desc){
			addr, len, flags | (i == 0 ? VRING_DESC_F_WRITE : 0), next};
}

#endif
