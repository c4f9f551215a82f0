/* SPDX-License-Identifier: BSD-3-Clause */
/* The owner of the other end of a TCP connection, asked of the kernel by sock_diag(7). */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* The kernel answers while it handles the question, so neither call waits. */
static int
exchange(const struct question *question, struct answer *answer)
{
	const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	ssize_t len = -1;
	int err;

	if (fd < 0)
		return -errno;
	if (sendto(fd, question, sizeof(*question), 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) == (ssize_t)sizeof(*question))
		len = recv(fd, answer, sizeof(*answer), 0);
	err = len < 0 ? -errno : 0;
	close(fd);
	if (err == 0 && len < (ssize_t)(sizeof(answer->header) + sizeof(answer->error)))
		err = -EPROTO;
	return err;
}

int
peer_user(int fd, uid_t *user)
{
	struct question question;
	struct answer answer = {0};
	int err = ask(fd, &question);

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
