/* SPDX-License-Identifier: BSD-3-Clause */
/* Who else uses a runtime directory of DPDK. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "eal_peers.h"
#include "error.h"
#include "life.h"
#include "log.h"
#include "registry.h"

#define PATH_SIZE 512
#define POLL_MS 20
#define READY_WAIT_MS 5000

static void
pause_ms(unsigned int ms)
{
	const struct timespec time = {.tv_nsec = ms * 1000000L};

	nanosleep(&time, NULL);
}

/* A primary holds the lock that EAL puts on its configuration. */
bool
eal_peers_find_primary(const char *runtime_dir, struct eal_peer *primary)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[PATH_SIZE + 8];
	bool is_locked;
	int fd;

	snprintf(path, sizeof(path), "%s/config", runtime_dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	is_locked = fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
	close(fd);
	primary->pid = is_locked ? lock.l_pid : 0;
	return is_locked;
}

bool
eal_peers_have_primary(const char *runtime_dir)
{
	struct eal_peer primary;

	return eal_peers_find_primary(runtime_dir, &primary);
}

/* Processes that are not ours */

/* The process of a runtime file that ends in _PID, if it lives: a secondary has such files. */
static int
living_owner(const char *file)
{
	const char *text = strrchr(file, '_');
	char *end;
	long pid;

	if (strncmp(file, "fbarray_", 8) != 0 || text == NULL || text[1] == '\0')
		return 0;
	pid = strtol(text + 1, &end, 10);
	if (*end != '\0' || pid <= 0 || pid == getpid())
		return 0;
	return kill((pid_t)pid, 0) == 0 || errno == EPERM ? (int)pid : 0;
}

int
eal_peers_find_pid(const char *runtime_dir)
{
	DIR *dir = opendir(runtime_dir);
	struct dirent *entry;
	int pid = 0;

	if (dir == NULL)
		return 0;
	while (pid == 0 && (entry = readdir(dir)) != NULL)
		pid = living_owner(entry->d_name);
	closedir(dir);
	return pid;
}

/* A new primary */

/* Id of a secondary that lives; 0: none does. */
static int
find_survivor(void)
{
	for (int id = REGISTRY_PRIMARY + 1; id <= REGISTRY_ID_MAX; id++)
		if (life_is_held(id))
			return id;
	return 0;
}

static int
await_no_survivor(unsigned int wait_s)
{
	char name[64];
	int id;

	for (unsigned int ms = 0; (id = find_survivor()) != 0 && ms < wait_s * 1000; ms += POLL_MS)
		pause_ms(POLL_MS);
	if (id == 0)
		return 0;
	life_describe(id, name, sizeof(name));
	return fail(-EBUSY,
		    "%s still uses the memory of an earlier primary, and has not ended within %u s "
		    "when asked to; end it, or choose another --file-prefix",
		    name, wait_s);
}

static int
ask_and_wait(unsigned int wait_s)
{
	char name[64];
	int id = find_survivor();
	int rc;

	if (id == 0)
		return 0;
	life_describe(id, name, sizeof(name));
	log_notice("%s has outlived its primary and is asked to end, as others like it are", name);
	rc = life_ask_to_leave();
	return rc == 0 ? await_no_survivor(wait_s)
		       : fail(rc, "cannot ask %s to end: %s", name, strerror(-rc));
}

int
eal_peers_end_survivors(const char *runtime_dir, unsigned int wait_s)
{
	int rc;

	/* Those of a primary that lives are no survivors; EAL refuses to be a second one. */
	if (eal_peers_have_primary(runtime_dir) || life_open(runtime_dir, false) != 0)
		return 0;
	rc = ask_and_wait(wait_s);
	life_close();
	return rc;
}

/* A secondary */

int
eal_peers_await_primary(const char *runtime_dir)
{
	bool is_ready = false;

	/* EAL itself would take the memory that a dead primary has left for that of a living one.
	 */
	if (!eal_peers_have_primary(runtime_dir))
		return fail(-ENOENT,
			    "there is no primary process to attach to; start spp_primary first, "
			    "with the same --file-prefix");
	for (unsigned int ms = 0; ms < READY_WAIT_MS && !is_ready; ms += POLL_MS) {
		if (life_open(runtime_dir, false) == 0)
			is_ready = life_is_held(REGISTRY_PRIMARY);
		if (!is_ready)
			pause_ms(POLL_MS);
	}
	life_close();
	return is_ready ? 0
			: fail(-ENOENT, "the primary process of this --file-prefix is no "
					"spp_primary, or has not started up yet");
}
