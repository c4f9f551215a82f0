/* SPDX-License-Identifier: BSD-3-Clause */
/* Changes of attachments.  All of them belong to the open transaction.  [main] */
#ifndef ATTACHMENT_H
#define ATTACHMENT_H

#include "panel.h"

/* Claims give an attachment its counters, and with the counters the right to use its port in its
 * direction.  By default every attachment gets private memory and any process may use any port.
 * name is that of the port, `TYPE:0 nq 1`.  claim: 0 or -errno with fail(), *stats is written by
 * the worker only. */
struct attachment_claims {
	int (*claim)(const char *name, uint16_t dir, const char *component, int numa_node,
		     struct attachment_stats **stats);
	void (*release)(const char *name, uint16_t dir, struct attachment_stats *stats);
};

/* Replace the claims; to be called before anything is attached. */
void attachment_set_claims(const struct attachment_claims *claims);

/* Attach a port with a VLAN operation, or change the VLAN operation of one that is attached.
 * -errno with fail(). */
int attachment_add(struct spp_component *component, const struct res_uid *res_uid, uint16_t dir,
		   const struct vlan_op *vlan);

/* Detach an attachment.  -errno with fail(). */
int attachment_del(struct attachment *attachment);

/* Detach without undo and at once: the worker does not see the attachment any more, as when its
 * component is being stopped. */
void attachment_release(struct attachment *attachment);

#endif
