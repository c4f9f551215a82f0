/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any text as a command: the reply is one line of valid JSON with results, an error says why, and
 * every transaction that was begun was ended.
 */

#include <errno.h>

#include <jansson.h>

#include "args.h"
#include "dispatch.h"
#include "error.h"
#include "fuzz.h"
#include "panel.h"
#include "reply.h"
#include "txn.h"

static struct {
	const char *input; /* what is being run, for sentences that quote it */
	unsigned int nb_begun, nb_ended;
} run;

/* In place of core/panel/txn.c. */

void
txn_begin(void)
{
	FUZZ_ASSERT(run.nb_begun == run.nb_ended);
	run.nb_begun++;
}

int
txn_commit(void)
{
	run.nb_ended++;
	return 0;
}

void
txn_abort(void)
{
	run.nb_ended++;
}

/* In place of core/panel/panel.c: the panel is open. */

const char *
panel_why_closed(void)
{
	return NULL;
}

/* Verbs that echo, fail and take everything there is */

static int
run_echo(const struct spp_args *args, struct spp_reply *reply)
{
	reply_open(reply, "args", SPP_REPLY_OBJECT);
	for (unsigned int i = 0; i < args->nb; i++)
		reply_str(reply, args->arg[i].name, args->arg[i].value);
	reply_close(reply);
	reply_note(reply, "%s", run.input);
	return 0;
}

static int
run_fail(const struct spp_args *args, struct spp_reply *reply)
{
	uint8_t mac[6];
	uint64_t number;

	reply_str(reply, "half", "done");
	if (args_u64(args, "word", &number) == 0)
		return number % 2 == 0 ? -EIO : fail(-EIO, "%s", run.input);
	if (args_mac(args, "word", mac) == 0)
		return fail_arg("word", "%s", run.input);
	return fail_text(args_str(args, "word"));
}

/* Sentences and members may hold bytes that no command line can, of a file's name for instance:
 * two characters of the word make one byte. */
static int
run_bytes(const struct spp_args *args, struct spp_reply *reply)
{
	const char *word = args_str(args, "hex");
	char bytes[64];
	size_t nb = 0;

	for (; word[0] != '\0' && word[1] != '\0' && nb < sizeof(bytes) - 1; word += 2)
		bytes[nb++] = (word[0] % 16) << 4 | word[1] % 16;
	bytes[nb] = '\0';
	if (strcmp(args_str(args, "where"), "error") == 0)
		return fail(-EIO, "%s", bytes);
	reply_note(reply, "%s", bytes);
	reply_str(reply, "bytes", bytes);
	reply_str(reply, bytes, "name");
	return 0;
}

static const struct spp_verb verbs[] = {
	{"port <action:add|del> <port:RES_UID> <port rxtx:rx|tx> <component name:NAME>", "",
	 run_echo},
	{"port <action:add> <port:RES_UID> <port rxtx:rx|tx> <component name:NAME> "
	 "<port vlan operation:add_vlantag> <port vid:VID> <port pcp:PCP>",
	 "", run_echo},
	{"entry <mac:MAC_ADDR|default> <core:CORE> <number:UNSIGNED_INT>", "", run_echo},
	{"say <word:WORD>", "", run_fail},
	{"bytes <where:error|reply> <hex:WORD>", "", run_bytes},
};

int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		FUZZ_ASSERT(dispatch_add("fuzz", &verbs[i]) == 0);
	return dispatch_init();
}

static void
check_results(json_t *reply)
{
	json_t *first = json_array_get(json_object_get(reply, "results"), 0);
	const char *result = json_string_value(json_object_get(first, "result"));
	json_t *details = json_object_get(first, "error_details");
	const char *message = json_string_value(json_object_get(details, "message"));

	FUZZ_ASSERT(result != NULL);
	if (strcmp(result, "success") == 0) {
		FUZZ_ASSERT(details == NULL);
		return;
	}
	FUZZ_ASSERT(strcmp(result, "error") == 0);
	FUZZ_ASSERT(message != NULL && *message != '\0');
	FUZZ_ASSERT(json_object_size(reply) == 1);
}

static void
check_reply(const char *text)
{
	size_t len = strlen(text);
	json_t *reply;

	FUZZ_ASSERT(len > 0 && strchr(text, '\n') == text + len - 1);
	reply = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	FUZZ_ASSERT(reply != NULL);
	check_results(reply);
	json_decref(reply);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *input = fuzz_text(data, size);
	char *text;

	run.input = input;
	text = dispatch_run(input);
	FUZZ_ASSERT(text != NULL);
	check_reply(text);
	FUZZ_ASSERT(run.nb_begun == run.nb_ended);
	free(text);
	dispatch_run_in_txn(input);
	FUZZ_ASSERT(run.nb_begun == run.nb_ended);
	free(input);
	return 0;
}
