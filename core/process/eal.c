/* SPDX-License-Identifier: BSD-3-Clause */
/* DPDK's environment. */

#define ALLOW_EXPERIMENTAL_API

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>

#include "eal.h"
#include "eal_log.h"
#include "error.h"
#include "log.h"

#define PATH_SIZE 512
#define CAUSE_SIZE 320

/* EAL reorders its argv and keeps pointers into the words: both live as long as it does. */
static struct {
	int argc;
	char **argv;  /* handed to EAL */
	char **words; /* the same, in our order */
	enum process_role role;
	char runtime_dir[PATH_SIZE];
} eal;

/* Arguments */

static int
add_word(const char *word)
{
	char *copy = strdup(word);

	if (copy == NULL)
		return fail(-ENOMEM, "no memory for the EAL options");
	eal.words[eal.argc] = copy;
	eal.argv[eal.argc++] = copy;
	return 0;
}

static void
free_words(void)
{
	for (int i = 0; i < eal.argc; i++)
		free(eal.words[i]);
	free(eal.words);
	free(eal.argv);
	eal.words = eal.argv = NULL;
	eal.argc = 0;
}

/* The value of word i if it is that option, as `--name=value` or `--name value`; else NULL. */
static const char *
option_value(int i, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(eal.words[i], name, len) != 0)
		return NULL;
	if (eal.words[i][len] == '=')
		return eal.words[i] + len + 1;
	return eal.words[i][len] == '\0' && i + 1 < eal.argc ? eal.words[i + 1] : NULL;
}

static bool
is_given_from(int i, const char *name)
{
	size_t len = strlen(name);

	for (; i < eal.argc; i++)
		if (strncmp(eal.words[i], name, len) == 0 &&
		    (eal.words[i][len] == '=' || eal.words[i][len] == '\0'))
			return true;
	return false;
}

static bool
is_given(const char *name)
{
	return is_given_from(1, name);
}

/* Options that DPDK does not know any more, and what it calls them now. */
static const struct renamed {
	const char *old, *now;
} renamed[] = {
	{"-w", "-a"},
	{"--pci-whitelist", "--allow"},
	{"--pci-blacklist", "--block"},
	{"--master-lcore", "--main-lcore"},
};

static int
add_translated(const char *word)
{
	for (unsigned int i = 0; i < RTE_DIM(renamed); i++) {
		size_t len = strlen(renamed[i].old);
		char now[PATH_SIZE];

		if (strncmp(word, renamed[i].old, len) != 0)
			continue;
		/* A short option may have its value attached. */
		if (word[len] != '\0' && word[len] != '=' && word[1] == '-')
			continue;
		fprintf(stderr, "%s: option %s is now called %s; please change your scripts\n",
			eal.words[0], renamed[i].old, renamed[i].now);
		snprintf(now, sizeof(now), "%s%s", renamed[i].now, &word[len]);
		return add_word(now);
	}
	return add_word(word);
}

/* What we add goes last unless somebody else decided it. */
static int
add_defaults(const char *prefix)
{
	char word[PATH_SIZE];
	int rc = 0;

	if (eal.role != PROCESS_STANDALONE) {
		if (is_given("--proc-type"))
			return 0;
		return add_word(eal.role == PROCESS_PRIMARY ? "--proc-type=primary"
							    : "--proc-type=secondary");
	}

	snprintf(word, sizeof(word), "--file-prefix=%s", prefix);
	if (!is_given("--file-prefix"))
		rc = add_word(word);
	/* Nobody attaches, so the files of hugepages need not stay after a crash. */
	if (rc == 0 && !is_given("--no-huge") && !is_given("--in-memory") &&
	    !is_given("--huge-unlink"))
		rc = add_word("--huge-unlink");
	return rc;
}

/* Before those of the user, which therefore win. */
static const char *const first_words[] = {
	"--log-level=lib.*:warning",
	"--log-level=pmd.*:warning",
	"--log-level=bus.*:warning",
	"--no-telemetry",
};

static int
build_argv(const char *program, const char *prefix, const struct config_strings *first, int argc,
	   char *const *argv)
{
	size_t max = 16 + first->nb + argc;
	int rc;

	eal.words = calloc(max, sizeof(*eal.words));
	eal.argv = calloc(max, sizeof(*eal.argv));
	if (eal.words == NULL || eal.argv == NULL)
		return fail(-ENOMEM, "no memory for the EAL options");
	rc = add_word(program);
	for (unsigned int i = 0; rc == 0 && i < RTE_DIM(first_words); i++)
		rc = add_word(first_words[i]);
	for (unsigned int i = 0; rc == 0 && i < first->nb; i++)
		rc = add_translated(first->str[i]);
	for (int i = 1; rc == 0 && i < argc; i++)
		rc = add_translated(argv[i]);
	return rc == 0 ? add_defaults(prefix) : rc;
}

/* Failures */

/* True if another process holds the lock that EAL puts on its runtime directory. */
static bool
is_of_another(const char *runtime_dir)
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
	return is_locked;
}

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

/* A secondary that lives on after its primary; 0: none. */
static int
find_survivor(void)
{
	DIR *dir = opendir(eal.runtime_dir);
	struct dirent *entry;
	int pid = 0;

	if (dir == NULL)
		return 0;
	while (pid == 0 && (entry = readdir(dir)) != NULL)
		pid = living_owner(entry->d_name);
	closedir(dir);
	return pid;
}

/* What EAL said first, for the end of a sentence. */
static const char *
cause(char out[CAUSE_SIZE])
{
	const char *text = eal_log_cause();

	snprintf(out, CAUSE_SIZE, "%s%.*s%s", *text != '\0' ? " (DPDK says: " : "", CAUSE_SIZE - 32,
		 text, *text != '\0' ? ")" : "");
	return out;
}

static int
explain_memory(int err)
{
	char said[CAUSE_SIZE];
	const char *without = eal.role == PROCESS_STANDALONE
				      ? ", or do without: --no-huge -m 256"
				      : ", or ask for less with --socket-mem";

	if (is_given("--no-huge"))
		return fail(-err, "DPDK gets no memory: ask for less with -m%s", cause(said));
	return fail(-err,
		    "DPDK gets no hugepages, or too few: reserve and mount some (sysctl "
		    "vm.nr_hugepages=64; mount -t hugetlbfs; --huge-dir)%s%s",
		    without, cause(said));
}

static int
explain(int err)
{
	char said[CAUSE_SIZE];
	int survivor;

	if (eal.role == PROCESS_SECONDARY && err != EINVAL)
		return fail(err == 0 ? -ENOENT : -err,
			    "there is no primary process to attach to; start spp_primary first, "
			    "with the same --file-prefix");

	/* EAL does not always say. */
	if (err == 0)
		err = EIO;
	if (is_of_another(eal.runtime_dir))
		return fail(-EBUSY,
			    "DPDK cannot start: another process uses %s; stop that one or choose "
			    "another --file-prefix",
			    eal.runtime_dir);
	survivor = find_survivor();
	if (survivor != 0)
		return fail(-EBUSY,
			    "DPDK cannot start: process %d still uses the memory of an earlier "
			    "primary; end it first, or choose another --file-prefix",
			    survivor);
	if (err == EINVAL)
		return fail(-err, "DPDK does not accept its options%s; correct those before --",
			    cause(said));
	if (err == ENOMEM || (!is_given("--no-huge") && (err == EACCES || err == ENOENT)))
		return explain_memory(err);
	return fail(-err, "DPDK cannot start: %s%s", rte_strerror(err), cause(said));
}

static bool
is_up(const char *name)
{
	struct rte_dev_iterator it;
	struct rte_device *dev;

	RTE_DEV_FOREACH(dev, "bus=vdev", &it)
	{
		if (strcmp(rte_dev_name(dev), name) == 0)
			return rte_dev_is_probed(dev);
	}
	return false;
}

/* EAL goes on without a virtual device that does not come up; its operator should not. */
static int
check_vdevs(void)
{
	for (int i = 1; i < eal.argc; i++) {
		const char *value = option_value(i, "--vdev");
		char name[RTE_DEV_NAME_MAX_LEN];

		if (value == NULL)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(value, ","), value);
		if (!is_up(name))
			return fail(-ENODEV,
				    "--vdev %s: the device did not come up: see the lines of its "
				    "driver above",
				    value);
	}
	return 0;
}

/* True for what a secondary has in its primary's runtime directory: `fbarray_..._PID`,
 * `mp_socket_PID_...`. */
static bool
is_own_file(const char *name)
{
	char socket[32], end[16];
	size_t len = strlen(name);
	int end_len = snprintf(end, sizeof(end), "_%d", (int)getpid());
	int socket_len = snprintf(socket, sizeof(socket), "mp_socket%s_", end);

	if (strncmp(name, socket, socket_len) == 0)
		return true;
	return strncmp(name, "fbarray_", 8) == 0 && strcmp(name + len - end_len, end) == 0;
}

static bool
is_any_file(const char *name)
{
	return name[0] != '.';
}

static void
clean_runtime_dir(bool (*is_unwanted)(const char *name))
{
	DIR *dir = opendir(eal.runtime_dir);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (is_unwanted(entry->d_name))
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

/* EAL holds its lock there until the process ends, so nobody else has begun to use it. */
static void
remove_runtime_dir(void)
{
	clean_runtime_dir(is_any_file);
	rmdir(eal.runtime_dir);
}

static int
check_process_type(void)
{
	bool is_secondary = rte_eal_process_type() == RTE_PROC_SECONDARY;

	if (is_secondary == (eal.role == PROCESS_SECONDARY))
		return 0;
	if (is_secondary)
		return fail(-EINVAL, "--proc-type: this role owns its memory, it is no secondary");
	return fail(-EINVAL, "there is no primary process to attach to; start spp_primary first, "
			     "with the same --file-prefix");
}

/* Files of hugepages, which keep their pages until they are removed. */
struct files {
	unsigned int nb;
	char **path;
};

static void
add_file(struct files *files, const char *path)
{
	char **paths = realloc(files->path, (files->nb + 1) * sizeof(*paths));

	if (paths == NULL)
		return;
	files->path = paths;
	files->path[files->nb] = strdup(path);
	files->nb += files->path[files->nb] != NULL;
}

/* Those that EAL has mapped: `<huge-dir>/<prefix>map_<number>`. */
static void
find_hugepage_files(struct files *files)
{
	const char *prefix = strrchr(eal.runtime_dir, '/');
	char line[PATH_SIZE + 128], pattern[PATH_SIZE];
	FILE *maps = fopen("/proc/self/maps", "r");

	if (maps == NULL || prefix == NULL)
		return;
	snprintf(pattern, sizeof(pattern), "%smap_", prefix);
	while (fgets(line, sizeof(line), maps) != NULL) {
		char *path = strchr(line, '/');

		line[strcspn(line, "\n")] = '\0';
		if (path != NULL && strstr(path, pattern) != NULL)
			add_file(files, path);
	}
	fclose(maps);
}

static void
remove_files(struct files *files)
{
	for (unsigned int i = 0; i < files->nb; i++) {
		unlink(files->path[i]);
		free(files->path[i]);
	}
	free(files->path);
}

/* What EAL made before it failed. */
static void
clean_up_failure(void)
{
	struct files files = {0};

	find_hugepage_files(&files);
	remove_files(&files);
	remove_runtime_dir();
}

int
eal_init(enum process_role role, const char *program, const char *prefix,
	 const struct config_strings *first, int argc, char *const *argv)
{
	int rc;

	eal.role = role;
	rc = build_argv(program, prefix, first, argc, argv);
	if (rc != 0) {
		free_words();
		return rc;
	}
	/* One who asks for DPDK's log wants it whole. */
	if (!is_given_from(1 + RTE_DIM(first_words), "--log-level"))
		eal_log_hold();
	rc = rte_eal_init(eal.argc, eal.argv);
	snprintf(eal.runtime_dir, sizeof(eal.runtime_dir), "%s", rte_eal_get_runtime_dir());
	if (rc < 0) {
		rc = explain(rte_errno);
		if (eal.role == PROCESS_SECONDARY)
			rmdir(eal.runtime_dir); /* if nobody else uses it */
		else if (rc != -EBUSY && eal.runtime_dir[0] != '\0')
			clean_up_failure();
		eal_log_release(false);
		goto err_free;
	}
	if (rc + 1 < eal.argc)
		rc = fail(-EINVAL, "'%s' is no option of EAL; options of %s come after --",
			  eal.argv[rc + 1], program);
	else
		rc = check_process_type();
	if (rc == 0)
		rc = check_vdevs();
	eal_log_release(true);
	if (rc != 0) {
		eal_fini();
		return rc;
	}
	/* Several processes may have the same main lcore, whose caches would then be theirs all:
	 * without an lcore id mempools are used without cache. */
	RTE_PER_LCORE(_lcore_id) = LCORE_ID_ANY;
	return 0;

err_free:
	free_words();
	return rc;
}

void
eal_fini(void)
{
	struct files files = {0};

	if (rte_eal_process_type() == RTE_PROC_SECONDARY) {
		/* DPDK's clean-up would take the devices away from their owner. */
		clean_runtime_dir(is_own_file);
		return;
	}
	find_hugepage_files(&files);
	rte_eal_cleanup();
	remove_files(&files);
	remove_runtime_dir();
	free_words();
}
