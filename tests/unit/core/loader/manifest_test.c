/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests of core/loader/manifest.c: any file as a plugin.  Reads the built test plugins. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka has a macro of that name */

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_build_config.h>
#include <rte_common.h>
#include <rte_version.h>

#include "error.h"
#include "manifest_file.h"

static char test_dir[] = "/tmp/spp-manifest-XXXXXX";

/* A good plugin in memory, to be damaged. */
static struct {
	uint8_t *bytes;
	size_t size;
} image;

static const char *
plugin_path(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s.so", getenv("TEST_PLUGIN_DIR"), name);
	return path;
}

static const char *
test_path(const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s", test_dir, name);
	return path;
}

static int
setup(void **state)
{
	FILE *file = fopen(plugin_path("fake_port"), "rb");

	(void)state;
	if (file == NULL || mkdtemp(test_dir) == NULL)
		return -1;
	fseek(file, 0, SEEK_END);
	image.size = (size_t)ftell(file);
	rewind(file);
	image.bytes = malloc(image.size);
	if (image.bytes == NULL || fread(image.bytes, 1, image.size, file) != image.size)
		return -1;
	return fclose(file);
}

static int
teardown(void **state)
{
	(void)state;
	free(image.bytes);
	return rmdir(test_dir);
}

static void
assert_contains(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		print_error("'%s' is not in: %s\n", part, text);
	assert_non_null(strstr(text, part));
}

static void
assert_sentence(const char *const parts[], size_t nb_parts)
{
	const char *sentence = error_sentence(-1);

	for (size_t i = 0; i < nb_parts && parts[i] != NULL; i++)
		assert_contains(sentence, parts[i]);
}

/* Reading is refused, and the sentence has the path and the given parts. */
#define assert_refused(path, ret, ...)                                                             \
	do {                                                                                       \
		struct manifest_info info_;                                                        \
		const char *parts_[] = {path, __VA_ARGS__};                                        \
		error_clear();                                                                     \
		assert_int_equal(manifest_read(path, &info_), ret);                                \
		assert_sentence(parts_, RTE_DIM(parts_));                                          \
	} while (0)

#define assert_damaged(...)                                                                        \
	do {                                                                                       \
		struct manifest_info info_;                                                        \
		const char *parts_[] = {"plugin x.so: ", __VA_ARGS__};                             \
		error_clear();                                                                     \
		assert_int_equal(manifest_parse(image.bytes, image.size, "x.so", &info_),          \
				 -ENOEXEC);                                                        \
		assert_sentence(parts_, RTE_DIM(parts_));                                          \
	} while (0)

/* Change a field of the image for the length of one parse. */
#define damage(type, offset, field, value, ...)                                                    \
	do {                                                                                       \
		type *at_ = (type *)(image.bytes + (offset));                                      \
		type saved_ = *at_;                                                                \
		at_->field = (value);                                                              \
		assert_damaged(__VA_ARGS__);                                                       \
		*at_ = saved_;                                                                     \
	} while (0)

static void
manifest_read_tells_who_a_plugin_is(void **state)
{
	struct manifest_info info;

	(void)state;
	assert_int_equal(manifest_read(plugin_path("fake_port"), &info), 0);
	assert_int_equal(info.manifest.size, sizeof(struct spp_manifest));
	assert_int_equal(info.manifest.kind, SPP_KIND_PORT);
	assert_int_equal(info.manifest.abi_major, SPP_ABI_MAJOR);
	assert_int_equal(info.manifest.dpdk_year, RTE_VER_YEAR);
	assert_string_equal(info.manifest.name, "fake_port");
	assert_string_equal(info.manifest.version, "1.0");
	assert_string_equal(info.manifest.summary, "queues in memory");
	assert_int_equal(manifest_check(&info.manifest, "fake_port.so"), 0);
	/* Empty if the toolchain writes none. */
	assert_int_equal(strspn(info.build_id, "0123456789abcdef"), strlen(info.build_id));
	assert_int_equal(strlen(info.build_id) % 2, 0);
}

static void
manifest_read_lists_needed_dpdk_libraries(void **state)
{
	struct manifest_info info;

	(void)state;
	assert_int_equal(manifest_read(plugin_path("bad_library_version"), &info), 0);
	assert_int_equal(info.nb_needed, 1);
	assert_string_equal(info.needed[0], "librte_eal.so.7");
}

static void
manifest_read_refuses_what_is_no_plugin_file(void **state)
{
	const char *path = test_path("x");
	int fd;

	(void)state;
	assert_refused(path, -ENOENT, "No such file");
	assert_refused(test_dir, -EINVAL, "not a regular file");

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(path, -EINVAL, "not a regular file");
	assert_int_equal(unlink(path), 0);

	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	assert_refused(path, -ENOEXEC, "not an ELF file (0 bytes)");
	assert_int_equal(write(fd, "#!/bin/sh\necho not a plugin\n", 28), 28);
	assert_refused(path, -ENOEXEC, "not an ELF file (28 bytes)");
	assert_int_equal(ftruncate(fd, (off_t)1 << 40), 0);
	assert_refused(path, -EFBIG, "1099511627776 bytes", "up to 268435456");
	close(fd);
	assert_int_equal(unlink(path), 0);

	assert_refused("/proc/self/exe", -ENOEXEC, "no section .spp.manifest");
}

static void
manifest_read_refuses_a_foreign_manifest(void **state)
{
	char ours[32];

	(void)state;
	snprintf(ours, sizeof(ours), "has %zu", sizeof(struct spp_manifest));
	assert_refused(plugin_path("bad_magic"), -ENOEXEC, "'SPPLUGIX'", "'SPPLUGIN'");
	assert_refused(plugin_path("bad_manifest_size"), -ENOEXEC, "manifest of 200 bytes", ours);
	assert_refused(plugin_path("bad_no_manifest"), -ENOEXEC, "no section .spp.manifest");
	assert_refused(plugin_path("bad_name_chars"), -ENOEXEC, "name 'Bad/Name'", "a-z 0-9 _ -");
	assert_refused(plugin_path("bad_summary"), -ENOEXEC, "the summary",
		       "control character 0x0a");
	assert_refused(plugin_path("bad_version_end"), -ENOEXEC, "the version",
		       "does not end within 16 bytes");
}

static void
manifest_check_names_both_values(void **state)
{
	static const struct {
		const char *plugin;
		const char *theirs, *ours;
	} cases[] = {
		{"bad_major", "built for ABI 7.", "has " RTE_STR(SPP_ABI_MAJOR) "."},
		{"bad_minor", "needs ABI 0.9",
		 "has " RTE_STR(SPP_ABI_MAJOR) "." RTE_STR(SPP_ABI_MINOR)},
		{"bad_kind", "kind 3", "1 (component), 2 (port)"},
		{"bad_dpdk", "DPDK 19.08", "this host with " RTE_STR(RTE_VER_YEAR) "."},
		{"bad_mbuf", "mbuf size 192", "this host with 128"},
		{"bad_headroom", "headroom 256", "this host with " RTE_STR(RTE_PKTMBUF_HEADROOM)},
		{"bad_cache_line", "cache line size 32",
		 "this host with " RTE_STR(RTE_CACHE_LINE_SIZE)},
		{"bad_lcores", "max lcores 16", "this host with " RTE_STR(RTE_MAX_LCORE)},
	};

	(void)state;
	for (size_t i = 0; i < RTE_DIM(cases); i++) {
		const char *parts[] = {"plugin p.so: ", cases[i].theirs, cases[i].ours};
		struct manifest_info info;

		assert_int_equal(manifest_read(plugin_path(cases[i].plugin), &info), 0);
		error_clear();
		assert_int_equal(manifest_check(&info.manifest, "p.so"), -ENOEXEC);
		assert_sentence(parts, RTE_DIM(parts));
	}
}

static void
manifest_check_takes_an_older_minor(void **state)
{
	struct manifest_info info;

	(void)state;
	assert_int_equal(manifest_read(plugin_path("fake_port"), &info), 0);
	info.manifest.abi_minor = 0;
	info.manifest.abi_minor_needed = 0;
	assert_int_equal(manifest_check(&info.manifest, "p.so"), 0);
}

static void
manifest_parse_refuses_every_truncation(void **state)
{
	struct manifest_info info;

	(void)state;
	/* Each size of a header, then some of all the others; the last byte is always missed. */
	for (size_t size = 0; size < image.size; size += size < 1024 ? 1 : 61) {
		error_clear();
		assert_int_equal(manifest_parse(image.bytes, size, "x.so", &info), -ENOEXEC);
		assert_contains(error_sentence(-1), "plugin x.so: ");
	}
	assert_int_equal(manifest_parse(image.bytes, image.size - 1, "x.so", &info), -ENOEXEC);
	assert_int_equal(manifest_parse(image.bytes, image.size, "x.so", &info), 0);
}

static void
manifest_parse_refuses_foreign_headers(void **state)
{
	(void)state;
	damage(Elf64_Ehdr, 0, e_ident[EI_CLASS], ELFCLASS32, "ELF class 1", "has 2");
	damage(Elf64_Ehdr, 0, e_ident[EI_DATA], ELFDATA2MSB, "byte order 2", "has 1");
	damage(Elf64_Ehdr, 0, e_ident[EI_VERSION], 2, "ELF version", "knows 1");
	damage(Elf64_Ehdr, 0, e_machine, EM_SPARC, "machine 2", "this host is ");
	damage(Elf64_Ehdr, 0, e_type, ET_REL, "type 1", "a shared object has 3");
	damage(Elf64_Ehdr, 0, e_version, 2, "ELF version 2", "knows 1");
	damage(Elf64_Ehdr, 0, e_ehsize, 52, "header of 52 bytes", "must have 64");
}

static void
manifest_parse_refuses_tables_out_of_bounds(void **state)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image.bytes;

	(void)state;
	damage(Elf64_Ehdr, 0, e_shoff, 0, "no section headers");
	damage(Elf64_Ehdr, 0, e_shnum, 0, "no section headers");
	damage(Elf64_Ehdr, 0, e_shoff, UINT64_MAX - 8, "truncated: section headers",
	       "offset 18446744073709551607");
	damage(Elf64_Ehdr, 0, e_shnum, 0xfeff, "truncated: section headers");
	damage(Elf64_Ehdr, 0, e_shentsize, 40, "section headers of 40 bytes", "must have 64");
	damage(Elf64_Ehdr, 0, e_shstrndx, header->e_shnum, "names in section");
	damage(Elf64_Ehdr, 0, e_phoff, image.size - 8, "truncated: program headers");
	damage(Elf64_Ehdr, 0, e_phentsize, 32, "program headers of 32 bytes", "must have 56");
	damage(Elf64_Ehdr, 0, e_phnum, PN_XNUM, "65535 program headers");
	damage(Elf64_Shdr, header->e_shoff + sizeof(Elf64_Shdr), sh_offset, UINT64_MAX,
	       "truncated: a section", "offset 18446744073709551615");
	damage(Elf64_Shdr, header->e_shoff + sizeof(Elf64_Shdr), sh_size, image.size + 1,
	       "truncated: a section");
	for (uint16_t i = 0; i < header->e_phnum; i++) {
		uint64_t at = header->e_phoff + i * sizeof(Elf64_Phdr);

		if (((const Elf64_Phdr *)(image.bytes + at))->p_type == PT_LOAD)
			damage(Elf64_Phdr, at, p_filesz, image.size + 1, "truncated: a segment");
	}
}

/* Find a section by what a test knows about it. */
static uint64_t
shdr_of(uint32_t type)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image.bytes;

	for (uint16_t i = 0; i < header->e_shnum; i++) {
		uint64_t at = header->e_shoff + i * sizeof(Elf64_Shdr);

		if (((const Elf64_Shdr *)(image.bytes + at))->sh_type == type)
			return at;
	}
	print_error("no section of type %u\n", type);
	assert_true(false);
	return 0;
}

static void
manifest_parse_refuses_a_broken_dynamic_section(void **state)
{
	uint64_t dynamic = shdr_of(SHT_DYNAMIC);
	const Elf64_Shdr *section = (const Elf64_Shdr *)(image.bytes + dynamic);

	(void)state;
	damage(Elf64_Shdr, dynamic, sh_type, SHT_PROGBITS, "no dynamic section");
	damage(Elf64_Shdr, dynamic, sh_link, 0xffff, "no dynamic section");
	/* ld writes the needed libraries first. */
	damage(Elf64_Dyn, section->sh_offset, d_un.d_val, UINT64_MAX,
	       "needed library at 18446744073709551615");
}

static void
manifest_parse_survives_random_damage(void **state)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)image.bytes;
	size_t tables = image.size - header->e_shoff;
	uint8_t *copy = malloc(image.size);
	struct manifest_info info;
	unsigned int seed = 1;

	(void)state;
	assert_non_null(copy);
	for (unsigned int i = 0; i < 20000; i++) {
		memcpy(copy, image.bytes, image.size);
		for (unsigned int j = 0; j < 4; j++) {
			size_t at = (size_t)rand_r(&seed);

			at = j % 2 == 0 ? at % sizeof(*header) : header->e_shoff + at % tables;
			copy[at] = (uint8_t)rand_r(&seed);
		}
		error_clear();
		if (manifest_parse(copy, image.size, "x.so", &info) < 0)
			assert_contains(error_sentence(-1), "plugin x.so: ");
		else
			assert_true(manifest_name_is_valid(info.manifest.name));
	}
	free(copy);
}

static void
manifest_name_is_short_and_plain(void **state)
{
	(void)state;
	assert_true(manifest_name_is_valid("a"));
	assert_true(manifest_name_is_valid("l2_fwd-2"));
	assert_true(manifest_name_is_valid("abcdefghijklmnopqrstuvwxyz01234"));
	assert_false(manifest_name_is_valid("abcdefghijklmnopqrstuvwxyz012345"));
	assert_false(manifest_name_is_valid(""));
	assert_false(manifest_name_is_valid("../x"));
	assert_false(manifest_name_is_valid("a.b"));
	assert_false(manifest_name_is_valid("A"));
	assert_false(manifest_name_is_valid("\xc3\xa9"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manifest_read_tells_who_a_plugin_is),
		cmocka_unit_test(manifest_read_lists_needed_dpdk_libraries),
		cmocka_unit_test(manifest_read_refuses_what_is_no_plugin_file),
		cmocka_unit_test(manifest_read_refuses_a_foreign_manifest),
		cmocka_unit_test(manifest_check_names_both_values),
		cmocka_unit_test(manifest_check_takes_an_older_minor),
		cmocka_unit_test(manifest_parse_refuses_every_truncation),
		cmocka_unit_test(manifest_parse_refuses_foreign_headers),
		cmocka_unit_test(manifest_parse_refuses_tables_out_of_bounds),
		cmocka_unit_test(manifest_parse_refuses_a_broken_dynamic_section),
		cmocka_unit_test(manifest_parse_survives_random_damage),
		cmocka_unit_test(manifest_name_is_short_and_plain),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
