/* SPDX-License-Identifier: BSD-3-Clause */
/* The file of changes in the state directory. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_log.h"
#include "model.h"
#include "model_valid.h"
#include "state_file.h"
#include "state_journal.h"
#include "value.h"

/* Space that is set aside for the next changes: more than the requests under way can use. */
#define RESERVE_BYTES (256 * 1024)

/* Lines */

static char *
line_format(const char *fmt, ...)
{
	char *line = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&line, fmt, ap);
	va_end(ap);
	return len < 0 ? NULL : line;
}

char *
state_journal_command(const char *name, const char *command)
{
	return line_format("+ %s: %s", name, command);
}

char *
state_journal_told(const char *name, const char *command, const json_t *told)
{
	json_t *json = json_pack("{s:s, s:O}", "command", command, "told", told);
	char *text = json_dumps(json, JSON_COMPACT), *line;

	line = text == NULL ? NULL : line_format("* %s: %s", name, text);
	free(text);
	json_decref(json);
	return line;
}

char *
state_journal_model(const char *name, const json_t *model)
{
	char *text = json_dumps(model, JSON_COMPACT), *line;

	line = text == NULL ? NULL : line_format("= %s: %s", name, text);
	free(text);
	return line;
}

char *
state_journal_forget(const char *name)
{
	return line_format("- %s", name);
}

/* Change the model of that name; a model that is made for it stays only if something is in it. */
static void
change_apply(json_t *models, const char *name, const char *command, const json_t *told)
{
	json_t *model = json_incref(json_object_get(models, name));

	if (model == NULL)
		model = model_create();
	model_apply(model, command);
	model_apply_told(model, told);
	if (!model_is_empty(model))
		json_object_set(models, name, model);
	json_decref(model);
}

static bool
command_apply(json_t *models, const char *name, const char *command)
{
	if (!value_is_line(command, true) || !model_is_changed_by(command))
		return false;
	change_apply(models, name, command, NULL);
	return true;
}

static bool
told_apply(json_t *models, const char *name, const char *text)
{
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const char *command = json_string_value(json_object_get(json, "command"));
	const json_t *told = json_object_get(json, "told");
	bool is_valid =
		command != NULL && value_is_line(command, true) && model_told_is_valid(told);

	if (is_valid)
		change_apply(models, name, command, told);
	json_decref(json);
	return is_valid;
}

static bool
model_replace(json_t *models, const char *name, const char *text)
{
	json_t *model = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	if (model != NULL && model_is_valid(model))
		return json_object_set_new(models, name, model) == 0;
	json_decref(model);
	return false;
}

bool
state_journal_apply(json_t *models, char *line)
{
	char kind = line[0], *name, *rest;

	if (kind == '\0' || line[1] != ' ')
		return false;
	name = line + 2;
	rest = strstr(name, ": ");
	if (rest != NULL) {
		*rest = '\0';
		rest += 2;
	}
	if (!state_file_name_is_valid(name))
		return false;
	if (kind == '-' && rest == NULL)
		json_object_del(models, name);
	else if (kind == '+' && rest != NULL)
		return command_apply(models, name, rest);
	else if (kind == '*' && rest != NULL)
		return told_apply(models, name, rest);
	else if (kind == '=' && rest != NULL)
		return model_replace(models, name, rest);
	else
		return false;
	return true;
}

/* Reading */

static void
put_aside(const char *dir, size_t lines)
{
	char path[PATH_MAX], aside[PATH_MAX];

	state_file_path(path, dir, STATE_JOURNAL_NAME);
	state_file_path(aside, dir, STATE_JOURNAL_NAME ".damaged");
	if (rename(path, aside) != 0)
		strcpy(aside, "nothing, because that failed");
	ctl_log_line("warning: %s is damaged behind line %zu: it was put aside as %s, and changes "
		     "behind that line are lost",
		     path, lines, aside);
}

off_t
state_journal_replay(const char *dir, json_t *models)
{
	char path[PATH_MAX], *line = NULL;
	size_t size = 0, lines = 0;
	bool good = true;
	off_t end = 0;
	ssize_t len;
	FILE *file;

	state_file_path(path, dir, STATE_JOURNAL_NAME);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	/* A line without newline is the last one: spp-ctl or the machine ended while it was
	 * written. */
	while (good && (len = getline(&line, &size, file)) > 0 && line[len - 1] == '\n') {
		line[len - 1] = '\0';
		good = strlen(line) == (size_t)len - 1 && state_journal_apply(models, line);
		lines += good;
		end += len;
	}
	free(line);
	fclose(file);
	if (good)
		return end;
	put_aside(dir, lines);
	return 0;
}

/* Writing */

int
state_journal_open(struct state_journal *journal, const char *dir, off_t end)
{
	char path[PATH_MAX];

	state_file_path(path, dir, STATE_JOURNAL_NAME);
	journal->fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (journal->fd < 0)
		return -errno;
	journal->end = end;
	if (ftruncate(journal->fd, end) != 0 || fsync(journal->fd) != 0)
		return -errno;
	return state_file_sync_dir(dir);
}

void
state_journal_close(struct state_journal *journal, const char *dir)
{
	char path[PATH_MAX];

	if (journal->fd < 0)
		return;
	close(journal->fd);
	journal->fd = -1;
	state_file_path(path, dir, STATE_JOURNAL_NAME);
	if (journal->end == 0)
		unlink(path);
}

static int
write_whole(int fd, const char *bytes, size_t len, off_t at)
{
	while (len > 0) {
		ssize_t written = pwrite(fd, bytes, len, at);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -ENOSPC;
		bytes += written;
		at += written;
		len -= (size_t)written;
	}
	return 0;
}

static int
space_reserve(const struct state_journal *journal)
{
	if (fallocate(journal->fd, FALLOC_FL_KEEP_SIZE, journal->end, RESERVE_BYTES) == 0)
		return 0;
	return errno == EOPNOTSUPP || errno == ENOSYS || errno == EINTR ? 0 : -errno;
}

int
state_journal_append(struct state_journal *journal, const char *bytes, size_t len, int *next_err)
{
	int err = write_whole(journal->fd, bytes, len, journal->end);

	*next_err = 0;
	if (err == 0 && fdatasync(journal->fd) != 0)
		err = -errno;
	if (err == 0) {
		journal->end += (off_t)len;
		*next_err = space_reserve(journal);
		return 0;
	}
	/* What was refused must not come back with the next start.  The caller writes the whole
	 * other file before the next change, whatever becomes of this. */
	if (ftruncate(journal->fd, journal->end) == 0)
		fdatasync(journal->fd);
	return err;
}

int
state_journal_clear(struct state_journal *journal)
{
	if (ftruncate(journal->fd, 0) != 0)
		return -errno;
	journal->end = 0;
	if (fdatasync(journal->fd) != 0)
		return -errno;
	return space_reserve(journal);
}
