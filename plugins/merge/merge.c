/* SPDX-License-Identifier: BSD-3-Clause */
/* merge: everything from its rx ports, one burst each in turn, to its one tx port. */

#include <spp/component.h>

static const struct spp_component_ops merge_ops = {
	.size = sizeof(merge_ops),
	.rx_min = 1,
	.rx_max = SPP_MANY,
	.tx_min = 1,
	.tx_max = 1,
};

static const struct spp_plugin merge_plugin = {
	.size = sizeof(merge_plugin),
	.component = &merge_ops,
};

SPP_COMPONENT(merge, "1.0", "everything from its rx ports to its tx port", merge_plugin)
