/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration of one process as far as it can be put back: components, their ports with VLAN
 * operations, table entries.  It is JSON made of words of commands, ready for a file:
 *
 *	{"components": {"cls": {"core": "3", "type": "classifier", "options": "",
 *				"rx": {"phy:0": ""}, "tx": {"ring:0": "add_vlantag 101 3"}}},
 *	 "entries": {"mac 52:54:00:12:34:56": {"ring:0": true}},
 *	 "before": {"idle 3 busy": true}, "after": {"cls": {"limit cls 500": true}}}
 *
 * The last two are lines that the process told (`configured` of docs/protocol.md), those of
 * components by component, in the order in which they came; each may be absent.
 *
 * Pure: no function here knows a process, a file or the log.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <jansson.h>

/* A configuration without anything in it; NULL without memory. */
json_t *model_create(void);

/* True if there is nothing to put back. */
bool model_is_empty(const json_t *model);

/* True if the command is one of those that model_apply() knows. */
bool model_is_changed_by(const char *command);

/* False if model_apply() would refuse to add something: the model, which may be NULL, does not have
 * what the command builds on. */
bool model_takes(const json_t *model, const char *command);

/* Change the model as the command, which was carried out, changed the process.  False, and no
 * change, when model_is_changed_by() refuses the command, or when the command builds on a component
 * or a port that the model does not have. */
bool model_apply(json_t *model, const char *command);

/* The lines that a reply says have come or gone, without those that model_apply() knows; a new
 * reference, NULL when the reply tells nothing else. */
json_t *model_told(const json_t *reply);

/* True if told, which may come from a file, has the shape of what model_told() returns. */
bool model_told_is_valid(const json_t *told);

/* False if lines are told of a component that the model, which may be NULL, does not have. */
bool model_takes_told(const json_t *model, const json_t *told);

/* Change the model as told, but for lines of components that the model does not have. */
void model_apply_told(json_t *model, const json_t *told);

/* A new model of what a status (`info`) shows.  A status does not show the options of a component:
 * they are taken from the model before (may be NULL) if it has the same component.  NULL when info
 * is no such status. */
json_t *model_from_status(const json_t *info, const json_t *before);

/* The entries of a model as a new object, from the classifier table of a status or a part of it. */
json_t *model_entries_from_table(const json_t *table);

/* A new array of the commands that build the model in an empty process: lines told to come before
 * components, components, tx ports, table entries and the other lines told.  Rx ports come last, so
 * that no packet meets half a configuration. */
json_t *model_commands(const json_t *model);

#endif
