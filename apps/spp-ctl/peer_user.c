/* SPDX-License-Identifier: BSD-3-Clause */
/* The owner of the other end of a connection, asked of the kernel by sock_diag(7) for TCP. */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "peer_user.h"

struct question {
	struct nlmsghdr header;
	struct inet_diag_req_v2 socket;
};

struct answer {
	struct nlmsghdr header;
	union {
		struct inet_diag_msg socket;
		struct nlmsgerr error;
	};
	char attributes[512]; /* unread */
};

/* Address and port as sock_diag wants them.  An IPv4 address in the clothes of IPv6 is IPv4 there.
 */
static uint8_t
put_address(const struct sockaddr_storage *address, __be32 out[4], __be16 *port)
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;

	*port = in->sin_port; /* at the same place in both families */
	if (address->ss_family == AF_INET) {
		out[0] = in->sin_addr.s_addr;
		return AF_INET;
	}
	if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		memcpy(out, &in6->sin6_addr.s6_addr[12], sizeof(out[0]));
		return AF_INET;
	}
	memcpy(out, &in6->sin6_addr, sizeof(in6->sin6_addr));
	return AF_INET6;
}

/* Describe the peer's socket: its local address is what is the remote one here. */
static int
ask(int fd, struct question *question)
{
	struct sockaddr_storage peer, own;
	socklen_t peer_size = sizeof(peer), own_size = sizeof(own);

	if (getpeername(fd, (struct sockaddr *)&peer, &peer_size) != 0 ||
	    getsockname(fd, (struct sockaddr *)&own, &own_size) != 0)
		return -errno;
	if (peer.ss_family != AF_INET && peer.ss_family != AF_INET6)
		return -EAFNOSUPPORT;
	*question = (struct question){
		.header = {.nlmsg_len = sizeof(*question),
			   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			   .nlmsg_flags = NLM_F_REQUEST},
		.socket = {.sdiag_protocol = IPPROTO_TCP, .idiag_states = UINT32_MAX},
	};
	question->socket.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	question->socket.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	question->socket.sdiag_family =
		put_address(&peer, question->socket.id.idiag_src, &question->socket.id.idiag_sport);
	put_address(&own, question->socket.id.idiag_dst, &question->socket.id.idiag_dport);
	return 0;
}

/* The socket stays open: a question needs no descriptor when there are none left. */
static int
netlink_socket(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			    NETLINK_SOCK_DIAG);
	return fd < 0 ? -errno : fd;
}

/* The kernel answers while it handles the question, so neither call waits.  The answer to another
 * question is one that nobody took. */
static int
exchange(struct question *question, struct answer *answer)
{
	const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	static uint32_t number;
	int fd = netlink_socket();
	ssize_t len;

	if (fd < 0)
		return fd;
	question->header.nlmsg_seq = ++number;
	if (sendto(fd, question, sizeof(*question), 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) != (ssize_t)sizeof(*question))
		return -errno;
	do {
		len = recv(fd, answer, sizeof(*answer), 0);
		if (len < 0)
			return -errno;
		if (len < (ssize_t)(sizeof(answer->header) + sizeof(answer->error)))
			return -EPROTO;
	} while (answer->header.nlmsg_seq != number);
	return 0;
}

/* The user who connected a unix socket. */
static int
unix_user(int fd, uid_t *user)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
		return -errno;
	*user = peer.uid;
	return 0;
}

static bool
is_unix(int fd)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

int
peer_user(int fd, uid_t *user)
{
	struct question question;
	struct answer answer = {0};
	int err;

	if (is_unix(fd))
		return unix_user(fd, user);
	err = ask(fd, &question);
	if (err == 0)
		err = exchange(&question, &answer);
	if (err != 0)
		return err;
	if (answer.header.nlmsg_type == NLMSG_ERROR)
		return answer.error.error != 0 ? answer.error.error : -EPROTO;
	/* A socket without an inode has been closed by its owner and reads as root's. */
	if (answer.socket.idiag_state != TCP_ESTABLISHED || answer.socket.idiag_inode == 0)
		return -ENOENT;
	*user = answer.socket.idiag_uid;
	return 0;
}
