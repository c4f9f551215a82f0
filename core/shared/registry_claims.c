/* SPDX-License-Identifier: BSD-3-Clause */
/* Who uses which port in which direction, with the counters of claims and ports.  All is read and
 * changed under the lock, but the counters of a live claim: the worker of its owner writes
 * those. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "registry_claims.h"
#include "registry_table.h"

static struct registry_claim *
find_claim(const char *res_uid, uint16_t dir)
{
	for (unsigned int i = 0; i < REGISTRY_CLAIMS_MAX; i++) {
		struct registry_claim *claim = &registry.shared->claims[i];

		if (claim->is_used && claim->dir == dir && strcmp(claim->res_uid, res_uid) == 0)
			return claim;
	}
	return NULL;
}

static struct registry_claim *
free_claim(void)
{
	for (unsigned int i = 0; i < REGISTRY_CLAIMS_MAX; i++)
		if (!registry.shared->claims[i].is_used)
			return &registry.shared->claims[i];
	return NULL;
}

/* Totals: they outlive the claims that they sum up, until another port needs their place. */

static struct registry_total *
find_total(const char *res_uid, uint16_t dir)
{
	for (unsigned int i = 0; i < REGISTRY_TOTALS_MAX; i++) {
		struct registry_total *total = &registry.shared->totals[i];

		if (total->is_used && total->dir == dir && strcmp(total->res_uid, res_uid) == 0)
			return total;
	}
	return NULL;
}

/* The claim that counts for it now; NULL: nobody uses the port. */
static const struct registry_claim *
claim_of(const struct registry_total *total)
{
	const struct registry_claim *held = &registry.shared->claims[total->claim];

	return held->is_used && held->dir == total->dir &&
			       strcmp(held->res_uid, total->res_uid) == 0
		       ? held
		       : NULL;
}

/* True if status shows zeros for it: forgetting it changes nothing. */
static bool
shows_zero(const struct registry_total *total)
{
	return total->gone.packets == total->cleared.packets &&
	       total->gone.dropped == total->cleared.dropped;
}

static bool
is_more_dispensable(const struct registry_total *total, const struct registry_total *than)
{
	if (than == NULL || shows_zero(total) != shows_zero(than))
		return than == NULL || shows_zero(total);
	return total->turn < than->turn;
}

/* A free place, or that of the port whose history is missed least; never that of one in use. */
static struct registry_total *
find_place(void)
{
	struct registry_total *place = NULL;

	for (unsigned int i = 0; i < REGISTRY_TOTALS_MAX; i++) {
		struct registry_total *total = &registry.shared->totals[i];

		if (!total->is_used)
			return total;
		if (claim_of(total) == NULL && is_more_dispensable(total, place))
			place = total;
	}
	return place;
}

static struct registry_total *
add_total(const char *res_uid, uint16_t dir)
{
	struct registry_total *total = find_place();

	if (total == NULL)
		return NULL;
	__atomic_store_n(&total->is_used, false, __ATOMIC_RELEASE);
	total->dir = dir;
	snprintf(total->res_uid, sizeof(total->res_uid), "%s", res_uid);
	total->gone = (struct registry_totals){0};
	total->cleared = (struct registry_totals){0};
	__atomic_store_n(&total->is_used, true, __ATOMIC_RELEASE);
	return total;
}

/* The totals that go with a claim which is to be made. */
static struct registry_total *
prepare_total(const char *res_uid, uint16_t dir, const struct registry_claim *held)
{
	struct registry_total *total = find_total(res_uid, dir);

	if (total == NULL)
		total = add_total(res_uid, dir);
	if (total == NULL)
		return NULL;
	total->claim = held - registry.shared->claims;
	total->turn = ++registry.shared->nb_claimed;
	return total;
}

/* Claims */

static int
claim(const char *res_uid, uint16_t dir, const char *component, struct attachment_stats **stats)
{
	struct registry_claim *held = find_claim(res_uid, dir);

	if (held != NULL)
		return fail_arg(
			"port rxtx",
			"%s is already %s port of component '%s' of client id %d; delete it "
			"there first",
			res_uid, dir == SPP_RX ? "rx" : "tx", held->component, held->owner);
	held = free_claim();
	if (held == NULL || prepare_total(res_uid, dir, held) == NULL)
		return fail(-ENOSPC,
			    "all processes together use %u ports already, the most there "
			    "can be",
			    REGISTRY_CLAIMS_MAX);
	held->stats = (struct attachment_stats){0};
	held->owner = registry.id;
	held->dir = dir;
	snprintf(held->component, sizeof(held->component), "%s", component);
	/* The name makes the claim valid: the name is stored last. */
	snprintf(held->res_uid, sizeof(held->res_uid), "%s", res_uid);
	/* One store makes it valid, for whoever comes after the death of this process. */
	__atomic_store_n(&held->is_used, true, __ATOMIC_RELEASE);
	*stats = &held->stats;
	return 0;
}

int
registry_claim(const char *res_uid, uint16_t dir, const char *component,
	       struct attachment_stats **stats)
{
	int rc;

	registry_lock();
	rc = claim(res_uid, dir, component, stats);
	registry_unlock();
	return rc;
}

static void
give_back(struct registry_claim *held)
{
	struct registry_total *total = find_total(held->res_uid, held->dir);

	if (total != NULL) {
		total->gone.packets += stats_get(&held->stats.packets);
		total->gone.dropped += stats_get(&held->stats.dropped);
	}
	__atomic_store_n(&held->is_used, false, __ATOMIC_RELEASE);
}

void
registry_release(const char *res_uid, uint16_t dir)
{
	struct registry_claim *held;

	registry_lock();
	held = find_claim(res_uid, dir);
	if (held != NULL && held->owner == registry.id)
		give_back(held);
	registry_unlock();
}

/* Sums */

/* True for `TYPE:ID` and for its queues, `TYPE:ID nq Q`. */
static bool
is_of_port(const char *res_uid, const char *name)
{
	size_t len = strlen(name);

	return strncmp(res_uid, name, len) == 0 && (res_uid[len] == '\0' || res_uid[len] == ' ');
}

/* A port and direction has one claim at a time: sum that claim and those given back. */
static void
add_live(const struct registry_total *total, struct registry_totals *sum)
{
	const struct registry_claim *held = claim_of(total);

	sum->packets = total->gone.packets;
	sum->dropped = total->gone.dropped;
	if (held == NULL)
		return;
	sum->packets += stats_get(&held->stats.packets);
	sum->dropped += stats_get(&held->stats.dropped);
}

void
registry_totals(const char *type, uint32_t id, uint16_t dir, struct registry_totals *totals)
{
	char name[RES_UID_SIZE];

	snprintf(name, sizeof(name), "%s:%u", type, id);
	*totals = (struct registry_totals){0};
	registry_lock();
	for (unsigned int i = 0; i < REGISTRY_TOTALS_MAX; i++) {
		const struct registry_total *total = &registry.shared->totals[i];
		struct registry_totals now;

		if (!total->is_used || total->dir != dir || !is_of_port(total->res_uid, name))
			continue;
		add_live(total, &now);
		totals->packets += now.packets - total->cleared.packets;
		totals->dropped += now.dropped - total->cleared.dropped;
	}
	registry_unlock();
}

void
registry_clear_totals(void)
{
	registry_lock();
	for (unsigned int i = 0; i < REGISTRY_TOTALS_MAX; i++)
		if (registry.shared->totals[i].is_used)
			add_live(&registry.shared->totals[i], &registry.shared->totals[i].cleared);
	registry_unlock();
}

void
registry_release_all(int id)
{
	for (unsigned int i = 0; i < REGISTRY_CLAIMS_MAX; i++) {
		struct registry_claim *held = &registry.shared->claims[i];

		if (held->is_used && held->owner == id)
			give_back(held);
	}
}
