/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration of one process as far as it can be put back: components, their ports with VLAN
 * operations, table entries.  It is JSON made of words of commands, ready for a file:
 *
 *	{"components": {"cls": {"core": "3", "type": "classifier", "options": "",
 *				"rx": {"phy:0": ""}, "tx": {"ring:0": "add_vlantag 101 3"}}},
 *	 "entries": {"mac 52:54:00:12:34:56": {"ring:0": true}}}
 *
 * Pure.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <jansson.h>

/* A configuration without anything in it; NULL without memory. */
json_t *model_create(void);

/* True if nothing would have to be put back. */
bool model_is_empty(const json_t *model);

/* True if it has the shape of the description above: what a file holds is not trusted. */
bool model_is_valid(const json_t *model);

/* True if the command is one of those that model_apply() knows. */
bool model_is_changed_by(const char *command);

/* A command was carried out: change the model alike.  Other commands change nothing. */
void model_apply(json_t *model, const char *command);

/* The model of what a status (`info`) shows; what a status does not show (options of a component)
 * is taken from the model before, if the component is the same.  NULL if it is no such status. */
json_t *model_from_status(const json_t *info, const json_t *before);

/* The commands that build the model in an empty process, an array of texts: components, tx ports,
 * table entries, and rx ports last, so that no packet meets half a configuration. */
json_t *model_commands(const json_t *model);

#endif
