/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The report: what a process says about itself, asked for in parts that stay small.
 *
 * A process that knows pages (proc->pages) is asked for its status without tables, and for a table
 * page by page; any other process for its plain status.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "proc.h"

/* Entries that a page is asked for, and the most that a process gives. */
#define REPORT_PAGE_MAX 4096
/* Of the table entries that nobody wishes for, so many are kept.  The others are counted. */
#define REPORT_EXTRA_MAX 4096

/* The command that asks for all but the tables. */
const char *report_brief_command(const struct proc *proc);

/* Ask for a page of the classifier table; next puts it before all commands that wait. */
void report_ask_page(struct proc *proc, const char *from, unsigned int max, bool next,
		     call_done done, void *arg);

struct report_page {
	json_t *entries;  /* borrowed from the outcome */
	const char *next; /* where the next page begins; NULL behind the last page; borrowed */
	json_int_t total; /* entries of the table */
};

/* What an outcome shows of the classifier table: a page, or nothing but the total.  False when the
 * outcome is no success, or shows neither. */
bool report_read_page(const struct outcome *outcome, struct report_page *page);

/* failure is the outcome that was no success, or NULL: then proc->report is new. */
typedef void (*report_done)(struct proc *proc, const struct outcome *failure, void *arg);

/* Learn what the process has, as a model, into proc->report: all components and ports, the table
 * entries that are wished for, REPORT_EXTRA_MAX others.  proc->nb_unlisted counts the rest.  With
 * next set, for a restoration, other commands wait until it is complete, and no table is asked for
 * unless one of its entries is wished for.  done() is called exactly once, maybe before
 * this returns, also when the process leaves. */
void report_ask(struct proc *proc, bool next, report_done done, void *arg);

#endif
