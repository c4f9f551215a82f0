/* SPDX-License-Identifier: BSD-3-Clause */
/* Named arguments. */

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "args.h"
#include "decimal.h"
#include "error.h"
#include "mac.h"

int
args_add_port(struct spp_args *args, const char *name, const char *value,
	      const struct res_uid *port)
{
	if (args->nb == ARGS_MAX)
		return fail(-E2BIG, "no place for argument '%s', there are %u already", name,
			    args->nb);
	args->arg[args->nb].name = name;
	args->arg[args->nb].value = value;
	args->arg[args->nb].port = port;
	args->nb++;
	return 0;
}

int
args_add(struct spp_args *args, const char *name, const char *value)
{
	return args_add_port(args, name, value, NULL);
}

/* The index of the argument with that name; args->nb if args has no such argument. */
static unsigned int
find(const struct spp_args *args, const char *name)
{
	unsigned int i = 0;

	while (i < args->nb && strcmp(args->arg[i].name, name) != 0)
		i++;
	return i;
}

const char *
args_str(const struct spp_args *args, const char *name)
{
	unsigned int i = find(args, name);

	return i < args->nb ? args->arg[i].value : NULL;
}

const struct res_uid *
args_port(const struct spp_args *args, const char *name)
{
	unsigned int i = find(args, name);

	return i < args->nb ? args->arg[i].port : NULL;
}

int
args_u64(const struct spp_args *args, const char *name, uint64_t *value)
{
	const char *text = args_str(args, name);
	const char *end;
	uint64_t number;

	if (text == NULL)
		return -ENOENT;
	end = decimal_read(text, DECIMAL_MAX, &number);
	if (end == NULL || *end != '\0')
		return fail_arg(name, "'%.64s' is not a decimal number from 0 to %llu", text,
				(unsigned long long)DECIMAL_MAX);
	*value = number;
	return 0;
}

int
args_mac(const struct spp_args *args, const char *name, uint8_t mac[6])
{
	const char *text = args_str(args, name);

	if (text == NULL)
		return -ENOENT;
	if (mac_parse(text, mac) < 0)
		return fail_arg(name, "'%.64s' is not a MAC address such as 52:54:00:12:34:56",
				text);
	return 0;
}
