/* SPDX-License-Identifier: BSD-3-Clause */
/* Options are checked against the plugin's grammar before the plugin sees them. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>

#include "error.h"
#include "plugin_options.h"

#define GRAMMAR "<mode:client|server> <queues:UNSIGNED_INT>"

static void
assert_refused(const char *text, const char *grammar, const char *sentence)
{
	const char *texts[] = {text};
	struct plugin_options options;

	error_clear();
	assert_int_equal(plugin_options_init(&options, "port x:1", grammar, texts, 1), -EINVAL);
	assert_string_equal(error_sentence(0), sentence);
}

static void
values_reach_the_plugin_and_later_ones_win(void **state)
{
	const char *texts[] = {"mode=client", "queues=4", "mode=server"};
	struct plugin_options options;
	uint64_t queues;

	(void)state;
	assert_int_equal(plugin_options_init(&options, "port x:1", GRAMMAR, texts, 3), 0);
	assert_string_equal(args_str(&options.args, "mode"), "server");
	assert_int_equal(args_u64(&options.args, "queues", &queues), 0);
	assert_int_equal(queues, 4);
	plugin_options_fini(&options);
}

static void
no_options_are_fine_with_and_without_a_grammar(void **state)
{
	struct plugin_options options;

	(void)state;
	assert_int_equal(plugin_options_init(&options, "port x:1", NULL, NULL, 0), 0);
	plugin_options_fini(&options);
	assert_int_equal(plugin_options_init(&options, "port x:1", GRAMMAR, NULL, 0), 0);
	assert_null(args_str(&options.args, "mode"));
	plugin_options_fini(&options);
}

static void
the_rest_is_refused_naming_object_and_option(void **state)
{
	(void)state;
	assert_refused("mode", GRAMMAR, "port x:1: option 'mode' has no value; write name=value");
	assert_refused("mood=client", GRAMMAR, "port x:1: there is no option 'mood'");
	assert_refused("mode=client", NULL, "port x:1: there is no option 'mode'");
	assert_refused("mode=both", GRAMMAR,
		       "port x:1: option 'mode' does not take the value 'both'");
	assert_refused("queues=-1", GRAMMAR,
		       "port x:1: option 'queues' does not take the value '-1'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_reach_the_plugin_and_later_ones_win),
		cmocka_unit_test(no_options_are_fine_with_and_without_a_grammar),
		cmocka_unit_test(the_rest_is_refused_naming_object_and_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
