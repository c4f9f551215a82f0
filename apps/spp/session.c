/* SPDX-License-Identifier: BSD-3-Clause */
/* A person at a terminal: line editing, history and completion by libedit. */

#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "cli.h"
#include "columns.h"
#include "command.h"
#include "complete.h"
#include "session.h"

#define HISTORY_SIZE 2000

/* Set by signals. */
static volatile sig_atomic_t interrupted, resized;

struct session {
	struct cli *cli;
	EditLine *edit;
	History *history;
	char *asked; /* the line up to the cursor when TAB was pressed last */
};

/* Signals end the calls that wait: no handler restarts them. */

static void
on_signal(int signal)
{
	if (signal == SIGINT)
		interrupted = 1;
	else
		resized = 1;
}

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGWINCH, &action, NULL);
}

const volatile sig_atomic_t *
session_interrupt(void)
{
	return &interrupted;
}

/* Reading */

static struct session *
session_of(EditLine *edit)
{
	struct session *session;

	el_get(edit, EL_CLIENTDATA, &session);
	return session;
}

static char *
prompt(EditLine *edit)
{
	return (char *)settings_get(&session_of(edit)->cli->settings, "prompt");
}

/* Wait for input or a signal.  Signals are blocked from the look at the flags until ppoll() waits,
 * so none is lost in between. */
static void
wait_input(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	sigset_t signals, before;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGWINCH);
	sigprocmask(SIG_BLOCK, &signals, &before);
	if (!interrupted && !resized)
		ppoll(&input, 1, NULL, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* One byte: 1, 0 at the end of input, -1 when Ctrl-C was pressed. */
static int
read_byte(EditLine *edit, char *byte)
{
	for (;;) {
		ssize_t len;

		wait_input();
		if (interrupted)
			return -1;
		if (resized) {
			resized = 0;
			el_resize(edit);
			continue;
		}
		len = read(STDIN_FILENO, byte, 1);
		if (len >= 0)
			return (int)len;
		if (errno != EINTR)
			return 0;
	}
}

static int
read_character(EditLine *edit, wchar_t *character)
{
	mbstate_t state = {0};
	char byte;

	for (;;) {
		int got = read_byte(edit, &byte);
		size_t len;

		if (got <= 0)
			return got;
		len = mbrtowc(character, &byte, 1, &state);
		if (len == 0 || len == 1)
			return 1;
		/* A byte that begins no character of the user's locale is left out. */
		if (len == (size_t)-1)
			state = (mbstate_t){0};
	}
}

/* Completion */

static unsigned int
terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		return 79;
	return size.ws_col - 1;
}

static void
list(struct session *session, const struct candidates *found)
{
	fputc('\n', session->cli->out);
	columns_print(session->cli->out, (const char *const *)found->word, found->nb,
		      terminal_width());
	fflush(session->cli->out);
}

static char *
line_to_cursor(EditLine *edit)
{
	const LineInfo *info = el_line(edit);

	return strndup(info->buffer, info->cursor - info->buffer);
}

/* Insert what all candidates begin with.  When TAB is pressed again without any progress, list
 * them. */
static unsigned char
offer(struct session *session, const char *line, const struct candidates *found, size_t typed)
{
	size_t common = candidates_common(found);
	bool again = session->asked != NULL && strcmp(session->asked, line) == 0;

	free(session->asked);
	session->asked = NULL;
	if (common > typed) {
		char *rest = strndup(found->word[0] + typed, common - typed);

		el_insertstr(session->edit, rest == NULL ? "" : rest);
		free(rest);
		session->asked = line_to_cursor(session->edit);
		return CC_REFRESH;
	}
	if (found->nb > 1 && again) {
		list(session, found);
		return CC_REDISPLAY;
	}
	session->asked = strdup(line);
	return CC_NORM;
}

static unsigned char
complete(EditLine *edit, int key)
{
	struct session *session = session_of(edit);
	struct candidates found;
	unsigned char result;
	size_t typed;
	char *line = line_to_cursor(edit);

	(void)key;
	if (line == NULL)
		return CC_ERROR;
	complete_line(session->cli, line, &found, &typed);
	result = offer(session, line, &found, typed);
	candidates_free(&found);
	free(line);
	return result;
}

/* Life */

static void
fill_history(struct session *session)
{
	const struct history *kept = &session->cli->history;
	HistEvent event;

	history(session->history, &event, H_SETSIZE, HISTORY_SIZE);
	for (unsigned int i = 0; i < kept->nb; i++)
		history(session->history, &event, H_ENTER, kept->line[i]);
	el_set(session->edit, EL_HIST, history, session->history);
}

static int
session_open(struct session *session, struct cli *cli)
{
	*session = (struct session){.cli = cli};
	session->history = history_init();
	session->edit = el_init("spp", stdin, stdout, stderr);
	if (session->edit == NULL || session->history == NULL)
		return cli_error(cli, "Error: cannot edit lines on this terminal.");
	el_set(session->edit, EL_CLIENTDATA, session);
	el_set(session->edit, EL_PROMPT, prompt);
	el_set(session->edit, EL_EDITOR, "emacs");
	el_set(session->edit, EL_SIGNAL, 0);
	el_set(session->edit, EL_GETCFN, read_character);
	/* The wide form keeps the pointers, where el_set() would keep copies for ever. */
	el_wset(session->edit, EL_ADDFN, L"spp-complete", L"complete the word", complete);
	el_set(session->edit, EL_BIND, "^I", "spp-complete", NULL);
	el_set(session->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
	fill_history(session);
	return 0;
}

static void
session_close(struct session *session)
{
	if (session->edit != NULL)
		el_end(session->edit);
	if (session->history != NULL)
		history_end(session->history);
	free(session->asked);
}

static void
run_line(struct session *session, const char *text)
{
	char *line = strndup(text, strcspn(text, "\r\n"));
	HistEvent event;

	if (line == NULL)
		return;
	if (history_add(&session->cli->history, line))
		history(session->history, &event, H_ENTER, line);
	command_typed(session->cli, line);
	free(line);
}

static void
read_lines(struct session *session)
{
	struct cli *cli = session->cli;

	while (!cli->ended) {
		const char *line;
		int len;

		interrupted = 0;
		/* The terminal must be prepared before the prompt is shown: otherwise it echoes
		 * early input. */
		el_set(session->edit, EL_PREP_TERM, 1);
		line = el_gets(session->edit, &len);
		if (line != NULL) {
			run_line(session, line);
			continue;
		}
		fputc('\n', cli->out);
		fflush(cli->out);
		if (!interrupted)
			cli_end(cli);
	}
}

int
session_run(struct cli *cli)
{
	struct session session;
	int ret = session_open(&session, cli);

	if (ret == 0) {
		catch_signals();
		read_lines(&session);
	}
	session_close(&session);
	return ret;
}
