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
	char byte;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)), 0);
	return recv(fd, &byte, 1, 0) == 0;
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VHOST_TEST(vhost_offers_exactly_what_it_serves),
		VHOST_TEST(vhost_takes_no_feature_that_it_does_not_offer),
	};

	start_host("vhost_protocol");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
