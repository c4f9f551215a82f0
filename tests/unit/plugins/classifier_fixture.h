/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host for tests of the classifier, and two classifiers on it.  The plugin is linked in; include
 * once per test program, after cmocka.h.
 */
#ifndef CLASSIFIER_FIXTURE_H
#define CLASSIFIER_FIXTURE_H

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_mbuf.h>

#include <spp/component.h>
#include <spp/ext/config.h>
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
	const struct spp_config_ext *config;
	bool is_open;
	bool is_touched;
	struct calls undo, defer;
	unsigned int nb_group_calls;
	unsigned int nb_blocks; /* allocated and not freed */
	int fails_in;           /* that many calls that can fail until one does; 0: none does */
	bool fails_for_good;
	void (*watch)(
		void); /* what a worker does between the steps of a command; NULL for nothing */
	char error[256];
	char note[256];
	char log[256];
} host;

/* Called by what the host does for a command. */
static inline void
step(void)
{
	if (host.watch != NULL)
		host.watch();
}

static inline bool
fails_now(void)
{
	step();
	if (host.fails_in == 0 || (host.fails_in > 1 && --host.fails_in >= 1))
		return false;
	if (!host.fails_for_good)
		host.fails_in = 0;
	return true;
}

static inline void
add_call(struct calls *calls, void (*fn)(void *arg), void *arg)
{
	if (calls->nb == calls->max) {
		calls->max = 2 * calls->max + 16;
		calls->call = realloc(calls->call, calls->max * sizeof(calls->call[0]));
		assert_non_null(calls->call);
	}
	calls->call[calls->nb++] = (struct call){fn, arg};
}

static inline void SPP_PRINTF(3, 4)
	host_log(const struct spp_host *self, uint32_t level, const char *fmt, ...)
{
	va_list ap;

	(void)self;
	(void)level;
	va_start(ap, fmt);
	vsnprintf(host.log, sizeof(host.log), fmt, ap);
	va_end(ap);
}

static inline int SPP_PRINTF(3, 4)
	host_fail(const struct spp_host *self, int err, const char *fmt, ...)
{
	va_list ap;

	(void)self;
	va_start(ap, fmt);
	vsnprintf(host.error, sizeof(host.error), fmt, ap);
	va_end(ap);
	return err;
}

static inline int SPP_PRINTF(3, 4)
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

static inline void *
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

static inline void
host_free(const struct spp_host *self, void *mem)
{
	(void)self;
	step();
	host.nb_blocks -= mem != NULL;
	free(mem);
	step();
}

static inline int
host_defer(const struct spp_host *self, void (*fn)(void *arg), void *arg)
{
	if (fails_now())
		return host_fail(self, -ENOMEM, "no memory to record the change");
	add_call(&host.defer, fn, arg);
	return 0;
}

static inline int
host_undo(const struct spp_host *self, void (*fn)(void *arg), void *arg)
{
	if (!host.is_open)
		return 0;
	if (fails_now())
		return host_fail(self, -ENOMEM, "no memory to record the change");
	add_call(&host.undo, fn, arg);
	return 0;
}

static inline int
host_wait_quiescent(const struct spp_host *self)
{
	(void)self;
	return 0;
}

static inline const char *
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

static inline int
host_arg_u64(const struct spp_args *args, const char *name, uint64_t *value)
{
	const char *text = host_arg_str(args, name);

	if (text == NULL)
		return -ENOENT;
	*value = strtoull(text, NULL, 10);
	return 0;
}

static inline int
parse_mac(const char *text, uint8_t mac[6])
{
	return sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", &mac[0], &mac[1], &mac[2],
		      &mac[3], &mac[4], &mac[5]) == 6
		       ? 0
		       : -EINVAL;
}

static inline int
host_arg_mac(const struct spp_args *args, const char *name, uint8_t mac[6])
{
	if (parse_mac(host_arg_str(args, name), mac) != 0)
		return host_fail_arg(NULL, name, "'%s' is no address", host_arg_str(args, name));
	return 0;
}

static inline void
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

static inline void
host_reply_str(struct spp_reply *reply, const char *name, const char *value)
{
	append(reply, strcmp(name, "type") == 0 ? "" : " ", value);
}

static inline void
host_reply_u64(struct spp_reply *reply, const char *name, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), " %" PRIu64 "\n", value);
	append(reply, name, text);
}

static inline void
host_reply_open(struct spp_reply *reply, const char *name, uint32_t container)
{
	if (container == SPP_REPLY_ARRAY)
		append(reply, name, ":");
	else
		append(reply, "", "\n");
}

static inline void
host_reply_close(struct spp_reply *reply)
{
	(void)reply;
}

static inline void SPP_PRINTF(2, 3) host_reply_note(struct spp_reply *reply, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reply->note, sizeof(reply->note), fmt, ap);
	va_end(ap);
}

static inline const char *
host_component_name(const struct spp_component *self)
{
	return self->name;
}

static inline int32_t
host_component_numa_node(const struct spp_component *self)
{
	(void)self;
	return SPP_NUMA_ANY;
}

struct group_change {
	struct group *wanted;
	struct group old;
};

static inline void
undo_group(void *arg)
{
	struct group_change *change = arg;

	*change->wanted = change->old;
}

static inline int
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

static inline void
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
	.reply_u64 = host_reply_u64,
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

static inline void
txn_begin(void)
{
	host.is_open = true;
	host.is_touched = false;
}

static inline void
settle(void)
{
	host.is_open = false;
	for (unsigned int i = 0; i < host.defer.nb; i++)
		host.defer.call[i].fn(host.defer.call[i].arg);
	host.defer.nb = 0;
	host.undo.nb = 0;
}

static inline void
publish_plans(void)
{
	memcpy(a.plan, a.wanted, sizeof(a.plan));
	memcpy(b.plan, b.wanted, sizeof(b.plan));
}

static inline void
txn_commit(void)
{
	publish_plans();
	settle();
}

static inline void
txn_abort(void)
{
	host.is_open = false;
	while (host.undo.nb > 0) {
		struct call call = host.undo.call[--host.undo.nb];

		call.fn(call.arg);
	}
	settle();
}

static inline void
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

static inline void
undo_attach(void *arg)
{
	const struct attachment *attached = arg;

	detach(attached->c, attached->dir, attached->index, attached->port);
}

static inline void
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

static inline int
create(struct spp_component *c)
{
	const struct spp_component_ops *ops = host.plugin->component;

	memset(c->wanted, 0, sizeof(c->wanted));
	c->worker = aligned_alloc(64, RTE_ALIGN_CEIL(ops->worker_size, 64));
	assert_non_null(c->worker);
	memset(c->worker, 0, ops->worker_size);
	return ops->create(c, c->worker, NULL, &c->state);
}

static inline void
destroy(struct spp_component *c)
{
	host.plugin->component->destroy(c->state);
	free(c->worker);
}

static inline int
set_up(void **state)
{
	(void)state;
	if (spp_plugin_entry(&services, &host.plugin) != 0)
		return -1;
	host.status = host.plugin->get_extension(SPP_EXT_STATUS);
	host.config = host.plugin->get_extension(SPP_EXT_CONFIG);
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

static inline int
tear_down(void **state)
{
	(void)state;
	host.fails_in = 0;
	host.watch = NULL;
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
static inline int
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

static inline int
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

static inline void
must(const char *text)
{
	assert_int_equal(command(text), 0);
	assert_string_equal(host.note, "");
}

static inline void
must_note(const char *text, const char *note)
{
	assert_int_equal(command(text), 0);
	assert_string_equal(host.note, note);
}

static inline void
must_fail(const char *text, const char *error)
{
	assert_int_equal(command(text), -EINVAL);
	assert_string_equal(host.error, error);
}

static inline char *
status(void)
{
	struct spp_reply reply = {0};

	host.status->process_status(&reply);
	return reply.text;
}

static inline void
assert_status(const char *expected)
{
	char *text = status();

	assert_string_equal(text, expected);
	free(text);
}

static inline void
assert_instance_status(const struct spp_component *c, const char *expected)
{
	struct spp_reply reply = {0};

	host.status->instance_status(c->state, &reply);
	assert_string_equal(reply.text, expected);
	free(reply.text);
}

static inline bool
is_ready(struct spp_component *c)
{
	return host.plugin->component->is_ready(c->state) != 0;
}

/* Frames: memory ends with the frame, so that reading on is found out */

struct frame {
	struct rte_mbuf mbuf;
	uint8_t *bytes;
};

static inline void
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

static inline void
frame_fini(struct frame *frame)
{
	free(frame->bytes);
}

static inline void
process(struct spp_component *c, struct frame *frames, uint16_t nb, uint16_t *out)
{
	struct rte_mbuf *pkts[SPP_BURST_MAX];

	for (uint16_t i = 0; i < nb; i++)
		pkts[i] = &frames[i].mbuf;
	host.plugin->component->process(c->worker, 0, pkts, nb, out);
}

static inline uint16_t
decide_len(struct spp_component *c, const char *mac, int vid, uint16_t len)
{
	struct frame frame;
	uint16_t out;

	frame_init(&frame, mac, vid, len);
	process(c, &frame, 1, &out);
	frame_fini(&frame);
	return out;
}

static inline uint16_t
decide(struct spp_component *c, const char *mac, int vid)
{
	return decide_len(c, mac, vid, 60);
}

/* Outputs as a bit mask, for groups and plain outputs alike; 0 for drops. */
static inline uint32_t
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

/* Addresses and VLANs to try one by one. */

static const char *const some_macs[6] = {
	MAC56, MAC58, MULTICAST, BROADCAST, "00:00:00:00:00:00", "02:00:00:00:00:01"};
static const int some_vids[6] = {UNTAGGED, 0, 5, 101, 4094, 4095};

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
