/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of commands. */

#include "cmd_bye.h"
#include "cmd_config.h"
#include "cmd_files.h"
#include "cmd_help.h"
#include "cmd_history.h"
#include "cmd_nfv.h"
#include "cmd_pcap.h"
#include "cmd_playback.h"
#include "cmd_pri.h"
#include "cmd_record.h"
#include "cmd_server.h"
#include "cmd_status.h"
#include "cmd_vf.h"
#include "cmd_vf_complete.h"
#include "command_table.h"

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
const struct command command_table[] = {
	{"bye", "end this program or processes",
	 "bye        end this program\n"
	 "bye sec    end all secondary processes\n"
	 "bye all    end all secondary processes and the primary process",
	 cmd_bye_run, .complete = cmd_bye_complete},
	{"cat", "show a file", "cat FILE", cmd_cat_run, .complete = cmd_files_complete, .takes_path = true},
	{"cd", "change the directory", "cd DIR", cmd_cd_run, .complete = cmd_files_complete_directories, .takes_path = true},
	{"config", "show or change settings",
	 "config              show all settings\n"
	 "config PREFIX       show those whose names begin so\n"
	 "config KEY VALUE    change one",
	 cmd_config_run, .complete = cmd_config_complete},
	{"env", "show environment variables", "env [PREFIX]", cmd_env_run, .complete = cmd_env_complete},
	{"exit", "end this program", "exit", .run = cmd_exit_run},
	{"help", "show the commands, or one of them", "help [COMMAND]", cmd_help_run, .complete = cmd_help_complete},
	{"history", "show the lines typed before", "history", .run = cmd_history_run},
	{"less", "show a file by pages", "less FILE", cmd_less_run, .complete = cmd_files_complete, .takes_path = true},
	{"ls", "show a directory", "ls [DIR]", cmd_ls_run, .complete = cmd_files_complete, .takes_path = true},
	{"mirror", "configure a spp_mirror", mirror_forms, cmd_mirror_run, .complete = cmd_mirror_complete},
	{"mkdir", "make a directory and those above it", "mkdir DIR", cmd_mkdir_run, .complete = cmd_files_complete, .takes_path = true},
	{"nfv", "configure a spp_nfv", nfv_forms, cmd_nfv_run, .complete = cmd_nfv_complete},
	{"pcap", "control a spp_pcap",
	 "pcap ID; status\npcap ID; (start|stop)\npcap ID; exit", cmd_pcap_run, .complete = cmd_pcap_complete},
	{"playback", "run the lines of a recipe", "playback FILE", cmd_playback_run, .complete = cmd_files_complete, .takes_path = true},
	{"pri", "control the spp_primary", pri_forms, cmd_pri_run, .complete = cmd_pri_complete},
	{"pwd", "show the directory", "pwd", .run = cmd_pwd_run},
	{"record", "write what is typed to a file, for playback", "record FILE", cmd_record_run,
	 .complete = cmd_files_complete, .takes_path = true},
	{"redo", "run a line of the history again", "redo N", .run = cmd_redo_run},
	{"server", "show or choose the controller", server_forms, cmd_server_run, .complete = cmd_server_complete},
	{"status", "show the controller and its processes", "status", .run = cmd_status_run},
	{"vf", "configure a spp_vf", vf_forms, cmd_vf_run, .complete = cmd_vf_complete},
	{.name = NULL},
};
/* clang-format on */
