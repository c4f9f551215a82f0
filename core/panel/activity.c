/* SPDX-License-Identifier: BSD-3-Clause */
/* What [main] is inside of, written by [main], read by whoever looks. */

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "activity.h"
#include "ascii.h"

/* A reader that [main] disturbs so often takes what it has. */
#define READS_MAX 100

static struct {
	uint32_t sequence; /* odd while [main] writes; a reader compares it before and after */
	struct activity now;
} module;

uint64_t
activity_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + ts.tv_nsec;
}

static void
begin_writing(void)
{
	__atomic_store_n(&module.sequence, module.sequence + 1, __ATOMIC_RELAXED);
	/* What follows is not written before the sequence; pairs with the fence in
	 * activity_read(). */
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static void
end_writing(void)
{
	/* Pairs with the acquire in activity_read(). */
	__atomic_store_n(&module.sequence, module.sequence + 1, __ATOMIC_RELEASE);
}

static void __attribute__((format(printf, 2, 0)))
write_text(char text[ACTIVITY_TEXT_SIZE], const char *fmt, va_list ap)
{
	vsnprintf(text, ACTIVITY_TEXT_SIZE, fmt, ap);
	for (char *c = text; *c != '\0'; c++)
		if (ascii_is_control(*c))
			*c = '?';
}

void
activity_enter(const char *fmt, ...)
{
	struct activity *now = &module.now;
	va_list ap;

	begin_writing();
	if (now->depth == 0) {
		now->id++;
		now->since_ns = activity_clock_ns();
	}
	if (now->depth < ACTIVITY_DEPTH) {
		va_start(ap, fmt);
		write_text(now->text[now->depth], fmt, ap);
		va_end(ap);
	}
	now->depth++;
	end_writing();
}

void
activity_leave(void)
{
	begin_writing();
	module.now.depth--;
	end_writing();
}

bool
activity_read(struct activity *out)
{
	bool is_whole = false;

	for (unsigned int i = 0; i < READS_MAX && !is_whole; i++) {
		/* Pairs with the release in end_writing(). */
		uint32_t before = __atomic_load_n(&module.sequence, __ATOMIC_ACQUIRE);

		*out = module.now;
		/* Pairs with the fence in begin_writing(). */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		is_whole = before % 2 == 0 &&
			   __atomic_load_n(&module.sequence, __ATOMIC_RELAXED) == before;
	}
	out->is_whole = is_whole;
	/* Calls below the deepest text go by the name of that text. */
	if (out->depth > ACTIVITY_DEPTH)
		out->depth = ACTIVITY_DEPTH;
	return out->depth > 0;
}
