/* SPDX-License-Identifier: BSD-3-Clause */
/* The classifier plugin on a host of its own: decisions, table entries, refusals, status. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_mbuf.h>

#include <spp/component.h>
#include <spp/ext/status.h>

#define UNTAGGED (-1)
#define UNTAGGED_GROUP 4095
#define NB_OUTPUTS 16

#define MAC56 "52:54:00:12:34:56"
#define MAC58 "52:54:00:12:34:58"
#define MULTICAST "01:00:5E:00:00:01"
#define BROADCAST "FF:FF:FF:FF:FF:FF"

#define UNKNOWN_MAC SPP_DROP(0)
#define UNKNOWN_VLAN SPP_DROP(1)
#define SHORT_FRAME SPP_DROP(2)

/* The host: one transaction at a time, groups as wanted and as in the plan of the worker */

struct group {
	uint16_t nb;
	uint16_t outputs[NB_OUTPUTS];
};

struct spp_component {
	const char *name;
	void *state;
	void *worker;
	struct group wanted[SPP_GROUP_MAX];
	struct group plan[SPP_GROUP_MAX];
};

struct spp_args {
	const char *action, *vid, *mac, *port;
};

struct spp_reply {
	char *text; /* the members written, an object per line */
	size_t len, size;
	char note[256];
};

struct call {
	void (*fn)(void *arg);
	void *arg;
};

struct calls {
	unsigned int nb, max;
	struct call *call;
};

static struct {
	const struct spp_plugin *plugin;
	const struct spp_status_ext *status;
	bool is_open;
	bool is_touched;
	struct calls undo, defer;
	unsigned int nb_group_calls;
	unsigned int nb_blocks; /* allocated and not freed */
	int fails_in;           /* that many calls that can fail until one does; 0: none does */
	bool fails_for_good;
	char error[256];
	char note[256];
	char log[256];
} host;

static bool
fails_now(void)
{
	if (host.fails_in == 0 || (host.fails_in > 1 && --host.fails_in >= 1))
		return false;
	if (!host.fails_for_good)
		host.fails_in = 0;
	return true;
}

static void
add_call(struct calls *calls, void (*fn)(void *arg), void *arg)
{
	if (calls->nb == calls->max) {
		calls->max = 2 * calls->max + 16;
		calls->call = realloc(calls->call, calls->max * sizeof(calls->call[0]));
		assert_non_null(calls->call);
	}
	calls->call[calls->nb++] = (struct call){fn, arg};
}

static void SPP_PRINTF(3, 4)
	host_log(const struct spp_host *self, uint32_t level, const char *fmt, ...)
{
	va_list ap;

	(void)self;
	(void)level;
	va_start(ap, fmt);
	vsnprintf(host.log, sizeof(host.log), fmt, ap);
	va_end(ap);
}

static int SPP_PRINTF(3, 4) host_fail(const struct spp_host *self, int err, const char *fmt, ...)
{
	va_list ap;

	(void)self;
	va_start(ap, fmt);
	vsnprintf(host.error, sizeof(host.error), fmt, ap);
	va_end(ap);
	return err;
}

static int SPP_PRINTF(3, 4)
	host_fail_arg(const struct spp_host *self, const char *arg, const char *fmt, ...)
{
	int len = snprintf(host.error, sizeof(host.error), "Invalid value (%s): ", arg);
	va_list ap;

	(void)self;
	va_start(ap, fmt);
	vsnprintf(host.error + len, sizeof(host.error) - len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static void *
host_zalloc(const struct spp_host *self, size_t size, int32_t numa_node)
{
	void *mem;

	(void)self;
	(void)numa_node;
	if (fails_now())
		return NULL;
	size = RTE_ALIGN_CEIL(size, 64);
	mem = aligned_alloc(64, size);
	assert_non_null(mem);
	host.nb_blocks++;
	return memset(mem, 0, size);
}

static void
host_free(const struct spp_host *self, void *mem)
{
	(void)self;
	host.nb_blocks -= mem != NULL;
	free(mem);
}

static int
host_defer(const struct spp_host *self, void (*fn)(void *arg), void *arg)
{
	if (fails_now())
		return host_fail(self, -ENOMEM, "no memory to record the change");
	add_call(&host.defer, fn, arg);
	return 0;
}

static int
host_undo(const struct spp_host *self, void (*fn)(void *arg), void *arg)
{
	if (!host.is_open)
		return 0;
	if (fails_now())
		return host_fail(self, -ENOMEM, "no memory to record the change");
	add_call(&host.undo, fn, arg);
	return 0;
}

static int
host_wait_quiescent(const struct spp_host *self)
{
	(void)self;
	return 0;
}

static const char *
host_arg_str(const struct spp_args *args, const char *name)
{
	if (strcmp(name, "action") == 0)
		return args->action;
	if (strcmp(name, "vlan id") == 0)
		return args->vid;
	if (strcmp(name, "mac address") == 0)
		return args->mac;
	assert_string_equal(name, "port");
	return args->port;
}

static int
host_arg_u64(const struct spp_args *args, const char *name, uint64_t *value)
{
	const char *text = host_arg_str(args, name);

	if (text == NULL)
		return -ENOENT;
	*value = strtoull(text, NULL, 10);
	return 0;
}

static int
parse_mac(const char *text, uint8_t mac[6])
{
	return sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", &mac[0], &mac[1], &mac[2],
		      &mac[3], &mac[4], &mac[5]) == 6
		       ? 0
		       : -EINVAL;
}

static int
host_arg_mac(const struct spp_args *args, const char *name, uint8_t mac[6])
{
	if (parse_mac(host_arg_str(args, name), mac) != 0)
		return host_fail_arg(NULL, name, "'%s' is no address", host_arg_str(args, name));
	return 0;
}

static void
append(struct spp_reply *reply, const char *a, const char *b)
{
	size_t need = reply->len + strlen(a) + strlen(b) + 1;

	if (need > reply->size) {
		reply->size = 2 * need;
		reply->text = realloc(reply->text, reply->size);
		assert_non_null(reply->text);
	}
	reply->len += sprintf(reply->text + reply->len, "%s%s", a, b);
}

static void
host_reply_str(struct spp_reply *reply, const char *name, const char *value)
{
	append(reply, strcmp(name, "type") == 0 ? "" : " ", value);
}

static void
host_reply_open(struct spp_reply *reply, const char *name, uint32_t container)
{
	if (container == SPP_REPLY_ARRAY)
		append(reply, name, ":");
	else
		append(reply, "", "\n");
}

static void
host_reply_close(struct spp_reply *reply)
{
	(void)reply;
}

static void SPP_PRINTF(2, 3) host_reply_note(struct spp_reply *reply, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reply->note, sizeof(reply->note), fmt, ap);
	va_end(ap);
}

static const char *
host_component_name(const struct spp_component *self)
{
	return self->name;
}

static int32_t
host_component_numa_node(const struct spp_component *self)
{
	(void)self;
	return SPP_NUMA_ANY;
}

struct group_change {
	struct group *wanted;
	struct group old;
};

static void
undo_group(void *arg)
{
	struct group_change *change = arg;

	*change->wanted = change->old;
}

static int
host_set_group(struct spp_component *self, uint16_t group, const uint16_t *outputs,
	       uint16_t nb_outputs)
{
	struct group_change *change = malloc(sizeof(*change));

	assert_non_null(change);
	assert_true(group < SPP_GROUP_MAX);
	assert_true(nb_outputs <= NB_OUTPUTS);
	*change = (struct group_change){&self->wanted[group], self->wanted[group]};
	add_call(&host.defer, free, change);
	if (fails_now())
		return host_fail(NULL, -ENOMEM, "no memory for group %u", group);
	if (host.is_open)
		add_call(&host.undo, undo_group, change);
	host.nb_group_calls++;
	self->wanted[group].nb = nb_outputs;
	memcpy(self->wanted[group].outputs, outputs, nb_outputs * sizeof(outputs[0]));
	return 0;
}

static void
host_touch(struct spp_component *self)
{
	(void)self;
	host.is_touched = true;
}

static const struct spp_host services = {
	.size = sizeof(services),
	.abi_major = SPP_ABI_MAJOR,
	.abi_minor = SPP_ABI_MINOR,
	.log = host_log,
	.fail = host_fail,
	.fail_arg = host_fail_arg,
	.zalloc = host_zalloc,
	.free = host_free,
	.defer = host_defer,
	.undo = host_undo,
	.wait_quiescent = host_wait_quiescent,
	.arg_str = host_arg_str,
	.arg_u64 = host_arg_u64,
	.arg_mac = host_arg_mac,
	.reply_str = host_reply_str,
	.reply_open = host_reply_open,
	.reply_close = host_reply_close,
	.reply_note = host_reply_note,
	.component_name = host_component_name,
	.component_numa_node = host_component_numa_node,
	.component_set_group = host_set_group,
	.component_touch = host_touch,
};

/* Two classifiers: `a` with tx ports ring:0 .. ring:3, `b` with ring:4 .. ring:6 */

static struct spp_component a = {.name = "a"}, b = {.name = "b"};

static void
txn_begin(void)
{
	host.is_open = true;
	host.is_touched = false;
}

static void
settle(void)
{
	host.is_open = false;
	for (unsigned int i = 0; i < host.defer.nb; i++)
		host.defer.call[i].fn(host.defer.call[i].arg);
	host.defer.nb = 0;
	host.undo.nb = 0;
}

static void
publish_plans(void)
{
	memcpy(a.plan, a.wanted, sizeof(a.plan));
	memcpy(b.plan, b.wanted, sizeof(b.plan));
}

static void
txn_commit(void)
{
	publish_plans();
	settle();
}

static void
txn_abort(void)
{
	host.is_open = false;
	while (host.undo.nb > 0) {
		struct call call = host.undo.call[--host.undo.nb];

		call.fn(call.arg);
	}
	settle();
}

static void
detach(struct spp_component *c, uint16_t dir, uint16_t index, const char *port)
{
	const struct spp_attachment attachment = {.port = port, .dir = dir, .index = index};

	host.plugin->component->detach(c->state, &attachment);
}

struct attachment {
	struct spp_component *c;
	uint16_t dir, index;
	char port[16];
};

static void
undo_attach(void *arg)
{
	const struct attachment *attached = arg;

	detach(attached->c, attached->dir, attached->index, attached->port);
}

static void
attach(struct spp_component *c, uint16_t dir, uint16_t index, const char *port)
{
	const struct spp_attachment attachment = {.port = port, .dir = dir, .index = index};
	struct attachment *attached = malloc(sizeof(*attached));

	assert_non_null(attached);
	*attached = (struct attachment){.c = c, .dir = dir, .index = index};
	snprintf(attached->port, sizeof(attached->port), "%s", port);
	assert_int_equal(host.plugin->component->attach(c->state, &attachment), 0);
	add_call(&host.undo, undo_attach, attached);
	add_call(&host.defer, free, attached);
}

static int
create(struct spp_component *c)
{
	const struct spp_component_ops *ops = host.plugin->component;

	memset(c->wanted, 0, sizeof(c->wanted));
	c->worker = aligned_alloc(64, RTE_ALIGN_CEIL(ops->worker_size, 64));
	assert_non_null(c->worker);
	memset(c->worker, 0, ops->worker_size);
	return ops->create(c, c->worker, NULL, &c->state);
}

static void
destroy(struct spp_component *c)
{
	host.plugin->component->destroy(c->state);
	free(c->worker);
}

static int
set_up(void **state)
{
	(void)state;
	if (spp_plugin_entry(&services, &host.plugin) != 0)
		return -1;
	host.status = host.plugin->get_extension(SPP_EXT_STATUS);
	host.nb_blocks = 0;
	txn_begin();
	if (create(&a) != 0 || create(&b) != 0)
		return -1;
	attach(&a, SPP_RX, 0, "phy:0");
	attach(&b, SPP_RX, 0, "phy:1");
	for (uint16_t i = 0; i < 7; i++) {
		char port[16];

		snprintf(port, sizeof(port), "ring:%u", i);
		attach(i < 4 ? &a : &b, SPP_TX, i < 4 ? i : i - 4, port);
	}
	txn_commit();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	host.fails_in = 0;
	destroy(&a);
	destroy(&b);
	if (host.nb_blocks != 0)
		print_error("%u blocks of memory are lost\n", host.nb_blocks);
	free(host.defer.call);
	free(host.undo.call);
	host.defer = host.undo = (struct calls){0};
	return host.nb_blocks == 0 ? 0 : -1;
}

/* `add mac MAC PORT`, `del vlan VID MAC PORT`, within a transaction. */
static int
run(const char *command)
{
	char words[256], *rest;
	struct spp_args args = {0};
	struct spp_reply reply = {0};
	bool is_vlan;
	int rc;

	snprintf(words, sizeof(words), "%s", command);
	args.action = strtok_r(words, " ", &rest);
	is_vlan = strcmp(strtok_r(NULL, " ", &rest), "vlan") == 0;
	if (is_vlan)
		args.vid = strtok_r(NULL, " ", &rest);
	args.mac = strtok_r(NULL, " ", &rest);
	args.port = rest;
	host.error[0] = '\0';
	rc = host.plugin->verbs[is_vlan].run(&args, &reply);
	snprintf(host.note, sizeof(host.note), "%s", reply.note);
	return rc;
}

static int
command(const char *text)
{
	int rc;

	txn_begin();
	rc = run(text);
	if (rc == 0)
		txn_commit();
	else
		txn_abort();
	return rc;
}

static void
must(const char *text)
{
	assert_int_equal(command(text), 0);
	assert_string_equal(host.note, "");
}

static void
must_note(const char *text, const char *note)
{
	assert_int_equal(command(text), 0);
	assert_string_equal(host.note, note);
}

static void
must_fail(const char *text, const char *error)
{
	assert_int_equal(command(text), -EINVAL);
	assert_string_equal(host.error, error);
}

static char *
status(void)
{
	struct spp_reply reply = {0};

	host.status->process_status(&reply);
	return reply.text;
}

static void
assert_status(const char *expected)
{
	char *text = status();

	assert_string_equal(text, expected);
	free(text);
}

static bool
is_ready(struct spp_component *c)
{
	return host.plugin->component->is_ready(c->state) != 0;
}

/* Frames: memory ends with the frame, so that reading on is found out */

struct frame {
	struct rte_mbuf mbuf;
	uint8_t *bytes;
};

static void
frame_init(struct frame *frame, const char *mac, int vid, uint16_t len)
{
	uint8_t bytes[64] = {0};

	assert_int_equal(parse_mac(mac, bytes), 0);
	bytes[12] = 0x08;
	if (vid != UNTAGGED) {
		bytes[12] = 0x81;
		bytes[14] = 0xe0 | vid >> 8; /* PCP 7 */
		bytes[15] = vid;
	}
	frame->bytes = malloc(len);
	assert_non_null(frame->bytes);
	memcpy(frame->bytes, bytes, len);
	memset(&frame->mbuf, 0, sizeof(frame->mbuf));
	frame->mbuf.buf_addr = frame->bytes;
	frame->mbuf.data_len = len;
	frame->mbuf.pkt_len = len;
}

static void
frame_fini(struct frame *frame)
{
	free(frame->bytes);
}

static void
process(struct spp_component *c, struct frame *frames, uint16_t nb, uint16_t *out)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	for (uint16_t i = 0; i < nb; i++)
		pkts[i] = &frames[i].mbuf;
	host.plugin->component->process(c->worker, 0, pkts, nb, out);
}

static uint16_t
decide_len(struct spp_component *c, const char *mac, int vid, uint16_t len)
{
	struct frame frame;
	uint16_t out;

	frame_init(&frame, mac, vid, len);
	process(c, &frame, 1, &out);
	frame_fini(&frame);
	return out;
}

static uint16_t
decide(struct spp_component *c, const char *mac, int vid)
{
	return decide_len(c, mac, vid, 60);
}

/* Outputs as a bit mask, for groups and plain outputs alike; 0 for drops. */
static uint32_t
targets(const struct spp_component *c, uint16_t out)
{
	const struct group *group = &c->plan[out - SPP_GROUP(0)];
	uint32_t mask = 0;

	if (out >= SPP_DROP(0))
		return 0;
	if (out < SPP_GROUP(0))
		return 1u << out;
	assert_true(group->nb > 0);
	for (uint16_t i = 0; i < group->nb; i++) {
		assert_int_equal(mask & 1u << group->outputs[i], 0);
		mask |= 1u << group->outputs[i];
	}
	return mask;
}

#define assert_flood(c, mac, vid, mask)                                                            \
	do {                                                                                       \
		uint16_t flood_ = decide(c, mac, vid);                                             \
		assert_int_equal(flood_, SPP_GROUP((vid) == UNTAGGED ? UNTAGGED_GROUP : (vid)));   \
		assert_int_equal(targets(c, flood_), mask);                                        \
	} while (0)

/* Decisions */

static void
exact_entries_lead_to_their_ports(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac " MAC58 " ring:1");
	assert_int_equal(decide(&a, MAC56, UNTAGGED), 0);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), 1);
	assert_int_equal(decide(&a, "52:54:00:12:34:57", UNTAGGED), UNKNOWN_MAC);
	assert_int_equal(decide(&a, "00:00:00:00:00:00", UNTAGGED), UNKNOWN_MAC);
}

static void
any_address_may_have_an_entry(void **state)
{
	(void)state;
	must("add mac 00:00:00:00:00:00 ring:1");
	must("add mac 00:00:00:00:00:01 ring:2");
	must("add mac " BROADCAST " ring:3");
	assert_int_equal(decide(&a, "00:00:00:00:00:00", UNTAGGED), 1);
	assert_int_equal(decide(&a, "00:00:00:00:00:01", UNTAGGED), 2);
	assert_int_equal(decide(&a, BROADCAST, UNTAGGED), 3);
	assert_int_equal(decide(&a, "00:00:00:00:00:02", UNTAGGED), UNKNOWN_MAC);
	must("del mac 00:00:00:00:00:00 ring:1");
	assert_int_equal(decide(&a, "00:00:00:00:00:00", UNTAGGED), UNKNOWN_MAC);
}

static void
classes_are_apart(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add vlan 0 " MAC56 " ring:1");
	must("add vlan 101 " MAC56 " ring:2");
	must("add vlan 4094 " MAC56 " ring:3");
	assert_int_equal(decide(&a, MAC56, UNTAGGED), 0);
	assert_int_equal(decide(&a, MAC56, 0), 1);
	assert_int_equal(decide(&a, MAC56, 101), 2);
	assert_int_equal(decide(&a, MAC56, 4094), 3);
	assert_int_equal(decide(&a, MAC56, 102), UNKNOWN_VLAN);
	assert_int_equal(decide(&a, MAC56, 4095), UNKNOWN_VLAN);
	assert_int_equal(decide(&a, MAC58, 101), UNKNOWN_MAC);
}

static void
other_tags_are_untagged(void **state)
{
	struct frame frame;
	uint16_t out;

	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add vlan 5 " MAC56 " ring:1");
	frame_init(&frame, MAC56, 5, 60);
	frame.bytes[12] = 0x88;
	frame.bytes[13] = 0xa8;
	process(&a, &frame, 1, &out);
	assert_int_equal(out, 0);
	frame_fini(&frame);
}

static void
broadcast_floods_each_port_of_the_class_once(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac 52:54:00:12:34:57 ring:0");
	must("add mac " MAC58 " ring:2");
	assert_flood(&a, BROADCAST, UNTAGGED, 0x5);
	assert_flood(&a, MULTICAST, UNTAGGED, 0x5);
	must("add mac default ring:3");
	assert_flood(&a, BROADCAST, UNTAGGED, 0xd);
	must("del mac " MAC56 " ring:0");
	assert_flood(&a, BROADCAST, UNTAGGED, 0xd);
	must("del mac 52:54:00:12:34:57 ring:0");
	assert_flood(&a, BROADCAST, UNTAGGED, 0xc);
	/* An entry of its own comes first. */
	must("add mac " MULTICAST " ring:1");
	assert_int_equal(decide(&a, MULTICAST, UNTAGGED), 1);
	assert_flood(&a, BROADCAST, UNTAGGED, 0xe);
}

static void
tagged_floods_include_the_untagged_default(void **state)
{
	(void)state;
	must("add vlan 101 " MAC56 " ring:0");
	must("add vlan 101 default ring:1");
	must("add vlan 102 " MAC56 " ring:3");
	assert_flood(&a, BROADCAST, 101, 0x3);
	assert_flood(&a, BROADCAST, 102, 0x8);
	must("add mac default ring:3");
	assert_flood(&a, BROADCAST, 101, 0xb);
	assert_flood(&a, BROADCAST, 102, 0x8);
	must("add mac " MAC56 " ring:2");
	assert_flood(&a, BROADCAST, 101, 0xb);
	assert_flood(&a, BROADCAST, UNTAGGED, 0xc);
	must("del mac default ring:3");
	assert_flood(&a, BROADCAST, 101, 0x3);
	assert_flood(&a, BROADCAST, 102, 0x8);
}

static void
unknown_unicast_goes_to_the_nearest_default(void **state)
{
	(void)state;
	must("add vlan 101 " MAC56 " ring:0");
	must("add vlan 102 " MAC56 " ring:1");
	must("add vlan 102 default ring:2");
	assert_int_equal(decide(&a, MAC58, 101), UNKNOWN_MAC);
	assert_int_equal(decide(&a, MAC58, 102), 2);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), UNKNOWN_MAC);
	must("add mac default ring:3");
	assert_int_equal(decide(&a, MAC58, 101), 3);
	assert_int_equal(decide(&a, MAC58, 102), 2);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), 3);
	must("del vlan 102 default ring:2");
	assert_int_equal(decide(&a, MAC58, 102), 3);
}

static void
classes_without_entries_go_to_the_untagged_default(void **state)
{
	(void)state;
	must("add mac default ring:3");
	assert_int_equal(decide(&a, MAC56, 7), 3);
	assert_int_equal(decide(&a, MULTICAST, 7), 3);
	assert_int_equal(decide(&a, BROADCAST, 4095), 3);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x8);
	must("add vlan 7 " MAC58 " ring:0");
	assert_flood(&a, MULTICAST, 7, 0x9);
	must("del vlan 7 " MAC58 " ring:0");
	assert_int_equal(decide(&a, MULTICAST, 7), 3);
	must("del mac default ring:3");
	assert_int_equal(decide(&a, MULTICAST, 7), UNKNOWN_VLAN);
	assert_int_equal(decide(&a, MAC56, 7), UNKNOWN_VLAN);
	assert_int_equal(decide(&a, MULTICAST, UNTAGGED), UNKNOWN_MAC);
}

static void
short_frames_are_dropped_unread(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac default ring:1");
	must("add vlan 5 " MAC56 " ring:2");
	for (uint16_t len = 1; len < 14; len++)
		assert_int_equal(decide_len(&a, MAC56, UNTAGGED, len), SHORT_FRAME);
	for (uint16_t len = 14; len < 18; len++)
		assert_int_equal(decide_len(&a, MAC56, UNTAGGED, len), 0);
	for (uint16_t len = 1; len < 16; len++)
		assert_int_equal(decide_len(&a, MAC56, 5, len), SHORT_FRAME);
	assert_int_equal(decide_len(&a, MAC56, 5, 16), 2);
}

static void
bursts_are_decided_packet_by_packet(void **state)
{
	const int vids[] = {UNTAGGED, UNTAGGED, 101, UNTAGGED, 102, 101, UNTAGGED};
	const char *macs[] = {
		MAC56, MAC58, MAC56, BROADCAST, MAC56, BROADCAST, "52:54:00:00:00:01"};
	const uint16_t expected[] = {
		0, 1, 2, SPP_GROUP(UNTAGGED_GROUP), UNKNOWN_VLAN, SPP_GROUP(101), UNKNOWN_MAC};
	struct frame frames[SPP_BURST_MAX];
	uint16_t out[SPP_BURST_MAX + 1];

	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac " MAC58 " ring:1");
	must("add vlan 101 " MAC56 " ring:2");
	for (uint16_t i = 0; i < SPP_BURST_MAX; i++)
		frame_init(&frames[i], macs[i % 7], vids[i % 7], 60);
	for (uint16_t nb = 1; nb <= SPP_BURST_MAX; nb++) {
		memset(out, 0xaa, sizeof(out));
		process(&a, frames, nb, out);
		for (uint16_t i = 0; i < nb; i++)
			assert_int_equal(out[i], expected[i % 7]);
		assert_int_equal(out[nb], 0xaaaa);
	}
	for (uint16_t i = 0; i < SPP_BURST_MAX; i++)
		frame_fini(&frames[i]);
}

/* Instances */

static void
instances_do_not_influence_each_other(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	assert_true(is_ready(&a));
	assert_false(is_ready(&b));
	must("add mac " MAC56 " ring:5");
	must("add mac default ring:6");
	assert_int_equal(decide(&a, MAC56, UNTAGGED), 0);
	assert_int_equal(decide(&b, MAC56, UNTAGGED), 1);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), UNKNOWN_MAC);
	assert_int_equal(decide(&b, MAC58, 9), 2);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x1);
	assert_flood(&b, BROADCAST, UNTAGGED, 0x6);
	must("del mac " MAC56 " ring:0");
	assert_false(is_ready(&a));
	assert_true(is_ready(&b));
}

static void
describes_itself(void **state)
{
	const struct spp_component_ops *ops = host.plugin->component;

	(void)state;
	assert_int_equal(ops->rx_min, 1);
	assert_int_equal(ops->rx_max, 1);
	assert_int_equal(ops->tx_min, 1);
	assert_int_equal(ops->tx_max, SPP_MANY);
	assert_int_equal(ops->nb_drop_reasons, 3);
	assert_string_equal(ops->drop_reasons[0], "unknown-mac");
	assert_string_equal(ops->drop_reasons[1], "unknown-vlan");
	assert_string_equal(ops->drop_reasons[2], "short-frame");
	assert_int_equal(host.plugin->nb_verbs, 2);
	assert_string_equal(host.plugin->verbs[0].grammar,
			    "classifier_table <action:add|del> <type:mac> "
			    "<mac address:MAC_ADDR|default> <port:RES_UID>");
	assert_string_equal(host.plugin->verbs[1].grammar,
			    "classifier_table <action:add|del> <type:vlan> <vlan id:VID> "
			    "<mac address:MAC_ADDR|default> <port:RES_UID>");
	assert_null(host.plugin->get_extension("spp.other/1"));
}

static void
creation_fails_cleanly_without_memory(void **state)
{
	static struct spp_component c = {.name = "c"};
	unsigned int nb_blocks = host.nb_blocks;
	int n = 0;
	int rc;

	(void)state;
	do {
		host.fails_in = ++n;
		rc = create(&c);
		if (rc != 0) {
			assert_int_equal(rc, -ENOMEM);
			assert_string_equal(host.error, "no memory for classifier 'c'");
			assert_int_equal(host.nb_blocks, nb_blocks);
			free(c.worker);
		}
	} while (rc != 0);
	assert_true(n > 3);
	host.fails_in = 0;
	destroy(&c);
	assert_int_equal(host.nb_blocks, nb_blocks);
}

/* Commands */

static void
repeated_requests_are_noted(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	assert_true(host.is_touched);
	must_note("add mac " MAC56 " ring:0", "classifier 'a' has " MAC56 " on ring:0 already");
	assert_false(host.is_touched);
	must_note("del mac " MAC58 " ring:0",
		  "classifier 'a' has no entry " MAC58 " on ring:0 to delete");
	must_note("del vlan 101 default ring:0",
		  "classifier 'a' has no entry 101/default on ring:0 to delete");
	must_note("del mac " MAC56 " ring:1",
		  "classifier 'a' has no entry " MAC56 " on ring:1 to delete: it is on ring:0");
	must_note("del mac default ring:9", "no entry default on ring:9 to delete: it is not a tx "
					    "port of a classifier");
	assert_false(host.is_touched);
	assert_status("classifier_table:\nmac " MAC56 " ring:0");
}

static void
conflicting_requests_are_refused(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add vlan 101 default ring:1");
	must_fail("add mac " MAC56 " ring:1", "Invalid value (port): classifier 'a' has " MAC56
					      " on ring:0 already; delete that entry first");
	must_fail("add vlan 101 default ring:0",
		  "Invalid value (port): classifier 'a' has 101/default on ring:1 already; delete "
		  "that entry first");
	must_fail("add mac " MAC58 " ring:9",
		  "Invalid value (port): ring:9 is not a tx port of a classifier; attach it to one "
		  "first");
	must_fail("add mac " MAC58 " phy:0",
		  "Invalid value (port): phy:0 is not a tx port of a classifier; attach it to one "
		  "first");
	must_fail("add mac 52:54 ring:0", "Invalid value (mac address): '52:54' is no address");
	assert_status("classifier_table:\nmac " MAC56 " ring:0\nvlan 101/default ring:1");
}

static void
ports_are_told_apart_by_queue(void **state)
{
	(void)state;
	txn_begin();
	attach(&a, SPP_TX, 4, "phy:1 nq 0");
	attach(&a, SPP_TX, 5, "phy:1 nq 1");
	txn_commit();
	must("add mac " MAC56 " phy:1 nq 1");
	assert_int_equal(decide(&a, MAC56, UNTAGGED), 5);
	assert_status("classifier_table:\nmac " MAC56 " phy:1 nq 1");
	must_note("del mac " MAC56 " phy:1 nq 0", "classifier 'a' has no entry " MAC56
						  " on phy:1 nq 0 to delete: it is on phy:1 nq 1");
}

static void
status_is_sorted(void **state)
{
	(void)state;
	assert_status("classifier_table:");
	must("add mac 02:00:00:00:00:0a ring:6");
	must("add vlan 101 02:00:00:00:00:02 ring:1");
	must("add vlan 101 01:00:00:00:00:FF ring:1");
	must("add vlan 101 default ring:0");
	must("add vlan 9 default ring:3");
	must("add vlan 4094 " MAC56 " ring:3");
	must("add mac 02:00:00:00:01:00 ring:0");
	must("add mac 02:00:00:00:00:ff ring:2");
	must("add mac default ring:1");
	assert_status("classifier_table:\n"
		      "mac default ring:1\n"
		      "mac 02:00:00:00:00:FF ring:2\n"
		      "mac 02:00:00:00:01:00 ring:0\n"
		      "vlan 9/default ring:3\n"
		      "vlan 101/default ring:0\n"
		      "vlan 101/01:00:00:00:00:FF ring:1\n"
		      "vlan 101/02:00:00:00:00:02 ring:1\n"
		      "vlan 4094/" MAC56 " ring:3\n"
		      "mac 02:00:00:00:00:0A ring:6");
}

static void
groups_are_set_only_when_their_ports_change(void **state)
{
	unsigned int nb;

	(void)state;
	must("add mac " MAC56 " ring:0");
	nb = host.nb_group_calls;
	assert_int_not_equal(nb, 0);
	must("add mac " MAC58 " ring:0");
	must("del mac " MAC56 " ring:0");
	assert_int_equal(host.nb_group_calls, nb);
	must("add mac " MAC56 " ring:1");
	assert_int_equal(host.nb_group_calls, nb + 1);
	txn_begin();
	assert_int_equal(run("add mac default ring:2"), 0);
	txn_abort();
	nb = host.nb_group_calls;
	must("add mac 02:00:00:00:00:01 ring:1");
	assert_int_equal(host.nb_group_calls, nb);
}

static void
empty_classes_give_their_memory_back(void **state)
{
	unsigned int nb_blocks = host.nb_blocks;

	(void)state;
	must("add vlan 5 " MAC56 " ring:0");
	must("add vlan 5 default ring:3");
	assert_true(host.nb_blocks > nb_blocks);
	must("del vlan 5 " MAC56 " ring:0");
	must("del vlan 5 default ring:3");
	assert_int_equal(host.nb_blocks, nb_blocks);
	txn_begin();
	assert_int_equal(run("add vlan 6 " MAC56 " ring:0"), 0);
	txn_abort();
	assert_int_equal(host.nb_blocks, nb_blocks);
}

static void
detached_ports_lose_their_entries(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add mac " MAC58 " ring:1");
	must("add mac default ring:1");
	must("add vlan 5 " MAC56 " ring:1");
	must("add vlan 6 " MAC56 " ring:0");
	txn_begin();
	detach(&a, SPP_TX, 1, "ring:1");
	assert_true(host.is_touched);
	txn_commit();
	assert_status("classifier_table:\nmac " MAC56 " ring:0\nvlan 6/" MAC56 " ring:0");
	assert_int_equal(decide(&a, MAC58, UNTAGGED), UNKNOWN_MAC);
	assert_int_equal(decide(&a, MAC56, 5), UNKNOWN_VLAN);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x1);
	assert_flood(&a, BROADCAST, 6, 0x1);
	must_fail("add mac " MAC58 " ring:1", "Invalid value (port): ring:1 is not a tx port of a "
					      "classifier; attach it to one first");
	txn_begin();
	detach(&a, SPP_RX, 0, "phy:0");
	detach(&a, SPP_TX, 0, "ring:0");
	txn_commit();
	assert_false(is_ready(&a));
	assert_status("classifier_table:");
	txn_begin();
	attach(&b, SPP_TX, 3, "ring:1");
	txn_commit();
	must("add mac " MAC58 " ring:1");
	assert_int_equal(decide(&b, MAC58, UNTAGGED), 3);
	assert_int_equal(decide(&a, MAC58, UNTAGGED), UNKNOWN_MAC);
}

static void
settling_changes_cannot_be_undone_and_need_not(void **state)
{
	(void)state;
	must("add mac " MAC56 " ring:0");
	must("add vlan 5 default ring:0");
	/* A component that is stopped is taken apart after the commit. */
	detach(&a, SPP_TX, 0, "ring:0");
	txn_commit();
	assert_status("classifier_table:");
	assert_false(is_ready(&a));
}

/* A new class must not send its floods to a group that the plan of the worker does not have. */
static void
floods_wait_for_the_plan_with_their_group(void **state)
{
	(void)state;
	must("add mac default ring:3");
	txn_begin();
	assert_int_equal(run("add vlan 5 " MAC56 " ring:0"), 0);
	assert_int_equal(decide(&a, MAC56, 5), 0);
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x8);
	publish_plans();
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x8);
	settle();
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x9);

	txn_begin();
	assert_int_equal(run("add vlan 5 " MAC58 " ring:1"), 0);
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x9);
	txn_commit();
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0xb);

	txn_begin();
	assert_int_equal(run("del vlan 5 " MAC58 " ring:1"), 0);
	assert_int_equal(run("del vlan 5 " MAC56 " ring:0"), 0);
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x8);
	txn_commit();
	assert_int_equal(targets(&a, decide(&a, BROADCAST, 5)), 0x8);

	must("del mac default ring:3");
	txn_begin();
	assert_int_equal(run("add mac " MAC56 " ring:0"), 0);
	assert_int_equal(decide(&a, BROADCAST, UNTAGGED), UNKNOWN_MAC);
	txn_commit();
	assert_flood(&a, BROADCAST, UNTAGGED, 0x1);
}

/* Refusals */

/* All that a user or a worker can tell. */
struct picture {
	char *status;
	bool is_ready[2];
	struct group groups[2][SPP_GROUP_MAX];
	uint16_t out[2][6][6];
};

static const char *const some_macs[6] = {
	MAC56, MAC58, MULTICAST, BROADCAST, "00:00:00:00:00:00", "02:00:00:00:00:01"};
static const int some_vids[6] = {UNTAGGED, 0, 5, 101, 4094, 4095};

static void
take_picture(struct picture *picture)
{
	struct spp_component *c[2] = {&a, &b};

	memset(picture, 0, sizeof(*picture));
	picture->status = status();
	for (unsigned int i = 0; i < 2; i++) {
		picture->is_ready[i] = is_ready(c[i]);
		memcpy(picture->groups[i], c[i]->wanted, sizeof(c[i]->wanted));
		for (unsigned int v = 0; v < 6; v++)
			for (unsigned int m = 0; m < 6; m++)
				picture->out[i][v][m] = decide(c[i], some_macs[m], some_vids[v]);
	}
}

static void
assert_same(const struct picture *x, const struct picture *y)
{
	assert_string_equal(x->status, y->status);
	assert_memory_equal(x->is_ready, y->is_ready, sizeof(x->is_ready));
	assert_memory_equal(x->out, y->out, sizeof(x->out));
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int g = 0; g < SPP_GROUP_MAX; g++) {
			const struct group *p = &x->groups[i][g], *q = &y->groups[i][g];

			assert_int_equal(p->nb, q->nb);
			assert_memory_equal(p->outputs, q->outputs, p->nb * sizeof(p->outputs[0]));
		}
}

static void
fill_some(void)
{
	must("add mac " MAC56 " ring:0");
	must("add mac " MAC58 " ring:1");
	must("add mac default ring:2");
	must("add vlan 101 " MAC56 " ring:1");
	must("add vlan 5 default ring:3");
	must("add vlan 5 " MAC58 " ring:4");
}

static void
refused_transactions_leave_nothing_behind(void **state)
{
	static struct picture before, after;

	(void)state;
	fill_some();
	take_picture(&before);
	txn_begin();
	assert_int_equal(run("add vlan 4094 " MAC56 " ring:0"), 0);
	assert_int_equal(run("add vlan 4094 default ring:6"), 0);
	assert_int_equal(run("del vlan 101 " MAC56 " ring:1"), 0);
	assert_int_equal(run("add vlan 101 " MAC56 " ring:3"), 0);
	assert_int_equal(run("del mac default ring:2"), 0);
	assert_int_equal(run("add mac default ring:0"), 0);
	detach(&a, SPP_TX, 0, "ring:0");
	attach(&a, SPP_TX, 0, "ring:8");
	assert_int_equal(run("add mac " MAC56 " ring:8"), 0);
	assert_int_equal(run("del vlan 5 " MAC58 " ring:4"), 0);
	for (unsigned int i = 0; i < 1000; i++) {
		char text[64];

		snprintf(text, sizeof(text), "add vlan 5 02:00:00:00:%02x:%02x ring:1", i >> 8,
			 i & 0xff);
		assert_int_equal(run(text), 0);
	}
	detach(&a, SPP_TX, 1, "ring:1");
	txn_abort();
	take_picture(&after);
	assert_same(&before, &after);
	free(before.status);
	free(after.status);
	must_note("add mac " MAC56 " ring:0", "classifier 'a' has " MAC56 " on ring:0 already");
}

static void
assert_atomic_without_memory(const char *text)
{
	static struct picture before, after;
	int n = 0, rc;

	do {
		take_picture(&before);
		host.fails_in = ++n;
		rc = command(text);
		host.fails_in = 0;
		if (rc != 0) {
			assert_int_equal(rc, -ENOMEM);
			assert_string_not_equal(host.error, "");
			take_picture(&after);
			assert_same(&before, &after);
			free(after.status);
		}
		free(before.status);
	} while (rc != 0);
	assert_true(n > 3);
}

static void
commands_are_atomic_without_memory(void **state)
{
	(void)state;
	fill_some();
	assert_atomic_without_memory("add mac 02:00:00:00:00:01 ring:3");
	assert_atomic_without_memory("add vlan 0 " MULTICAST " ring:0");
	assert_atomic_without_memory("add vlan 4094 default ring:3");
	assert_atomic_without_memory("del mac default ring:2");
	assert_atomic_without_memory("add mac default ring:0");
	assert_atomic_without_memory("del vlan 101 " MAC56 " ring:1");
	/* Until the table grows, and then some. */
	for (unsigned int i = 0; i < 40; i++) {
		char text[64];

		snprintf(text, sizeof(text), "add mac 06:00:00:00:00:%02x ring:1", i);
		assert_atomic_without_memory(text);
	}
}

static void
missing_memory_is_explained(void **state)
{
	(void)state;
	host.fails_in = 1;
	assert_int_equal(command("add mac " MAC56 " ring:0"), -ENOMEM);
	assert_string_equal(host.error,
			    "classifier 'a': no memory to change the table; stop components or "
			    "delete entries that are not needed");
}

static void
detaching_works_without_memory(void **state)
{
	(void)state;
	fill_some();
	txn_begin();
	host.fails_in = 1;
	host.fails_for_good = true;
	detach(&a, SPP_TX, 2, "ring:2");
	host.fails_in = 0;
	host.fails_for_good = false;
	txn_commit();
	assert_string_equal(host.log, "classifier 'a': floods of ring:2 go nowhere until an entry "
				      "changes: no memory");
	assert_status("classifier_table:\nmac " MAC56 " ring:0\nmac " MAC58 " ring:1\n"
		      "vlan 5/default ring:3\nvlan 101/" MAC56 " ring:1\nvlan 5/" MAC58 " ring:4");
	assert_int_equal(decide(&a, MULTICAST, 4094), UNKNOWN_VLAN);
}

/* Random commands against a naive table */

struct naive {
	uint16_t value[2][6][6]; /* by instance, class, address: output + 1 */
	uint16_t fallback[2][6]; /* defaults */
};

static bool
naive_has_class(const struct naive *n, unsigned int c, unsigned int v)
{
	bool has = n->fallback[c][v] != 0;

	for (unsigned int m = 0; m < 6; m++)
		has |= n->value[c][v][m] != 0;
	return has;
}

static uint32_t
bit_of(uint16_t value)
{
	return value == 0 ? 0 : 1u << (value - 1);
}

/* The decision as it is written down, in its order. */
static uint32_t
naive_targets(const struct naive *n, unsigned int c, unsigned int v, unsigned int m)
{
	uint32_t mask = bit_of(n->fallback[c][0]);

	if (!naive_has_class(n, c, v))
		return v == 0 ? 0 : mask;
	if (n->value[c][v][m] != 0)
		return bit_of(n->value[c][v][m]);
	if (m == 2 || m == 3) {
		mask |= bit_of(n->fallback[c][v]);
		for (unsigned int i = 0; i < 6; i++)
			mask |= bit_of(n->value[c][v][i]);
		return mask;
	}
	return n->fallback[c][v] != 0 ? bit_of(n->fallback[c][v]) : mask;
}

static void
assert_agree(const struct naive *n)
{
	struct spp_component *c[2] = {&a, &b};

	for (unsigned int i = 0; i < 2; i++) {
		bool any = false;

		for (unsigned int v = 0; v < 6; v++) {
			any |= naive_has_class(n, i, v);
			for (unsigned int m = 0; m < 6; m++) {
				uint16_t out = decide(c[i], some_macs[m], some_vids[v]);

				assert_int_equal(targets(c[i], out), naive_targets(n, i, v, m));
			}
		}
		assert_int_equal(is_ready(c[i]), any);
	}
}

/* One random command, refused now and then, in both. */
static void
change_entry(struct naive *n)
{
	unsigned int c = rand() % 2, v = rand() % 5, m = rand() % 7;
	unsigned int output = rand() % (c == 0 ? 4 : 3);
	bool is_add = rand() % 2, is_refused = rand() % 4 == 0;
	uint16_t *value = m == 6 ? &n->fallback[c][v] : &n->value[c][v][m];
	const char *mac = m == 6 ? "default" : some_macs[m];
	char text[128], vlan[16] = "mac";
	int rc;

	if (v > 0)
		snprintf(vlan, sizeof(vlan), "vlan %d", some_vids[v]);
	snprintf(text, sizeof(text), "%s %s %s ring:%u", is_add ? "add" : "del", vlan, mac,
		 output + 4 * c);
	txn_begin();
	rc = run(text);
	assert_int_equal(rc, is_add && *value != 0 && *value != output + 1 ? -EINVAL : 0);
	if (rc != 0 || is_refused) {
		txn_abort();
		return;
	}
	txn_commit();
	if (is_add)
		*value = output + 1;
	else if (*value == output + 1)
		*value = 0;
}

static void
forget_output(struct naive *n, unsigned int c, uint16_t value)
{
	for (unsigned int v = 0; v < 6; v++) {
		if (n->fallback[c][v] == value)
			n->fallback[c][v] = 0;
		for (unsigned int m = 0; m < 6; m++)
			if (n->value[c][v][m] == value)
				n->value[c][v][m] = 0;
	}
}

/* A port goes, or would have gone, and comes back without entries. */
static void
replug(struct naive *n)
{
	unsigned int c = rand() % 2, output = rand() % (c == 0 ? 4 : 3);
	struct spp_component *component = c == 0 ? &a : &b;
	char port[16];

	snprintf(port, sizeof(port), "ring:%u", output + 4 * c);
	txn_begin();
	detach(component, SPP_TX, output, port);
	if (rand() % 2) {
		txn_abort();
		return;
	}
	txn_commit();
	forget_output(n, c, output + 1);
	assert_agree(n);
	txn_begin();
	attach(component, SPP_TX, output, port);
	txn_commit();
}

static void
agrees_with_a_naive_classifier(void **state)
{
	struct naive n;

	(void)state;
	memset(&n, 0, sizeof(n));
	srand(1);
	for (unsigned int i = 0; i < 8000; i++) {
		if (rand() % 32 == 0)
			replug(&n);
		else
			change_entry(&n);
		assert_agree(&n);
	}
}

static void
a_million_entries_are_added_listed_and_dropped(void **state)
{
	const unsigned int nb = 1000000;
	struct spp_args args = {.action = "add"};
	struct spp_reply reply = {0};
	char *text;
	size_t nb_lines = 0;

	(void)state;
	for (unsigned int i = 0; i < nb; i++) {
		char mac[18];

		snprintf(mac, sizeof(mac), "52:54:00:%02X:%02X:%02X", i >> 16, i >> 8 & 0xff,
			 i & 0xff);
		args.mac = mac;
		args.port = i % 2 == 0 ? "ring:0" : "ring:1";
		txn_begin();
		assert_int_equal(host.plugin->verbs[0].run(&args, &reply), 0);
		settle();
	}
	publish_plans();
	assert_int_equal(decide(&a, "52:54:00:0F:42:3F", UNTAGGED), 1);
	assert_int_equal(decide(&a, "52:54:00:0F:42:3E", UNTAGGED), 0);
	assert_int_equal(decide(&a, "52:54:00:0F:42:40", UNTAGGED), UNKNOWN_MAC);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x3);
	text = status();
	for (const char *line = text; (line = strchr(line, '\n')) != NULL; line++)
		nb_lines++;
	assert_int_equal(nb_lines, nb);
	free(text);
	txn_begin();
	detach(&a, SPP_TX, 0, "ring:0");
	txn_commit();
	assert_int_equal(decide(&a, "52:54:00:0F:42:3E", UNTAGGED), UNKNOWN_MAC);
	assert_int_equal(decide(&a, "52:54:00:0F:42:3F", UNTAGGED), 1);
	assert_flood(&a, BROADCAST, UNTAGGED, 0x2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(describes_itself),
		TEST(exact_entries_lead_to_their_ports),
		TEST(any_address_may_have_an_entry),
		TEST(classes_are_apart),
		TEST(other_tags_are_untagged),
		TEST(broadcast_floods_each_port_of_the_class_once),
		TEST(tagged_floods_include_the_untagged_default),
		TEST(unknown_unicast_goes_to_the_nearest_default),
		TEST(classes_without_entries_go_to_the_untagged_default),
		TEST(short_frames_are_dropped_unread),
		TEST(bursts_are_decided_packet_by_packet),
		TEST(instances_do_not_influence_each_other),
		TEST(creation_fails_cleanly_without_memory),
		TEST(repeated_requests_are_noted),
		TEST(conflicting_requests_are_refused),
		TEST(ports_are_told_apart_by_queue),
		TEST(status_is_sorted),
		TEST(groups_are_set_only_when_their_ports_change),
		TEST(empty_classes_give_their_memory_back),
		TEST(detached_ports_lose_their_entries),
		TEST(settling_changes_cannot_be_undone_and_need_not),
		TEST(floods_wait_for_the_plan_with_their_group),
		TEST(refused_transactions_leave_nothing_behind),
		TEST(commands_are_atomic_without_memory),
		TEST(missing_memory_is_explained),
		TEST(detaching_works_without_memory),
		TEST(agrees_with_a_naive_classifier),
		TEST(a_million_entries_are_added_listed_and_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
