/* start.h - the start block: what an environment knows when it begins.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Its creator - the kernel for the first environment, another environment for
 * the rest - fills one page, maps it writable and gives its address as the
 * argument of the START upcall of activation 0.  From then on it is the
 * environment's own memory.
 */
#ifndef EXO_START_H
#define EXO_START_H

#include <exo/types.h>

#define EXO_START_MAGIC		0x54524154534f5845	/* "EXOSTART" */
#define EXO_START_RAM_MAX	48
#define EXO_START_SETTINGS	2560

enum exo_seed {		/* what the seed was made of */
	EXO_SEED_TIMING = 0,	/* somebody may guess it */
	EXO_SEED_RDSEED = 1,
	EXO_SEED_RDRAND = 2,
	EXO_SEED_VIRTIO = 3,	/* a virtio entropy device */
};

struct exo_start {
	uint64_t magic;
	uint32_t version;	/* EXO_ABI_VERSION */
	uint32_t size;		/* bytes of this structure */
	exo_va_t base;		/* where address 0 of the program was put */
	uint64_t span;		/* bytes the program takes from there */
	exo_va_t info;		/* struct exo_info, read only */
	exo_va_t activation;	/* activation 0 */
	exo_va_t console;	/* struct exo_console, or 0 */
	exo_pfn_t archive_pfn;	/* the archive lies in consecutive frames (slot ARCHIVE)... */
	uint64_t archive_bytes;	/* ...and is this long; 0: none.  It is not mapped. */
	uint32_t image;		/* which image of the archive this is */
	uint32_t ram_count;	/* entries of ram[] */
	uint8_t random[32];	/* a seed nobody else has, if random_good */
	uint32_t random_good;	/* enum exo_seed; 0: only timing went into it */
	uint32_t settings_bytes;
	uint64_t console_bits;	/* what a kick of the console is: 0: console_kick, else to notify
				   activation 0 of the ENV in slot CONSOLE of these bits */
	exo_va_t ledger;	/* a page shared with who started it, or 0 */
	uint64_t cpus;		/* bit n: it may run on CPU n, ... */
	uint32_t slice_slot;	/* ...in this slot of the slice vector (slot CPU) ... */
	uint32_t slice_ns;	/* ...for so long at a time */
	struct exo_extent ram[EXO_START_RAM_MAX];	/* frames free at the start, under slot MEMORY */
	char settings[EXO_START_SETTINGS];	/* given at boot: strings as in exo/archive.h, stronger than the archive's */
};
_Static_assert(sizeof(struct exo_start) <= EXO_PAGE_SIZE, "abi");

#endif
