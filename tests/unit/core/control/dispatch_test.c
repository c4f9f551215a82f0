/* SPDX-License-Identifier: BSD-3-Clause */
/* The command table: what a line leads to, what its sender reads, when a transaction is open. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "dispatch.h"
#include "error.h"
#include "panel.h"
#include "reply.h"
#include "txn.h"

#define SUCCESS "{\"results\":[{\"result\":\"success\"}]"

/* What happened, in order: transactions and calls of the verbs below. */
static char events[512];
static int commit_result;

static void __attribute__((format(printf, 1, 2))) note(const char *fmt, ...)
{
	size_t len = strlen(events);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(events + len, sizeof(events) - len, fmt, ap);
	va_end(ap);
}

/* In place of core/panel/txn.c. */

void
txn_begin(void)
{
	note("begin ");
}

void
txn_undo(struct call *call, void (*fn)(void *arg), void *arg)
{
	(void)call;
	(void)fn;
	(void)arg;
}

void
txn_on_commit(struct call *call, void (*fn)(void *arg), void *arg)
{
	txn_undo(call, fn, arg);
}

void
txn_defer(struct call *call, void (*fn)(void *arg), void *arg)
{
	txn_undo(call, fn, arg);
}

void
txn_defer_all(struct call *call, void (*fn)(void *arg), void *arg)
{
	txn_undo(call, fn, arg);
}

void
txn_after(struct call *call, void (*fn)(void *arg), void *arg)
{
	txn_undo(call, fn, arg);
}

void
txn_touch_lcore(unsigned int lcore)
{
	(void)lcore;
}

int
txn_commit(void)
{
	note("commit ");
	if (commit_result < 0)
		return fail(commit_result, "worker on lcore 3 does not answer");
	return 0;
}

void
txn_abort(void)
{
	note("abort ");
	fail(-EIO, "putting back spoke too");
}

void
txn_reap(void)
{
}

/* Verbs of a plugin */

static int
run_patch(const struct spp_args *args, struct spp_reply *reply)
{
	note("patch(%s,%s) ", args_str(args, "port"), args_str(args, "mac address"));
	reply_str(reply, "done", "yes");
	return 0;
}

static int
run_unpatch(const struct spp_args *args, struct spp_reply *reply)
{
	note("unpatch(%s) ", args_str(args, "port"));
	reply_note(reply, "nothing to unpatch");
	return 0;
}

static int
run_break(const struct spp_args *args, struct spp_reply *reply)
{
	const char *how = args_str(args, "how");

	reply_str(reply, "half", "done");
	if (strcmp(how, "arg") == 0)
		return fail_arg("port", "ring:99 does not exist");
	if (strcmp(how, "sentence") == 0)
		return fail(-EBUSY, "\"x\" is in use by \xff\x01");
	if (strcmp(how, "positive") == 0)
		return 1;
	return -ENOMEM;
}

static const struct spp_verb plugin_verbs[] = {
	{"patch <action:add> <port:RES_UID> <mac address:MAC_ADDR|default>", "add a patch",
	 run_patch},
	{"patch <action:del> <port:RES_UID|all>", "take a patch away", run_unpatch},
	{"break <how:arg|sentence|silent|positive>", NULL, run_break},
};

static int
setup(void **state)
{
	(void)state;
	events[0] = '\0';
	commit_result = 0;
	error_clear();
	for (int i = 0; i < 3; i++)
		assert_int_equal(dispatch_add("patcher", &plugin_verbs[i]), 0);
	return dispatch_init();
}

static int
teardown(void **state)
{
	(void)state;
	dispatch_del("patcher");
	dispatch_del("core");
	return 0;
}

static void
assert_reply(const char *line, const char *expected)
{
	char *text = dispatch_run(line);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void
assert_error(const char *line, const char *message)
{
	char expected[1024];

	snprintf(expected, sizeof(expected),
		 "{\"results\":[{\"result\":\"error\",\"error_details\":{\"message\":\"%s\"}}]}\n",
		 message);
	assert_reply(line, expected);
}

static void
a_command_runs_in_a_transaction(void **state)
{
	(void)state;
	assert_reply("patch add ring:3 default", SUCCESS ",\"done\":\"yes\"}\n");
	assert_string_equal(events, "begin patch(ring:3,default) commit ");
}

static void
blanks_around_words_do_not_matter(void **state)
{
	(void)state;
	assert_reply("  patch   add ring:3  52:54:00:12:34:56 ", SUCCESS ",\"done\":\"yes\"}\n");
	assert_string_equal(events, "begin patch(ring:3,52:54:00:12:34:56) commit ");
}

static void
ports_arrive_in_canonical_form(void **state)
{
	(void)state;
	assert_reply("patch add phy:007nq01 default", SUCCESS ",\"done\":\"yes\"}\n");
	assert_string_equal(events, "begin patch(phy:7 nq 1,default) commit ");
}

static void
literals_beside_a_port_arrive_as_they_are(void **state)
{
	(void)state;
	free(dispatch_run("patch del all"));
	assert_string_equal(events, "begin unpatch(all) commit ");
}

static void
success_without_effect_has_a_note(void **state)
{
	(void)state;
	assert_reply("patch del ring:3",
		     "{\"results\":[{\"result\":\"success\",\"note\":\"nothing to unpatch\"}]}\n");
}

static void
every_success_in_a_closed_panel_says_why_it_is_closed(void **state)
{
	(void)state;
	panel_close("the owner has gone");
	assert_reply(
		"patch del ring:3",
		"{\"results\":[{\"result\":\"success\",\"note\":\"nothing to unpatch; the owner "
		"has gone\"}]}\n");
	assert_reply(
		"patch add ring:3 default",
		"{\"results\":[{\"result\":\"success\",\"note\":\"the owner has gone\"}],\"done\":"
		"\"yes\"}\n");
	panel_close(NULL);
	assert_reply("patch add ring:3 default", SUCCESS ",\"done\":\"yes\"}\n");
}

static void
every_refusal_in_a_closed_panel_says_once_why_it_is_closed(void **state)
{
	(void)state;
	panel_close("ring:99 does not exist");
	assert_error("break arg", "Invalid value (port): ring:99 does not exist");
	panel_close("the owner has gone");
	assert_error("break arg",
		     "Invalid value (port): ring:99 does not exist; the owner has gone");
	assert_error("nonsense", "Invalid value (command): no verb 'nonsense'; 'verbs' lists them "
				 "all; the owner has gone");
	panel_close(NULL);
}

static void
a_refused_command_is_aborted_and_explained(void **state)
{
	(void)state;
	assert_error("break arg", "Invalid value (port): ring:99 does not exist");
	assert_string_equal(events, "begin abort ");
}

static void
a_sentence_may_hold_any_bytes(void **state)
{
	(void)state;
	assert_error("break sentence", "error occur: \\\"x\\\" is in use by ?\\u0001");
}

static void
an_error_without_sentence_shows_its_number(void **state)
{
	(void)state;
	fail(-EINVAL, "left over from an earlier command");
	assert_error("break silent", "error occur: Cannot allocate memory");
}

static void
a_verb_that_returns_no_error_number_is_a_fault_of_the_plugin(void **state)
{
	(void)state;
	assert_error("break positive", "error occur: plugin patcher: run() of 'break' returned 1, "
				       "neither 0 nor a negative errno value");
	assert_string_equal(events, "begin abort ");
}

static void
a_failing_commit_is_an_error(void **state)
{
	(void)state;
	commit_result = -ETIMEDOUT;
	assert_error("patch add ring:3 default", "error occur: worker on lcore 3 does not answer");
	assert_string_equal(events, "begin patch(ring:3,default) commit ");
}

static void
what_is_no_command_opens_no_transaction(void **state)
{
	(void)state;
	assert_error("", "Wrong message format: the command is empty");
	assert_error("   ", "Wrong message format: the command is empty");
	assert_error("foo bar", "Invalid value (command): no verb 'foo'; 'verbs' lists them all");
	assert_error("Patch add ring:3 default",
		     "Invalid value (command): no verb 'Patch'; 'verbs' lists them all");
	assert_error("0123456789012345678901234567890123456789012345678901234567890",
		     "Invalid value (command): no verb "
		     "'012345678901234567890123456789012345678901234567...'; 'verbs' lists them "
		     "all");
	assert_error("patch ad ring:3 default", "Invalid value (action): 'ad' is not add or del");
	assert_error("patch add ring:3 0:0",
		     "Invalid value (mac address): '0:0' is not a MAC address (such as "
		     "52:54:00:12:34:56) or default");
	assert_error("patch de ring:3", "Invalid value (action): 'de' is not add or del");
	assert_error("patch", "Wrong message format: 1 word; write 'patch add <port> <mac "
			      "address>|default' or 'patch del <port>|all'");
	assert_error("verbs all", "Wrong message format: 2 words; write 'verbs'");
	assert_string_equal(events, "");
}

static void
unprintable_bytes_are_refused(void **state)
{
	(void)state;
	assert_error("patch\tadd",
		     "Wrong message format: byte 0x09 at position 6 is not printable ASCII");
	assert_error("\xff",
		     "Wrong message format: byte 0xff at position 1 is not printable ASCII");
	assert_error("verbs\r\nverbs",
		     "Wrong message format: byte 0x0d at position 6 is not printable ASCII");
	assert_string_equal(events, "");
}

static void
a_command_has_16_words_at_most(void **state)
{
	(void)state;
	assert_error("verbs 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
		     "Wrong message format: 16 words; write 'verbs'");
	assert_error("verbs 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
		     "Wrong message format: the command has 17 words, and none has more than 16");
}

static void
a_long_line_is_refused_like_a_short_one(void **state)
{
	static char line[100000];

	(void)state;
	memset(line, 'a', sizeof(line) - 1);
	assert_error(line, "Invalid value (command): no verb "
			   "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'; 'verbs' lists "
			   "them all");
}

static void
verbs_lists_every_form(void **state)
{
	(void)state;
	assert_reply("verbs",
		     SUCCESS ",\"verbs\":["
			     "{\"owner\":\"patcher\",\"grammar\":\"patch <action:add> "
			     "<port:RES_UID> <mac address:MAC_ADDR|default>\",\"help\":\"add a "
			     "patch\"},"
			     "{\"owner\":\"patcher\",\"grammar\":\"patch <action:del> "
			     "<port:RES_UID|all>\",\"help\":\"take a patch away\"},"
			     "{\"owner\":\"patcher\",\"grammar\":\"break "
			     "<how:arg|sentence|silent|positive>\",\"help\":\"\"},"
			     "{\"owner\":\"core\",\"grammar\":\"verbs\",\"help\":\"list every "
			     "command with its owner and its grammar\"}]}\n");
}

static void
a_verb_has_one_owner(void **state)
{
	const struct spp_verb taken = {"patch <x:WORD>", "", run_patch};
	const struct spp_verb core = {"verbs <x:WORD>", "", run_patch};

	(void)state;
	assert_int_equal(dispatch_add("other", &taken), -EEXIST);
	assert_string_equal(error_text(-EEXIST),
			    "error occur: other: verb 'patch' belongs to patcher already");
	assert_int_equal(dispatch_add("other", &core), -EEXIST);
	assert_string_equal(error_text(-EEXIST),
			    "error occur: other: verb 'verbs' belongs to core already");
	dispatch_del("patcher");
	assert_int_equal(dispatch_add("other", &taken), 0);
	dispatch_del("other");
}

static void
malformed_verbs_are_refused(void **state)
{
	static const struct {
		struct spp_verb verb;
		const char *text;
	} cases[] = {
		{{NULL, "", run_patch}, "error occur: bad: a verb without grammar"},
		{{"x <a>", "", run_patch},
		 "error occur: bad: grammar 'x <a>': argument <a> has no kinds, write "
		 "<name:kinds>"},
		{{"<a:b>", "", run_patch}, "error occur: bad: grammar '<a:b>' begins with no verb"},
		{{"x", "", NULL}, "error occur: bad: verb 'x' has no run function"},
		{{"x <a:b> <c:b> <d:b> <e:b> <f:b> <g:b> <h:b> <i:b> <j:b> <k:b> <l:b> <m:b> "
		  "<n:b> <o:b> <p:b> <q:b>",
		  "", run_patch},
		 "error occur: bad: verb 'x' has more than 15 arguments"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(dispatch_add("bad", &cases[i].verb), -EINVAL);
		assert_string_equal(error_text(-EINVAL), cases[i].text);
	}
	assert_error("x", "Invalid value (command): no verb 'x'; 'verbs' lists them all");
}

static void
deleting_an_owner_takes_its_verbs_away(void **state)
{
	(void)state;
	dispatch_del("nobody");
	dispatch_del("patcher");
	assert_error("patch del all",
		     "Invalid value (command): no verb 'patch'; 'verbs' lists them all");
	assert_reply("verbs", SUCCESS ",\"verbs\":[{\"owner\":\"core\",\"grammar\":\"verbs\","
				      "\"help\":\"list every command with its owner and its "
				      "grammar\"}]}\n");
}

static void
the_table_copies_what_it_is_given(void **state)
{
	char owner[] = "short", grammar[] = "brief <action:go>", help[] = "lived";
	const struct spp_verb verb = {grammar, help, run_patch};

	(void)state;
	assert_int_equal(dispatch_add(owner, &verb), 0);
	memset(owner, 'x', sizeof(owner) - 1);
	memset(grammar, 'x', sizeof(grammar) - 1);
	memset(help, 'x', sizeof(help) - 1);
	free(dispatch_run("brief go"));
	assert_string_equal(events, "begin patch((null),(null)) commit ");
	dispatch_del("short");
}

static void
inside_a_transaction_nothing_is_begun_or_ended(void **state)
{
	(void)state;
	assert_int_equal(dispatch_run_in_txn("patch add phy:0nq1 default"), 0);
	assert_int_equal(dispatch_run_in_txn("break arg"), -EINVAL);
	assert_string_equal(error_sentence(-EINVAL),
			    "Invalid value (port): ring:99 does not exist");
	assert_int_equal(dispatch_run_in_txn("break silent"), -ENOMEM);
	assert_string_equal(error_sentence(-ENOMEM), "Cannot allocate memory");
	assert_int_equal(dispatch_run_in_txn("foo"), -EINVAL);
	assert_string_equal(error_sentence(-EINVAL),
			    "Invalid value (command): no verb 'foo'; 'verbs' lists them all");
	assert_string_equal(events, "patch(phy:0 nq 1,default) ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_command_runs_in_a_transaction),
		TEST(blanks_around_words_do_not_matter),
		TEST(ports_arrive_in_canonical_form),
		TEST(literals_beside_a_port_arrive_as_they_are),
		TEST(success_without_effect_has_a_note),
		TEST(every_success_in_a_closed_panel_says_why_it_is_closed),
		TEST(every_refusal_in_a_closed_panel_says_once_why_it_is_closed),
		TEST(a_refused_command_is_aborted_and_explained),
		TEST(a_sentence_may_hold_any_bytes),
		TEST(an_error_without_sentence_shows_its_number),
		TEST(a_verb_that_returns_no_error_number_is_a_fault_of_the_plugin),
		TEST(a_failing_commit_is_an_error),
		TEST(what_is_no_command_opens_no_transaction),
		TEST(unprintable_bytes_are_refused),
		TEST(a_command_has_16_words_at_most),
		TEST(a_long_line_is_refused_like_a_short_one),
		TEST(verbs_lists_every_form),
		TEST(a_verb_has_one_owner),
		TEST(malformed_verbs_are_refused),
		TEST(deleting_an_owner_takes_its_verbs_away),
		TEST(the_table_copies_what_it_is_given),
		TEST(inside_a_transaction_nothing_is_begun_or_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
