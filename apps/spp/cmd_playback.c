/* SPDX-License-Identifier: BSD-3-Clause */
/* `playback FILE`: run the lines of a recipe as if they were typed. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "cmd_playback.h"
#include "command.h"
#include "words.h"

/* A file that is being played back, and the file whose line asked for it. */
struct playing {
	const struct playing *by;
	dev_t device;
	ino_t inode;
};

static bool
is_playing(const struct cli *cli, const struct stat *info)
{
	for (const struct playing *p = cli->playback; p != NULL; p = p->by) {
		if (p->device == info->st_dev && p->inode == info->st_ino)
			return true;
	}
	return false;
}

static void
echo(struct cli *cli, const char *line)
{
	if (cli->json || command_is_comment(line))
		return;
	fputc('#', cli->out);
	if (line[strspn(line, WORDS_BLANKS)] != '\0') {
		fputc(' ', cli->out);
		text_put(cli->out, line);
	}
	fputc('\n', cli->out);
}

struct counts {
	unsigned int all, failed;
};

static void
play_line(struct cli *cli, char *line, struct counts *counts)
{
	line[strcspn(line, "\r\n")] = '\0';
	echo(cli, line);
	if (!command_is_comment(line) && line[strspn(line, WORDS_BLANKS)] != '\0')
		counts->all++;
	if (command_run(cli, line) < 0)
		counts->failed++;
	fflush(cli->out);
}

static void
play_lines(struct cli *cli, FILE *file, struct counts *counts)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (!cli->ended && !*cli->interrupted && !(counts->failed > 0 && cli->stop_on_error)) {
		len = getline(&line, &size, file);
		if (len < 0)
			break;
		command_mark_nul(line, len);
		play_line(cli, line, counts);
	}
	free(line);
}

static int
play_file(struct cli *cli, FILE *file, const char *path)
{
	struct counts counts = {.all = 0};
	struct playing playing = {.by = cli->playback};
	struct stat info;

	if (fstat(fileno(file), &info) != 0 || S_ISDIR(info.st_mode))
		return cli_error(cli, "Error: File does not exist.");
	if (is_playing(cli, &info))
		return cli_error(cli, "Error: '%s' is being played back already.", path);
	playing.device = info.st_dev;
	playing.inode = info.st_ino;
	cli->playback = &playing;
	play_lines(cli, file, &counts);
	cli->playback = playing.by;
	if (*cli->interrupted)
		return cli_error(cli, "Error: playback was interrupted.");
	if (counts.failed == 0)
		return 0;
	return cli_error(cli, "playback: %u of %u commands failed", counts.failed, counts.all);
}

int
cmd_playback_run(struct cli *cli, const char *args)
{
	FILE *file;
	int ret;

	cli_record_close(cli);
	if (*args == '\0')
		return cli_error(cli, "Record file is required!");
	file = fopen(args, "re");
	if (file == NULL)
		return cli_error(cli, "Error: File does not exist.");
	ret = play_file(cli, file, args);
	fclose(file);
	return ret;
}
