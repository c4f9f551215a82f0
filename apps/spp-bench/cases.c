/* SPDX-License-Identifier: BSD-3-Clause */
/* What is measured: patches of real components, and the baseline that belongs to each. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "error.h"
#include "mac.h"

#define MERGE_INPUTS 4
#define CHAIN_ENTRIES 64
/* Destinations for a component that somebody else wrote. */
#define COMPONENT_ADDRESSES 64
/* Table entries per transaction. */
#define ENTRIES_PER_COMMIT 4096

static struct {
	struct bench_case cases[64];
	unsigned int nb;
} list;

/* The list */

static void
add_case(enum bench_kind kind, uint32_t nb_entries, unsigned int nb_outputs, const char *name)
{
	for (unsigned int cold = 0; cold < 2; cold++) {
		struct bench_case *c = &list.cases[list.nb++];

		*c = (struct bench_case){.kind = kind,
					 .nb_entries = nb_entries,
					 .nb_outputs = nb_outputs,
					 .cold = cold};
		snprintf(c->name, sizeof(c->name), "%s%s", name, cold ? " cold" : "");
	}
}

static void
add_classifiers(void)
{
	static const struct {
		uint32_t nb;
		const char *name;
	} entries[] = {{2, "2"},     {16, "16"},     {64, "64"},
		       {1000, "1k"}, {64000, "64k"}, {1000000, "1M"}};
	static const unsigned int outputs[] = {2, 4, 16};
	char name[58];

	for (unsigned int e = 0; e < RTE_DIM(entries); e++)
		for (unsigned int o = 0; o < RTE_DIM(outputs); o++) {
			if (entries[e].nb < outputs[o])
				continue;
			snprintf(name, sizeof(name), "classifier %sx%u", entries[e].name,
				 outputs[o]);
			add_case(BENCH_CLASSIFIER, entries[e].nb, outputs[o], name);
		}
}

unsigned int
cases_list(const struct bench_component *component, const struct bench_case **cases)
{
	char name[58];

	list.nb = 0;
	*cases = list.cases;
	if (component->type != NULL) {
		snprintf(name, sizeof(name), "%.40s 1-%u", component->type, component->nb_outputs);
		add_case(BENCH_COMPONENT, COMPONENT_ADDRESSES, component->nb_outputs, name);
		return list.nb;
	}
	add_case(BENCH_FORWARD, 1, 1, "forward ring-ring");
	add_case(BENCH_MERGE, 1, 1, "merge 4-1");
	add_classifiers();
	add_case(BENCH_CHAIN, CHAIN_ENTRIES, 1, "chain");
	return list.nb;
}

/* Patches */

/* A component from rings rx .. rx+nb_rx-1 to rings tx .. tx+nb_tx-1. */
static int
patch(const char *name, const char *type, unsigned int rx, unsigned int nb_rx, unsigned int tx,
      unsigned int nb_tx)
{
	int rc = testbed_add(name, type, NULL, 0);

	for (unsigned int i = 0; rc == 0 && i < nb_rx; i++)
		rc = testbed_attach(name, rx + i, SPP_RX);
	for (unsigned int i = 0; rc == 0 && i < nb_tx; i++)
		rc = testbed_attach(name, tx + i, SPP_TX);
	return rc;
}

/* Address i belongs to ring 1 + i % nb_outputs. */
static int
add_entries(uint32_t nb_entries, unsigned int nb_outputs)
{
	char mac_text[MAC_SIZE], line[96];
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < nb_entries; i++) {
		uint8_t mac[6];

		traffic_address(i, mac);
		snprintf(line, sizeof(line), "classifier_table add mac %s ring:%u",
			 mac_format(mac, mac_text), 1 + i % nb_outputs);
		rc = testbed_command(line);
		if (rc == 0 && i % ENTRIES_PER_COMMIT == ENTRIES_PER_COMMIT - 1)
			rc = testbed_commit_part();
	}
	return rc;
}

static int
patch_classifier(uint32_t nb_entries, unsigned int nb_outputs)
{
	int rc = patch("classifier", "classifier", 0, 1, 1, nb_outputs);

	return rc != 0 ? rc : add_entries(nb_entries, nb_outputs);
}

static int
patch_chain(uint32_t nb_entries)
{
	int rc = patch("classifier", "classifier", 0, 1, 1, 2);

	if (rc == 0)
		rc = add_entries(nb_entries, 2);
	if (rc == 0)
		rc = patch("forward1", "forward", 1, 1, 3, 1);
	if (rc == 0)
		rc = patch("forward2", "forward", 2, 1, 4, 1);
	if (rc == 0)
		rc = patch("merge", "merge", 3, 2, 5, 1);
	return rc;
}

static int
patch_component(const struct bench_component *component)
{
	int rc = testbed_add("component", component->type, component->options,
			     component->nb_options);

	if (rc == 0)
		rc = testbed_attach("component", 0, SPP_RX);
	for (unsigned int o = 0; rc == 0 && o < component->nb_outputs; o++)
		rc = testbed_attach("component", 1 + o, SPP_TX);
	for (unsigned int i = 0; rc == 0 && i < component->nb_commands; i++)
		rc = testbed_command(component->commands[i]);
	return rc;
}

/* The rings between which the packets of a case travel. */
static int
fill_rings(const struct bench_case *what, struct path *path)
{
	unsigned int first_out = 1;
	int rc = 0;

	path->nb_in = what->kind == BENCH_MERGE ? MERGE_INPUTS : 1;
	path->nb_out = what->nb_outputs;
	path->by_address = what->kind == BENCH_CLASSIFIER;
	if (what->kind == BENCH_MERGE)
		first_out = MERGE_INPUTS;
	else if (what->kind == BENCH_CHAIN)
		first_out = 5;
	for (unsigned int i = 0; rc == 0 && i < path->nb_in; i++)
		rc = testbed_ring(i, &path->in[i]);
	for (unsigned int o = 0; rc == 0 && o < path->nb_out; o++)
		rc = testbed_ring(first_out + o, &path->out[o]);
	return rc;
}

static const char *
entry_name(const struct bench_case *what)
{
	static const char *const names[] = {[BENCH_FORWARD] = "forward",
					    [BENCH_MERGE] = "merge",
					    [BENCH_CLASSIFIER] = "classifier",
					    [BENCH_CHAIN] = "classifier",
					    [BENCH_COMPONENT] = "component"};

	return names[what->kind];
}

static int
patch_case(const struct bench_case *what, const struct bench_component *component)
{
	switch (what->kind) {
	case BENCH_FORWARD:
		return patch("forward", "forward", 0, 1, 1, 1);
	case BENCH_MERGE:
		return patch("merge", "merge", 0, MERGE_INPUTS, MERGE_INPUTS, 1);
	case BENCH_CLASSIFIER:
		return patch_classifier(what->nb_entries, what->nb_outputs);
	case BENCH_CHAIN:
		return patch_chain(what->nb_entries);
	default:
		return patch_component(component);
	}
}

int
cases_load(const struct bench_case *what, const struct bench_component *component)
{
	static const char *const chain[] = {"classifier", "forward", "merge"};
	int rc = testbed_load("ring");

	if (what->kind == BENCH_COMPONENT)
		return rc != 0 ? rc : testbed_load(component->type);
	if (what->kind != BENCH_CHAIN)
		return rc != 0 ? rc : testbed_load(entry_name(what));
	for (unsigned int i = 0; rc == 0 && i < RTE_DIM(chain); i++)
		rc = testbed_load(chain[i]);
	return rc;
}

/* Running */

/* A component of a third party may drop on purpose; a drop in a case of ours would flatter the
 * figure. */
static int
check_path(const struct bench_case *what, const struct path *path, uint64_t nb_drops)
{
	if (path->nb_misplaced > 0)
		return fail(-EPROTO, "%s: %" PRIu64 " packets came out of the wrong ring",
			    path->name, path->nb_misplaced);
	if (what->kind != BENCH_COMPONENT && path->nb_fed != path->nb_collected)
		return fail(-EPROTO,
			    "%s: %" PRIu64 " packets went in, %" PRIu64 " came out, %" PRIu64
			    " were dropped",
			    path->name, path->nb_fed, path->nb_collected, nb_drops);
	return 0;
}

static bool
is_classifier(const struct bench_case *what)
{
	return what->kind == BENCH_CLASSIFIER;
}

/* One component that only moves packets, or a classifier. */
static bool
has_floor(const struct bench_case *what)
{
	return what->kind != BENCH_CHAIN && what->kind != BENCH_COMPONENT;
}

static void
fill_row(struct bench_row *row, const struct bench_case *what, const struct figure *figures,
	 double ratio)
{
	row->what = what;
	row->ours = figures[0];
	row->baseline = figures[1];
	row->floor = figures[2];
	row->has_floor = has_floor(what);
	row->baseline_name = is_classifier(what) ? "rte_hash" : "raw ring";
	/* The ratio of a classifier says how many times faster than the baseline it is. */
	row->ratio = is_classifier(what) ? 1 / ratio : ratio;
}

static int
measure_case(const struct bench_case *what, const struct measure_options *options,
	     struct path *ours, struct bench_row *row)
{
	struct path baseline = *ours, floor = *ours;
	struct path *const paths[] = {ours, &baseline, &floor};
	struct figure figures[RTE_DIM(paths)] = {0};
	struct traffic traffic;
	double ratio = 1;
	int rc = 0;

	baseline_ring(&baseline);
	if (is_classifier(what))
		baseline_floor(&floor);
	else
		baseline_move(&floor);
	testbed_path(ours, what->kind == BENCH_CHAIN ? 3 : 1);
	if (is_classifier(what)) {
		baseline = *ours;
		rc = baseline_obvious(&baseline, what->nb_entries);
		if (rc != 0)
			return rc;
	}
	rc = traffic_init(&traffic, what->cold ? BENCH_PKTS_COLD : BENCH_PKTS_HOT,
			  what->nb_entries);
	if (rc == 0) {
		rc = measure(&traffic, paths, has_floor(what) ? 3 : 2, options, figures, &ratio);
		traffic_fini(&traffic);
	}
	if (rc == 0)
		rc = testbed_check(ours, entry_name(what),
				   what->kind == BENCH_CHAIN ? "merge" : entry_name(what),
				   &row->nb_drops);
	for (unsigned int i = 0; rc == 0 && i < RTE_DIM(paths); i++)
		rc = check_path(what, paths[i], i == 0 ? row->nb_drops : 0);
	fill_row(row, what, figures, ratio);
	row->nb_pkts = ours->nb_fed;
	if (is_classifier(what))
		baseline_obvious_fini(&baseline);
	return rc;
}

int
cases_run(const struct bench_case *what, const struct bench_component *component,
	  const struct measure_options *options, struct bench_row *row)
{
	struct path path = {0};
	int rc, rc_clear;

	*row = (struct bench_row){0};
	testbed_begin(what->cold);
	rc = patch_case(what, component);
	if (rc != 0) {
		testbed_abort();
		testbed_clear();
		return rc;
	}
	rc = testbed_commit();
	if (rc == 0)
		rc = fill_rings(what, &path);
	if (rc == 0)
		rc = measure_case(what, options, &path, row);
	rc_clear = testbed_clear();
	return rc != 0 ? rc : rc_clear;
}
