/* extract.c - take an image file apart into kernel and archive.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "elf_file.h"
#include "image.h"

#include "sha256.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <util/archive.h>
#include <util/settings.h>

/* The archive that embed.c put there is the segment whose place the record names. */
static struct blob embedded(const struct elf_file *e)
{
	const Elf64_Shdr *s = elf_section(e, ".exo.embed");
	uint64_t record[2], first = UINT64_MAX;

	if (!s || s->sh_size < sizeof(record))
		die("%s: an ELF file, but not a bootable image", e->path);
	memcpy(record, e->blob.data + s->sh_offset, sizeof(record));
	if (!record[1])
		die("%s: a kernel alone, without an image in it", e->path);
	for (unsigned int i = 0; i < e->head->e_phnum; i++)
		if (e->segment[i].p_type == PT_LOAD && e->segment[i].p_paddr < first)
			first = e->segment[i].p_paddr;
	for (unsigned int i = 0; i < e->head->e_phnum; i++) {
		const Elf64_Phdr *p = &e->segment[i];

		if (p->p_type == PT_LOAD && p->p_paddr == first + record[0] &&
		    p->p_filesz == record[1] && p->p_offset % 8 == 0)
			return (struct blob){e->blob.data + p->p_offset, p->p_filesz};
	}
	die("%s: damaged: its record of the archive matches no segment", e->path);
}

/* Each segment: its header without the place in the file, and its bytes without the record. */
void kernel_sum(char text[65], const char *path, const struct blob *kernel)
{
	struct elf_file e = elf_open(path, *kernel);
	const Elf64_Shdr *s = elf_section(&e, ".exo.embed");
	uint64_t record[2] = {0, 0}, first = UINT64_MAX;
	uint8_t *all, sum[32];
	size_t n = sizeof(e.head->e_entry), room = n;

	for (unsigned int i = 0; i < e.head->e_phnum; i++)
		room += sizeof(Elf64_Phdr) + e.segment[i].p_filesz;
	all = zalloc(room);
	memcpy(all, &e.head->e_entry, n);
	if (s && s->sh_size >= sizeof(record))
		memcpy(record, e.blob.data + s->sh_offset, sizeof(record));
	for (unsigned int i = 0; i < e.head->e_phnum; i++)
		if (e.segment[i].p_type == PT_LOAD && e.segment[i].p_paddr < first)
			first = e.segment[i].p_paddr;
	for (unsigned int i = 0; i < e.head->e_phnum; i++) {
		Elf64_Phdr p = e.segment[i];
		uint64_t at = p.p_offset;

		if (p.p_type != PT_LOAD || (record[1] && p.p_paddr == first + record[0]))
			continue;
		p.p_offset = 0;
		memcpy(all + n, &p, sizeof(p));
		memcpy(all + n + sizeof(p), e.blob.data + at, p.p_filesz);
		n += sizeof(p);
		if (s && p.p_filesz >= sizeof(record) && s->sh_offset >= at &&
		    s->sh_offset - at <= p.p_filesz - sizeof(record))
			memset(all + n + (s->sh_offset - at), 0, sizeof(record));
		n += p.p_filesz;
	}
	sha256(sum, all, n);
	sha256_text(text, sum);
	free(all);
}

/* Archives from before there was this setting, and by hand, have none. */
static void kernel_verify(const char *path, const struct image *image)
{
	const struct exo_archive *a = (const struct exo_archive *)image->archive.data;
	const struct exo_entry *e = archive_find(a, 0, EXO_ENTRY_SETTINGS, NULL);
	const char *block = e ? archive_data(a, e) : NULL, *s = NULL, *want;
	char have[65];

	while (e && (s = settings_next(block, e->bytes, s)) != NULL) {
		want = settings_value(s, "kernel");
		if (!want)
			continue;
		kernel_sum(have, path, &image->kernel);
		if (strcmp(want, have) != 0)
			die("%s: the kernel in it is damaged", path);
	}
}

struct blob kernel_alone(const char *path, const struct image *image)
{
	struct elf_file e;
	const Elf64_Shdr *s;

	if (!image->kernel.data)
		die("%s: there is no kernel in an archive", path);
	e = elf_open(path, image->kernel);
	s = elf_section(&e, ".exo.embed");
	if (s)
		memset(e.blob.data + s->sh_offset, 0, s->sh_size);
	return e.blob;
}

static bool archive_is(const struct blob *b)
{
	const uint64_t magic = EXO_ARCHIVE_MAGIC;

	return b->size >= sizeof(magic) && memcmp(b->data, &magic, sizeof(magic)) == 0;
}

/* What a file is that is no image, as far as its beginning tells. */
static const char *what_it_is(const struct blob *b)
{
	size_t n = b->size < 512 ? b->size : 512, i = 0;

	if (!n)
		return "an empty file";
	if (n >= 8 && memcmp(b->data, "!<arch>\n", 8) == 0)
		return "a library of objects";
	if (n == 512 && b->data[510] == 0x55 && b->data[511] == 0xaa)
		return "a disk of another kind, or cut short";
	while (i < n && (b->data[i] >= 0x80 || isprint(b->data[i]) || isspace(b->data[i])))
		i++;
	return i == n ? "a text" : "neither ISO, bootable ELF nor archive";
}

struct image image_open(const char *file_path, const char *path)
{
	struct blob file = read_file(file_path);
	struct image image = {.format = "archive", .file = file, .archive = file};

	if (iso_is(&file)) {
		image.format = "iso";
		iso_whole(path, &file);
		image.kernel = iso_find(path, &file, "exo/kernel");
		image.archive = iso_find(path, &file, "exo/archive");
		if (!image.archive.data || !image.kernel.data)
			die("%s: an ISO image, but not one that exo-build.sh made", path);
	} else if (elf_is(&file)) {
		struct elf_file e = elf_open(path, file);

		image.format = "elf";
		image.kernel = file;
		image.archive = embedded(&e);
	} else if (!archive_is(&file)) {
		die("%s: not an image: %s", path, what_it_is(&file));
	}
	archive_verify(path, &image.archive);
	if (image.kernel.data)
		kernel_verify(path, &image);
	return image;
}
