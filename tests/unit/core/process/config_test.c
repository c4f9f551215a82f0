/* SPDX-License-Identifier: BSD-3-Clause */
/* The configuration file: what it yields, and what is said about wrong ones. */

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
#include <unistd.h>

#include "config.h"
#include "error.h"

/* The allocator of the address sanitizer copies the whole list for each entry. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define NB_COMMANDS 10000
#else
#define NB_COMMANDS 1000000
#endif

static struct config *
parsed(const char *text)
{
	struct config *config = NULL;

	error_clear();
	if (config_parse(text, "panel.conf", &config) != 0)
		print_error("refused: %s\n", error_text(-EINVAL));
	assert_non_null(config);
	return config;
}

static void
assert_refused(const char *text, const char *sentence)
{
	struct config *config = NULL;

	error_clear();
	assert_int_equal(config_parse(text, "panel.conf", &config), -EINVAL);
	assert_null(config);
	assert_string_equal(error_sentence(-EINVAL), sentence);
}

/* What is accepted */

static void
config_default_has_documented_values(void **state)
{
	struct config *config;

	(void)state;
	assert_int_equal(config_default(&config), 0);
	assert_null(config->plugin_dir);
	assert_int_equal(config->plugins.nb, 0);
	assert_int_equal(config->nb_rings, 16);
	assert_int_equal(config->ring_size, 1024);
	assert_int_equal(config->nb_mbufs, 8192);
	assert_int_equal(config->nb_idle + config->nb_ports + config->nb_components, 0);
	config_free(config);
}

static void
config_reads_every_key(void **state)
{
	struct config *c = parsed("plugin_dir = \"/opt/plugins\"\n"
				  "plugins = {\"one\", \"two\"}\n"
				  "eal = {\"--no-huge\", '-m', \"64\"}\n"
				  "rings = 8\nring_size = 512\nmbufs = 4096\n"
				  "idle \"3\" { policy = \"adaptive:1ms\" }\n"
				  "port \"wire:1\" { options = {\"mode=client\", \"path=/a b\"} }\n"
				  "port \"wire\" { }\n"
				  "component \"cls\" {\n"
				  "\tcore = 3 type = \"sort\" options = {\"ageing=5\"}\n"
				  "\trx = {\"phy:0nq1\"}\n"
				  "\ttx = {\n"
				  "\t\t\"ring:0 add_vlantag 101 3\",\n"
				  "\t\t\"ring:1 del_vlantag\", \"phy:0 nq 2\" }\n"
				  "}\n"
				  "commands = {\"a b c\"}\n"
				  "commands += {\"d\"}\n");
	struct config_component *cls;

	(void)state;
	assert_string_equal(c->plugin_dir, "/opt/plugins");
	assert_int_equal(c->plugins.nb, 2);
	assert_string_equal(c->plugins.str[1], "two");
	assert_int_equal(c->eal.nb, 3);
	assert_string_equal(c->eal.str[1], "-m");
	assert_int_equal(c->nb_rings, 8);
	assert_int_equal(c->ring_size, 512);
	assert_int_equal(c->nb_mbufs, 4096);
	assert_int_equal(c->nb_idle, 1);
	assert_int_equal(c->idle[0].lcore, 3);
	assert_int_equal(c->idle[0].policy.kind, IDLE_ADAPTIVE);
	assert_int_equal(c->idle[0].policy.cap_us, 1000);
	assert_int_equal(c->nb_ports, 2);
	assert_string_equal(c->ports[0].name, "wire:1");
	assert_string_equal(c->ports[0].options.str[1], "path=/a b");
	assert_string_equal(c->ports[1].name, "wire");
	assert_int_equal(c->nb_components, 1);
	cls = &c->components[0];
	assert_int_equal(cls->line, 10);
	assert_string_equal(cls->name, "cls");
	assert_string_equal(cls->type, "sort");
	assert_int_equal(cls->lcore, 3);
	assert_string_equal(cls->options.str[0], "ageing=5");
	assert_int_equal(cls->rx.nb, 1);
	assert_int_equal(cls->rx.list[0].res_uid.queue, 1);
	assert_int_equal(cls->rx.list[0].vlan.kind, VLAN_NONE);
	assert_int_equal(cls->tx.nb, 3);
	assert_int_equal(cls->tx.list[0].line, 14);
	assert_string_equal(cls->tx.list[0].res_uid.type, "ring");
	assert_int_equal(cls->tx.list[0].vlan.kind, VLAN_ADD);
	assert_int_equal(cls->tx.list[0].vlan.vid, 101);
	assert_int_equal(cls->tx.list[0].vlan.pcp, 3);
	assert_int_equal(cls->tx.list[1].vlan.kind, VLAN_DEL);
	assert_int_equal(cls->tx.list[1].line, 15);
	assert_int_equal(cls->tx.list[2].res_uid.queue, 2);
	assert_int_equal(c->commands.nb, 2);
	assert_string_equal(c->commands.str[0], "a b c");
	assert_int_equal(c->commands.line[1], 18);
	config_free(c);
}

static void
config_takes_comments_blank_lines_and_crlf(void **state)
{
	struct config *c = parsed("#\n# rings = 9\n/* rings\n = 10 */ rings /**/ = # eleven\r\n"
				  "\t12\r\n\r\nplugin_dir = \"/a#b/*c*/\" #");

	(void)state;
	assert_int_equal(c->nb_rings, 12);
	assert_string_equal(c->plugin_dir, "/a#b/*c*/");
	config_free(c);
}

static void
config_keeps_texts_as_written(void **state)
{
	struct config *c = parsed("commands = {\"say \\\"x\\\" \\\\\", '${HOME} \\'y\\' \"'}");

	(void)state;
	assert_string_equal(c->commands.str[0], "say \"x\" \\");
	assert_string_equal(c->commands.str[1], "${HOME} 'y' \"");
	config_free(c);
}

static void
config_reads_as_many_commands_as_there_are(void **state)
{
	const unsigned int nb = NB_COMMANDS;
	char *text = malloc(nb * 64ul + 64), *end = text, last[64];
	struct config *c;

	(void)state;
	assert_non_null(text);
	end += sprintf(end, "commands = {\n");
	for (unsigned int i = 0; i < nb; i++)
		end += sprintf(end, "\"table add mac 52:54:00:%02x:%02x:%02x ring:0\"%s\n", i >> 16,
			       i >> 8 & 0xff, i & 0xff, i + 1 < nb ? "," : "");
	sprintf(end, "}\n");
	c = parsed(text);
	free(text);
	assert_int_equal(c->commands.nb, nb);
	assert_int_equal(c->commands.line[nb - 1], nb + 1);
	snprintf(last, sizeof(last), "table add mac 52:54:00:%02x:%02x:%02x ring:0", (nb - 1) >> 16,
		 (nb - 1) >> 8 & 0xff, (nb - 1) & 0xff);
	assert_string_equal(c->commands.str[nb - 1], last);
	config_free(c);
}

/* What is refused: keys and values */

static void
config_refuses_unknown_keys(void **state)
{
	(void)state;
	assert_refused("rings = 4\nfrobnicate = 3\n",
		       "panel.conf:2: there is no key 'frobnicate' here");
	assert_refused("component \"a\" {\n\tcore = 1\n\n\tcolour = 3\n}",
		       "panel.conf:4: there is no key 'colour' here");
	assert_refused("/* a\n b */\n/**/ policy = \"busy\"",
		       "panel.conf:3: there is no key 'policy' here");
}

static void
config_refuses_numbers_that_are_none_or_out_of_range(void **state)
{
	(void)state;
	assert_refused("\nrings = many",
		       "panel.conf:2: rings: 'many' is not a number from 0 to 256");
	assert_refused("rings = 257", "panel.conf:1: rings: '257' is not a number from 0 to 256");
	assert_refused("rings = -1", "panel.conf:1: rings: '-1' is not a number from 0 to 256");
	assert_refused("rings = 0x10", "panel.conf:1: rings: '0x10' is not a number from 0 to 256");
	assert_refused("mbufs = 99999999999999999999",
		       "panel.conf:1: mbufs: '99999999999999999999' is not a number from 64 to "
		       "67108864");
	assert_refused("ring_size = 1000", "panel.conf:1: ring_size: 1000 is not a power of two");
	assert_refused("component \"a\" {\n core =\n 128 }",
		       "panel.conf:3: component 'a': core: '128' is not a number from 0 to 127");
}

static void
config_refuses_wrong_types(void **state)
{
	(void)state;
	assert_refused("rings = {1}", "panel.conf:1: unexpected token '{'");
	assert_refused("plugin_dir = {\"a\"}", "panel.conf:1: unexpected token '{'");
	assert_refused("rings = 4\n\"mbufs\"\n= 4", "panel.conf:2: a key is not quoted");
	assert_refused(
		"component \"a\" { core = 1 type = \"t\" }\n'component|a|rx' += {\"ring:0\"}",
		"panel.conf:2: a key is not quoted");
	assert_refused("rings += 1", "panel.conf:1: '+=' needs a list, 'rings' is none");
	assert_refused("component = 4",
		       "panel.conf:1: 'component' is not followed by a name in quotes");
	assert_refused("plugins {\"a\"}", "panel.conf:1: '=' is missing after 'plugins'");
	assert_refused("component \"a\" 4",
		       "panel.conf:1: '{' is missing after 'component' and its name");
}

static void
config_refuses_keys_set_twice(void **state)
{
	(void)state;
	assert_refused("rings = 4\nrings = 4", "panel.conf:2: rings: set twice");
	assert_refused("plugin_dir = a\nplugin_dir = a", "panel.conf:2: plugin_dir: set twice");
	assert_refused("commands = {\"a\"}\ncommands = {\"b\"}",
		       "panel.conf:2: commands: set twice");
	assert_refused("component \"a\" { core = 1 type = t\n core = 2 }",
		       "panel.conf:2: component 'a': core: set twice");
	assert_refused("component \"a\" { tx = {\"ring:0\"}\n tx = {\"ring:1\"} }",
		       "panel.conf:2: component 'a': tx: set twice");
	assert_refused("idle \"1\" { policy = busy\npolicy = busy }",
		       "panel.conf:2: idle '1': policy: set twice");
}

static void
config_refuses_empty_and_malformed_texts(void **state)
{
	(void)state;
	assert_refused("plugin_dir = \"\"", "panel.conf:1: an empty text means nothing here");
	assert_refused("commands = {\n\"a\",\n\"\"}",
		       "panel.conf:3: an empty text means nothing here");
	assert_refused("plugins = {\"../x\"}",
		       "panel.conf:1: plugins: '../x' is not the name of a plugin (a-z 0-9 _ -)");
	assert_refused("eal = {\"--\"}", "panel.conf:1: eal: '--' is no option of EAL");
	assert_refused("port \"wire:1\" { options = {\"a=1\",\n\"client\"} }",
		       "panel.conf:2: port 'wire:1': options: 'client' is not of the form "
		       "name=value");
}

/* Sections */

static void
config_refuses_names_given_twice(void **state)
{
	(void)state;
	assert_refused("component \"a\" { core = 1 type = \"t\" }\n\n"
		       "component \"a\" { core = 2 type = \"t\" }",
		       "panel.conf:3: there is already a section named 'a'");
	assert_refused("port \"wire:1\" { }\nport \"wire:1\" { }",
		       "panel.conf:2: there is already a section named 'wire:1'");
	assert_refused("idle \"1\" { policy = \"busy\" }\nidle \"1\" { policy = \"busy\" }",
		       "panel.conf:2: there is already a section named '1'");
	assert_refused("idle \"1\" { policy = \"busy\" }\nidle \"01\"\n{ policy = \"busy\" }",
		       "panel.conf:2: idle '01': core 1 has a section already, line 1");
}

static void
config_refuses_wrong_names_of_sections(void **state)
{
	(void)state;
	assert_refused("\ncomponent \"a b\"\n{\n\tcore = 1\n}",
		       "panel.conf:2: component 'a b': a name has 1 to 31 characters of A-Z a-z "
		       "0-9 _ . -");
	assert_refused("component \"12345678901234567890123456789012\" { }",
		       "panel.conf:1: component '12345678901234567890123456789012': a name has 1 "
		       "to 31 characters of A-Z a-z 0-9 _ . -");
	assert_refused("port \"wire:1nq2\" { }", "panel.conf:1: port 'wire:1nq2': the name is a "
						 "port without queue (TYPE:ID) or a type");
	assert_refused("idle \"main\" { policy = \"busy\" }",
		       "panel.conf:1: idle 'main': the name is the number of a core, 0 to 127");
}

static void
config_refuses_incomplete_sections(void **state)
{
	(void)state;
	assert_refused("rings = 1\ncomponent \"a\" {\n type = \"t\"\n}",
		       "panel.conf:2: component 'a': no core is given");
	assert_refused("component \"a\" { core = 1 }",
		       "panel.conf:1: component 'a': no type is given");
	assert_refused("idle \"1\" { }", "panel.conf:1: idle '1': no policy is given");
	assert_refused("idle \"1\" { policy = \"lazy\" }",
		       "panel.conf:1: idle '1': policy: 'lazy' is not busy, yield, or adaptive:CAP "
		       "with a CAP such as 200us or 1ms, at most 1 s");
}

#define NOT_A_PORT                                                                                 \
	"is not a port (TYPE:ID, such as ring:0), alone or with add_vlantag VID PCP or "           \
	"del_vlantag"

static void
config_refuses_malformed_attachments(void **state)
{
	static const char *const malformed[] = {"ring",       "ring:x",      "ring:0x1",
						":0",         "RING:0",      "ring:0 ring:1",
						"ring:0 foo", "ring:100000", "add_vlantag 1 1"};
	char text[128], sentence[256];

	(void)state;
	for (unsigned int i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		snprintf(text, sizeof(text), "component \"a\" {\n rx = {\"%s\"} }", malformed[i]);
		snprintf(sentence, sizeof(sentence),
			 "panel.conf:2: component 'a': rx: '%s' " NOT_A_PORT, malformed[i]);
		assert_refused(text, sentence);
	}
	assert_refused("component \"a\" { tx = {\"ring:0 add_vlantag 4095 0\"} }",
		       "panel.conf:1: component 'a': tx: VID '4095' is not a number from 0 to "
		       "4094");
	assert_refused("component \"a\" { tx = {\"ring:0 add_vlantag 1 8\"} }",
		       "panel.conf:1: component 'a': tx: PCP '8' is not a number from 0 to 7");
	assert_refused("component \"a\" { tx = {\"ring:0 add_vlantag 1\"} }",
		       "panel.conf:1: component 'a': tx: add_vlantag is followed by a VID and a "
		       "PCP");
	assert_refused("component \"a\" { tx = {\"ring:0 del_vlantag 1\"} }",
		       "panel.conf:1: component 'a': tx: nothing follows del_vlantag");
	assert_refused("component \"a\" { tx = {\"ring:0\",\n\"phy:0nq1\",\n\"phy:0 nq 1\"} }",
		       "panel.conf:3: component 'a': tx: port 'phy:0 nq 1' is listed twice");
}

/* Syntax */

static void
config_refuses_what_does_not_end(void **state)
{
	(void)state;
	assert_refused("rings = 4\n/* no end",
		       "panel.conf:2: the comment that begins here has no end");
	assert_refused("rings = 4\n\nplugin_dir = \"/a\nrings = 5\"",
		       "panel.conf:3: the text that begins here has no closing quote on its line");
	assert_refused("plugin_dir = '/a", "panel.conf:1: the text that begins here has no closing "
					   "quote on its line");
	assert_refused("component \"a\" {\n core = 1\n",
		       "panel.conf:2: the file ends after this line, but a '}' is missing");
	assert_refused("commands = {\"a\"",
		       "panel.conf:1: the file ends after this line, but a '}' is missing");
	assert_refused("rings = 4\nmbufs =",
		       "panel.conf:2: the file ends where a value or a '}' is missing");
}

static void
config_refuses_stray_characters(void **state)
{
	(void)state;
	assert_refused("rings = 4\n}", "panel.conf:2: unexpected closing brace");
	assert_refused("rings = 4;", "panel.conf:1: unexpected character ';'; texts are put in "
				     "double quotes");
	assert_refused("rings + 4", "panel.conf:1: unexpected character '+'; texts are put in "
				    "double quotes");
	assert_refused("rings = 4 // four", "panel.conf:1: unexpected '//'; comments begin with "
					    "'#', texts with a quote");
	assert_refused("plugin_dir = \"${HOME}\"",
		       "panel.conf:1: there are no variables in this file; write '$' '{' in single "
		       "quotes");
	assert_refused("plugin_dir = ${HOME}", "panel.conf:1: unexpected character '$'; texts are "
					       "put in double quotes");
	assert_refused("\nplugin_dir = \"a\tb\"", "panel.conf:2: a text holds a control character");
	assert_refused("plugin_dir = \"\\n\"", "panel.conf:1: a backslash in a text stands only "
					       "before a quote or another backslash");
	assert_refused("\xef\xbb\xbfrings = 4", "panel.conf:1: unexpected byte 0xef");
	assert_refused("rings = \x01", "panel.conf:1: unexpected byte 0x01");
}

static void
config_refuses_oversize_texts_and_too_many_sections(void **state)
{
	char *text = malloc(CONFIG_SECTIONS_MAX * 32 + 64), *end;

	(void)state;
	assert_non_null(text);
	end = text + sprintf(text, "plugin_dir = \"");
	memset(end, 'x', CONFIG_STRING_MAX);
	strcpy(end + CONFIG_STRING_MAX, "\"");
	config_free(parsed(text));
	strcpy(end + CONFIG_STRING_MAX, "x\"");
	assert_refused(text, "panel.conf:1: the text that begins here is longer than 4095 bytes");
	end = text;
	for (unsigned int i = 0; i <= CONFIG_SECTIONS_MAX; i++)
		end += sprintf(end, "port \"wire:%u\" { }\n", i);
	assert_refused(text, "panel.conf:4097: there are more than 4096 sections");
	free(text);
}

/* Files */

static void
config_load_names_the_file_it_cannot_read(void **state)
{
	struct config *config = NULL;

	(void)state;
	assert_int_equal(config_load("/nonexistent/panel.conf", &config), -ENOENT);
	assert_string_equal(error_sentence(-ENOENT),
			    "configuration /nonexistent/panel.conf: cannot "
			    "open: No such file or directory");
	assert_int_equal(config_load("/", &config), -EISDIR);
	assert_string_equal(error_sentence(-EISDIR),
			    "configuration /: cannot read: Is a directory");
}

static void
config_load_reads_a_file_and_refuses_a_nul(void **state)
{
	char path[] = "/tmp/config_test.XXXXXX", sentence[64];
	int fd = mkstemp(path);
	struct config *config = NULL;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "rings = 3\n", 10), 10);
	assert_int_equal(config_load(path, &config), 0);
	assert_int_equal(config->nb_rings, 3);
	assert_string_equal(config->file, path);
	config_free(config);
	assert_int_equal(write(fd, "# \0\n", 4), 4);
	assert_int_equal(config_load(path, &config), -EINVAL);
	snprintf(sentence, sizeof(sentence), "%s:2: unexpected byte 0x00", path);
	assert_string_equal(error_sentence(-EINVAL), sentence);
	close(fd);
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config_default_has_documented_values),
		cmocka_unit_test(config_reads_every_key),
		cmocka_unit_test(config_takes_comments_blank_lines_and_crlf),
		cmocka_unit_test(config_keeps_texts_as_written),
		cmocka_unit_test(config_reads_as_many_commands_as_there_are),
		cmocka_unit_test(config_refuses_unknown_keys),
		cmocka_unit_test(config_refuses_numbers_that_are_none_or_out_of_range),
		cmocka_unit_test(config_refuses_wrong_types),
		cmocka_unit_test(config_refuses_keys_set_twice),
		cmocka_unit_test(config_refuses_empty_and_malformed_texts),
		cmocka_unit_test(config_refuses_names_given_twice),
		cmocka_unit_test(config_refuses_wrong_names_of_sections),
		cmocka_unit_test(config_refuses_incomplete_sections),
		cmocka_unit_test(config_refuses_malformed_attachments),
		cmocka_unit_test(config_refuses_what_does_not_end),
		cmocka_unit_test(config_refuses_stray_characters),
		cmocka_unit_test(config_refuses_oversize_texts_and_too_many_sections),
		cmocka_unit_test(config_load_names_the_file_it_cannot_read),
		cmocka_unit_test(config_load_reads_a_file_and_refuses_a_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
