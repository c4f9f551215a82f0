/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * fake_component: the first byte of a packet decides.  0x00..0xbf: that output; 0xc0..0xdf: group
 * byte - 0xc0; 0xe0..0xff: drop reason (byte - 0xe0) modulo 2.
 *
 * Options make it fail where a test wants that.
 */

#include <errno.h>
#include <string.h>

#include <rte_mbuf.h>

#include <spp/component.h>

struct fake_worker {
	uint64_t nb_bursts;
};

/* Data path */

static uint16_t
choose(const struct rte_mbuf *pkt)
{
	uint8_t byte = *rte_pktmbuf_mtod(pkt, const uint8_t *);

	if (byte < 0xc0)
		return byte;
	return byte < 0xe0 ? SPP_GROUP(byte - 0xc0) : SPP_DROP(byte & 1);
}

static void
fake_component_process(void *worker, uint16_t input, struct rte_mbuf **pkts, uint16_t nb_pkts,
		       uint16_t *out)
{
	struct fake_worker *self = worker;

	(void)input;
	self->nb_bursts++;
	for (uint16_t i = 0; i < nb_pkts; i++)
		out[i] = choose(pkts[i]);
}

/* Control */

struct fake_state {
	char fail[8];
};

static int
fake_component_create(struct spp_component *self, void *worker, const struct spp_args *args,
		      void **state)
{
	const char *fail = spp_host->arg_str(args, "fail");
	struct fake_state *fake;

	(void)worker;
	if (fail != NULL && strcmp(fail, "create") == 0)
		return spp_host->fail(spp_host, -EIO, "component %s: asked to fail in create",
				      spp_host->component_name(self));
	fake = spp_host->zalloc(spp_host, sizeof(*fake), spp_host->component_numa_node(self));
	if (fake == NULL)
		return spp_host->fail(spp_host, -ENOMEM, "component %s: no memory",
				      spp_host->component_name(self));
	if (fail != NULL)
		strncpy(fake->fail, fail, sizeof(fake->fail) - 1);
	*state = fake;
	return 0;
}

static void
fake_component_destroy(void *state)
{
	spp_host->free(spp_host, state);
}

static int
fake_component_attach(void *state, const struct spp_attachment *attachment)
{
	const struct fake_state *fake = state;

	if (strcmp(fake->fail, "attach") == 0)
		return spp_host->fail_arg(spp_host, "port", "%s: asked to fail in attach",
					  attachment->port);
	return 0;
}

static int
fake_component_is_ready(void *state)
{
	const struct fake_state *fake = state;

	return strcmp(fake->fail, "ready") != 0;
}

/* Registration */

static const char *const drop_reasons[] = {"even", "odd"};

static const struct spp_component_ops fake_component_ops = {
	.size = sizeof(fake_component_ops),
	.worker_size = sizeof(struct fake_worker),
	.rx_min = 1,
	.rx_max = SPP_MANY,
	.tx_min = 1,
	.tx_max = SPP_MANY,
	.drop_reasons = drop_reasons,
	.nb_drop_reasons = sizeof(drop_reasons) / sizeof(drop_reasons[0]),
	.options = "<fail:create|attach|ready>",
	.create = fake_component_create,
	.destroy = fake_component_destroy,
	.attach = fake_component_attach,
	.is_ready = fake_component_is_ready,
	.process = fake_component_process,
};

static const struct spp_plugin fake_component_plugin = {
	.size = sizeof(fake_component_plugin),
	.component = &fake_component_ops,
};

SPP_COMPONENT(fake_component, "1.0", "the first byte of a packet decides", fake_component_plugin)
