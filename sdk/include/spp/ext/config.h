/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * spp/ext/config.h: extension `spp.config/1`, by which a plugin writes the command lines that
 * rebuild what its verbs have configured.
 *
 * plugin->get_extension(SPP_EXT_CONFIG) returns a static const struct spp_config_ext.
 *
 * The host needs the lines to show the configuration of the process (command `config`), and to say
 * in the reply to a command which lines have come and which are gone.  A controller keeps what the
 * replies say and sends the lines again to a process that has lost them.  So the lines of the
 * plugin, sent in their order, lead to the same lines:
 *
 *	command `limit lim0 500`  ->  the plugin writes `limit lim0 500`
 *	command `limit lim0 700`  ->  the plugin writes `limit lim0 700`, and no other line
 *	command `limit lim0 off`  ->  the plugin writes nothing
 *
 * Where lines stand in the configuration of a process:
 *
 *	1. process_config()	before any component is started or port attached
 *	2. components, then their tx ports: the host's own lines
 *	3. instance_config()	of components; no rx port is attached yet
 *	4. rx ports: the host's own lines
 *
 * What a verb configures of a port, a port plugin keeps by the id of the port and writes in
 * process_config(): its verb accepts the line while the port is not open.
 */
#ifndef SPP_EXT_CONFIG_H
#define SPP_EXT_CONFIG_H

#include <spp/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPP_EXT_CONFIG "spp.config/1"

/* Hand one line over: a command of a verb of the plugin, at most 4095 bytes, words of printable
 * ASCII with one blank between them, no newline; ports as one word, `phy:0nq1`.  The line is
 * copied. 0, or a negative value: then the plugin writes no more and returns that value; that is
 * how the host says that it has seen enough.  [main], during the call that got emit. */
typedef int (*spp_config_emit)(void *arg, const char *line);

/* The host does not look at the lines around each command, because there may be thousands of them.
 * No reply tells then which lines have come or gone, so no controller keeps them unless it knows
 * the commands of the plugin itself.  Without this flag each command costs time in proportion to
 * the number of lines. */
#define SPP_CONFIG_LARGE 1u

struct spp_config_ext {
	uint32_t size;
	uint32_t flags; /* SPP_CONFIG_* */

	/* Write the lines that concern no component.  Called with or without instances.  May be
	 * NULL.  0, what emit() returned, or a negative errno value with host->fail().  [main] */
	int (*process_config)(spp_config_emit emit, void *arg);

	/* Write the lines of one component, whose state create() returned.  Port plugins leave it
	 * NULL; components without verbs may.  Errors as above. [main] */
	int (*instance_config)(void *state, spp_config_emit emit, void *arg);
};

#ifdef __cplusplus
}
#endif

#endif
