/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of a port, which say what its socket is like.  [main] */
#ifndef VHOST_OPTIONS_H
#define VHOST_OPTIONS_H

#include <spp/plugin.h>

#include "vhost_socket.h"

/* The grammar of the options. */
#define VHOST_OPTIONS                                                                              \
	"<mode:client|server> <socket:WORD> <directory:WORD> <owner:WORD> <permissions:WORD>"

/* Fill in mode, path, owner and permissions; the caller has set sock->id.  0 or what the host was
 * told. */
int vhost_options_read(const struct spp_args *args, struct vhost_socket *sock);

#endif
