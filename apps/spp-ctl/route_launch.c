/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Launching a secondary through the primary: options as JSON into the words of `launch`.
 *
 * Only options listed here go through, in this order, each at most once; others are left out.  What
 * would load a library into a root process is refused.
 */
#include <stdio.h>
#include <string.h>

#include "route_launch.h"
#include "value.h"

struct launch_option {
	const char *key;  /* in the request */
	const char *word; /* for the process; NULL: the same as the key */
};

/* Names that EAL has dropped are translated to those that it has now. */
static const struct launch_option eal_options[] = {
	{"-c", NULL},
	{"-l", NULL},
	{"--lcores", NULL},
	{"--master-lcore", "--main-lcore"},
	{"--main-lcore", NULL},
	{"-s", NULL},
	{"-b", NULL},
	{"--pci-blacklist", "--block"},
	{"--block", NULL},
	{"-w", "--allow"},
	{"--pci-whitelist", "--allow"},
	{"-a", NULL},
	{"--allow", NULL},
	{"--vdev", NULL},
	{"--no-pci", NULL},
	{"--proc-type", NULL},
	{"-n", NULL},
	{"-r", NULL},
	{"-m", NULL},
	{"--in-memory", NULL},
	{"--iova-mode", NULL},
	{"--no-shconf", NULL},
	{"--no-huge", NULL},
	{"--log-level", NULL},
	{"--file-prefix", NULL},
	{"--create-uio-dev", NULL},
	{"--vmware-tsc-map", NULL},
	{"--no-hpet", NULL},
	{"--vfio-intr", NULL},
	{"--base-virtaddr", NULL},
	{"--legacy-mem", NULL},
	{"--socket-mem", NULL},
	{"--socket-limit", NULL},
	{"--single-file-segments", NULL},
	{"--huge-dir", NULL},
	{"--huge-unlink", NULL},
	{"--match-allocations", NULL},
	{"--syslog", NULL},
	{NULL, NULL},
};

static const struct launch_option nfv_options[] = {
	{"-n", NULL}, {"-s", NULL}, {"--vhost-client", NULL}, {NULL, NULL}};
static const struct launch_option vf_options[] = {
	{"--client-id", NULL}, {"-s", NULL}, {"--vhost-client", NULL}, {NULL, NULL}};
static const struct launch_option pcap_options[] = {{"--client-id", NULL}, {"-s", NULL},
						    {"-c", NULL},          {"--out-dir", NULL},
						    {"--fsize", NULL},     {NULL, NULL}};

static const struct {
	const char *name;
	const struct launch_option *options;
} programs[] = {
	{"spp_nfv", nfv_options},
	{"spp_vf", vf_options},
	{"spp_mirror", vf_options},
	{"spp_pcap", pcap_options},
};

/* ` <word> <value>`; without a value when it is null or empty. */
static bool
option_write(FILE *out, const struct launch_option *option, const json_t *value, struct response *r)
{
	fprintf(out, " %s", option->word == NULL ? option->key : option->word);
	if (json_is_null(value))
		return true;
	if (json_is_integer(value)) {
		fprintf(out, " %lld", (long long)json_integer_value(value));
		return true;
	}
	if (!json_is_string(value))
		return value_invalid(r, option->key, value);
	if (json_string_length(value) == 0)
		return true;
	/* A value is one word: more words, or a dash, would be further options. */
	if (!value_is_line(json_string_value(value), false) || *json_string_value(value) == '-')
		return value_invalid(r, option->key, value);
	fprintf(out, " %s", json_string_value(value));
	return true;
}

static bool
options_write(FILE *out, const struct launch_option *options, const json_t *given,
	      struct response *r)
{
	for (; options->key != NULL; options++) {
		const json_t *value = json_object_get(given, options->key);

		if (value != NULL && !option_write(out, options, value, r))
			return false;
	}
	return true;
}

static bool
eal_is_complete(const json_t *eal, struct response *r)
{
	static const char *const proc_type[] = {"--proc-type", NULL};

	if (json_object_get(eal, "-d") != NULL)
		return value_invalid(r, "-d", json_object_get(eal, "-d"));
	if (json_object_get(eal, "-c") == NULL && json_object_get(eal, "-l") == NULL &&
	    json_object_get(eal, "--lcores") == NULL) {
		response_error(r, 400, "key(-c, -l or --lcores) required.");
		return false;
	}
	return value_have_keys(eal, proc_type, r);
}

static bool
launch_write(FILE *out, const struct route_args *args, const json_t *body, struct response *r)
{
	static const char *const keys[] = {"client_id", "proc_name", "eal", "app", NULL};
	const json_t *eal = json_object_get(body, "eal"), *app = json_object_get(body, "app");
	const char *name = json_string_value(json_object_get(body, "proc_name"));
	const struct launch_option *app_options = NULL;
	json_int_t id;

	(void)args;
	if (!value_have_keys(body, keys, r) || !value_int(body, "client_id", true, 1, 127, &id, r))
		return false;
	for (size_t i = 0; name != NULL && i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strcmp(name, programs[i].name) == 0)
			app_options = programs[i].options;
	if (app_options == NULL)
		return value_invalid(r, "proc_name", json_object_get(body, "proc_name"));
	if (!json_is_object(eal))
		return value_invalid(r, "eal", eal);
	if (!json_is_object(app))
		return value_invalid(r, "app", app);
	if (!eal_is_complete(eal, r))
		return false;
	fprintf(out, "launch %d %s", (int)id, name);
	if (!options_write(out, eal_options, eal, r))
		return false;
	fputs(" --", out);
	return options_write(out, app_options, app, r);
}

char *
primary_launch(const struct route_args *args, const json_t *body, struct response *r)
{
	return route_command_write(launch_write, args, body, r);
}
