/* SPDX-License-Identifier: BSD-3-Clause */
/* What runs after a fault may call async-signal-safe functions only, and trusts no list that [main]
 * may be changing: a worker's plan does not change while the worker is inside of it. */

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "activity.h"
#include "crash.h"
#include "lcore.h"
#include "plan.h"
#include "plugin.h"
#include "worker.h"

#define STACK_SIZE (64 * 1024)

static const struct {
	int number;
	const char *name;
} signals[] = {
	{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGILL, "SIGILL"},
	{SIGFPE, "SIGFPE"},   {SIGABRT, "SIGABRT"},
};

static struct {
	const char *program;
	bool is_taken; /* a thread writes its line; the others wait for the end */
} crash;

/* The line */

struct line {
	size_t used;
	char text[1024]; /* the last byte is for the newline */
};

static void
add(struct line *line, const char *text)
{
	while (*text != '\0' && line->used < sizeof(line->text) - 1)
		line->text[line->used++] = *text++;
}

static void
add_number(struct line *line, uint64_t n, unsigned int base)
{
	char digits[24];
	char *first = &digits[sizeof(digits) - 1];

	*first = '\0';
	do
		*--first = "0123456789abcdef"[n % base];
	while ((n /= base) > 0);
	add(line, base == 16 ? "0x" : "");
	add(line, first);
}

/* Where the instruction is */

static uintptr_t
instruction(const void *context)
{
#if defined(__x86_64__)
	return ((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return ((const ucontext_t *)context)->uc_mcontext.pc;
#else
	(void)context;
	return 0;
#endif
}

static void
add_instruction(struct line *line, const struct plugin *plugin, uintptr_t address)
{
	if (plugin == NULL)
		return;
	add(line, ", in plugin ");
	add(line, plugin->name);
	add(line, " at ");
	add_number(line, address - plugin->base, 16);
}

/* What a worker runs */

/* True if one of the component's functions, or of its ports', is the plugin's. */
static bool
uses_plugin(const struct plan_component *c, const struct plugin *plugin)
{
	if (c->component->plugin == plugin)
		return true;
	for (uint16_t i = 0; i < c->nb_rx; i++)
		if (plugin_find_code((uintptr_t)c->rx[i].burst) == plugin)
			return true;
	for (uint16_t i = 0; i < c->nb_tx; i++)
		if (plugin_find_code((uintptr_t)c->tx[i].burst) == plugin)
			return true;
	return false;
}

static unsigned int
add_components(struct line *line, const struct plan *plan, const struct plugin *plugin)
{
	unsigned int nb = 0;

	for (uint32_t i = 0; i < plan->nb_components; i++) {
		const struct spp_component *c = plan->components[i].component;

		if (plugin != NULL && !uses_plugin(&plan->components[i], plugin))
			continue;
		add(line, nb++ == 0 ? ", running component '" : ", component '");
		add(line, c->name);
		add(line, "' of plugin ");
		add(line, c->plugin->name);
	}
	return nb;
}

/* The data path notes nothing for this line: of several components on one core those are named that
 * use the plugin, or all. */
static void
add_worker(struct line *line, unsigned int lcore, const struct plugin *plugin)
{
	const struct worker *worker = lcore_worker(lcore);
	const struct plan *plan;

	if (worker == NULL)
		return;
	plan = __atomic_load_n(&worker->plan, __ATOMIC_ACQUIRE);
	if (plugin == NULL || add_components(line, plan, plugin) == 0)
		add_components(line, plan, NULL);
}

/* What [main] does */

static void
add_command(struct line *line, const struct activity *activity)
{
	if (activity->depth == 0) {
		add(line, "; no command runs");
		return;
	}
	add(line, "; the main lcore is in ");
	for (unsigned int i = activity->depth; i > 0; i--) {
		add(line, activity->text[i - 1]);
		add(line, i > 1 ? ", in " : "");
	}
}

/* Which thread */

static void
add_thread(struct line *line, unsigned int lcore)
{
	char name[17] = "";

	if (gettid() == getpid()) {
		add(line, " on the main lcore");
	} else if (lcore != LCORE_ID_ANY) {
		add(line, " on the worker of core ");
		add_number(line, lcore, 10);
	} else {
		prctl(PR_GET_NAME, name);
		add(line, " on thread ");
		add(line, name);
	}
}

static void
add_signal(struct line *line, const siginfo_t *info)
{
	for (unsigned int i = 0; i < RTE_DIM(signals); i++)
		if (signals[i].number == info->si_signo)
			add(line, signals[i].name);
	if (info->si_code == SI_USER) {
		add(line, " sent by process ");
		add_number(line, (uint64_t)info->si_pid, 10);
	} else if (info->si_code > 0) {
		add(line, " at address ");
		add_number(line, (uintptr_t)info->si_addr, 16);
	}
}

static void
write_line(const siginfo_t *info, const void *context)
{
	unsigned int lcore = rte_lcore_id();
	uintptr_t address = instruction(context);
	const struct plugin *plugin = plugin_find_code(address);
	struct activity activity;
	struct line line = {.used = 0};

	add(&line, crash.program);
	add(&line, ": ");
	add_signal(&line, info);
	add_thread(&line, lcore);
	add_instruction(&line, plugin, address);
	if (gettid() != getpid() && lcore != LCORE_ID_ANY)
		add_worker(&line, lcore, plugin);
	activity_read(&activity);
	add_command(&line, &activity);
	line.text[line.used++] = '\n';
	if (write(STDERR_FILENO, line.text, line.used) < 0)
		return; /* nobody is left to hear it */
}

/* The handler */

/* True if returning to the instruction repeats the fault: then the kernel ends the process as it
 * would have done without a handler, with the state of the fault in the core dump. */
static bool
repeats(const siginfo_t *info)
{
	bool is_later = info->si_signo == SIGBUS && info->si_code == BUS_MCEERR_AO;

	return info->si_code > 0 && !is_later;
}

/* After the return of the handler, which lets the signal through. */
static void
die_as_before(const siginfo_t *info)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	sigaction(info->si_signo, &action, NULL);
	if (!repeats(info))
		tgkill(getpid(), gettid(), info->si_signo);
}

static void
on_crash(int number, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)number;
	/* Nothing is ordered by it: one of two wins. */
	while (__atomic_exchange_n(&crash.is_taken, true, __ATOMIC_RELAXED))
		pause();
	write_line(info, context);
	die_as_before(info);
	errno = saved;
}

/* Stacks */

/* The stack stays as long as its thread, which is as long as the process. */
static int
add_stack(void *arg)
{
	stack_t stack = {.ss_size = STACK_SIZE};

	(void)arg;
	stack.ss_sp = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	/* Without it the line is written on the thread's own stack, if that has room. */
	if (stack.ss_sp != MAP_FAILED)
		sigaltstack(&stack, NULL);
	return 0;
}

void
crash_guard_lcores(void)
{
	rte_eal_mp_remote_launch(add_stack, NULL, SKIP_MAIN);
	rte_eal_mp_wait_lcore();
}

void
crash_init(const char *program)
{
	struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	crash.program = program;
	/* A fault in the handler ends the process at once. */
	sigemptyset(&action.sa_mask);
	for (unsigned int i = 0; i < RTE_DIM(signals); i++)
		sigaddset(&action.sa_mask, signals[i].number);
	add_stack(NULL);
	for (unsigned int i = 0; i < RTE_DIM(signals); i++)
		sigaction(signals[i].number, &action, NULL);
}
