/* sample.h - a small archive in good order, for the tests to damage.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 *     page 0    header, three entries
 *     page 1    program: its header; pages 2 and 3: its bytes
 *     page 4    settings of image 0
 *     page 5    program of image 1, which has no segment
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <exo/map.h>
#include <exo/version.h>
#include <string.h>
#include <util/archive.h>
#include <util/crc32c.h>

#define SAMPLE_BYTES   (6 * EXO_PAGE_SIZE)
#define SAMPLE_ENTRIES 3

struct sample {
	struct exo_archive head;
	struct exo_entry entry[SAMPLE_ENTRIES];
	char rest[SAMPLE_BYTES - sizeof(struct exo_archive) -
		  SAMPLE_ENTRIES * sizeof(struct exo_entry)];
};

static inline void sample_program(struct exo_program *p)
{
	*p = (struct exo_program){
		.magic = EXO_PROGRAM_MAGIC,
		.version = EXO_ABI_VERSION,
		.segments = 3,
		.entry = 0x10,
		.span = 5 * EXO_PAGE_SIZE,
		.segment =
			{
				{.offset = 0x1000,
				 .file_bytes = 0x800,
				 .mem_bytes = 0x800,
				 .prot = EXO_PROT_READ | EXO_PROT_EXEC},
				{.va = 0x1000,
				 .offset = 0x2000,
				 .file_bytes = 0x100,
				 .mem_bytes = 0x2345,
				 .prot = EXO_PROT_READ | EXO_PROT_WRITE},
				{.va = 0x4000, .mem_bytes = 0x1000, .prot = EXO_PROT_READ},
			},
	};
}

/* Make the header's checksum right again after a change. */
static inline void sample_seal(struct exo_archive *a)
{
	a->head_crc = 0;
	a->head_crc = crc32c(0, a, a->head_bytes);
}

static inline void sample_archive(struct sample *s)
{
	static const char settings[] = "arg=one\0env=A=B";
	static const struct exo_entry entry[SAMPLE_ENTRIES] = {
		{.name = "first", .kind = EXO_ENTRY_PROGRAM, .offset = 0x1000, .bytes = 0x2100},
		{.name = "settings",
		 .kind = EXO_ENTRY_SETTINGS,
		 .offset = 0x4000,
		 .bytes = sizeof(settings)},
		{.name = "second",
		 .kind = EXO_ENTRY_PROGRAM,
		 .image = 1,
		 .offset = 0x5000,
		 .bytes = sizeof(struct exo_program)},
	};
	struct exo_program program;

	memset(s, 0, sizeof(*s));
	s->head = (struct exo_archive){
		.magic = EXO_ARCHIVE_MAGIC,
		.version = EXO_ABI_VERSION,
		.entries = SAMPLE_ENTRIES,
		.bytes = SAMPLE_BYTES,
		.head_bytes = sizeof(s->head) + sizeof(s->entry),
	};
	sample_program(&program);
	memcpy((char *)s + 0x1000, &program, sizeof(program));
	memset((char *)s + 0x2000, 0xcc, 0x800);
	memset((char *)s + 0x3000, 0xdd, 0x100);
	memcpy((char *)s + 0x4000, settings, sizeof(settings));
	memcpy(s->entry, entry, sizeof(entry));
	for (int i = 0; i < SAMPLE_ENTRIES; i++)
		s->entry[i].crc = crc32c(0, (char *)s + entry[i].offset, entry[i].bytes);
	sample_seal(&s->head);
}

#endif
