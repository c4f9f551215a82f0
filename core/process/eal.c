/* SPDX-License-Identifier: BSD-3-Clause */
/* DPDK's environment. */

#define ALLOW_EXPERIMENTAL_API

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>

#include "eal.h"
#include "eal_args.h"
#include "eal_files.h"
#include "eal_log.h"
#include "eal_peers.h"
#include "error.h"
#include "guard.h"
#include "log.h"

#define PATH_SIZE 512
#define CAUSE_SIZE 320

static struct {
	enum process_role role;
	char runtime_dir[PATH_SIZE];
} eal;

/* Failures */

/* The first line that EAL printed, in brackets, for the end of a sentence. */
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

	if (eal_args_given("--no-huge"))
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

	/* EAL does not always set rte_errno. */
	if (err == 0)
		err = EIO;
	if (eal.role == PROCESS_SECONDARY && err != EINVAL)
		return fail(-err,
			    "DPDK cannot attach to the primary process: %s%s; if this process runs "
			    "in a container, no other secondary may have its pid, %d",
			    rte_strerror(err), cause(said), (int)getpid());
	if (eal_peers_have_primary(eal.runtime_dir))
		return fail(-EBUSY,
			    "DPDK cannot start: another process uses %s; stop that one or choose "
			    "another --file-prefix",
			    eal.runtime_dir);
	survivor = eal_peers_find_pid(eal.runtime_dir);
	if (survivor != 0)
		return fail(-EBUSY,
			    "DPDK cannot start: process %d still uses the memory of an earlier "
			    "primary; end it first, or choose another --file-prefix",
			    survivor);
	if (err == EINVAL)
		return fail(-err, "DPDK does not accept its options%s; correct those before --",
			    cause(said));
	if (err == ENOMEM || (!eal_args_given("--no-huge") && (err == EACCES || err == ENOENT)))
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

/* EAL goes on without a virtual device that does not come up; this process ends, because the
 * operator asked for the device. */
static int
check_vdevs(void)
{
	for (int i = 1; i < eal_args_count(); i++) {
		const char *value = eal_args_value(i, "--vdev");
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

/* After a failed rte_eal_init() only files are left to clean up. */
static void
no_clean_up(void)
{
}

static void
clean_up(void)
{
	rte_eal_cleanup();
}

/* Memory and tables of such a primary are its own: EAL would start it, and no secondary could come.
 */
static int
check_can_be_joined(void)
{
	static const char *const options[] = {"--no-huge", "--in-memory", "--no-shconf"};

	for (unsigned int i = 0; eal.role == PROCESS_PRIMARY && i < RTE_DIM(options); i++)
		if (eal_args_given(options[i]))
			return fail(-EINVAL,
				    "%s: no secondary could join this primary; leave the option "
				    "out, or run spp_vf --standalone, which needs no primary",
				    options[i]);
	return 0;
}

const char *
eal_prefix(void)
{
	const char *prefix = EAL_PREFIX_DEFAULT;

	for (int i = 1; i < eal_args_count(); i++) {
		const char *value = eal_args_value(i, "--file-prefix");

		if (value != NULL)
			prefix = value;
	}
	return prefix;
}

/* Where EAL will have its runtime directory; EAL does not tell before it starts. */
static void
find_runtime_dir(void)
{
	const char *dir = getenv("RUNTIME_DIRECTORY");

	if (dir == NULL && getuid() == 0)
		dir = "/var/run";
	if (dir == NULL)
		dir = getenv("XDG_RUNTIME_DIR");
	snprintf(eal.runtime_dir, sizeof(eal.runtime_dir), "%s/dpdk/%s", dir != NULL ? dir : "/tmp",
		 eal_prefix());
}

/* EAL waits for ever for a primary that dies meanwhile. */
static int
find_primary(const char *program)
{
	int rc = eal_peers_await_primary(eal.runtime_dir);

	return rc == 0 ? guard_start(program, eal.runtime_dir) : rc;
}

/* What EAL would not survive, or would take for granted. */
static int
prepare_peers(const struct process_options *options)
{
	switch (options->role) {
	case PROCESS_PRIMARY:
		return eal_peers_end_survivors(eal.runtime_dir, options->takeover_wait_s);
	case PROCESS_SECONDARY:
		return find_primary(options->program);
	default:
		return 0;
	}
}

int
eal_init(const struct process_options *options, const char *prefix,
	 const struct config_strings *first)
{
	const char *program = options->program;
	int rc;

	eal.role = options->role;
	rc = eal_args_build(options->role, program, prefix, first, options->eal_argc,
			    options->eal_argv);
	if (rc == 0)
		rc = check_can_be_joined();
	if (rc != 0)
		goto err_free;
	find_runtime_dir();
	rc = prepare_peers(options);
	if (rc != 0)
		goto err_free;
	/* An operator who gives --log-level sees the whole log of DPDK. */
	if (!eal_args_given("--log-level"))
		eal_log_hold();
	rc = rte_eal_init(eal_args_count(), eal_args_vector());
	snprintf(eal.runtime_dir, sizeof(eal.runtime_dir), "%s", rte_eal_get_runtime_dir());
	if (rc < 0) {
		rc = explain(rte_errno);
		if (eal.role == PROCESS_SECONDARY)
			rmdir(eal.runtime_dir); /* fails, harmlessly, while another process has
						   files there */
		else if (rc != -EBUSY && eal.runtime_dir[0] != '\0')
			eal_files_remove(eal.runtime_dir, no_clean_up);
		eal_log_release(false);
		goto err_free;
	}
	if (rc + 1 < eal_args_count())
		rc = fail(-EINVAL, "'%s' is no option of EAL; options of %s come after --",
			  eal_args_vector()[rc + 1], program);
	else
		rc = check_process_type();
	if (rc == 0)
		rc = check_vdevs();
	eal_log_release(true);
	if (rc != 0) {
		eal_fini();
		return rc;
	}
	/* Several processes may have the same main lcore, and would share the mempool caches of
	 * that lcore: without an lcore id this thread uses mempools without a cache. */
	RTE_PER_LCORE(_lcore_id) = LCORE_ID_ANY;
	return 0;

err_free:
	guard_stop();
	eal_args_free();
	return rc;
}

void
eal_fini(void)
{
	guard_stop();
	if (rte_eal_process_type() == RTE_PROC_SECONDARY) {
		/* DPDK's clean-up would remove devices that the primary owns. */
		eal_files_remove_own(eal.runtime_dir);
		return;
	}
	eal_files_remove(eal.runtime_dir, clean_up);
	eal_args_free();
}
