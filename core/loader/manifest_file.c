/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Manifest, build id and needed DPDK libraries of a plugin, read from its ELF file.
 *
 * The file may be anything.  libelf gets to see it only after check_header(), check_tables() and
 * check_sections() have found every table and every section inside the file.
 */

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_byteorder.h>

#include "error.h"
#include "manifest_file.h"

#define IMAGE_MAX ((off_t)256 << 20)
#define LIBRTE_PREFIX "librte_"
#define BUILD_ID_SECTION ".note.gnu.build-id"

#if __ELF_NATIVE_CLASS == 64
#define HOST_CLASS ELFCLASS64
#else
#define HOST_CLASS ELFCLASS32
#endif

#if RTE_BYTE_ORDER == RTE_LITTLE_ENDIAN
#define HOST_DATA ELFDATA2LSB
#else
#define HOST_DATA ELFDATA2MSB
#endif

#if defined(__x86_64__)
#define HOST_MACHINE EM_X86_64
#elif defined(__i386__)
#define HOST_MACHINE EM_386
#elif defined(__aarch64__)
#define HOST_MACHINE EM_AARCH64
#elif defined(__arm__)
#define HOST_MACHINE EM_ARM
#elif defined(__powerpc64__)
#define HOST_MACHINE EM_PPC64
#elif defined(__riscv)
#define HOST_MACHINE EM_RISCV
#else
#error "which e_machine have shared objects of this CPU?"
#endif

struct image {
	const char *path;
	const uint8_t *bytes;
	size_t size;
	ElfW(Ehdr) header;
	Elf *elf;
};

/* Bounds, before libelf */

static int
check_ident(const struct image *image)
{
	const uint8_t *ident = image->bytes;

	if (image->size < EI_NIDENT || memcmp(ident, ELFMAG, SELFMAG) != 0)
		return fail(-ENOEXEC, "plugin %s: not an ELF file (%zu bytes)", image->path,
			    image->size);
	if (ident[EI_CLASS] != HOST_CLASS)
		return fail(-ENOEXEC, "plugin %s: ELF class %u, this host has %u: rebuild it",
			    image->path, ident[EI_CLASS], HOST_CLASS);
	if (ident[EI_DATA] != HOST_DATA)
		return fail(-ENOEXEC, "plugin %s: ELF byte order %u, this host has %u: rebuild it",
			    image->path, ident[EI_DATA], HOST_DATA);
	if (image->size < sizeof(image->header))
		return fail(-ENOEXEC,
			    "plugin %s: truncated: the header has %zu bytes, the file %zu",
			    image->path, sizeof(image->header), image->size);
	return 0;
}

static int
check_header(struct image *image)
{
	ElfW(Ehdr) *header = &image->header;

	if (check_ident(image) < 0)
		return -ENOEXEC;
	memcpy(header, image->bytes, sizeof(*header));
	if (header->e_machine != HOST_MACHINE)
		return fail(-ENOEXEC, "plugin %s: for ELF machine %u, this host is %u: rebuild it",
			    image->path, header->e_machine, HOST_MACHINE);
	if (header->e_type != ET_DYN)
		return fail(-ENOEXEC, "plugin %s: ELF type %u, a shared object has %u", image->path,
			    header->e_type, ET_DYN);
	if (header->e_ident[EI_VERSION] != EV_CURRENT || header->e_version != EV_CURRENT)
		return fail(-ENOEXEC, "plugin %s: ELF version %u, this host knows %u", image->path,
			    header->e_version, EV_CURRENT);
	if (header->e_ehsize != sizeof(*header))
		return fail(-ENOEXEC, "plugin %s: ELF header of %u bytes, it must have %zu",
			    image->path, header->e_ehsize, sizeof(*header));
	return 0;
}

static bool
is_inside(const struct image *image, uint64_t offset, uint64_t len)
{
	return offset <= image->size && len <= image->size - offset;
}

static int
fail_truncated(const struct image *image, const char *what, uint64_t offset, uint64_t len)
{
	return fail(-ENOEXEC,
		    "plugin %s: truncated: %s of %llu bytes at offset %llu, the file has %zu bytes",
		    image->path, what, (unsigned long long)len, (unsigned long long)offset,
		    image->size);
}

/* Check the two header tables: libelf reads both without being asked. */
static int
check_tables(const struct image *image)
{
	const ElfW(Ehdr) *header = &image->header;
	uint64_t sections_size = (uint64_t)header->e_shnum * sizeof(ElfW(Shdr));
	uint64_t segments_size = (uint64_t)header->e_phnum * sizeof(ElfW(Phdr));

	if (header->e_shoff == 0 || header->e_shnum == 0)
		return fail(-ENOEXEC,
			    "plugin %s: no section headers, so no manifest: is it stripped?",
			    image->path);
	if (header->e_shentsize != sizeof(ElfW(Shdr)))
		return fail(-ENOEXEC, "plugin %s: section headers of %u bytes, they must have %zu",
			    image->path, header->e_shentsize, sizeof(ElfW(Shdr)));
	if (!is_inside(image, header->e_shoff, sections_size))
		return fail_truncated(image, "section headers", header->e_shoff, sections_size);
	if (header->e_phnum == PN_XNUM ||
	    (header->e_phnum != 0 && header->e_phentsize != sizeof(ElfW(Phdr))))
		return fail(-ENOEXEC,
			    "plugin %s: %u program headers of %u bytes, they must have %zu",
			    image->path, header->e_phnum, header->e_phentsize, sizeof(ElfW(Phdr)));
	if (!is_inside(image, header->e_phoff, segments_size))
		return fail_truncated(image, "program headers", header->e_phoff, segments_size);
	if (header->e_shstrndx >= header->e_shnum)
		return fail(-ENOEXEC, "plugin %s: names in section %u, the file has %u sections",
			    image->path, header->e_shstrndx, header->e_shnum);
	return 0;
}

static int
check_sections(const struct image *image)
{
	const uint8_t *table = image->bytes + image->header.e_shoff;

	for (unsigned int i = 0; i < image->header.e_shnum; i++) {
		ElfW(Shdr) section;

		memcpy(&section, table + i * sizeof(section), sizeof(section));
		if (section.sh_type == SHT_NULL || section.sh_type == SHT_NOBITS)
			continue;
		if (!is_inside(image, section.sh_offset, section.sh_size))
			return fail_truncated(image, "a section", section.sh_offset,
					      section.sh_size);
	}
	return 0;
}

/* Check the segments: the dynamic linker maps them, and touching a page behind the end of the file
 * is fatal. */
static int
check_segments(const struct image *image)
{
	const uint8_t *table = image->bytes + image->header.e_phoff;

	for (unsigned int i = 0; i < image->header.e_phnum; i++) {
		ElfW(Phdr) segment;

		memcpy(&segment, table + i * sizeof(segment), sizeof(segment));
		if (segment.p_type == PT_LOAD &&
		    !is_inside(image, segment.p_offset, segment.p_filesz))
			return fail_truncated(image, "a segment", segment.p_offset,
					      segment.p_filesz);
	}
	return 0;
}

/* Sections, with libelf.  Headers are copied, because a strange file may have them unaligned. */

static bool
section_at(const struct image *image, size_t index, GElf_Shdr *section)
{
	Elf_Scn *scn = elf_getscn(image->elf, index);

	return scn != NULL && gelf_getshdr(scn, section) != NULL;
}

/* The bytes of a section; *size is 0 if the section has none. */
static const uint8_t *
section_bytes(const struct image *image, const GElf_Shdr *section, size_t *size)
{
	*size = 0;
	if (section->sh_type == SHT_NULL || section->sh_type == SHT_NOBITS)
		return NULL;
	*size = section->sh_size;
	return image->bytes + section->sh_offset;
}

/* A string of a string table; NULL when the string does not end inside the table. */
static const char *
string_at(const struct image *image, const GElf_Shdr *table, uint64_t offset)
{
	size_t size;
	const uint8_t *bytes = section_bytes(image, table, &size);

	if (offset >= size || memchr(bytes + offset, '\0', size - offset) == NULL)
		return NULL;
	return (const char *)bytes + offset;
}

static bool
section_find(const struct image *image, const char *name, GElf_Shdr *section)
{
	GElf_Shdr names;

	if (!section_at(image, image->header.e_shstrndx, &names))
		return false;
	for (size_t i = 1; section_at(image, i, section); i++) {
		const char *found = string_at(image, &names, section->sh_name);

		if (found != NULL && strcmp(found, name) == 0)
			return true;
	}
	return false;
}

static bool
section_find_type(const struct image *image, uint32_t type, GElf_Shdr *section)
{
	for (size_t i = 1; section_at(image, i, section); i++)
		if (section->sh_type == type)
			return true;
	return false;
}

/* What we are after */

static int
read_manifest(const struct image *image, struct spp_manifest *manifest)
{
	const uint8_t *bytes;
	GElf_Shdr section;
	size_t size;

	if (!section_find(image, SPP_MANIFEST_SECTION, &section))
		return fail(-ENOEXEC,
			    "plugin %s: no section " SPP_MANIFEST_SECTION
			    ": not a plugin of this program",
			    image->path);
	bytes = section_bytes(image, &section, &size);
	if (size < sizeof(*manifest))
		return fail(-ENOEXEC,
			    "plugin %s: manifest section of %zu bytes, this host reads %zu",
			    image->path, size, sizeof(*manifest));
	memcpy(manifest, bytes, sizeof(*manifest));
	return manifest_validate(manifest, image->path);
}

static int
add_needed(const struct image *image, const char *soname, struct manifest_info *info)
{
	if (strncmp(soname, LIBRTE_PREFIX, strlen(LIBRTE_PREFIX)) != 0)
		return 0;
	if (strlen(soname) >= MANIFEST_SONAME_SIZE)
		return fail(-ENOEXEC, "plugin %s: library name of %zu bytes, this host reads %u",
			    image->path, strlen(soname), MANIFEST_SONAME_SIZE - 1);
	if (info->nb_needed == MANIFEST_NEEDED_MAX)
		return fail(-ENOEXEC, "plugin %s: needs more than %u librte libraries", image->path,
			    MANIFEST_NEEDED_MAX);
	strcpy(info->needed[info->nb_needed++], soname);
	return 0;
}

static int
read_needed(const struct image *image, struct manifest_info *info)
{
	GElf_Shdr section, strings;
	const uint8_t *bytes;
	size_t size;
	ElfW(Dyn) dyn;

	if (!section_find_type(image, SHT_DYNAMIC, &section) ||
	    !section_at(image, section.sh_link, &strings))
		return fail(-ENOEXEC, "plugin %s: no dynamic section: not a shared object",
			    image->path);
	bytes = section_bytes(image, &section, &size);
	for (; size >= sizeof(dyn); bytes += sizeof(dyn), size -= sizeof(dyn)) {
		const char *soname;
		int ret;

		memcpy(&dyn, bytes, sizeof(dyn));
		if (dyn.d_tag == DT_NULL)
			break;
		if (dyn.d_tag != DT_NEEDED)
			continue;
		soname = string_at(image, &strings, dyn.d_un.d_val);
		if (soname == NULL)
			return fail(-ENOEXEC,
				    "plugin %s: the name of a needed library at %llu "
				    "does not end in its string table",
				    image->path, (unsigned long long)dyn.d_un.d_val);
		ret = add_needed(image, soname, info);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static void
read_build_id(const struct image *image, struct manifest_info *info)
{
	const size_t id_offset = sizeof(ElfW(Nhdr)) + sizeof(ELF_NOTE_GNU);
	const uint8_t *bytes;
	GElf_Shdr section;
	ElfW(Nhdr) note;
	size_t size;

	if (!section_find(image, BUILD_ID_SECTION, &section))
		return;
	bytes = section_bytes(image, &section, &size);
	if (size < id_offset)
		return;
	memcpy(&note, bytes, sizeof(note));
	if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof(ELF_NOTE_GNU) ||
	    note.n_descsz > size - id_offset || note.n_descsz * 2 >= sizeof(info->build_id))
		return;
	for (uint32_t i = 0; i < note.n_descsz; i++)
		snprintf(info->build_id + (size_t)2 * i, 3, "%02x", bytes[id_offset + i]);
}

int
manifest_parse(const void *bytes, size_t size, const char *path, struct manifest_info *info)
{
	struct image image = {.path = path, .bytes = bytes, .size = size};
	int ret;

	memset(info, 0, sizeof(*info));
	if (check_header(&image) < 0 || check_tables(&image) < 0 || check_sections(&image) < 0 ||
	    check_segments(&image) < 0)
		return -ENOEXEC;

	elf_version(EV_CURRENT);
	/* libelf takes a char *, but only reads an image that it is not asked to change. */
	image.elf = elf_memory((char *)(uintptr_t)bytes, size);
	if (image.elf == NULL)
		return fail(-ENOEXEC, "plugin %s: %s", path, elf_errmsg(-1));
	ret = read_manifest(&image, &info->manifest);
	if (ret == 0)
		ret = read_needed(&image, info);
	if (ret == 0)
		read_build_id(&image, info);
	elf_end(image.elf);
	return ret;
}

/* Files */

/* Read, not mapped: a mapped file that somebody truncates ends the process. */
static int
read_image(int fd, const char *path, size_t size, uint8_t **bytes)
{
	size_t done = 0;

	/* One byte more than needed, so that an empty file, too, has a pointer. */
	*bytes = malloc(size + 1);
	if (*bytes == NULL)
		return fail(-ENOMEM, "plugin %s: no memory for its %zu bytes", path, size);
	while (done < size) {
		ssize_t nb = pread(fd, *bytes + done, size - done, (off_t)done);
		int err = -errno;

		if (nb < 0 && errno == EINTR)
			continue;
		if (nb <= 0) {
			free(*bytes);
			return nb < 0 ? fail(err, "plugin %s: cannot read: %s", path,
					     strerror(-err))
				      : fail(-EAGAIN, "plugin %s: has shrunk while being read",
					     path);
		}
		done += (size_t)nb;
	}
	return 0;
}

int
manifest_read_fd(int fd, const char *path, struct manifest_info *info)
{
	struct stat st;
	uint8_t *bytes;
	int ret;

	if (fstat(fd, &st) < 0)
		return fail(-errno, "plugin %s: cannot read: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(-EINVAL, "plugin %s: not a regular file", path);
	if (st.st_size > IMAGE_MAX)
		return fail(-EFBIG, "plugin %s: %lld bytes, this host reads up to %lld", path,
			    (long long)st.st_size, (long long)IMAGE_MAX);

	ret = read_image(fd, path, (size_t)st.st_size, &bytes);
	if (ret < 0)
		return ret;
	ret = manifest_parse(bytes, (size_t)st.st_size, path, info);
	free(bytes);
	return ret;
}

int
manifest_read(const char *path, struct manifest_info *info)
{
	/* O_NONBLOCK: the open of a FIFO would wait for its writer. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return fail(-errno, "plugin %s: cannot open: %s", path, strerror(errno));
	ret = manifest_read_fd(fd, path, info);
	close(fd);
	return ret;
}
