/* archive.h - the one archive that every bootable format carries.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * It holds programs, root directories and settings of one or several images.
 * GRUB loads it as its only module, a PVH loader as its only initrd; a
 * bootable .elf has it as a segment.  Everything starts on a page boundary
 * and is used in place.  All integers are little endian.
 *
 *     page 0..   struct exo_archive, struct exo_entry[entries]
 *     then       each entry's bytes, page aligned, zero padded
 *
 * crc is CRC-32C (the polynomial of the SSE4.2 instruction, RFC 3720
 * appendix B.4), which the boot path checks; sha256 (FIPS 180-4) is for the
 * tools.
 */
#ifndef EXO_ARCHIVE_H
#define EXO_ARCHIVE_H

#include <exo/types.h>

#define EXO_ARCHIVE_MAGIC	0x48435241584f5845	/* "EXOXARCH" */
#define EXO_ENTRY_MAX		1024

struct exo_archive {
	uint64_t magic;
	uint32_t version;	/* EXO_ABI_VERSION */
	uint32_t entries;
	uint64_t bytes;		/* of the whole archive, a multiple of the page size */
	uint32_t head_bytes;	/* of this structure and the entries */
	uint32_t head_crc;	/* over head_bytes, with this field 0 */
	uint64_t zero[4];
};
_Static_assert(sizeof(struct exo_archive) == 64, "abi");

enum exo_entry_kind {
	EXO_ENTRY_PROGRAM = 1,	/* struct exo_program */
	EXO_ENTRY_SETTINGS = 2,	/* strings, each ended by a zero byte; see below */
	EXO_ENTRY_ROOT = 3,	/* a packed read-only root directory, format of the libOS */
	EXO_ENTRY_MODULE = 4,	/* bytes for the program, found by name */
};

/* One entry.  Entries of one image carry its number and stand together, its
 * PROGRAM first; the kernel starts the PROGRAM of image 0. */
struct exo_entry {
	char name[48];		/* zero terminated; a PROGRAM's is the image's name */
	uint32_t kind;
	uint32_t image;
	uint64_t offset;	/* from the start of the archive, page aligned */
	uint64_t bytes;
	uint32_t crc;		/* over those bytes */
	uint32_t flags;
	uint8_t sha256[32];
	uint64_t zero[2];
};
_Static_assert(sizeof(struct exo_entry) == 128, "abi");

/* A program as a flat list of segments.  Address 0 is put wherever the loader
 * likes, on a boundary of EXO_PROGRAM_ALIGN; the program relocates itself. */
#define EXO_PROGRAM_MAGIC	0x474f5250584f5845	/* "EXOXPROG" */
#define EXO_PROGRAM_ALIGN	0x200000
#define EXO_SEGMENT_MAX		12
#define EXO_SPAN_MAX		0x40000000	/* 1 GiB */

#define EXO_PROGRAM_WX		0x1	/* write and execute on one page is allowed to it */
#define EXO_PROGRAM_SEPARATE	0x2	/* the first one's: environments get page tables without the
					   kernel, on CPUs where ring 3 could see it */

struct exo_segment {
	uint64_t va;		/* page aligned, ascending, from 0 */
	uint64_t offset;	/* of its bytes from the start of the program, page aligned */
	uint64_t file_bytes;	/* the last page's rest is zero in the archive too */
	uint64_t mem_bytes;	/* >= file_bytes; the difference is zero filled */
	uint32_t prot;		/* EXO_PROT_* */
	uint32_t zero;
};

struct exo_program {
	uint64_t magic;
	uint32_t version;	/* EXO_ABI_VERSION it was built with */
	uint32_t segments;
	uint32_t flags;		/* EXO_PROGRAM_* */
	uint32_t zero0;
	uint64_t entry;		/* address of the START upcall */
	uint64_t span;		/* end of the last segment, page aligned */
	uint64_t zero1[3];
	struct exo_segment segment[EXO_SEGMENT_MAX];
};

/* Settings, one string each, a later one stronger where only one can hold:
 *     arg=TEXT        one more argument (argv[1], argv[2] ...)
 *     env=NAME=VALUE  environment variable
 *     name=TEXT       argv[0]
 *     mem=BYTES       RAM the image wants; for whoever starts the machine
 *     cpus=N          the same for CPUs
 *     libos=NAME      what it was linked with; for inspect
 *     stop=main       stop with status 0 where main would be called
 * An unknown key is left alone. */

#endif
