/* SPDX-License-Identifier: BSD-3-Clause */
/* What vhost ports say to the process at the other end of a socket, and what they put up with. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "vhost_fixture.h"
#include "vhost_stranger.h"

#define BIT(n) (1ULL << (n))

static void
vhost_offers_exactly_what_it_serves(void **state)
{
	const uint64_t features =
		BIT(VIRTIO_F_VERSION_1) | BIT(VIRTIO_F_ANY_LAYOUT) | BIT(VIRTIO_RING_F_EVENT_IDX) |
		BIT(VIRTIO_NET_F_MTU) | BIT(VIRTIO_NET_F_CTRL_VQ) | BIT(VIRTIO_NET_F_CTRL_RX) |
		BIT(VIRTIO_NET_F_GUEST_ANNOUNCE) | BIT(VHOST_USER_F_PROTOCOL_FEATURES);
	const uint64_t protocol_features =
		BIT(VHOST_USER_PROTOCOL_F_MQ) | BIT(VHOST_USER_PROTOCOL_F_RARP) |
		BIT(VHOST_USER_PROTOCOL_F_REPLY_ACK) | BIT(VHOST_USER_PROTOCOL_F_NET_MTU) |
		BIT(VHOST_USER_PROTOCOL_F_STATUS);
	void *port = open_vhost(NULL);
	struct stranger st;

	(void)state;
	stranger_call(&st);
	assert_int_equal(stranger_ask(&st, STRANGER_GET_FEATURES), features);
	assert_int_equal(stranger_ask(&st, STRANGER_GET_PROTOCOL_FEATURES), protocol_features);
	stranger_forget(&st);
	port_host.ops->close(port);
}

/* True if the port has closed the connection within the limit. */
static bool
is_closed(int fd)
{
	const struct timeval limit = {.tv_sec = WAIT_LIMIT_S};
	ssize_t ret;
	char byte;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)), 0);
	ret = recv(fd, &byte, 1, 0);
	return ret == 0 || (ret < 0 && errno == ECONNRESET);
}

/* A feature that was not offered ends the connection. */
static void
vhost_takes_no_feature_that_it_does_not_offer(void **state)
{
	static const unsigned int bits[] = {VIRTIO_NET_F_MRG_RXBUF, VIRTIO_RING_F_INDIRECT_DESC,
					    VIRTIO_F_RING_PACKED, VIRTIO_F_IN_ORDER,
					    VHOST_F_LOG_ALL};
	void *port = open_vhost(NULL);

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(bits); i++) {
		struct stranger_msg msg = {.u64 = BIT(VIRTIO_F_VERSION_1) | BIT(bits[i])};
		struct stranger st;

		stranger_call(&st);
		stranger_say(&st, STRANGER_SET_FEATURES, &msg, sizeof(msg.u64), -1);
		assert_true(is_closed(st.fd));
		stranger_forget(&st);
	}
	port_host.ops->close(port);
}

/* The panel answers requests in their order. */
static void
stop_ring(struct stranger *st, uint32_t index)
{
	struct stranger_msg msg = {.state.index = index};

	stranger_say(st, STRANGER_GET_VRING_BASE, &msg, sizeof(msg.state), -1);
	assert_int_equal(recv(st->fd, &msg, 12 + sizeof(msg.state), MSG_WAITALL),
			 12 + sizeof(msg.state));
}

static void
assert_link(void *port, const char *link, const char *refused)
{
	json_t *status = port_host_status(port);

	assert_string_equal(status_text(status, "link"), link);
	if (refused == NULL)
		assert_null(json_object_get(status, "refused"));
	else
		assert_string_equal(status_text(status, "refused"), refused);
	json_decref(status);
}

static void
vhost_refuses_a_peer_with_a_small_ring(void **state)
{
	void *port = open_vhost(NULL);
	struct spp_port_queue rx = port_host_attach(port, SPP_RX, 0);
	struct rte_mbuf *pkts[SPP_BURST_MAX];
	struct stranger st;
	char text[256];

	(void)state;
	stranger_call(&st);
	stranger_negotiate(&st);
	stranger_set_ring(&st, 0, RING_SIZE);
	stranger_set_ring(&st, 1, 32);
	stranger_ask(&st, STRANGER_GET_FEATURES); /* now the rings are set */
	snprintf(
		text, sizeof(text),
		"vhost:0: does not serve a peer of %s: the peer has a ring of 32 entries and needs "
		"64; give the device of the peer longer queues",
		fix.path);
	port_host_wait_logged(text, 1);
	assert_link(port, "down", "a peer has a ring of 32 entries and needs 64");
	stranger_describe(&st, 0, stranger_address(&st, st.data), 200, 0, 0);
	stranger_offer(&st, 0, 1);
	assert_int_equal(port_host_burst(&rx, pkts, SPP_BURST_MAX), 0);
	assert_int_equal(st.rings[1].used->idx, 0);

	/* The library asks anew for each message; the log has the sentence once. */
	for (unsigned int i = 0; i < 5; i++)
		stranger_ask(&st, STRANGER_GET_FEATURES);
	assert_int_equal(port_host_count_logged(text), 1);
	assert_int_equal(port_host_count_logged(CONNECTED), 0);

	/* The same peer with a ring that is large enough is served. */
	for (uint32_t i = 0; i < STRANGER_RINGS; i++)
		stop_ring(&st, i);
	stranger_set_rings(&st, 64);
	port_host_wait_logged(CONNECTED, 1);
	assert_link(port, "up", NULL);
	stranger_leave(&st);
	port_host.ops->close(port);
}

static void
vhost_forgets_a_refused_peer_that_leaves(void **state)
{
	void *port = open_vhost(NULL);
	struct stranger st;

	(void)state;
	stranger_call(&st);
	stranger_negotiate(&st);
	stranger_set_rings(&st, 2);
	port_host_wait_logged("the peer has a ring of 2 entries and needs 64", 1);
	stranger_forget(&st);
	wait_disconnected(port);
	assert_link(port, "down", NULL);
	port_host.ops->close(port);
}

/* A header that promises 8 bytes more, or a part of it. */
static void
send_half(int fd, size_t size)
{
	const uint32_t header[3] = {STRANGER_SET_FEATURES, 1, 8};

	assert_int_equal(send(fd, header, size, MSG_NOSIGNAL), size);
}

static void
vhost_gives_up_half_a_message(void **state)
{
	static const size_t sizes[] = {8, 12};
	void *port = open_vhost(NULL);

	(void)state;
	for (unsigned int i = 0; i < RTE_DIM(sizes); i++) {
		int fd = stranger_socket();

		send_half(fd, sizes[i]);
		assert_true(is_closed(fd));
		close(fd);
	}
	port_host.ops->close(port);
}

/* One thread of the library serves the sockets of all ports. */
static void
vhost_serves_others_while_a_peer_owes_half_a_message(void **state)
{
	void *port = open_vhost(NULL);
	int fd = stranger_socket();
	struct stranger st;

	(void)state;
	send_half(fd, 12);
	stranger_connect(&st);
	stranger_leave(&st);
	close(fd);
	port_host.ops->close(port);
}

/* The peer asks and asks, and reads no answer. */
static void
vhost_serves_others_while_a_peer_reads_no_replies(void **state)
{
	const uint32_t request[3] = {STRANGER_GET_FEATURES, 1, 0};
	const struct timeval limit = {.tv_usec = 200000};
	void *port = open_vhost(NULL);
	int fd = stranger_socket();
	struct stranger st;

	(void)state;
	/* More than the buffers of both directions hold. */
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)), 0);
	for (unsigned int i = 0; i < 700; i++)
		send(fd, request, sizeof(request), MSG_NOSIGNAL);
	stranger_connect(&st);
	stranger_leave(&st);
	close(fd);
	port_host.ops->close(port);
}

/* The port calls, so the socket is the peer's. */
static void
vhost_client_gives_up_half_a_message(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), peer;
	void *port;

	(void)state;
	strcpy(address.sun_path, fix.path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	port = open_vhost("client");
	peer = accept(fd, NULL, NULL);
	assert_true(peer >= 0);
	send_half(peer, 12);
	assert_true(is_closed(peer));
	close(peer);
	close(fd);
	port_host.ops->close(port);
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* The library's thread waits for the rest of the message when the port is closed. */
static void
vhost_closes_while_a_peer_owes_half_a_message(void **state)
{
	void *port = open_vhost(NULL);
	int fd = stranger_socket();
	double begin;

	(void)state;
	send_half(fd, 12);
	usleep(20000);
	begin = seconds();
	port_host.ops->close(port);
	assert_true(seconds() - begin < 5); /* half a second, and what a busy machine adds */
	assert_true(is_closed(fd));
	close(fd);
	port_host.ops->close(open_vhost(NULL));
}

static void
assert_closing(const char *text)
{
	json_t *status = port_host_status(NULL), *expected = json_loads(text, 0, NULL);

	assert_non_null(expected);
	if (!json_equal(status, expected))
		fail_msg("status is %s", json_dumps(status, 0));
	json_decref(expected);
	json_decref(status);
}

static void
vhost_close_leaves_the_waiting_to_a_thread(void **state)
{
	void *port = open_vhost(NULL), *other;
	char path[112];
	double begin;

	(void)state;
	assert_closing("{}");
	__atomic_store_n(&fix.is_held, true, __ATOMIC_RELAXED);
	begin = seconds();
	port_host.ops->close(port);
	assert_true(seconds() - begin < 5);
	assert_int_equal(
		port_host_count_logged("vhost:0: still closing: a peer holds up librte_vhost"), 1);
	assert_closing("{\"closing\": [\"vhost:0\"]}");

	/* Neither the id nor the socket are free. */
	assert_int_equal(port_host_open(0, "socket", fix.path, NULL, NULL, &port), -EBUSY);
	assert_string_equal(error_text(-EBUSY),
			    "error occur: vhost:0 is still closing, for a peer holds up "
			    "librte_vhost; try again in a moment, or end the peer");
	assert_refused(fix.path, NULL, -EINVAL,
		       "Invalid value (socket): %s is the socket of vhost:0", fix.path);

	/* Another port comes and goes; nobody waits a second time. */
	snprintf(path, sizeof(path), "%s2", fix.path);
	assert_int_equal(port_host_open(4, "socket", path, NULL, NULL, &other), 0);
	port_host.ops->close(other);
	assert_closing("{\"closing\": [\"vhost:0\", \"vhost:4\"]}");

	__atomic_store_n(&fix.is_held, false, __ATOMIC_RELAXED);
	port_host_wait_logged("vhost:0: closed at last", 1);
	port_host_wait_logged("vhost:4: closed at last", 1);
	assert_closing("{}");
	assert_int_equal(access(fix.path, F_OK), -1);
	assert_int_equal(access(path, F_OK), -1);
	port_host.ops->close(open_vhost(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VHOST_TEST(vhost_offers_exactly_what_it_serves),
		VHOST_TEST(vhost_takes_no_feature_that_it_does_not_offer),
		VHOST_TEST(vhost_refuses_a_peer_with_a_small_ring),
		VHOST_TEST(vhost_forgets_a_refused_peer_that_leaves),
		VHOST_TEST(vhost_gives_up_half_a_message),
		VHOST_TEST(vhost_serves_others_while_a_peer_owes_half_a_message),
		VHOST_TEST(vhost_serves_others_while_a_peer_reads_no_replies),
		VHOST_TEST(vhost_client_gives_up_half_a_message),
		VHOST_TEST(vhost_closes_while_a_peer_owes_half_a_message),
		VHOST_TEST(vhost_close_leaves_the_waiting_to_a_thread),
	};

	start_host("vhost_protocol");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
