/* SPDX-License-Identifier: BSD-3-Clause */
/* Faults that a plugin can commit, by name, for tests of what its host then says. */
#ifndef FAULTY_H
#define FAULTY_H

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The kinds, for a grammar. */
#define FAULTY_KINDS "hang|segv|stack|abort|fpe|ill|bus"

/* Until the file of that environment variable exists. */
static inline void
faulty_hang(void)
{
	const char *path = getenv("FAULTY_RELEASE");

	while (path == NULL || access(path, F_OK) != 0)
		usleep(1000);
}

/* A page of a file that is not that long. */
static inline void
faulty_bus(void)
{
	int fd = memfd_create("faulty", 0);
	volatile char *page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	page[0] = 1;
}

static volatile int faulty_zero;
static volatile int *volatile faulty_nowhere = (volatile int *)8;

/* More frames than any stack has room for. */
static inline int
faulty_deeper(const volatile char *above, unsigned int nb)
{
	volatile char here[4096];

	here[0] = above[0];
	return nb == 0 ? 0 : faulty_deeper(here, nb - 1) + here[0];
}

/* The fault must come from the CPU, not from a sanitizer that sees it coming. */
static inline __attribute__((no_sanitize("undefined"))) void
faulty_fault(const char *kind)
{
	volatile char first = 0;

	if (strcmp(kind, "hang") == 0)
		faulty_hang();
	else if (strcmp(kind, "segv") == 0)
		*faulty_nowhere = 1;
	else if (strcmp(kind, "stack") == 0)
		faulty_zero = faulty_deeper(&first, 1u << 20);
	else if (strcmp(kind, "abort") == 0)
		abort();
	else if (strcmp(kind, "fpe") == 0)
		faulty_zero = 100 / faulty_zero;
	else if (strcmp(kind, "ill") == 0)
		__builtin_trap();
	else if (strcmp(kind, "bus") == 0)
		faulty_bus();
}

#endif
