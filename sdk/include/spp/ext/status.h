/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spp/ext/status.h: extension `spp.status/1`, by which a plugin adds what it knows to the status
 * reply.
 *
 * plugin->get_extension(SPP_EXT_STATUS) returns a static const struct spp_status_ext.
 */
#ifndef SPP_EXT_STATUS_H
#define SPP_EXT_STATUS_H

#include <spp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPP_EXT_STATUS "spp.status/1"

struct spp_status_ext {
	uint32_t size;
	uint32_t reserved0;

	/* Add members to the status of the process: what concerns all instances of the plugin.
	 * Called once per status command, with or without instances.  May be NULL. [main] */
	void (*process_status)(struct spp_reply *reply);

	/* Add members to the object that describes one instance: a component's state, or a
	 * port's.  May be NULL. [main] */
	void (*instance_status)(void *instance, struct spp_reply *reply);
};

#ifdef __cplusplus
}
#endif

#endif
