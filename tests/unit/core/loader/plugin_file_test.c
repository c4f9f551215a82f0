/* SPDX-License-Identifier: BSD-3-Clause */
/* Which files of the plugin directory may be mapped, and what is said of the others. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/loader/test_plugins.h"

#include "error.h"
#include "plugin_file.h"

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
set_dir(void **state)
{
	clean(state);
	return plugin_file_set_dir(dir);
}

static int
teardown(void **state)
{
	clean(state);
	return rmdir(dir);
}

/* plugin_file_open() returns err, the sentence names file and parts, and nothing stays open. */
static void
assert_open_refused(const char *name, int err, const char *file, const char *const *parts)
{
	const char *const file_part[PARTS_MAX] = {file};
	struct plugin_file opened;
	unsigned int fds = nb_fds();

	error_clear();
	assert_int_equal(plugin_file_open(name, &opened), err);
	assert_sentence(file_part);
	assert_sentence(parts);
	assert_int_equal(nb_fds(), fds);
}

#define REFUSED(name, err, ...)                                                                    \
	assert_open_refused(name, err, so_path(name), (const char *[PARTS_MAX]){__VA_ARGS__})

/* What is found */

static void
count(const char *name, void *arg)
{
	(void)name;
	++*(unsigned int *)arg;
}

static void
nothing_is_found_before_a_directory_is_set(void **state)
{
	struct plugin_file file;
	unsigned int nb = 0;

	(void)state;
	error_clear();
	assert_int_equal(plugin_file_open("fake_port", &file), -ENOENT);
	assert_sentence(
		(const char *[PARTS_MAX]){"plugin fake_port", "no plugin directory has been set"});
	error_clear();
	assert_int_equal(plugin_file_visit(count, &nb), -ENOENT);
	assert_sentence((const char *[PARTS_MAX]){"no plugin directory has been set"});
	assert_int_equal(nb, 0);
}

static void
open_hands_over_what_it_has_checked(void **state)
{
	unsigned int fds = nb_fds();
	struct stat checked, now;
	struct plugin_file file;

	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(stat(so_path("fake_port"), &checked), 0);
	assert_int_equal(plugin_file_open("fake_port", &file), 0);
	assert_string_equal(file.path, so_path("fake_port"));
	assert_int_equal(file.size, checked.st_size);
	assert_string_equal(file.info.manifest.name, "fake_port");
	assert_int_equal(file.info.manifest.kind, SPP_KIND_PORT);
	assert_int_equal(fcntl(file.fd, F_GETFD), FD_CLOEXEC);
	/* Another file of that name is another file. */
	install("bad_magic", "fake_port", SIZE_MAX);
	assert_int_equal(fstat(file.fd, &now), 0);
	assert_int_equal(now.st_ino, checked.st_ino);
	plugin_file_close(&file);
	assert_int_equal(nb_fds(), fds);
}

static void
open_follows_links_inside_the_directory(void **state)
{
	struct plugin_file file;
	unsigned int fds;

	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(rename(so_path("fake_port"), file_path("fake_port.so.1.2")), 0);
	assert_int_equal(symlink("fake_port.so.1.2", file_path("fake_port.so.1")), 0);
	assert_int_equal(symlink("fake_port.so.1", so_path("fake_port")), 0);
	fds = nb_fds();
	assert_int_equal(plugin_file_open("fake_port", &file), 0);
	assert_string_equal(file.path, so_path("fake_port"));
	plugin_file_close(&file);
	assert_int_equal(nb_fds(), fds);
}

static void
open_follows_so_many_links_and_no_more(void **state)
{
	struct plugin_file file;
	char link[32], target[32];

	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(rename(so_path("fake_port"), file_path("link.0")), 0);
	for (int i = 1; i < 8; i++) {
		snprintf(target, sizeof(target), "link.%d", i - 1);
		snprintf(link, sizeof(link), "link.%d", i);
		assert_int_equal(symlink(target, file_path(link)), 0);
	}
	assert_int_equal(symlink("link.7", so_path("fake_port")), 0);
	assert_int_equal(plugin_file_open("fake_port", &file), 0);
	plugin_file_close(&file);
	unlink(so_path("fake_port"));
	assert_int_equal(symlink("link.7", file_path("link.8")), 0);
	assert_int_equal(symlink("link.8", so_path("fake_port")), 0);
	REFUSED("fake_port", -ELOOP, "more than 8 links");
}

static void
open_judges_what_a_link_leads_to(void **state)
{
	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(rename(so_path("fake_port"), file_path("fake_port.so.1")), 0);
	assert_int_equal(symlink("fake_port.so.1", so_path("fake_port")), 0);
	assert_int_equal(chmod(file_path("fake_port.so.1"), 0646), 0);
	REFUSED("fake_port", -EPERM, "mode 0646", "must be 0644");
	assert_int_equal(symlink("..", so_path("parent")), 0);
	REFUSED("parent", -EINVAL, "not a regular file");
}

static void
set_dir_replaces_the_directory_before(void **state)
{
	char other[] = "/tmp/spp-plugins-XXXXXX";
	unsigned int fds = nb_fds();

	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_non_null(mkdtemp(other));
	assert_int_equal(plugin_file_set_dir(other), 0);
	assert_int_equal(nb_fds(), fds);
	assert_open_refused("fake_port", -ENOENT, other,
			    (const char *[PARTS_MAX]){"fake_port.so", "No such file"});
	assert_int_equal(rmdir(other), 0);
}

static void
set_dir_that_fails_keeps_the_directory_before(void **state)
{
	unsigned int fds = nb_fds();
	struct plugin_file file;

	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(plugin_file_set_dir("/nowhere/plugins"), -ENOENT);
	assert_int_equal(nb_fds(), fds);
	assert_int_equal(plugin_file_open("fake_port", &file), 0);
	plugin_file_close(&file);
}

/* Names visited, as `a b `. */
static void
note_name(const char *name, void *arg)
{
	strcat(strcat(arg, name), " ");
}

static void
visit_names_what_ends_like_a_plugin_in_order(void **state)
{
	static const char *const files[] = {"b.so", "a-b.so",   "a10.so", "a.so",  "a2.so",
					    "B.so", "a.so.bak", ".so",    "c.txt", "so"};
	char names[256] = "";

	(void)state;
	for (size_t i = 0; i < RTE_DIM(files); i++)
		close(open(file_path(files[i]), O_CREAT | O_WRONLY, 0600));
	assert_int_equal(plugin_file_visit(note_name, names), 0);
	assert_string_equal(names, "B a a-b a10 a2 b ");
	unlink(file_path(".so"));
}

static void
visit_of_an_empty_directory_names_nothing(void **state)
{
	unsigned int nb = 0;

	(void)state;
	assert_int_equal(plugin_file_visit(count, &nb), 0);
	assert_int_equal(nb, 0);
}

/* Refusals */

static void
open_refuses_whoever_breaks_a_rule(void **state)
{
	static const struct {
		const char *name;
		int err;
		const char *parts[PARTS_MAX];
	} cases[] = {
		/* manifest: both values of each are in manifest_test.c */
		{"bad_magic", -ENOEXEC, {"'SPPLUGIX'", "'SPPLUGIN'"}},
		{"bad_manifest_size", -ENOEXEC, {"200 bytes", "rebuild it"}},
		{"bad_major", -ENOEXEC, {"built for ABI 7.", "this host has 0."}},
		{"bad_minor", -ENOEXEC, {"needs ABI 0.9", "this host has 0."}},
		{"bad_kind", -ENOEXEC, {"kind 3", "1 (component), 2 (port)"}},
		{"bad_dpdk", -ENOEXEC, {"DPDK 19.08", "this host with "}},
		{"bad_mbuf", -ENOEXEC, {"mbuf size 192", "this host with 128"}},
		{"bad_headroom", -ENOEXEC, {"mbuf headroom 256"}},
		{"bad_cache_line", -ENOEXEC, {"cache line size 32"}},
		{"bad_lcores", -ENOEXEC, {"max lcores 16"}},
		{"bad_name", -EINVAL, {"manifest says 'another'", "file name 'bad_name'"}},
		{"bad_name_chars", -ENOEXEC, {"name 'Bad/Name'"}},
		{"bad_summary", -ENOEXEC, {"the summary", "control character"}},
		{"bad_version_end", -ENOEXEC, {"the version", "16 bytes"}},
		{"bad_no_manifest", -ENOEXEC, {"no section .spp.manifest"}},
		/* libraries */
		{"bad_library", -ELIBACC, {"needs librte_lpm.so.", "has not mapped"}},
		{"bad_library_version", -ELIBBAD, {"needs librte_eal.so.7", "has librte_eal.so."}},
	};

	(void)state;
	for (size_t i = 0; i < RTE_DIM(cases); i++) {
		install(cases[i].name, cases[i].name, SIZE_MAX);
		assert_open_refused(cases[i].name, cases[i].err, so_path(cases[i].name),
				    cases[i].parts);
	}
}

static void
open_refuses_a_bad_name(void **state)
{
	static const char *const names[] = {
		"",    "../forward", "a/b", "Forward", "a.so", "abcdefghijklmnopqrstuvwxyz-12345",
		"a b", ".hidden"};

	(void)state;
	for (size_t i = 0; i < RTE_DIM(names); i++)
		assert_open_refused(names[i], -EINVAL, names[i],
				    (const char *[PARTS_MAX]){"1 to 31 of a-z 0-9 _ -"});
}

static void
open_refuses_what_is_no_file(void **state)
{
	(void)state;
	REFUSED("missing", -ENOENT, "No such file");
	assert_int_equal(mkdir(so_path("folder"), 0755), 0);
	REFUSED("folder", -EINVAL, "not a regular file");
	assert_int_equal(mkfifo(so_path("fifo"), 0600), 0);
	REFUSED("fifo", -EINVAL, "not a regular file");
}

static void
open_refuses_every_truncation(void **state)
{
	struct stat st;

	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(stat(so_path("fake_port"), &st), 0);
	for (size_t size = 0; size < (size_t)st.st_size; size += size < 128 ? 16 : 1009) {
		install("fake_port", "fake_port", size);
		REFUSED("fake_port", -ENOEXEC, NULL);
	}
	install("fake_port", "fake_port", (size_t)st.st_size - 1);
	REFUSED("fake_port", -ENOEXEC, "truncated");
}

static void
open_refuses_a_file_that_others_may_write(void **state)
{
	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(chmod(so_path("fake_port"), 0666), 0);
	REFUSED("fake_port", -EPERM, "mode 0666", "must be 0644");
	assert_int_equal(chmod(so_path("fake_port"), 0664), 0);
	REFUSED("fake_port", -EPERM, "mode 0664", "must be 0644");
}

static void
open_refuses_a_foreign_owner(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(chown(so_path("fake_port"), 12345, 0), 0);
	REFUSED("fake_port", -EPERM, "owned by uid 12345", "root or uid 0");

	assert_int_equal(chown(dir, 12345, 0), 0);
	error_clear();
	assert_int_equal(plugin_file_set_dir(dir), -EPERM);
	assert_sentence((const char *[PARTS_MAX]){dir, "uid 12345", "root or uid 0"});
	assert_int_equal(chown(dir, 0, 0), 0);
}

static void
open_refuses_a_directory_that_others_may_write(void **state)
{
	(void)state;
	install("fake_port", "fake_port", SIZE_MAX);
	assert_int_equal(chmod(dir, 0777), 0);
	error_clear();
	assert_int_equal(plugin_file_set_dir(dir), -EPERM);
	assert_sentence((const char *[PARTS_MAX]){dir, "mode 0777", "must be 0755"});
	/* The directory set before is checked each time. */
	assert_open_refused("fake_port", -EPERM, dir, (const char *[PARTS_MAX]){"mode 0777"});
	assert_int_equal(chmod(dir, 0700), 0);
}

static void
set_dir_refuses_what_is_no_directory(void **state)
{
	(void)state;
	error_clear();
	assert_int_equal(plugin_file_set_dir("/nowhere/plugins"), -ENOENT);
	assert_sentence((const char *[PARTS_MAX]){"/nowhere/plugins", "No such file"});
	assert_int_equal(plugin_file_set_dir("/proc/self/exe"), -ENOTDIR);
	assert_sentence((const char *[PARTS_MAX]){"/proc/self/exe", "Not a directory"});
}

static void
open_follows_no_link_out_of_the_directory(void **state)
{
	char outside[512];

	(void)state;
	snprintf(outside, sizeof(outside), "%s/fake_port.so", getenv("TEST_PLUGIN_DIR"));
	assert_int_equal(symlink(outside, so_path("fake_port")), 0);
	REFUSED("fake_port", -EPERM, "a link to '/", "copy the file there");
	assert_int_equal(symlink("loop.so", so_path("loop")), 0);
	REFUSED("loop", -ELOOP, "more than 8 links");
	assert_int_equal(symlink("gone", so_path("dangling")), 0);
	REFUSED("dangling", -ENOENT, "No such file");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_dir)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_found_before_a_directory_is_set),
		TEST(open_hands_over_what_it_has_checked),
		TEST(open_follows_links_inside_the_directory),
		TEST(open_follows_so_many_links_and_no_more),
		TEST(open_judges_what_a_link_leads_to),
		TEST(set_dir_replaces_the_directory_before),
		TEST(set_dir_that_fails_keeps_the_directory_before),
		TEST(visit_names_what_ends_like_a_plugin_in_order),
		TEST(visit_of_an_empty_directory_names_nothing),
		TEST(open_refuses_whoever_breaks_a_rule),
		TEST(open_refuses_a_bad_name),
		TEST(open_refuses_what_is_no_file),
		TEST(open_refuses_every_truncation),
		TEST(open_refuses_a_file_that_others_may_write),
		TEST(open_refuses_a_foreign_owner),
		TEST(open_refuses_a_directory_that_others_may_write),
		TEST(set_dir_refuses_what_is_no_directory),
		TEST(open_follows_no_link_out_of_the_directory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
