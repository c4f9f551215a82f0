/* SPDX-License-Identifier: BSD-3-Clause */
/* The thread that writes to the state directory. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>
#include <event2/event.h>

#include "state_file.h"
#include "state_journal.h"
#include "state_writer.h"

/* A job belongs to the queue that it is in: waiting, the thread's own, or finished. */
struct job {
	STAILQ_ENTRY(job) link;
	bool replace; /* the whole file, not a change */
	char *text;
	int err;      /* of this job */
	int next_err; /* of the change that would come next */
	state_written done;
	void *arg;
};
STAILQ_HEAD(job_queue, job);

static struct {
	const char *dir;
	pthread_t thread;
	struct event *event; /* readable when a job has finished */
	int fd;
	int error; /* loop only */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	struct job_queue waiting, finished;
	unsigned int nb_unfinished;
	bool ending;

	/* thread only */
	struct state_journal journal;
	int refusal;  /* of a change that failed, until the whole file is written */
	int next_err; /* the same, or that there is no space for later changes */
} writer = {.fd = -1, .journal = {.fd = -1}};

/* The thread */

static void
replace_run(struct job *job)
{
	job->err = job->text == NULL ? -ENOMEM : state_file_write(writer.dir, job->text);
	if (job->err == 0)
		job->err = state_journal_clear(&writer.journal);
	if (job->err == 0)
		writer.refusal = writer.next_err = 0;
	job->next_err = writer.next_err;
}

/* Write the changes from first on, up to the next whole file, at once.  Returns the job behind
 * them. */
static struct job *
changes_run(struct job *first)
{
	int err = writer.refusal;
	char *bytes = NULL;
	size_t len = 0;
	struct job *job;
	FILE *out = open_memstream(&bytes, &len);

	for (job = first; job != NULL && !job->replace; job = STAILQ_NEXT(job, link))
		if (out == NULL || job->text == NULL || fputs(job->text, out) == EOF)
			err = -ENOMEM;
	if (out == NULL || fclose(out) != 0)
		err = -ENOMEM;
	if (err == 0)
		err = state_journal_append(&writer.journal, bytes, len, &writer.next_err);
	free(bytes);
	/* Changes under way may use the space that was set aside before it ran out. */
	writer.refusal = err;
	if (err != 0)
		writer.next_err = err;
	for (job = first; job != NULL && !job->replace; job = STAILQ_NEXT(job, link)) {
		job->err = err;
		job->next_err = writer.next_err;
	}
	return job;
}

static void
jobs_run(struct job_queue *jobs)
{
	struct job *job = STAILQ_FIRST(jobs);

	while (job != NULL) {
		if (!job->replace) {
			job = changes_run(job);
			continue;
		}
		replace_run(job);
		job = STAILQ_NEXT(job, link);
	}
}

static void *
writer_run(void *arg)
{
	uint64_t one = 1;

	(void)arg;
	pthread_mutex_lock(&writer.lock);
	while (!writer.ending || !STAILQ_EMPTY(&writer.waiting)) {
		struct job_queue jobs = STAILQ_HEAD_INITIALIZER(jobs);

		STAILQ_CONCAT(&jobs, &writer.waiting);
		if (STAILQ_EMPTY(&jobs)) {
			pthread_cond_wait(&writer.changed, &writer.lock);
			continue;
		}
		pthread_mutex_unlock(&writer.lock);
		jobs_run(&jobs);
		pthread_mutex_lock(&writer.lock);
		STAILQ_CONCAT(&writer.finished, &jobs);
		pthread_cond_broadcast(&writer.changed);
		while (write(writer.fd, &one, sizeof(one)) < 0 && errno == EINTR)
			;
	}
	pthread_mutex_unlock(&writer.lock);
	return NULL;
}

/* The event loop */

static void
finished_take(void)
{
	struct job_queue jobs = STAILQ_HEAD_INITIALIZER(jobs);
	struct job *job;

	pthread_mutex_lock(&writer.lock);
	STAILQ_CONCAT(&jobs, &writer.finished);
	pthread_mutex_unlock(&writer.lock);
	while ((job = STAILQ_FIRST(&jobs)) != NULL) {
		STAILQ_REMOVE_HEAD(&jobs, link);
		writer.nb_unfinished--;
		writer.error = job->next_err;
		job->done(job->err, job->arg);
		free(job->text);
		free(job);
	}
}

static void
writer_readable(evutil_socket_t fd, short what, void *arg)
{
	uint64_t count;

	(void)what;
	(void)arg;
	if (read(fd, &count, sizeof(count)) > 0)
		finished_take();
}

static void
job_give(bool replace, char *text, state_written done, void *arg)
{
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL) {
		free(text);
		done(-ENOMEM, arg);
		return;
	}
	*job = (struct job){.replace = replace, .text = text, .done = done, .arg = arg};
	writer.nb_unfinished++;
	pthread_mutex_lock(&writer.lock);
	STAILQ_INSERT_TAIL(&writer.waiting, job, link);
	pthread_cond_broadcast(&writer.changed);
	pthread_mutex_unlock(&writer.lock);
}

void
state_writer_append(char *line, state_written done, void *arg)
{
	job_give(false, line, done, arg);
}

void
state_writer_replace(char *text, state_written done, void *arg)
{
	job_give(true, text, done, arg);
}

int
state_writer_error(void)
{
	return writer.error;
}

void
state_writer_drain(void)
{
	while (writer.nb_unfinished > 0) {
		pthread_mutex_lock(&writer.lock);
		while (STAILQ_EMPTY(&writer.finished))
			pthread_cond_wait(&writer.changed, &writer.lock);
		pthread_mutex_unlock(&writer.lock);
		finished_take();
	}
}

/* Signals are for the event loop. */
static int
thread_start(void)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&writer.thread, NULL, writer_run, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -err;
}

int
state_writer_init(struct event_base *base, const char *dir, off_t journal_end)
{
	int err;

	/* A limit on the size of files is an error of the write, which has an answer. */
	signal(SIGXFSZ, SIG_IGN);
	writer.dir = dir;
	pthread_mutex_init(&writer.lock, NULL);
	pthread_cond_init(&writer.changed, NULL);
	STAILQ_INIT(&writer.waiting);
	STAILQ_INIT(&writer.finished);
	err = state_journal_open(&writer.journal, dir, journal_end);
	if (err != 0)
		return err;
	writer.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (writer.fd < 0)
		return -errno;
	writer.event = event_new(base, writer.fd, EV_READ | EV_PERSIST, writer_readable, NULL);
	if (writer.event == NULL || event_add(writer.event, NULL) != 0)
		return -ENOMEM;
	return thread_start();
}

void
state_writer_fini(void)
{
	if (writer.thread != 0) {
		pthread_mutex_lock(&writer.lock);
		writer.ending = true;
		pthread_cond_broadcast(&writer.changed);
		pthread_mutex_unlock(&writer.lock);
		pthread_join(writer.thread, NULL);
	}
	if (writer.event != NULL)
		event_free(writer.event);
	if (writer.fd >= 0)
		close(writer.fd);
	state_journal_close(&writer.journal, writer.dir);
}
