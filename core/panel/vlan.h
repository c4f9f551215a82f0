/* SPDX-License-Identifier: BSD-3-Clause */
/* VLAN operations of attachments, packet by packet.  [worker] */
#ifndef VLAN_H
#define VLAN_H

#include <rte_mbuf.h>
#include <stdint.h>

enum vlan_kind {
	VLAN_NONE,
	VLAN_ADD, /* overwrite the TCI of a tagged packet, insert a tag into an untagged one */
	VLAN_DEL, /* remove the outermost tag, leave an untagged packet */
};

struct vlan_op {
	uint8_t kind; /* enum vlan_kind */
	uint8_t pcp;  /* 0..7 */
	uint16_t vid; /* 0..4094 */
};

/* Why a packet could not be changed. */
enum vlan_drop { VLAN_NO_HEADROOM, VLAN_NO_MBUF, VLAN_RUNT, VLAN_DROP_MAX };

/* Apply op to each packet, in place or, where a buffer is shared, on a private copy from the
 * buffer's own pool.  Packets that cannot be changed are freed and counted in drops[reason]; the
 * others move up in pkts, in order.  Returns their number. */
uint16_t vlan_apply(const struct vlan_op *op, struct rte_mbuf **pkts, uint16_t nb_pkts,
		    uint64_t drops[VLAN_DROP_MAX]);

#endif
