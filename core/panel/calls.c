/* SPDX-License-Identifier: BSD-3-Clause */
/* Functions to call later, in lists whose entries lie in the objects they are about. */

#include <stdlib.h>

#include "activity.h"
#include "calls.h"
#include "plugin.h"

void
calls_append(struct calls *calls, struct call *call, void (*fn)(void *arg), void *arg)
{
	call->fn = fn;
	call->arg = arg;
	call->next = NULL;
	if (calls->last == NULL)
		calls->first = call;
	else
		calls->last->next = call;
	calls->last = call;
}

void
calls_push(struct calls *calls, struct call *call, void (*fn)(void *arg), void *arg)
{
	call->fn = fn;
	call->arg = arg;
	call->next = calls->first;
	calls->first = call;
	if (calls->last == NULL)
		calls->last = call;
}

struct call *
calls_new_entry(void)
{
	struct call *call = calloc(1, sizeof(*call));

	if (call != NULL)
		call->is_own = true;
	return call;
}

bool
calls_is_empty(const struct calls *calls)
{
	return calls->first == NULL;
}

/* Take the first entry out; returns a copy, for its memory may go with the object. */
static struct call
take_first(struct calls *calls)
{
	struct call *first = calls->first, call = *first;

	calls->first = call.next;
	if (calls->first == NULL)
		calls->last = NULL;
	if (call.is_own)
		free(first);
	return call;
}

static void
call_plugin(const struct call *call)
{
	const struct plugin *plugin = plugin_find_code((uintptr_t)call->fn);

	activity_enter("a function to call later of plugin %s",
		       plugin != NULL ? plugin->name : "(linked in)");
	call->fn(call->arg);
	activity_leave();
}

void
calls_run(struct calls *calls)
{
	while (!calls_is_empty(calls)) {
		struct call call = take_first(calls);

		if (call.is_own)
			call_plugin(&call);
		else
			call.fn(call.arg);
	}
}

void
calls_clear(struct calls *calls)
{
	while (!calls_is_empty(calls))
		(void)take_first(calls);
}

void
calls_move(struct calls *from, struct calls *to)
{
	if (calls_is_empty(from))
		return;
	if (to->last == NULL)
		to->first = from->first;
	else
		to->last->next = from->first;
	to->last = from->last;
	*from = (struct calls){0};
}
