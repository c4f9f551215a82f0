/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * stuck: a component whose process() does not return while it is held, as a faulty plugin's would;
 * for tests of the bounded wait for quiescence.  Otherwise it sends everything to output 0.
 *
 * Commands: `stuck hold`, `stuck release`; `stuck status` replies "held": a worker is inside.
 */

#include <string.h>

#include <rte_pause.h>

#include <spp/component.h>

#include "stuck.h"

static struct {
	int hold;   /* written by [main], read by workers */
	int inside; /* workers that wait for release */
} module;

/* Data path */

static void
stuck_process(void *worker, uint16_t input, struct rte_mbuf **pkts, uint16_t nb_pkts, uint16_t *out)
{
	(void)worker;
	(void)input;
	(void)pkts;
	if (__atomic_load_n(&module.hold, __ATOMIC_RELAXED)) {
		__atomic_add_fetch(&module.inside, 1, __ATOMIC_RELAXED);
		while (__atomic_load_n(&module.hold, __ATOMIC_RELAXED))
			rte_pause();
		__atomic_sub_fetch(&module.inside, 1, __ATOMIC_RELAXED);
	}
	memset(out, 0, nb_pkts * sizeof(*out));
}

/* Control */

static void
stuck_hold(void)
{
	__atomic_store_n(&module.hold, 1, __ATOMIC_RELAXED);
}

static void
stuck_release(void)
{
	__atomic_store_n(&module.hold, 0, __ATOMIC_RELAXED);
}

static int
stuck_is_held(void)
{
	return __atomic_load_n(&module.inside, __ATOMIC_RELAXED) > 0;
}

static int
stuck_run(const struct spp_args *args, struct spp_reply *reply)
{
	const char *action = spp_host->arg_str(args, "action");

	if (strcmp(action, "hold") == 0)
		stuck_hold();
	else if (strcmp(action, "release") == 0)
		stuck_release();
	else
		spp_host->reply_bool(reply, "held", stuck_is_held());
	return 0;
}

static const struct stuck_ext stuck_ext = {
	.size = sizeof(stuck_ext),
	.hold = stuck_hold,
	.release = stuck_release,
	.is_held = stuck_is_held,
};

static const void *
stuck_get_extension(const char *id)
{
	return strcmp(id, STUCK_EXT) == 0 ? &stuck_ext : NULL;
}

/* Registration */

static const struct spp_component_ops stuck_ops = {
	.size = sizeof(stuck_ops),
	.rx_min = 1,
	.rx_max = 1,
	.tx_min = 1,
	.tx_max = 1,
	.process = stuck_process,
};

static const struct spp_verb stuck_verbs[] = {
	{"stuck <action:hold|release|status>", "stop workers inside process(), or let them go",
	 stuck_run},
};

static const struct spp_plugin stuck_plugin = {
	.size = sizeof(stuck_plugin),
	.nb_verbs = 1,
	.verb_size = sizeof(struct spp_verb),
	.verbs = stuck_verbs,
	.component = &stuck_ops,
	.get_extension = stuck_get_extension,
};

SPP_COMPONENT(stuck, "1.0", "does not return from process() while held", stuck_plugin)
