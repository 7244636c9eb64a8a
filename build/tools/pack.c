/* pack.c - one image becomes an archive (exo/archive.h).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "image.h"
#include "program.h"
#include "root.h"
#include "sha256.h"

#include <abi.h>
#include <exo/version.h>
#include <stdlib.h>
#include <string.h>
#include <util/archive.h>
#include <util/crc32c.h>

#define PARTS_MAX 4

/* Strings, each with its zero byte. */
struct blob settings_join(const char *const *setting, unsigned int settings)
{
	struct blob b = {NULL, 0};

	for (unsigned int i = 0; i < settings; i++) {
		size_t n = strlen(setting[i]) + 1;

		b.data = need(realloc(b.data, b.size + n));
		memcpy(b.data + b.size, setting[i], n);
		b.size += n;
	}
	return b;
}

static const char *image_name(const struct pack_request *r)
{
	const char *slash = strrchr(r->program, '/');
	const char *name = r->name ? r->name : slash ? slash + 1 : r->program;
	size_t n = strlen(name);

	if (!n || (r->name && n > 47))
		usage_error("the name \"%s\" must have 1 to 47 bytes", name);
	return name;
}

static void fill_entry(struct exo_entry *e, const struct part *p, uint64_t offset)
{
	e->kind = p->kind;
	strncpy(e->name, p->name, sizeof(e->name) - 1);
	e->offset = offset;
	e->bytes = p->blob.size;
	e->crc = crc32c(0, p->blob.data, p->blob.size);
	sha256(e->sha256, p->blob.data, p->blob.size);
}

struct blob archive_assemble(const struct part *part, uint32_t parts)
{
	struct exo_archive h = {
		.magic = EXO_ARCHIVE_MAGIC, .version = EXO_ABI_VERSION, .entries = parts};
	struct exo_entry *entry = zalloc(parts * sizeof(*entry));
	struct blob b;
	uint64_t at;

	h.head_bytes = sizeof(h) + parts * sizeof(entry[0]);
	at = PAGE_UP(h.head_bytes);
	for (uint32_t i = 0; i < parts; i++) {
		fill_entry(&entry[i], &part[i], at);
		at += PAGE_UP(part[i].blob.size);
	}
	h.bytes = b.size = at;
	b.data = zalloc(b.size);
	memcpy(b.data, &h, sizeof(h));
	memcpy(b.data + sizeof(h), entry, parts * sizeof(entry[0]));
	h.head_crc = crc32c(0, b.data, h.head_bytes);
	memcpy(b.data, &h, sizeof(h));
	for (uint32_t i = 0; i < parts; i++)
		if (part[i].blob.size)
			memcpy(b.data + entry[i].offset, part[i].blob.data, part[i].blob.size);
	free(entry);
	return b;
}

/* A program with its libOS inside is one part.  One that imports the libOS is the libOS's module.
 */
static uint32_t code(struct part *part, const struct pack_request *r)
{
	struct elf_file e = elf_open(r->program, read_file(r->program));

	if (link_form(&e) != LINK_SHARED) {
		part[0] = (struct part){EXO_ENTRY_PROGRAM, image_name(r),
					program_from_elf(r->program, r->allow_wx)};
		return 1;
	}
	if (!r->libos)
		usage_error("%s imports " PX_LIBRARY ": --libos must say where that is",
			    r->program);
	part[0] = (struct part){EXO_ENTRY_PROGRAM, image_name(r),
				program_from_elf(r->libos, r->allow_wx)};
	part[1] = (struct part){EXO_ENTRY_MODULE, PX_APPLICATION,
				application_from_elf(r->program, r->libos, r->allow_wx)};
	return 2;
}

struct blob archive_pack(const struct pack_request *r)
{
	struct part part[PARTS_MAX];
	uint32_t parts;
	struct blob b;

	parts = code(part, r);
	if (r->settings)
		part[parts++] = (struct part){EXO_ENTRY_SETTINGS, image_name(r),
					      settings_join(r->setting, r->settings)};
	if (r->root)
		part[parts++] = (struct part){EXO_ENTRY_ROOT, image_name(r),
					      root_from_directory(r->root, r->mtime)};
	b = archive_assemble(part, parts);
	archive_verify(r->program, &b);
	return b;
}

/* A checksum finds accidents; the tools have time to compare the hash too. */
void archive_verify(const char *path, const struct blob *b)
{
	const struct exo_archive *a = (const struct exo_archive *)b->data;
	const struct exo_entry *e = (const struct exo_entry *)(a + 1);
	enum archive_result r = archive_check(a, b->size);

	if (r == ARCHIVE_VERSION)
		die("%s: made for version %u of the exokernel's ABI, this is version %u: build it "
		    "again",
		    path, a->version, EXO_ABI_VERSION);
	if (r != ARCHIVE_OK)
		die("%s: %s", path, archive_text(r));
	for (uint32_t i = 0; i < a->entries; i++, e++) {
		uint8_t sum[32];

		r = archive_check_entry(a, e);
		sha256(sum, archive_data(a, e), e->bytes);
		if (r == ARCHIVE_OK && memcmp(sum, e->sha256, sizeof(sum)) != 0)
			r = ARCHIVE_BYTES;
		if (r == ARCHIVE_OK && e->kind == EXO_ENTRY_PROGRAM)
			r = archive_check_program(archive_data(a, e), e->bytes);
		if (r != ARCHIVE_OK)
			die("%s: entry %u (%s): %s", path, i, e->name, archive_text(r));
	}
}
