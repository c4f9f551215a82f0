/* SPDX-License-Identifier: BSD-3-Clause */
/* How a process comes up, serves and goes down. */

#include <errno.h>
#include <event2/event.h>
#include <libgen.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_common.h>

#include "args.h"
#include "attachment.h"
#include "component.h"
#include "config.h"
#include "controller.h"
#include "dispatch.h"
#include "eal.h"
#include "error.h"
#include "lcore.h"
#include "lcore_verbs.h"
#include "load.h"
#include "log.h"
#include "notify.h"
#include "panel_verbs.h"
#include "plugin.h"
#include "plugin_verbs.h"
#include "port.h"
#include "process.h"
#include "registry.h"
#include "reply.h"
#include "ring.h"
#include "socket.h"
#include "txn.h"
#include "watch.h"

#define REAP_S 1
/* How long the last replies may take to go out. */
#define DRAIN_MS 500
#define SOCKET_PATH_SIZE 256

static struct {
	struct process_options options;
	struct config *config;
	struct event_base *base;
	struct event *events[3];
	unsigned int nb_events;
	char name[64]; /* `spp_vf.1` */
	char socket_path[SOCKET_PATH_SIZE];
	unsigned int nb_started; /* steps */
	bool is_leaving;
	bool is_stuck; /* a worker did not stop: nothing it uses may go */
} process;

static void
format_name(const char *program, int client_id, char *out, size_t size)
{
	if (client_id >= 0)
		snprintf(out, size, "%s.%d", program, client_id);
	else
		snprintf(out, size, "%s.standalone", program);
}

/* Configuration and plugins */

static int
start_config(void)
{
	const char *path = process.options.config_path;
	const char *dir = process.options.plugin_dir;
	int rc =
		path != NULL ? config_load(path, &process.config) : config_default(&process.config);

	if (rc != 0 || dir == NULL)
		return rc;
	free(process.config->plugin_dir);
	process.config->plugin_dir = strdup(dir);
	if (process.config->plugin_dir != NULL)
		return 0;
	config_free(process.config);
	return fail(-ENOMEM, "no memory for the configuration");
}

static void
stop_config(void)
{
	config_free(process.config);
	process.config = NULL;
}

static int
start_plugins(void)
{
	return config_load_plugins(process.config);
}

/* DPDK */

static int
start_eal(void)
{
	const struct process_options *options = &process.options;

	return eal_init(options->role, options->program, process.name, &process.config->eal,
			options->eal_argc, options->eal_argv);
}

static unsigned int
given_or(unsigned int given, unsigned int configured)
{
	return given != 0 ? given : configured;
}

static int
make_rings(void)
{
	const struct process_options *options = &process.options;
	const struct config *config = process.config;
	int rc = ring_pool_init(given_or(options->nb_mbufs, config->nb_mbufs));

	if (rc == 0)
		rc = ring_init(given_or(options->nb_rings, config->nb_rings),
			       given_or(options->ring_size, config->ring_size));
	return rc;
}

/* In a panel of several processes a port and direction belongs to one of them. */

static int
claim_shared(const char *port, uint16_t dir, const char *component, int numa_node,
	     struct attachment_stats **stats)
{
	(void)numa_node;
	return registry_claim(port, dir, component, stats);
}

static void
release_shared(const char *port, uint16_t dir, struct attachment_stats *stats)
{
	(void)stats;
	registry_release(port, dir);
}

static const struct attachment_claims shared_claims = {claim_shared, release_shared};

/* A secondary finds what the primary made, once it is entered as its user. */
static int
join(void)
{
	int rc = registry_join(process.options.program, process.options.client_id);

	if (rc != 0)
		return rc;
	attachment_set_claims(&shared_claims);
	return ring_attach(registry_nb_rings());
}

static void
stop_rings(void)
{
	ring_fini();
	registry_leave();
}

static int
start_rings(void)
{
	int rc = process.options.role == PROCESS_SECONDARY ? join() : make_rings();

	if (rc != 0)
		stop_rings();
	return rc;
}

static void
stop_lcores(void)
{
	int rc = lcore_fini();

	if (rc == 0)
		return;
	log_err("%s", error_sentence(rc));
	process.is_stuck = true;
}

static bool
is_in_mask(const char *type, uint32_t id)
{
	(void)type;
	return id < 64 && (process.options.port_mask >> id & 1) != 0;
}

static bool
is_published(const char *type, uint32_t id)
{
	struct registry_port port;

	return registry_find_port(type, id, &port);
}

/* A device whose driver could not fetch its state from the primary is silently missing: without it
 * the process would be ready and refuse what it is there for. */
static int
check_published(void)
{
	struct registry_port port;

	for (unsigned int i = 0; registry_get_port(i, &port); i++)
		if (plugin_find(SPP_KIND_PORT, port.type) != NULL &&
		    port_find(port.type, port.id) == NULL)
			return fail(-ENODEV,
				    "%s:%u of the primary did not come up in this process; start "
				    "it again",
				    port.type, port.id);
	return 0;
}

static bool
has_permanent_port(uint32_t id)
{
	for (const struct port *p = port_first(); p != NULL; p = p->next)
		if (p->permanent && p->id == id)
			return true;
	return false;
}

/* Bits of the mask without a port are a slip to warn of; a primary without any port is none. */
static int
check_mask(void)
{
	for (unsigned int id = 0; id < 64; id++)
		if (is_in_mask(NULL, id) && !has_permanent_port(id))
			log_warning("port %u not present - ignoring", id);
	if (port_first() == NULL)
		return fail(-ENODEV,
			    "none of the ports of the mask 0x%llx is there; see the "
			    "devices of DPDK, or make some with --vdev",
			    (unsigned long long)process.options.port_mask);
	return 0;
}

static int
publish_ports(void)
{
	int rc = registry_create(process.options.program, ring_nb());

	attachment_set_claims(&shared_claims);
	for (const struct port *p = port_first(); rc == 0 && p != NULL; p = p->next) {
		struct registry_port port = {
			.id = p->id,
			.nb_rx = port_nb_queues(p, SPP_RX),
			.nb_tx = port_nb_queues(p, SPP_TX),
		};

		snprintf(port.type, sizeof(port.type), "%s", p->plugin->name);
		rc = registry_publish(&port);
	}
	return rc;
}

static int
set_port_options(void)
{
	const struct process_options *options = &process.options;
	int rc = config_set_port_options(process.config);

	for (unsigned int i = 0; rc == 0 && i < options->nb_port_options; i++) {
		const struct process_port_option *option = &options->port_options[i];

		rc = port_add_option(option->port, option->text);
	}
	return rc;
}

/* Secondaries enter when the table is there: the primary makes it when its ports run. */
static int
start_ports(void)
{
	enum process_role role = process.options.role;
	int rc = set_port_options();

	if (rc == 0)
		rc = port_init(role == PROCESS_PRIMARY     ? is_in_mask
			       : role == PROCESS_SECONDARY ? is_published
							   : NULL);
	if (rc == 0 && role == PROCESS_SECONDARY)
		rc = check_published();
	if (rc == 0 && role == PROCESS_PRIMARY)
		rc = check_mask();
	if (rc == 0 && role == PROCESS_PRIMARY)
		rc = publish_ports();
	if (rc != 0)
		port_fini();
	return rc;
}

/* Event loop */

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	(void)what;
	(void)arg;
	log_info("signal %d: leaving", (int)number);
	process_exit();
}

static void
on_reap(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	txn_reap();
}

static int
add_event(evutil_socket_t fd, short what, event_callback_fn fn, const struct timeval *interval)
{
	struct event *event = event_new(process.base, fd, what, fn, NULL);

	if (event == NULL)
		return -ENOMEM;
	process.events[process.nb_events++] = event;
	return event_add(event, interval) == 0 ? 0 : -EIO;
}

static void
stop_loop(void)
{
	while (process.nb_events > 0)
		event_free(process.events[--process.nb_events]);
	event_base_free(process.base);
	process.base = NULL;
}

/* From here on a signal waits for the end of a step, so that nothing is left half started. */
static int
start_loop(void)
{
	const struct timeval reap = {.tv_sec = REAP_S};

	signal(SIGPIPE, SIG_IGN);
	process.base = event_base_new();
	if (process.base == NULL)
		return fail(-ENOMEM, "cannot make an event loop");
	if (add_event(SIGINT, EV_SIGNAL | EV_PERSIST, on_signal, NULL) == 0 &&
	    add_event(SIGTERM, EV_SIGNAL | EV_PERSIST, on_signal, NULL) == 0 &&
	    add_event(-1, EV_PERSIST, on_reap, &reap) == 0)
		return 0;
	stop_loop();
	return fail(-EIO, "cannot watch for signals");
}

/* Verbs */

static int
run_get_client_id(const struct spp_args *args, struct spp_reply *reply)
{
	(void)args;
	reply_u64(reply, "client_id", process.options.client_id);
	reply_str(reply, "process_type", process.options.process_type);
	reply_str(reply, "framing", "lf");
	return 0;
}

static const struct spp_verb get_client_id_verb = {
	"_get_client_id", "which process this is; asked by the controller", run_get_client_id};

static void
stop_verbs(void)
{
	dispatch_del("core");
}

static int
start_verbs(void)
{
	const struct process_options *options = &process.options;
	int rc = panel_verbs_add();

	if (rc == 0)
		rc = plugin_verbs_add();
	if (rc == 0)
		rc = options->add_verbs();
	if (rc == 0)
		rc = dispatch_init();
	if (rc == 0 && options->role == PROCESS_SECONDARY)
		rc = dispatch_add("core", &get_client_id_verb);
	if (rc == 0)
		rc = lcore_verbs_add();
	if (rc != 0)
		stop_verbs();
	return rc;
}

/* The patch panel */

static int
start_patch(void)
{
	return config_apply(process.config);
}

static void
stop_patch(void)
{
	int rc = component_stop_all();

	if (rc != 0)
		log_err("%s", error_sentence(rc));
}

/* The socket */

char *
process_default_socket(const char *program, int client_id, char *out, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char dir[SOCKET_PATH_SIZE], name[sizeof(process.name)];

	if (geteuid() == 0)
		snprintf(dir, sizeof(dir), "/run/spp");
	else if (runtime != NULL && runtime[0] == '/')
		snprintf(dir, sizeof(dir), "%.200s/spp", runtime);
	else
		snprintf(dir, sizeof(dir), "/tmp/spp-%u", geteuid());
	format_name(program, client_id, name, sizeof(name));
	snprintf(out, size, "%.200s/%s.sock", dir, name);
	return out;
}

/* Of the default socket: nobody else may put files there. */
static int
make_directory(const char *socket_path)
{
	char copy[SOCKET_PATH_SIZE];
	const char *dir;
	struct stat st;

	snprintf(copy, sizeof(copy), "%s", socket_path);
	dir = dirname(copy);
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return fail(-errno, "socket %s: cannot create directory %s: %s", socket_path, dir,
			    strerror(errno));
	if (lstat(dir, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 022) != 0)
		return fail(-EPERM,
			    "socket %s: %s must be a directory of this user, not writable by "
			    "others; choose another path with --socket",
			    socket_path, dir);
	return 0;
}

static int
start_socket(void)
{
	const struct process_options *options = &process.options;
	int rc = 0;

	if (options->socket_path == NULL) {
		process_default_socket(options->program, options->client_id, process.socket_path,
				       sizeof(process.socket_path));
		rc = make_directory(process.socket_path);
	} else {
		snprintf(process.socket_path, sizeof(process.socket_path), "%s",
			 options->socket_path);
	}
	return rc == 0 ? socket_init(process.base, process.socket_path) : rc;
}

/* Other processes */

/* Nothing that the primary made may be touched any more: its NICs are nobody's, and whoever starts
 * it again must start us again. */
static void
on_primary_death(void)
{
	static const char why[] = "the primary process has died; end this process, start the "
				  "primary, then this process again";
	int rc;

	log_err("%s", why);
	panel_close(why);
	rc = component_stop_all();
	if (rc != 0)
		log_err("%s", error_sentence(rc));
}

static int
start_watch(void)
{
	switch (process.options.role) {
	case PROCESS_PRIMARY:
		return watch_secondaries(process.base);
	case PROCESS_SECONDARY:
		return watch_primary(process.base, on_primary_death);
	default:
		return 0;
	}
}

static int
start_controller(void)
{
	const struct address *controller = process.options.controller;

	if (controller == NULL)
		return 0;
	return controller_init(process.base, controller->host, controller->port);
}

/* The order.  A step that fails has undone its own part. */

static const struct step {
	int (*start)(void);
	void (*stop)(void);
} steps[] = {
	{start_config, stop_config}, /* what is wanted */
	{start_plugins, NULL},       /* before EAL: their libraries register with it */
	{start_loop, stop_loop},     /* signals; no commands yet */
	{start_eal, eal_fini},       /* memory, lcores, devices */
	{start_rings, stop_rings},   /* and the mbuf pool; a secondary joins here */
	{lcore_init, stop_lcores},   /* workers, idle */
	{start_ports, port_fini},    /* those that exist by themselves */
	{start_verbs, stop_verbs},   /* the core's; plugins have registered theirs */
	{start_patch, stop_patch},   /* components, attachments, table entries */
	{start_watch, watch_fini},   /* of the other processes */
	{start_socket, socket_fini}, {start_controller, controller_fini},
};

static bool
is_interrupted(void)
{
	if (process.base != NULL)
		event_base_loop(process.base, EVLOOP_NONBLOCK);
	return process.is_leaving;
}

int
process_start(const struct process_options *options)
{
	char text[1024];
	int rc = 0;

	process.options = *options;
	format_name(options->program, options->client_id, process.name, sizeof(process.name));
	error_clear();
	while (rc == 0 && process.nb_started < RTE_DIM(steps)) {
		rc = steps[process.nb_started].start();
		process.nb_started += rc == 0;
		if (rc == 0 && is_interrupted())
			rc = fail(-EINTR, "told to end while starting");
	}
	if (rc == 0) {
		notify("READY=1");
		return 0;
	}
	/* Stopping may store sentences of its own. */
	snprintf(text, sizeof(text), "%s", error_sentence(rc));
	process_stop();
	fail_text(text);
	return rc;
}

/* What secondaries still use cannot be taken down; they notice our end and let go of it. */
static bool
has_users(void)
{
	char list[256];

	if (!registry_is_primary() || registry_list_secondaries(list, sizeof(list)) == 0)
		return false;
	log_warning("leaving memory and ports as they are, because secondaries live: %s", list);
	return true;
}

void
process_stop(void)
{
	notify("STOPPING=1");
	if (has_users()) {
		controller_fini();
		socket_fini();
		return;
	}
	while (process.nb_started > 0 && !process.is_stuck) {
		void (*stop)(void) = steps[--process.nb_started].stop;

		if (stop != NULL)
			stop();
	}
}

void
process_exit(void)
{
	process.is_leaving = true;
	event_base_loopexit(process.base, NULL);
}

static void
on_drain_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	*(bool *)arg = true;
}

/* Let the last replies go out, above all that of exit. */
static int
drain(void)
{
	const struct timeval limit = {.tv_usec = DRAIN_MS * 1000};
	bool is_over = false;
	struct event *end = evtimer_new(process.base, on_drain_end, &is_over);
	int rc = 0;

	if (end == NULL)
		return -ENOMEM;
	evtimer_add(end, &limit);
	while (rc == 0 && !(socket_drain() & controller_drain()) && !is_over)
		rc = event_base_loop(process.base, EVLOOP_ONCE);
	event_free(end);
	return rc;
}

int
process_run(void)
{
	int rc = event_base_dispatch(process.base);

	if (rc == 0)
		rc = drain();
	return rc == 0 ? 0 : fail(-EIO, "the event loop failed");
}

const char *
process_socket(void)
{
	return process.socket_path;
}

static int
say_failure(int err)
{
	fprintf(stderr, "%s: %s\n", process.options.program, error_sentence(err));
	return EXIT_FAILURE;
}

int
process_main(const struct process_options *options)
{
	char ready[128];
	int rc = process_start(options);

	if (rc != 0)
		return say_failure(rc);
	options->format_ready(ready, sizeof(ready));
	printf("%s: ready, %s, commands at %s\n", options->program, ready, process_socket());
	fflush(stdout);
	rc = process_run();
	process_stop();
	return rc == 0 ? EXIT_SUCCESS : say_failure(rc);
}
