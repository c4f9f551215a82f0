/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of commands; running a line. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "commands.h"
#include "record.h"
#include "words.h"

#define COMPONENT_FORMS(type, role)                                                                \
	type " ID; status\n" type " ID; exit\n" type " ID; component start NAME CORE " role        \
	     "\n" type " ID; component stop NAME\n"

static const char vf_forms[] = COMPONENT_FORMS(
	"vf",
	"ROLE") "vf ID; port add UID [nq Q] (rx|tx) NAME [add_vlantag VID PCP | del_vlantag]\n"
		"vf ID; port del UID [nq Q] (rx|tx) NAME\n"
		"vf ID; classifier_table (add|del) mac (MAC|default) UID [nq Q]\n"
		"vf ID; classifier_table (add|del) vlan VID (MAC|default) UID [nq Q]\n"
		"vf ID; VERB ...\n"
		"\n"
		"ROLE is classifier, forward, merge or the name of a component plugin; UID is\n"
		"phy:N, vhost:N or ring:N; VERB is one that a plugin of the process adds.";

static const char mirror_forms[] =
	COMPONENT_FORMS("mirror", "mirror") "mirror ID; port (add|del) UID [nq Q] (rx|tx) NAME";

static const char nfv_forms[] = "nfv ID; status\n"
				"nfv ID; exit\n"
				"nfv ID; (add|del) UID\n"
				"nfv ID; patch SRC [nq Q] DST [nq Q]\n"
				"nfv ID; patch reset\n"
				"nfv ID; (forward|stop)";

static const char pri_forms[] = "pri; status\n"
				"pri; clear\n"
				"pri; exit\n"
				"pri; (add|del) UID\n"
				"pri; add pipe:N ring:A ring:B\n"
				"pri; patch SRC DST\n"
				"pri; patch reset\n"
				"pri; (forward|stop)";

static const char server_forms[] = "server [list]               show the controllers\n"
				   "server N | IP[:PORT]        talk to this one\n"
				   "server add IP[:PORT]        make one known\n"
				   "server del N | IP[:PORT]    forget one";

/* clang-format off */
const struct command commands[] = {
	{"bye", "end this program or processes",
	 "bye        end this program\n"
	 "bye sec    end all secondary processes\n"
	 "bye all    end all secondary processes and the primary process",
	 bye_run, .complete = bye_complete},
	{"cat", "show a file", "cat FILE", cat_run, .complete = files_complete, .takes_path = true},
	{"cd", "change the directory", "cd DIR", cd_run, .complete = files_complete_directories, .takes_path = true},
	{"config", "show or change settings",
	 "config              show all settings\n"
	 "config PREFIX       show those whose names begin so\n"
	 "config KEY VALUE    change one",
	 config_run, .complete = config_complete},
	{"env", "show environment variables", "env [PREFIX]", env_run, .complete = env_complete},
	{"exit", "end this program", "exit", .run = exit_run},
	{"help", "show the commands, or one of them", "help [COMMAND]", help_run, .complete = help_complete},
	{"history", "show the lines typed before", "history", .run = history_run},
	{"less", "show a file by pages", "less FILE", less_run, .complete = files_complete, .takes_path = true},
	{"ls", "show a directory", "ls [DIR]", ls_run, .complete = files_complete, .takes_path = true},
	{"mirror", "configure a spp_mirror", mirror_forms, mirror_run, .complete = mirror_complete},
	{"mkdir", "make a directory and those above it", "mkdir DIR", mkdir_run, .complete = files_complete, .takes_path = true},
	{"nfv", "configure a spp_nfv", nfv_forms, nfv_run, .complete = nfv_complete},
	{"pcap", "control a spp_pcap",
	 "pcap ID; status\npcap ID; (start|stop)\npcap ID; exit", pcap_run, .complete = pcap_complete},
	{"playback", "run the lines of a recipe", "playback FILE", playback_run, .complete = files_complete, .takes_path = true},
	{"pri", "control the spp_primary", pri_forms, pri_run, .complete = pri_complete},
	{"pwd", "show the directory", "pwd", .run = pwd_run},
	{"record", "write what is typed to a file, for playback", "record FILE", record_run,
	 .complete = files_complete, .takes_path = true},
	{"redo", "run a line of the history again", "redo N", .run = redo_run},
	{"server", "show or choose the controller", server_forms, server_run, .complete = server_complete},
	{"status", "show the controller and its processes", "status", .run = status_run},
	{"vf", "configure a spp_vf", vf_forms, vf_run, .complete = vf_complete},
	{.name = NULL},
};
/* clang-format on */

const struct command *
command_find(const char *text, size_t len)
{
	for (const struct command *command = commands; command->name != NULL; command++) {
		if (strlen(command->name) == len && strncmp(command->name, text, len) == 0)
			return command;
	}
	return NULL;
}

size_t
command_name_len(const char *text)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]) || text[len] == '_')
		len++;
	return len;
}

bool
command_is_comment(const char *line)
{
	line += strspn(line, WORDS_BLANKS);
	return line[0] == '#' || (line[0] == '/' && line[1] == '/');
}

void
command_mark_nul(char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (line[i] == '\0')
			line[i] = '\001';
	}
}

/* What cannot be a line of a person is refused before anything reads it. */
static int
check(struct cli *cli, const char *line)
{
	if (strlen(line) > CLI_LINE_MAX)
		return cli_error(cli, "Error: the line is longer than %d characters.",
				 CLI_LINE_MAX);
	for (; *line != '\0'; line++) {
		if (text_is_control(*line) && strchr(WORDS_BLANKS, *line) == NULL)
			return cli_error(cli, "Error: the line has a character that cannot be "
					      "printed.");
	}
	return 0;
}

static int
run_stripped(struct cli *cli, char *line)
{
	size_t len = command_name_len(line);
	const struct command *command = command_find(line, len);

	if (*line == '\0')
		return 0;
	if (command_is_comment(line)) {
		cli_say(cli, "%s", line);
		return 0;
	}
	if (*line == '?')
		return help_run(cli, text_strip(line + 1));
	if (command == NULL)
		return cli_error(cli, "*** Unknown syntax: %s", line);
	return command->run(cli, text_strip(line + len));
}

int
command_run(struct cli *cli, const char *line)
{
	char *copy;
	int ret;

	if (check(cli, line) < 0)
		return -1;
	copy = strdup(line);
	if (copy == NULL)
		return cli_error(cli, "Error: no memory for the line.");
	ret = run_stripped(cli, text_strip(copy));
	free(copy);
	return ret;
}

int
command_typed(struct cli *cli, const char *line)
{
	int ret;

	record_line(cli, line);
	ret = command_run(cli, line);
	fflush(cli->out);
	return ret;
}
