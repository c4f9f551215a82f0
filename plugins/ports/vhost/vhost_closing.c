/* SPDX-License-Identifier: BSD-3-Clause */
/* Ports on their way out: the threads that wait for the library. */

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include <spp/plugin.h>

#include "vhost_closing.h"
#include "vhost_socket.h"

#define CLOSE_LIMIT_MS 500
#define MS_PER_S 1000
#define NS_PER_MS 1000000

/* The lock guards the list and is_late of its members. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct vhost_closing *first; /* the oldest */
} module = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* Under the lock */

static bool
is_listed(const struct vhost_closing *closing)
{
	const struct vhost_closing *c = module.first;

	while (c != NULL && c != closing)
		c = c->next;
	return c != NULL;
}

/* [main] waits once for the library, however many ports it holds: all have the limit of the
 * oldest. */
static void
append(struct vhost_closing *closing)
{
	struct vhost_closing **link = &module.first;

	clock_gettime(CLOCK_MONOTONIC, &closing->limit);
	closing->limit.tv_nsec += CLOSE_LIMIT_MS % MS_PER_S * NS_PER_MS;
	closing->limit.tv_sec += CLOSE_LIMIT_MS / MS_PER_S;
	if (closing->limit.tv_nsec >= MS_PER_S * NS_PER_MS) {
		closing->limit.tv_nsec -= MS_PER_S * NS_PER_MS;
		closing->limit.tv_sec++;
	}
	if (module.first != NULL)
		closing->limit = module.first->limit;
	while (*link != NULL)
		link = &(*link)->next;
	closing->next = NULL;
	*link = closing;
}

static void
detach(struct vhost_closing *closing)
{
	struct vhost_closing **link = &module.first;

	while (*link != closing)
		link = &(*link)->next;
	*link = closing->next;
	pthread_cond_broadcast(&module.changed);
}

/* The thread of a port */

static void *
closing_run(void *arg)
{
	struct vhost_closing *closing = arg;
	const struct vhost_socket *sock = closing->peers->socket;
	void *port = closing->port;
	uint32_t id = sock->id;
	bool is_late;

	vhost_socket_unregister(sock);
	vhost_peers_del(closing->peers);
	pthread_mutex_lock(&module.lock);
	is_late = closing->is_late;
	detach(closing);
	pthread_mutex_unlock(&module.lock);
	spp_host->free(spp_host, port);
	if (is_late)
		spp_host->log(spp_host, SPP_LOG_NOTICE, "vhost:%u: closed at last", id);
	return NULL;
}

/* What [main] asks for */

/* Wait for the port to go; false if its limit passes first. */
static bool
wait_gone(struct vhost_closing *closing)
{
	const struct timespec limit = closing->limit;
	bool is_late;
	int ret = 0;

	while (is_listed(closing) && ret == 0)
		ret = pthread_cond_clockwait(&module.changed, &module.lock, CLOCK_MONOTONIC,
					     &limit);
	is_late = is_listed(closing);
	if (is_late)
		closing->is_late = true;
	return !is_late;
}

void
vhost_closing_start(struct vhost_closing *closing)
{
	uint32_t id = closing->peers->socket->id;
	pthread_t thread;
	bool is_gone;

	pthread_mutex_lock(&module.lock);
	append(closing);
	/* The thread cannot end before wait_gone() lets go of the lock. */
	if (pthread_create(&thread, NULL, closing_run, closing) != 0) {
		pthread_mutex_unlock(&module.lock);
		/* No thread could be made: [main] waits for the library itself. */
		closing_run(closing);
		return;
	}
	pthread_detach(thread);
	is_gone = wait_gone(closing);
	pthread_mutex_unlock(&module.lock);
	if (!is_gone)
		spp_host->log(spp_host, SPP_LOG_WARNING,
			      "vhost:%u: still closing: a peer holds up librte_vhost", id);
}

bool
vhost_closing_find(uint32_t id)
{
	const struct vhost_closing *c;

	pthread_mutex_lock(&module.lock);
	c = module.first;
	while (c != NULL && c->peers->socket->id != id)
		c = c->next;
	pthread_mutex_unlock(&module.lock);
	return c != NULL;
}

void
vhost_closing_write(struct spp_reply *reply)
{
	char name[24];

	pthread_mutex_lock(&module.lock);
	if (module.first != NULL) {
		spp_host->reply_open(reply, "closing", SPP_REPLY_ARRAY);
		for (const struct vhost_closing *c = module.first; c != NULL; c = c->next) {
			snprintf(name, sizeof(name), "vhost:%u", c->peers->socket->id);
			spp_host->reply_str(reply, NULL, name);
		}
		spp_host->reply_close(reply);
	}
	pthread_mutex_unlock(&module.lock);
}
