/* SPDX-License-Identifier: BSD-3-Clause */
/* The state of the program, and how it speaks to its user. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "words.h"

int
cli_init(struct cli *cli, const struct command *commands, struct http_client *http,
	 const volatile sig_atomic_t *interrupted)
{
	*cli = (struct cli){.out = stdout,
			    .err = stdout,
			    .commands = commands,
			    .http = http,
			    .interrupted = interrupted};
	return settings_init(&cli->settings);
}

void
cli_fini(struct cli *cli)
{
	cli_record_close(cli);
	history_close(&cli->history);
	settings_fini(&cli->settings);
}

/* No text moves the cursor of the user, wherever it came from. */
static void
put_line(FILE *stream, const char *prefix, const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		return;
	text_sanitize(text);
	fprintf(stream, "%s%s\n", prefix, text);
	free(text);
}

void
cli_say(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	if (cli->json)
		return;
	va_start(ap, fmt);
	put_line(cli->out, "", fmt, ap);
	va_end(ap);
}

int
cli_error(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line(cli->err, "", fmt, ap);
	va_end(ap);
	return -1;
}

static void __attribute__((format(printf, 2, 3))) put_note(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line(cli->err, "Note: ", fmt, ap);
	va_end(ap);
}

void
cli_note(struct cli *cli, const char *text)
{
	put_note(cli, "%s", text);
}

void
cli_record_close(struct cli *cli)
{
	if (cli->record == NULL)
		return;
	fclose(cli->record);
	cli->record = NULL;
	cli_say(cli, "Closing file");
}

void
cli_end(struct cli *cli)
{
	cli_record_close(cli);
	cli_say(cli, "Thank you for using Soft Patch Panel");
	cli->ended = true;
}
