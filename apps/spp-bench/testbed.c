/* SPDX-License-Identifier: BSD-3-Clause */
/* The panel under test: the core with plugins from their directory; the main thread stands in for
 * the worker lcore, so that it can read the clock around the passes. */

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_launch.h>

#include "bench.h"
#include "attachment.h"
#include "component.h"
#include "dispatch.h"
#include "error.h"
#include "lcore.h"
#include "load.h"
#include "pool.h"
#include "rings.h"
#include "txn.h"
#include "worker.h"

#define WORKER_LCORE 1
#define EAL_ARGS_MAX 64

/* A ring holds all packets of its case; the ring of a hot case fits the first cache levels. */
#define HOT_RING_SIZE (2 * BENCH_PKTS_HOT)
#define COLD_RING_SIZE (2 * BENCH_PKTS_COLD)
#define NB_RINGS (BENCH_INPUTS_MAX + BENCH_OUTPUTS_MAX)

/* Copies of packets are counted references; this many mbufs are enough. */
#define NB_MBUFS (BENCH_PKTS_COLD + 4095)

static struct {
	struct worker *worker;
	unsigned int hops;
	unsigned int ring_size;
	struct bench_ring rings[NB_RINGS];
} testbed;

/* Start and stop */

/* The last CPU that this process may use: interrupts tend to go to the first. */
static int
last_cpu(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
			if (CPU_ISSET(cpu, &set))
				return cpu;
	return 0;
}

static int
start_eal(bool huge, char **more, unsigned int nb_more)
{
	static char args_any[][16] = {"spp-bench",     "--no-pci",  "--no-telemetry",
				      "--file-prefix", "spp-bench", "-m",
				      "512",           "--lcores"};
	static char args_no_huge[][16] = {"--no-huge", "--no-shconf"};
	static char arg_huge[] = "--in-memory";
	char *args[EAL_ARGS_MAX];
	char lcores[32];
	unsigned int nb = 0;

	for (; nb < RTE_DIM(args_any); nb++)
		args[nb] = args_any[nb];
	snprintf(lcores, sizeof(lcores), "(0-1)@%d", last_cpu());
	args[nb++] = lcores;
	for (unsigned int i = 0; !huge && i < RTE_DIM(args_no_huge); i++)
		args[nb++] = args_no_huge[i];
	if (huge)
		args[nb++] = arg_huge;
	if (nb + nb_more > EAL_ARGS_MAX)
		return fail(-E2BIG, "too many EAL options");
	for (unsigned int i = 0; i < nb_more; i++)
		args[nb++] = more[i];
	if (rte_eal_init(nb, args) < 0)
		return fail(-rte_errno, "cannot initialise EAL: %s", rte_strerror(rte_errno));
	return 0;
}

int
testbed_load(const char *plugin)
{
	int rc = plugin_load(plugin);

	return rc == -EEXIST ? 0 : rc;
}

/* End the loop that lcore_init() has started: from now on the worker is offline except when the
 * main thread stands in for it, and no command has to wait. */
static int
take_over_worker(void)
{
	testbed.worker = lcore_worker(WORKER_LCORE);
	if (testbed.worker == NULL)
		return fail(-ENODEV, "there is no worker lcore %u; leave --lcores as it is",
			    WORKER_LCORE);
	__atomic_store_n(&testbed.worker->stop, true, __ATOMIC_RELAXED);
	return rte_eal_wait_lcore(WORKER_LCORE);
}

int
testbed_start(bool huge, char **eal_args, unsigned int nb_eal_args)
{
	int rc = start_eal(huge, eal_args, nb_eal_args);

	if (rc == 0)
		rc = pool_init(NB_MBUFS);
	if (rc == 0)
		rc = port_init(NULL);
	if (rc == 0)
		rc = lcore_init();
	return rc != 0 ? rc : take_over_worker();
}

void
testbed_stop(void)
{
	lcore_fini();
	port_fini();
	pool_fini();
	rte_eal_cleanup();
	/* EAL leaves its runtime directory behind, which is empty because nothing is shared. */
	rmdir(rte_eal_get_runtime_dir());
}

/* Rings */

int
testbed_ring(unsigned int id, struct bench_ring *ring)
{
	struct bench_ring *made = &testbed.rings[id];
	char name[RTE_RING_NAMESIZE];
	int rc = made->ours == NULL ? rings_make_one(id, testbed.ring_size, &made->ours) : 0;

	if (rc != 0)
		return rc;
	if (made->raw == NULL) {
		snprintf(name, sizeof(name), "raw_%u", id);
		made->raw = rte_ring_create(name, testbed.ring_size, SOCKET_ID_ANY,
					    RING_F_SP_ENQ | RING_F_SC_DEQ);
	}
	*ring = *made;
	if (made->raw == NULL)
		return fail(-rte_errno, "cannot make ring %u: %s", id, rte_strerror(rte_errno));
	return 0;
}

static void
free_rings(void)
{
	for (unsigned int i = 0; i < NB_RINGS; i++) {
		if (testbed.rings[i].ours != NULL)
			rings_free_one(i, testbed.rings[i].ours);
		rte_ring_free(testbed.rings[i].raw);
		testbed.rings[i] = (struct bench_ring){0};
	}
}

/* Patching */

void
testbed_begin(bool cold)
{
	testbed.ring_size = cold ? COLD_RING_SIZE : HOT_RING_SIZE;
	txn_begin();
}

int
testbed_commit(void)
{
	int rc = txn_commit();

	for (struct spp_component *c = panel_first(); rc == 0 && c != NULL; c = c->next)
		if (!panel_can_run(c))
			rc = fail(-EAGAIN,
				  "component '%s' does not run: it needs more ports or commands",
				  c->name);
	return rc;
}

int
testbed_commit_part(void)
{
	int rc = txn_commit();

	txn_begin();
	return rc;
}

void
testbed_abort(void)
{
	txn_abort();
}

int
testbed_add(const char *name, const char *type, const char *const *options, unsigned int nb_options)
{
	return component_start(name, WORKER_LCORE, type, options, nb_options);
}

int
testbed_attach(const char *name, unsigned int ring, uint16_t dir)
{
	static const struct vlan_op none = {.kind = VLAN_NONE};
	const struct res_uid res_uid = {.type = "ring", .id = ring, .queue = -1};
	struct bench_ring unused;
	int rc = testbed_ring(ring, &unused);

	return rc != 0 ? rc : attachment_add(panel_find(name), &res_uid, dir, &none);
}

int
testbed_command(const char *line)
{
	return dispatch_run_in_txn(line);
}

int
testbed_clear(void)
{
	int rc = component_stop_all();

	free_rings();
	return rc;
}

/* Running */

static void
testbed_run(void *state, uint32_t nb_pkts)
{
	uint32_t left = nb_pkts * testbed.hops;

	(void)state;
	worker_online(testbed.worker);
	while (left > 0) {
		uint32_t received = worker_pass(testbed.worker);

		if (received == 0)
			break;
		left -= RTE_MIN(received, left);
	}
	worker_offline(testbed.worker);
}

void
testbed_path(struct path *path, unsigned int hops)
{
	testbed.hops = hops;
	path->name = "spp";
	path->run = testbed_run;
}

/* The balance */

static uint64_t
sum_packets(const struct attachment *first)
{
	uint64_t sum = 0;

	for (const struct attachment *a = first; a != NULL; a = a->next)
		sum += stats_get(&a->stats->packets);
	return sum;
}

static uint64_t
sum_drops(const struct component_stats *stats)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < CORE_DROP_MAX; i++)
		sum += stats_get(&stats->core_drops[i]);
	for (unsigned int i = 0; i < SPP_DROP_MAX; i++)
		sum += stats_get(&stats->plugin_drops[i]);
	return sum;
}

static int
check_component(const struct spp_component *c, uint64_t *nb_drops)
{
	uint64_t rx = sum_packets(c->rx), tx = sum_packets(c->tx);
	uint64_t copies = stats_get(&c->stats->copies), drops = sum_drops(c->stats);

	*nb_drops += drops;
	if (rx + copies == tx + drops)
		return 0;
	return fail(-EPROTO,
		    "component '%s' does not account for its packets: %" PRIu64
		    " received + %" PRIu64 " copies, but %" PRIu64 " sent + %" PRIu64 " dropped",
		    c->name, rx, copies, tx, drops);
}

int
testbed_check(const struct path *path, const char *entry, const char *exit, uint64_t *nb_drops)
{
	uint64_t rx = sum_packets(panel_find(entry)->rx);
	uint64_t tx = sum_packets(panel_find(exit)->tx);

	*nb_drops = 0;
	for (struct spp_component *c = panel_first(); c != NULL; c = c->next) {
		int rc = check_component(c, nb_drops);

		if (rc != 0)
			return rc;
	}
	if (rx != path->nb_fed)
		return fail(-EPROTO,
			    "component '%s' has counted %" PRIu64 " of %" PRIu64 " packets fed",
			    entry, rx, path->nb_fed);
	if (tx != path->nb_collected)
		return fail(-EPROTO,
			    "component '%s' has counted %" PRIu64 " packets sent, %" PRIu64
			    " came out",
			    exit, tx, path->nb_collected);
	return 0;
}
