/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks on a file that say who lives. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "life.h"
#include "registry.h"

#define FILE_NAME "spp_life"
/* A record is text, for people, and the range that its process locks. */
#define RECORD_SIZE 64
/* The record that a primary locks while it waits for others to end. */
#define LEAVE_RECORD (REGISTRY_ID_MAX + 1)

static struct {
	char path[512];
	/* Locks belong to the descriptor, so each has one of its own; 0: none. */
	int own;   /* holds the lock of this process */
	int asker; /* holds that of LEAVE_RECORD */
	int probe; /* holds none: it sees those of the other two */
	int id;
} life;

static void
close_fd(int *fd)
{
	if (*fd > 0)
		close(*fd);
	*fd = 0;
}

static int
open_file(int flags)
{
	int fd = open(life.path, O_RDWR | O_CLOEXEC | flags, 0600);

	return fd < 0 ? -errno : fd;
}

static struct flock
lock_of(int record, short type)
{
	return (struct flock){
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = (off_t)record * RECORD_SIZE,
		.l_len = RECORD_SIZE,
	};
}

/* Open *fd with that record locked.  What a fork has left there is closed, not unlocked: that lock
 * is the parent's. */
static int
lock_record(int record, int *fd)
{
	struct flock lock = lock_of(record, F_WRLCK);
	int rc;

	close_fd(fd);
	rc = open_file(0);
	if (rc < 0)
		return rc;
	*fd = rc;
	if (fcntl(*fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	rc = errno == EACCES ? -EAGAIN : -errno;
	close_fd(fd);
	return rc;
}

/* 1, 0, or -errno when that cannot be told. */
static int
probe_record(int record)
{
	struct flock lock = lock_of(record, F_WRLCK);

	if (life.probe == 0)
		return -EBADF;
	if (fcntl(life.probe, F_OFD_GETLK, &lock) != 0)
		return -errno;
	return lock.l_type != F_UNLCK;
}

int
life_open(const char *runtime_dir, bool is_owner)
{
	int rc;

	close_fd(&life.probe);
	snprintf(life.path, sizeof(life.path), "%s/" FILE_NAME, runtime_dir);
	rc = open_file(is_owner ? O_CREAT : 0);
	if (rc < 0)
		return rc;
	life.probe = rc;
	return 0;
}

void
life_close(void)
{
	life_end();
	close_fd(&life.asker);
	close_fd(&life.probe);
}

int
life_begin(int id, const char *program)
{
	char record[RECORD_SIZE] = "";
	int rc = lock_record(id, &life.own);

	if (rc != 0)
		return rc;
	life.id = id;
	snprintf(record, sizeof(record), "%s %d (process %d)\n", program, id, (int)getpid());
	if (pwrite(life.own, record, sizeof(record), (off_t)id * RECORD_SIZE) == sizeof(record))
		return 0;
	close_fd(&life.own);
	return -EIO;
}

void
life_end(void)
{
	struct flock lock = lock_of(life.id, F_UNLCK);

	/* Also for the children that have the descriptor. */
	if (life.own > 0)
		fcntl(life.own, F_OFD_SETLK, &lock);
	close_fd(&life.own);
}

bool
life_is_held(int id)
{
	/* Who cannot ask must not declare anybody dead. */
	return probe_record(id) != 0;
}

void
life_describe(int id, char *text, size_t size)
{
	char record[RECORD_SIZE + 1] = "";

	if (life.probe == 0 || pread(life.probe, record, RECORD_SIZE, (off_t)id * RECORD_SIZE) < 0)
		record[0] = '\0';
	record[strcspn(record, "\n")] = '\0';
	snprintf(text, size, "%s", record);
}

int
life_ask_to_leave(void)
{
	int rc = lock_record(LEAVE_RECORD, &life.asker);

	/* Another one asks already. */
	return rc == -EAGAIN ? 0 : rc;
}

bool
life_is_asked_to_leave(void)
{
	return probe_record(LEAVE_RECORD) > 0;
}
