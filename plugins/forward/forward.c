/* SPDX-License-Identifier: BSD-3-Clause */
/* forward: everything from its one rx port to its one tx port. */

#include <spp/component.h>

static const struct spp_component_ops forward_ops = {
	.size = sizeof(forward_ops),
	.rx_min = 1,
	.rx_max = 1,
	.tx_min = 1,
	.tx_max = 1,
};

static const struct spp_plugin forward_plugin = {
	.size = sizeof(forward_plugin),
	.component = &forward_ops,
};

SPP_COMPONENT(forward, "1.0", "everything from its rx port to its tx port", forward_plugin)
