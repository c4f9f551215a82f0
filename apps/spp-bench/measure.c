/* SPDX-License-Identifier: BSD-3-Clause */
/* Rounds, repetitions, medians.  Feeding and collecting packets is not timed. */

#include <errno.h>
#include <stdlib.h>

#include <rte_cycles.h>

#include "bench.h"
#include "error.h"

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, unsigned int nb)
{
	qsort(values, nb, sizeof(values[0]), compare);
	return nb % 2 ? values[nb / 2] : (values[nb / 2 - 1] + values[nb / 2]) / 2;
}

/* All packets through the path once; cycles per packet. */
static int
measure_round(struct traffic *traffic, struct path *path, double *cycles)
{
	uint64_t begin, end;
	uint32_t nb;
	int rc = traffic_renew(traffic);

	if (rc != 0)
		return rc;
	nb = traffic->nb;
	traffic_feed(traffic, path);
	begin = rte_rdtsc_precise();
	path->run(path->state, nb);
	end = rte_rdtsc_precise();
	traffic_collect(traffic, path);
	*cycles = (double)(end - begin) / nb;
	return 0;
}

/* The median round: a round that the operating system interrupted does not count. */
static int
measure_repetition(struct traffic *traffic, struct path *path, unsigned int nb_rounds,
		   double *rounds, double *cycles)
{
	/* The first rounds train caches and predictors that another path has used. */
	for (unsigned int i = 0; i < 2; i++) {
		int rc = measure_round(traffic, path, cycles);

		if (rc != 0)
			return rc;
	}
	for (unsigned int i = 0; i < nb_rounds; i++) {
		int rc = measure_round(traffic, path, &rounds[i]);

		if (rc != 0)
			return rc;
	}
	*cycles = median(rounds, nb_rounds);
	return 0;
}

static void
summarise(double *cycles, unsigned int nb, struct figure *figure)
{
	figure->median = median(cycles, nb);
	figure->min = cycles[0];
	figure->max = cycles[nb - 1];
}

/* The median of the ratios of figures taken within milliseconds of each other: a CPU that changes
 * its clock between repetitions changes both figures of a repetition. */
static double
median_ratio(const double *ours, const double *baseline, unsigned int nb, double *ratios)
{
	for (unsigned int r = 0; r < nb; r++)
		ratios[r] = ours[r] / baseline[r];
	return median(ratios, nb);
}

int
measure(struct traffic *traffic, struct path *const *paths, unsigned int nb_paths,
	const struct measure_options *options, struct figure *figures, double *ratio)
{
	unsigned int nb_rounds = RTE_MAX(options->pkts_per_repetition / traffic->nb_max, 3u);
	unsigned int nb = options->repetitions;
	double *rounds = calloc(nb_rounds, sizeof(*rounds));
	double *cycles = calloc((size_t)(nb_paths + 1) * nb, sizeof(*cycles));
	int rc = 0;

	if (rounds == NULL || cycles == NULL) {
		rc = fail(-ENOMEM, "no memory for %u figures", nb_rounds + nb_paths * nb);
		goto out;
	}
	for (unsigned int r = 0; r < nb; r++)
		for (unsigned int p = 0; p < nb_paths; p++) {
			rc = measure_repetition(traffic, paths[p], nb_rounds, rounds,
						&cycles[p * nb + r]);
			if (rc != 0)
				goto out;
		}
	*ratio = median_ratio(&cycles[0], &cycles[nb], nb, &cycles[nb_paths * nb]);
	for (unsigned int p = 0; p < nb_paths; p++)
		summarise(&cycles[p * nb], nb, &figures[p]);
out:
	free(rounds);
	free(cycles);
	return rc;
}
