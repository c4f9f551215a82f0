/* SPDX-License-Identifier: BSD-3-Clause */
/* The file in the state directory. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl_log.h"
#include "model.h"
#include "model_valid.h"
#include "state_file.h"

#define VERSION 1

void
state_file_path(char path[PATH_MAX], const char *dir, const char *name)
{
	snprintf(path, PATH_MAX, "%.3900s/%s", dir, name);
}

bool
state_file_name_is_valid(const char *name)
{
	int id, used = 0;

	if (sscanf(name, "vf %d%n", &id, &used) != 1 &&
	    sscanf(name, "mirror %d%n", &id, &used) != 1)
		return false;
	return name[used] == '\0' && id >= 1 && id <= 127;
}

static bool
file_is_valid(const json_t *file)
{
	json_t *models = json_object_get(file, "processes"), *model;
	const char *name;

	if (json_integer_value(json_object_get(file, "version")) != VERSION ||
	    !json_is_object(models))
		return false;
	json_object_foreach (models, name, model)
		if (!state_file_name_is_valid(name) || !model_is_valid(model))
			return false;
	return true;
}

static void
put_aside(const char *dir, const char *cause)
{
	char path[PATH_MAX], aside[PATH_MAX];

	state_file_path(path, dir, STATE_FILE_NAME);
	state_file_path(aside, dir, STATE_FILE_NAME ".damaged");
	if (rename(path, aside) != 0)
		ctl_log_line("warning: %s is damaged (%s) and cannot be put aside (%s): it will be "
			     "overwritten",
			     path, cause, strerror(errno));
	else
		ctl_log_line("warning: %s is damaged (%s): it was put aside as %s, and no "
			     "configuration is known from before",
			     path, cause, aside);
}

static int
dir_prepare(const char *dir, char *error, size_t size)
{
	int err = 0, fd = -1;

	if (mkdir(dir, 0700) == 0 || errno == EEXIST)
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || faccessat(fd, ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	if (err != 0)
		snprintf(error, size, "cannot use the state directory %s: %s", dir, strerror(-err));
	return err;
}

int
state_file_read(const char *dir, json_t *models, char *error, size_t size)
{
	char path[PATH_MAX];
	json_error_t cause;
	json_t *file;
	int err = dir_prepare(dir, error, size);

	if (err != 0)
		return err;
	state_file_path(path, dir, STATE_FILE_NAME);
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return 0;
	file = json_load_file(path, JSON_REJECT_DUPLICATES, &cause);
	if (file == NULL) {
		put_aside(dir, cause.text);
	} else if (!file_is_valid(file)) {
		put_aside(dir, "it does not hold what spp-ctl writes");
	} else {
		json_object_update(models, json_object_get(file, "processes"));
	}
	json_decref(file);
	return 0;
}

static int
write_synced(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), err = 0;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (file == NULL) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	if (fputs(text, file) == EOF || fflush(file) != 0 || fsync(fd) != 0)
		err = -errno;
	if (fclose(file) != 0 && err == 0)
		err = -errno;
	return err;
}

int
state_file_sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (fsync(fd) != 0)
		err = -errno;
	close(fd);
	return err;
}

char *
state_file_format(json_t *models)
{
	json_t *file = json_pack("{s:i, s:O}", "version", VERSION, "processes", models);
	char *text = file == NULL ? NULL : json_dumps(file, JSON_INDENT(1));

	json_decref(file);
	return text;
}

int
state_file_write(const char *dir, const char *text)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	int err;

	state_file_path(path, dir, STATE_FILE_NAME);
	state_file_path(temporary, dir, STATE_FILE_NAME ".tmp");
	err = write_synced(temporary, text);
	if (err == 0 && rename(temporary, path) != 0)
		err = -errno;
	if (err != 0) {
		unlink(temporary); /* on a full disk its bytes are missed elsewhere */
		return err;
	}
	/* Only a synced directory keeps the rename. */
	return state_file_sync_dir(dir);
}
