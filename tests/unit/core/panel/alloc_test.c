/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that runs out anywhere: over a random session, each allocation of each command fails once.
 * A command that is refused leaves everything as it was, and nothing is freed twice or lost.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include "core/test_panel.h"

#include "args.h"
#include "group.h"
#include "host.h"
#include "lcore_verbs.h"
#include "status.h"

#define COMMANDS 1500
#define PORTS 6

/* Allocations: the linker sends those of the panel here.  The n-th from now fails, 0: none does. */

static unsigned int fails_in;

static bool
is_its_turn(void)
{
	return fails_in > 0 && --fails_in == 0;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t nb, size_t size);
void *__wrap_calloc(size_t nb, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
void *__real_mem_zalloc(size_t size, int node);
void *__wrap_mem_zalloc(size_t size, int node);

void *
__wrap_malloc(size_t size)
{
	return is_its_turn() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t nb, size_t size)
{
	return is_its_turn() ? NULL : __real_calloc(nb, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return is_its_turn() ? NULL : __real_realloc(old, size);
}

char *
__wrap_strdup(const char *text)
{
	return is_its_turn() ? NULL : __real_strdup(text);
}

void *
__wrap_mem_zalloc(size_t size, int node)
{
	return is_its_turn() ? NULL : __real_mem_zalloc(size, node);
}

/* Verbs of the test: groups, and a table that is changed as a plugin changes it. */

#define SLOTS 4

static const struct spp_host *host;
static int *table[SLOTS];

struct slot_change {
	unsigned int slot;
	int *old, *new;
	bool is_undone;
};

static void
undo_slot(void *arg)
{
	struct slot_change *change = arg;

	table[change->slot] = change->old;
	change->is_undone = true;
}

static void
release_slot(void *arg)
{
	struct slot_change *change = arg;

	free(change->is_undone ? change->new : change->old);
	free(change);
}

static int
run_table(const struct spp_args *args, struct spp_reply *reply)
{
	struct slot_change *change = calloc(1, sizeof(*change));
	uint64_t slot = 0, value = 0;
	int rc;

	(void)reply;
	if (change == NULL || args_u64(args, "slot", &slot) != 0 ||
	    args_u64(args, "value", &value) != 0) {
		free(change);
		return -ENOMEM;
	}
	change->slot = (unsigned int)slot;
	change->is_undone = true;
	change->new = malloc(sizeof(*change->new));
	rc = change->new == NULL ? -ENOMEM : host->defer(host, release_slot, change);
	if (rc != 0) {
		free(change->new);
		free(change);
		return rc;
	}
	rc = host->undo(host, undo_slot, change);
	if (rc != 0)
		return rc;
	*change->new = (int)value;
	change->old = table[slot];
	change->is_undone = false;
	table[slot] = change->new;
	return 0;
}

static int
run_group(const struct spp_args *args, struct spp_reply *reply)
{
	struct spp_component *c = panel_find(args_str(args, "component name"));
	uint64_t group = 0, mask = 0;
	uint16_t outputs[8], nb = 0;

	(void)reply;
	if (args_u64(args, "group", &group) != 0 || args_u64(args, "mask", &mask) != 0)
		return -EINVAL;
	for (uint16_t i = 0; i < RTE_DIM(outputs); i++)
		if (mask >> i & 1)
			outputs[nb++] = i;
	return c == NULL ? -ENOENT : group_set(c, (uint16_t)group, outputs, nb);
}

static int
setup(void **state)
{
	static const struct spp_verb verbs[] = {
		{"table <slot:UNSIGNED_INT> <value:UNSIGNED_INT>", "", run_table},
		{"group <component name:NAME> <group:UNSIGNED_INT> <mask:UNSIGNED_INT>", "",
		 run_group},
	};

	lcore_quiesce_ms = 1;
	host = host_create(log_core);
	if (panel_setup(state) != 0 || lcore_verbs_add() != 0 || status_init(-1, NULL, 0) != 0)
		return -1;
	return dispatch_add("test", &verbs[0]) != 0 ? -1 : dispatch_add("test", &verbs[1]);
}

static int
teardown(void **state)
{
	host_destroy(host);
	return panel_teardown(state);
}

/* The session */

static unsigned int
pick_below(unsigned int limit)
{
	return (unsigned int)rand() % limit;
}

static void
random_port(char *line, size_t size)
{
	static const char *const vlans[] = {"", "", " del_vlantag", " add_vlantag 5 1",
					    " add_vlantag 6 2"};
	bool is_add = pick_below(3) > 0;

	snprintf(line, size, "port %s mem:%u %s %c%s", is_add ? "add" : "del", pick_below(PORTS),
		 pick_below(2) ? "rx" : "tx", 'a' + pick_below(3),
		 is_add ? vlans[pick_below(RTE_DIM(vlans))] : "");
}

static void
random_command(char *line, size_t size)
{
	char name = 'a' + pick_below(3);

	switch (pick_below(12)) {
	case 0:
	case 1:
		snprintf(line, size, "component start %c %u %s", name, PANEL_LCORE + pick_below(2),
			 pick_below(3) ? "pick" : "pass");
		break;
	case 2:
		snprintf(line, size, "component stop %c", name);
		break;
	case 3:
	case 4:
		snprintf(line, size, "group %c %u %u", name, pick_below(6), pick_below(32));
		break;
	case 5:
		snprintf(line, size, "table %u %u", pick_below(SLOTS), pick_below(1000));
		break;
	case 6:
		snprintf(line, size, "idle 3 %s", pick_below(2) ? "busy" : "yield");
		break;
	default:
		random_port(line, size);
	}
}

/* Both workers make a pass: nobody sees any more what is gone. */
static void
pass_and_reap(void)
{
	for (int i = 0; i < 2; i++) {
		worker_online(panel_worker[i]);
		worker_pass(panel_worker[i]);
		worker_offline(panel_worker[i]);
	}
	txn_reap();
}

static void
send_and_check_balance(void)
{
	static const uint16_t outputs[] = {0, 1, 2, 3, 9, SPP_GROUP(1), SPP_GROUP(4), SPP_DROP(1)};

	for (unsigned int i = 0; i < PORTS; i++)
		for (unsigned int n = mem_ports[i].open ? pick_below(4) : 0; n > 0; n--)
			panel_put(&mem_ports[i].rx[0], outputs[pick_below(RTE_DIM(outputs))], 1);
	pass_and_reap();
	for (unsigned int i = 0; i < PORTS; i++) {
		struct mem_queue *q[] = {&mem_ports[i].tx[0], &mem_ports[i].rx[0]};

		for (unsigned int k = 0; k < RTE_DIM(q); k++) {
			rte_pktmbuf_free_bulk(q[k]->pkts, q[k]->nb);
			q[k]->nb = 0;
		}
		q[0]->room = 2;
	}
	for (const struct spp_component *c = panel_first(); c != NULL; c = c->next)
		panel_assert_balance(c);
}

/* What a user and a worker see of the panel. */
struct picture {
	char *status;
	const int *table[SLOTS];
	const struct component_group *groups[3][8];
};

static void
take_picture(struct picture *picture)
{
	*picture = (struct picture){.status = dispatch_run("status")};
	memcpy(picture->table, table, sizeof(table));
	for (unsigned int i = 0; i < 3; i++) {
		const struct spp_component *c = panel_find((char[]){'a' + i, '\0'});

		for (uint16_t g = 0; c != NULL && g < RTE_MIN(c->nb_groups, 8); g++)
			picture->groups[i][g] = c->groups[g];
	}
}

static void
assert_as_before(const char *line, const struct picture *before)
{
	struct picture now;

	take_picture(&now);
	if (strcmp(now.status, before->status) != 0)
		print_error("'%s' was refused and has changed\n%sto\n%s", line, before->status,
			    now.status);
	assert_string_equal(now.status, before->status);
	assert_memory_equal(now.table, before->table, sizeof(now.table));
	assert_memory_equal(now.groups, before->groups, sizeof(now.groups));
	free(now.status);
}

/* Run the command with its n-th allocation failing.  True if that allocation was made and the
 * command was refused. */
static bool
is_refused_without(unsigned int n, const char *line, bool is_stuck)
{
	struct picture before;
	bool is_refused, is_reached;
	char *reply;

	take_picture(&before);
	if (is_stuck)
		worker_online(panel_worker[0]); /* and makes no pass */
	fails_in = n;
	reply = dispatch_run(line);
	is_reached = fails_in == 0;
	fails_in = 0;
	is_refused = reply == NULL || strstr(reply, "\"error\"") != NULL;
	free(reply);
	pass_and_reap();
	if (is_refused)
		assert_as_before(line, &before);
	free(before.status);
	return is_refused && is_reached;
}

static void
each_allocation_of_a_session_may_fail(void **state)
{
	unsigned int nb_refused = 0;

	(void)state;
	srand(18);
	for (unsigned int i = 0; i < COMMANDS; i++) {
		bool is_stuck = pick_below(20) == 0;
		char line[96];

		random_command(line, sizeof(line));
		for (unsigned int n = 1; is_refused_without(n, line, is_stuck); n++)
			nb_refused++;
		send_and_check_balance();
	}
	assert_true(nb_refused > 4 * COMMANDS);
	for (unsigned int i = 0; i < SLOTS; i++)
		free(table[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(each_allocation_of_a_session_may_fail, panel_reset),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
