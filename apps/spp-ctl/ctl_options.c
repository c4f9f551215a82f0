/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of spp-ctl. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl_options.h"
#include "decimal.h"
#include "optscan.h"

#define COLUMN 26
#define SYNOPSIS_WIDTH 80

enum {
	OPT_STATE_DIR = USAGE_OWN,
	OPT_NO_RESTORE,
	OPT_ADMIT,
	OPT_ADMIT_ALL,
	OPT_ADMIT_PROCESSES,
	OPT_TOKEN_FILE,
	OPT_SOCKET,
	OPT_NO_SOCKET,
	OPT_SOCKET_OWNER,
	OPT_SOCKET_GROUP,
	OPT_SOCKET_MODE,
	OPT_TLS_CERT,
	OPT_TLS_KEY,
	OPT_TLS_CA,
};

static const struct usage_option usage_options[] = {
	{'h', "help", NULL, "show this text"},
	{'b', "bind-addr", "[ADDR]", "address to listen on (default: localhost)"},
	{'p', NULL, "PORT", "port for the primary process (default: 5555)"},
	{'s', NULL, "PORT", "port for secondary processes (default: 6666)"},
	{'a', NULL, "PORT", "port of the REST API (default: 7777)"},
	{OPT_STATE_DIR, "state-dir", "DIR",
	 "keep configurations in DIR over a restart of the machine"},
	{OPT_NO_RESTORE, "no-restore", NULL,
	 "do not configure anew a process that comes back empty"},
	{OPT_ADMIT, "admit", "USER",
	 "admit this user, or the group @GROUP, beside root and\n"
	 "the user of spp-ctl; may be repeated"},
	{OPT_ADMIT_ALL, "admit-all", NULL, "admit every user, and everybody who reaches ADDR"},
	{OPT_ADMIT_PROCESSES, "admit-processes", NULL,
	 "admit every process that reaches ADDR; without this\n"
	 "or --admit-all processes connect on this machine only"},
	{OPT_TOKEN_FILE, "token-file", "FILE", "admit REST clients that show the token in FILE"},
	{OPT_SOCKET, "socket", "PATH",
	 "unix socket of the REST API (default:\n"
	 "/run/spp/spp-ctl.sock for root)"},
	{OPT_NO_SOCKET, "no-socket", NULL, "listen on no unix socket"},
	{OPT_SOCKET_OWNER, "socket-owner", "USER", "owner of the unix socket, who is admitted"},
	{OPT_SOCKET_GROUP, "socket-group", "GROUP",
	 "group of the unix socket, whose members are admitted"},
	{OPT_SOCKET_MODE, "socket-mode", "MODE",
	 "mode of the unix socket (default: 0600, or 0660 with\n"
	 "--socket-group)"},
	{OPT_TLS_CERT, "tls-cert", "FILE", "speak TLS on the REST port, with this certificate"},
	{OPT_TLS_KEY, "tls-key", "FILE", "the key of that certificate"},
	{OPT_TLS_CA, "tls-ca", "FILE", "admit REST clients with a certificate of this authority"},
	{'V', "version", NULL, "show the version"},
	{USAGE_BASH_COMPLETION, "bash-completion", NULL, "print a completion script for bash"},
};

static const struct usage usage = {
	.program = "spp-ctl",
	.head = "\n"
		"Controller of the soft patch panel: processes connect to it, clients use its REST "
		"API.\n"
		"\n",
	.column = COLUMN,
	.nb_options = sizeof(usage_options) / sizeof(usage_options[0]),
	.options = usage_options,
};

static void
print_synopsis(FILE *out)
{
	unsigned int indent = fprintf(out, "usage: %s", usage.program), width = indent;

	for (unsigned int i = 0; i < usage.nb_options; i++) {
		const struct usage_option *option = &usage.options[i];
		char form[32], word[64];

		usage_format(option, form, sizeof(form));
		snprintf(word, sizeof(word), "[%s%s%s]", form, option->value == NULL ? "" : " ",
			 option->value == NULL ? "" : option->value);
		if (width + 1 + strlen(word) > SYNOPSIS_WIDTH)
			width = fprintf(out, "\n%*s", (int)indent, "") - 1;
		width += fprintf(out, " %s", word);
	}
	fputc('\n', out);
}

void
ctl_options_print_usage(FILE *out)
{
	print_synopsis(out);
	usage_print(&usage, out);
}

void
ctl_options_print_completion(FILE *out)
{
	usage_print_completion(&usage, out);
}

static int
port_parse(const char *text, uint16_t *port)
{
	uint64_t value;
	const char *end = decimal_read(text, UINT16_MAX, &value);

	if (end == NULL || *end != '\0')
		return -EINVAL;
	*port = (uint16_t)value;
	return 0;
}

/* Octal digits; an owner who may not use his own socket is a mistake. */
static int
mode_parse(const char *text, mode_t *mode)
{
	unsigned long value = strtoul(text, NULL, 8);

	if (text[strspn(text, "01234567")] != '\0' || value > 0777 || (value & 0600) != 0600)
		return -ERANGE;
	*mode = (mode_t)value;
	return 0;
}

static int
tls_option_apply(struct ctl_options *options, int id, const char *value)
{
	switch (id) {
	case OPT_TLS_CERT:
		options->tls_cert = value;
		break;
	case OPT_TLS_KEY:
		options->tls_key = value;
		break;
	case OPT_TLS_CA:
		options->tls_ca = value;
		break;
	}
	return 0;
}

static int
socket_option_apply(struct ctl_options *options, int id, const char *value)
{
	switch (id) {
	case OPT_SOCKET:
		options->socket_path = value;
		break;
	case OPT_NO_SOCKET:
		options->no_socket = true;
		break;
	case OPT_SOCKET_OWNER:
		options->socket_owner = value;
		break;
	case OPT_SOCKET_GROUP:
		options->socket_group = value;
		break;
	case OPT_SOCKET_MODE:
		return mode_parse(value, &options->socket_mode);
	default:
		return tls_option_apply(options, id, value);
	}
	return 0;
}

static int
option_apply(struct ctl_options *options, int id, const char *value)
{
	switch (id) {
	case 'h':
		options->help = true;
		break;
	case 'V':
		options->version = true;
		break;
	case USAGE_BASH_COMPLETION:
		options->bash_completion = true;
		break;
	case 'b':
		if (value != NULL)
			options->bind_addr = value;
		break;
	case 'p':
		return port_parse(value, &options->primary_port);
	case 's':
		return port_parse(value, &options->secondary_port);
	case 'a':
		return port_parse(value, &options->rest_port);
	case OPT_STATE_DIR:
		options->state_dir = value;
		break;
	case OPT_NO_RESTORE:
		options->no_restore = true;
		break;
	case OPT_ADMIT:
		if (options->nb_admit == CTL_OPTIONS_ADMIT_MAX)
			return -E2BIG;
		options->admit[options->nb_admit++] = value;
		break;
	case OPT_ADMIT_ALL:
		options->admit_all = true;
		break;
	case OPT_ADMIT_PROCESSES:
		options->admit_processes = true;
		break;
	case OPT_TOKEN_FILE:
		options->token_file = value;
		break;
	default:
		return socket_option_apply(options, id, value);
	}
	return 0;
}

static int
check_option(const struct optscan *scan, int id, char *error, size_t size)
{
	const char *form = NULL;

	if (id == OPTSCAN_NO_VALUE)
		form = "option '%s' needs a value";
	else if (id == OPTSCAN_UNKNOWN || id == OPTSCAN_WORD || id == OPTSCAN_REST)
		form = "unknown option '%s'";
	else if (scan->value != NULL && scan->value[0] == '\0')
		form = "the value of option '%s' is empty";
	if (form == NULL)
		return 0;
	snprintf(error, size, form, scan->word);
	return -EINVAL;
}

static int
check_together(const struct ctl_options *options, char *error, size_t size)
{
	const char *sentence = NULL;

	if ((options->tls_cert == NULL) != (options->tls_key == NULL))
		sentence = "--tls-cert and --tls-key go together: give both";
	else if (options->tls_ca != NULL && options->tls_cert == NULL)
		sentence = "--tls-ca needs --tls-cert and --tls-key";
	else if (options->no_socket && options->socket_path != NULL)
		sentence = "--socket and --no-socket contradict each other: give one";
	if (sentence == NULL)
		return 0;
	snprintf(error, size, "%s", sentence);
	return -EINVAL;
}

int
ctl_options_parse(int argc, char *const *argv, struct ctl_options *options, char *error,
		  size_t size)
{
	struct optscan scan;
	int id;

	*options = (struct ctl_options){.bind_addr = "localhost",
					.primary_port = 5555,
					.secondary_port = 6666,
					.rest_port = 7777};

	optscan_begin(&scan, &usage, OPTSCAN_WHOLE | OPTSCAN_NO_DASH, argc, argv);
	while ((id = optscan_next(&scan)) != OPTSCAN_END) {
		if (check_option(&scan, id, error, size) != 0)
			return -EINVAL;
		switch (option_apply(options, id, scan.value)) {
		case 0:
			break;
		case -E2BIG:
			snprintf(error, size, "--admit is given more than %u times",
				 CTL_OPTIONS_ADMIT_MAX);
			return -EINVAL;
		case -ERANGE:
			snprintf(
				error, size,
				"'%s' is no mode of a socket: octal, with 0600 in it, such as 0660",
				scan.value);
			return -EINVAL;
		default:
			snprintf(error, size, "'%s' is not a port number (0..65535)", scan.value);
			return -EINVAL;
		}
	}
	return check_together(options, error, size);
}
