/* SPDX-License-Identifier: BSD-3-Clause */
/* spp-bench: the command line, the table, the JSON. */

#include <errno.h>
#include <fnmatch.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>
#include <rte_cycles.h>

#include "bench.h"
#include "decimal.h"
#include "error.h"
#include "load.h"
#include "optscan.h"
#include "plugin.h"
#include "plugin_dir.h"

#define COLUMN 25
#define NESTED_INDENT 2
#define TEXT(macro) TEXT_OF(macro)
#define TEXT_OF(text) #text

enum { EXIT_USAGE = 2 };

enum {
	OPT_LIST = USAGE_OWN,
	OPT_CASE,
	OPT_REPETITIONS,
	OPT_QUICK,
	OPT_JSON,
	OPT_HUGE,
	OPT_PLUGIN_DIR,
	OPT_COMPONENT,
	OPT_OUTPUTS,
	OPT_OPTION,
	OPT_COMMAND,
	OPT_HELP,
};

static const struct usage_option usage_options[] = {
	{OPT_LIST, "list", NULL, "list the cases and exit"},
	{OPT_CASE, "case", "PATTERN", "only cases that match, with * and ?; may be repeated"},
	{OPT_REPETITIONS, "repetitions", "N", "1.." TEXT(BENCH_REPETITIONS_MAX) ", default 11"},
	{OPT_QUICK, "quick", NULL,
	 "smoke run: one short repetition, tables up to 1k\n"
	 "entries; its figures mean nothing"},
	{OPT_JSON, "json", NULL, "a JSON list on standard output instead of the table"},
	{OPT_HUGE, "huge", NULL,
	 "use hugepages, 512 MB of them; ordinary pages cost the\n"
	 "cold cases a good part of their cycles"},
	{OPT_PLUGIN_DIR, "plugin-dir", "DIR", "where the plugins are; default: as installed"},
	{OPT_COMPONENT, "component", "NAME",
	 "benchmark component plugin NAME: rx port ring:0, tx\n"
	 "ports ring:1 .. ring:N"},
	{OPT_OUTPUTS, "outputs", "N", "1.." TEXT(BENCH_OUTPUTS_MAX) ", default 1"},
	{OPT_OPTION, "option", "NAME=VALUE", "option of the component; may be repeated"},
	{OPT_COMMAND, "command", "LINE", "command to run when it is patched; may be repeated"},
	{OPT_HELP, "help", NULL, "this text"},
};

/* Options that need --component are indented below it. */
static unsigned int
indent(const struct usage_option *option)
{
	return option->id >= OPT_OUTPUTS && option->id <= OPT_COMMAND ? NESTED_INDENT : 0;
}

static const struct usage usage = {
	.program = "spp-bench",
	.head = "Usage: spp-bench [OPTION...] [-- EAL-OPTION...]\n"
		"Cycles per packet of the plugins, through the real plan and worker loop on one\n"
		"lcore, beside baselines measured in the same run.\n"
		"\n",
	.tail = "\n"
		"Exit status: 0 all cases passed, 1 a case failed (its packets did not add up,\n"
		"or it could not be set up), 2 wrong usage.  See docs/benchmark.md.\n",
	.column = COLUMN,
	.indent = indent,
	.nb_options = RTE_DIM(usage_options),
	.options = usage_options,
};

struct settings {
	const char *plugin_dir;
	const char *patterns[32];
	unsigned int nb_patterns;
	bool huge, list, json, quick;
	struct measure_options measure;
	struct bench_component component;
	char **eal_args;
	unsigned int nb_eal_args;
};

/* Command line */

static int
usage_error(const char *fmt, const char *value)
{
	fprintf(stderr, "spp-bench: ");
	fprintf(stderr, fmt, value);
	fprintf(stderr, "; see spp-bench --help\n");
	return -EINVAL;
}

static int
parse_number(const char *option, const char *text, unsigned int max, unsigned int *value)
{
	uint64_t number = 0;
	const char *end = decimal_read(text, max, &number);

	if (end == NULL || *end != '\0' || number < 1) {
		fprintf(stderr, "spp-bench: %s: '%s' is not a number from 1 to %u\n", option, text,
			max);
		return -EINVAL;
	}
	*value = (unsigned int)number;
	return 0;
}

static int
append(const char **array, unsigned int max, unsigned int *nb, const char *value)
{
	if (*nb == max)
		return usage_error("'%s' is one too many of its kind", value);
	array[(*nb)++] = value;
	return 0;
}

static int
take_option(struct settings *s, int id, const char *value)
{
	struct bench_component *c = &s->component;

	switch (id) {
	case OPT_CASE:
		return append(s->patterns, RTE_DIM(s->patterns), &s->nb_patterns, value);
	case OPT_COMMAND:
		return append(c->commands, RTE_DIM(c->commands), &c->nb_commands, value);
	case OPT_COMPONENT:
		c->type = value;
		return 0;
	case OPT_HELP:
		usage_print(&usage, stdout);
		exit(EXIT_SUCCESS);
	case OPT_HUGE:
		s->huge = true;
		return 0;
	case OPT_JSON:
		s->json = true;
		return 0;
	case OPT_LIST:
		s->list = true;
		return 0;
	case OPT_OPTION:
		return append(c->options, RTE_DIM(c->options), &c->nb_options, value);
	case OPT_OUTPUTS:
		return parse_number("--outputs", value, BENCH_OUTPUTS_MAX, &c->nb_outputs);
	case OPT_PLUGIN_DIR:
		s->plugin_dir = value;
		return 0;
	case OPT_QUICK:
		s->quick = true;
		return 0;
	case OPT_REPETITIONS:
		return parse_number("--repetitions", value, BENCH_REPETITIONS_MAX,
				    &s->measure.repetitions);
	case OPTSCAN_WORD:
		return usage_error("unexpected '%s'", value);
	default:
		return -EINVAL; /* getopt_long() has said why */
	}
}

static int
parse_command_line(int argc, char **argv, struct settings *s)
{
	struct optscan scan;
	int id, rc = 0;

	optscan_begin(&scan, &usage, OPTSCAN_GETOPT_SAYS, argc, argv);
	while (rc == 0 && (id = optscan_next(&scan)) != OPTSCAN_END && id != OPTSCAN_REST)
		rc = take_option(s, id, scan.value);
	if (rc != 0)
		return rc;
	if (s->component.type == NULL &&
	    s->component.nb_outputs + s->component.nb_options + s->component.nb_commands > 0)
		return usage_error("%s need --component", "--outputs, --option and --command");
	if (s->component.nb_outputs == 0)
		s->component.nb_outputs = 1;
	if (s->measure.repetitions == 0)
		s->measure.repetitions = s->quick ? 1 : 11;
	s->measure.pkts_per_repetition = s->quick ? 1 : 1 << 18;
	s->eal_args = &argv[scan.next];
	s->nb_eal_args = argc - scan.next;
	return 0;
}

static bool
is_wanted(const struct bench_case *what, const struct settings *s)
{
	if (s->quick && what->nb_entries > 1000)
		return false;
	for (unsigned int i = 0; i < s->nb_patterns; i++)
		if (fnmatch(s->patterns[i], what->name, 0) == 0)
			return true;
	return s->nb_patterns == 0;
}

/* Output */

static json_t *
number(double value)
{
	return json_real(round(value * 1000) / 1000);
}

static json_t *
row_json(const struct bench_row *row)
{
	json_t *o = json_pack("{s:s, s:o, s:s, s:o, s:o}", "case", row->what->name,
			      "cycles_per_packet", number(row->ours.median), "baseline",
			      row->baseline_name, "baseline_cycles_per_packet",
			      number(row->baseline.median), "ratio", number(row->ratio));

	json_object_set_new(o, "min", number(row->ours.min));
	json_object_set_new(o, "max", number(row->ours.max));
	json_object_set_new(o, "baseline_min", number(row->baseline.min));
	json_object_set_new(o, "baseline_max", number(row->baseline.max));
	if (row->has_floor)
		json_object_set_new(o, "floor_cycles_per_packet", number(row->floor.median));
	json_object_set_new(o, "packets", json_integer((json_int_t)row->nb_pkts));
	json_object_set_new(o, "dropped", json_integer((json_int_t)row->nb_drops));
	return o;
}

static void
print_header(void)
{
	printf("TSC cycles per packet: median (min..max).  TSC %.0f MHz.\n"
	       "ratio: ours / raw ring, for a classifier rte_hash / ours.  "
	       "floor: the rings alone, for a classifier reading the destination.\n\n",
	       (double)rte_get_tsc_hz() / 1e6);
	printf("%-26s %25s  %-9s %25s %6s %6s\n", "case", "spp", "baseline", "", "ratio", "floor");
}

static void
print_figure(const struct figure *figure)
{
	printf(" %7.2f (%6.2f..%7.2f)", figure->median, figure->min, figure->max);
}

static void
print_row(const struct bench_row *row)
{
	printf("%-26s", row->what->name);
	print_figure(&row->ours);
	printf("  %-9s", row->baseline_name);
	print_figure(&row->baseline);
	printf(" %6.2f", row->ratio);
	if (row->has_floor)
		printf(" %6.2f", row->floor.median);
	if (row->nb_drops > 0)
		printf("  %.1f %% dropped", 100.0 * row->nb_drops / row->nb_pkts);
	printf("\n");
	fflush(stdout);
}

static int
print_list(const struct settings *s, const struct bench_case *cases, unsigned int nb)
{
	for (unsigned int i = 0; i < nb; i++)
		if (is_wanted(&cases[i], s))
			puts(cases[i].name);
	return EXIT_SUCCESS;
}

static int
run_cases(const struct settings *s, const struct bench_case *cases, unsigned int nb)
{
	json_t *rows = json_array();
	int status = EXIT_SUCCESS;

	if (!s->json)
		print_header();
	for (unsigned int i = 0; i < nb; i++) {
		struct bench_row row;
		int rc;

		if (!is_wanted(&cases[i], s))
			continue;
		fprintf(stderr, "spp-bench: %s\n", cases[i].name);
		rc = cases_run(&cases[i], &s->component, &s->measure, &row);
		if (rc != 0) {
			fprintf(stderr, "spp-bench: %s failed: %s\n", cases[i].name,
				error_sentence(rc));
			status = EXIT_FAILURE;
			break;
		}
		if (s->json)
			json_array_append_new(rows, row_json(&row));
		else
			print_row(&row);
	}
	if (s->json) {
		json_dumpf(rows, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
		putchar('\n');
	}
	json_decref(rows);
	return status;
}

static int
start(const struct settings *s, const struct bench_case *cases, unsigned int nb)
{
	int rc = plugin_set_dir(s->plugin_dir);

	for (unsigned int i = 0; rc == 0 && i < nb; i++)
		if (is_wanted(&cases[i], s))
			rc = cases_load(&cases[i], &s->component);
	return rc != 0 ? rc : testbed_start(s->huge, s->eal_args, s->nb_eal_args);
}

int
main(int argc, char **argv)
{
	struct settings s = {.plugin_dir = plugin_dir_default()};
	const struct bench_case *cases;
	unsigned int nb, nb_wanted = 0;
	int rc, status;

	if (parse_command_line(argc, argv, &s) != 0)
		return EXIT_USAGE;
	nb = cases_list(&s.component, &cases);
	for (unsigned int i = 0; i < nb; i++)
		nb_wanted += is_wanted(&cases[i], &s);
	if (nb_wanted == 0) {
		usage_error("%s: no case matches", "--case");
		return EXIT_USAGE;
	}
	if (s.list)
		return print_list(&s, cases, nb);
	rc = start(&s, cases, nb);
	if (rc != 0) {
		fprintf(stderr, "spp-bench: %s\n", error_sentence(rc));
		return EXIT_FAILURE;
	}
	status = run_cases(&s, cases, nb);
	testbed_stop();
	return status;
}
