/* load_elf.h - the parts of an ELF file that the loader looks at (System V ABI, chapters 4 and 5).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_LOAD_ELF_H
#define PX_LOAD_ELF_H

#include <stdint.h>

struct elf_head {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, va, pa, file_bytes, mem_bytes, align;
};

struct elf_dynamic {
	uint64_t tag, value;
};

struct elf_symbol {
	uint32_t name;
	uint8_t info, other;
	uint16_t section;
	uint64_t value, size;
};

struct elf_rela {
	uint64_t offset;
	uint32_t type, symbol;
	int64_t addend;
};

#define ELF_IDENT  "\177ELF\2\1\1" /* 64 bits, little endian, version 1 */
#define ELF_RELOC  1               /* types of file */
#define ELF_EXEC   2
#define ELF_SHARED 3
#define ELF_X86_64 62

#define SEGMENT_LOAD    1 /* types of segments */
#define SEGMENT_DYNAMIC 2
#define SEGMENT_INTERP  3
#define SEGMENT_TLS     7
#define SEGMENT_RELRO   0x6474e552

#define FLAG_EXEC  1
#define FLAG_WRITE 2
#define FLAG_READ  4

#define TAG_NEEDED          1
#define TAG_PLTRELSZ        2
#define TAG_HASH            4
#define TAG_STRTAB          5
#define TAG_SYMTAB          6
#define TAG_RELA            7
#define TAG_RELASZ          8
#define TAG_STRSZ           10
#define TAG_INIT            12
#define TAG_FINI            13
#define TAG_REL             17
#define TAG_TEXTREL         22
#define TAG_JMPREL          23
#define TAG_INIT_ARRAY      25
#define TAG_FINI_ARRAY      26
#define TAG_INIT_ARRAYSZ    27
#define TAG_FINI_ARRAYSZ    28
#define TAG_PREINIT_ARRAY   32
#define TAG_PREINIT_ARRAYSZ 33
#define TAG_RELR            36
#define TAG_RELACOUNT       0x6ffffff9
#define TAG_MAX             37

#define RELOC_64        1
#define RELOC_COPY      5
#define RELOC_GLOB_DAT  6
#define RELOC_JUMP_SLOT 7
#define RELOC_RELATIVE  8
#define RELOC_TPOFF64   18
#define RELOC_IRELATIVE 37

#define SYMBOL_LOCAL 0 /* binding: info >> 4 */
#define SYMBOL_WEAK  2
#define SYMBOL_TLS   6 /* type: info & 15 */
#define SYMBOL_IFUNC 10
#define SECTION_NONE 0
#define SECTION_ABS  0xfff1

#endif
