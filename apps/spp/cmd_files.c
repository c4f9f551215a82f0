/* SPDX-License-Identifier: BSD-3-Clause */
/* `pwd`, `cd`, `ls`, `mkdir`, `cat`, `less`, `env`; no shell sees any of their arguments. */

#include <dirent.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "candidates.h"
#include "cli.h"
#include "cmd_files.h"
#include "columns.h"

extern char **environ;

static bool
is_directory(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

int
cmd_pwd_run(struct cli *cli, const char *args)
{
	char *path = getcwd(NULL, 0);

	(void)args;
	if (path == NULL)
		return cli_error(cli, "Error: %s.", strerror(errno));
	fprintf(cli->out, "%s\n", path);
	free(path);
	return 0;
}

int
cmd_cd_run(struct cli *cli, const char *args)
{
	if (*args == '\0' || chdir(args) != 0)
		return cli_error(cli, "No such a directory.");
	return cmd_pwd_run(cli, "");
}

/* Directories */

/* What `ls -F` puts behind a name. */
static char
mark_of(const char *directory, const char *name)
{
	char path[4096];
	struct stat info;

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path) ||
	    lstat(path, &info) != 0)
		return '\0';
	if (S_ISDIR(info.st_mode))
		return '/';
	if (S_ISLNK(info.st_mode))
		return '@';
	if (S_ISFIFO(info.st_mode))
		return '|';
	if (S_ISSOCK(info.st_mode))
		return '=';
	return S_ISREG(info.st_mode) && (info.st_mode & 0111) != 0 ? '*' : '\0';
}

static int
is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Names stand in columns on a terminal, and one on a line elsewhere. */
static void
print_names(FILE *out, char *const *names, unsigned int nb)
{
	unsigned int width = isatty(fileno(out)) ? 79 : 0;

	columns_print(out, (const char *const *)names, nb, width);
}

static void
print_entries(struct cli *cli, const char *directory, struct dirent **entries, int nb)
{
	char **names = calloc(nb > 0 ? nb : 1, sizeof(*names));
	unsigned int nb_names = 0;

	for (int i = 0; names != NULL && i < nb; i++) {
		char mark[2] = {mark_of(directory, entries[i]->d_name)};

		if (asprintf(&names[nb_names], "%s%s", entries[i]->d_name, mark) >= 0)
			nb_names++;
	}
	if (nb_names > 0)
		print_names(cli->out, names, nb_names);
	while (nb_names > 0)
		free(names[--nb_names]);
	free(names);
}

int
cmd_ls_run(struct cli *cli, const char *args)
{
	const char *directory = *args == '\0' ? "." : args;
	struct dirent **entries;
	int nb;

	if (!is_directory(directory))
		return cli_error(cli, "No such a directory.");
	nb = scandir(directory, &entries, is_shown, alphasort);
	if (nb < 0)
		return cli_error(cli, "Error: '%s': %s.", directory, strerror(errno));
	print_entries(cli, directory, entries, nb);
	for (int i = 0; i < nb; i++)
		free(entries[i]);
	free(entries);
	return 0;
}

/* Make the directory and those above it.  0 or errno. */
static int
make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST && !is_directory(path))
			return errno;
		*slash = '/';
	}
	if (mkdir(path, 0777) == 0 || (errno == EEXIST && is_directory(path)))
		return 0;
	return errno;
}

int
cmd_mkdir_run(struct cli *cli, const char *args)
{
	char *path = strdup(args);
	int err;

	if (path == NULL || *path == '\0') {
		free(path);
		return cli_error(cli, "Error: the name of a directory is required.");
	}
	err = make_directories(path);
	free(path);
	return err == 0 ? 0 : cli_error(cli, "Error: '%s': %s.", args, strerror(err));
}

/* Files */

static FILE *
open_file(struct cli *cli, const char *path)
{
	struct stat info;
	FILE *file = NULL;

	if (stat(path, &info) == 0 && S_ISREG(info.st_mode))
		file = fopen(path, "re");
	if (file == NULL)
		cli_error(cli, "No such a directory.");
	return file;
}

int
cmd_cat_run(struct cli *cli, const char *args)
{
	FILE *file = open_file(cli, args);
	char buffer[4096];
	size_t len;

	if (file == NULL)
		return -1;
	while ((len = fread(buffer, 1, sizeof(buffer), file)) > 0)
		fwrite(buffer, 1, len, cli->out);
	fclose(file);
	return 0;
}

/* Run the pager and wait for its end.  0, or the errno of its start. */
static int
page(const char *path)
{
	char *words[] = {strdup("less"), strdup("--"), strdup(path), NULL};
	pid_t pid;
	int err = posix_spawnp(&pid, words[0], NULL, NULL, words, environ);

	while (err == 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	for (unsigned int i = 0; i < 3; i++)
		free(words[i]);
	return err;
}

int
cmd_less_run(struct cli *cli, const char *args)
{
	FILE *file;
	int err;

	if (!isatty(STDIN_FILENO) || !isatty(fileno(cli->out)))
		return cmd_cat_run(cli, args);
	file = open_file(cli, args);
	if (file == NULL)
		return -1;
	fclose(file);
	fflush(cli->out);
	err = page(args);
	return err == 0 ? 0 : cli_error(cli, "Error: cannot start less: %s.", strerror(err));
}

/* Environment */

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
cmd_env_run(struct cli *cli, const char *args)
{
	size_t nb = 0, len = strlen(args);
	char **sorted;

	while (environ[nb] != NULL)
		nb++;
	sorted = calloc(nb + 1, sizeof(*sorted));
	if (sorted == NULL)
		return cli_error(cli, "Error: no memory.");
	memcpy(sorted, environ, nb * sizeof(*sorted));
	qsort(sorted, nb, sizeof(*sorted), compare);
	for (size_t i = 0; i < nb; i++) {
		size_t name = strcspn(sorted[i], "=");

		if (len <= name && strncmp(sorted[i], args, len) == 0 && sorted[i][name] == '=')
			fprintf(cli->out, "%.*s: %s\n", (int)name, sorted[i], sorted[i] + name + 1);
	}
	free(sorted);
	return 0;
}

/* Completion */

void
cmd_env_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	(void)cli;
	for (size_t i = 0; at->words.nb == 0 && environ[i] != NULL; i++) {
		char *name = strndup(environ[i], strcspn(environ[i], "="));

		if (name != NULL)
			candidates_add(found, name);
		free(name);
	}
}

static void
add_entries(const char *directory, const struct cursor *at, bool all, struct candidates *found)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		char path[4096], name[sizeof(entry->d_name) + 2];
		bool enter;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    (entry->d_name[0] == '.' && *at->prefix != '.') ||
		    snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) >=
			    (int)sizeof(path))
			continue;
		enter = is_directory(path);
		snprintf(name, sizeof(name), "%s%s", entry->d_name, enter ? "/" : "");
		if (all || enter)
			candidates_add(found, name);
	}
	if (stream != NULL)
		closedir(stream);
}

/* Names in the directory that has been typed so far. */
static void
complete(const struct cursor *at, bool all, struct candidates *found)
{
	const char *from = at->text + strspn(at->text, WORDS_BLANKS);
	char *directory;

	if (strpbrk(from, WORDS_BLANKS) != NULL)
		return;
	directory = strndup(from, at->prefix - from);
	if (directory != NULL)
		add_entries(*directory == '\0' ? "." : directory, at, all, found);
	free(directory);
}

void
cmd_files_complete(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	(void)cli;
	complete(at, true, found);
}

void
cmd_files_complete_directories(struct cli *cli, const struct cursor *at, struct candidates *found)
{
	(void)cli;
	complete(at, false, found);
}
