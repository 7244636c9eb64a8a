/* types.h - the scalars and constants of the contract.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Everything below exo/ is the one contract between the kernel and what runs
 * on it.  Both sides compile these headers; assembly may include this one.
 */
#ifndef EXO_TYPES_H
#define EXO_TYPES_H

#define EXO_PAGE_SHIFT		12
#define EXO_PAGE_SIZE		4096
#define EXO_LARGE_FRAMES	512	/* 4 KiB frames in a 2 MiB page */

#define EXO_CPU_MAX		64	/* CPUs, and activations of one environment */
#define EXO_SLICE_MAX		80	/* slots in one CPU's slice vector */
#define EXO_FRAME_DEPTH		8	/* nested upcalls an activation can hold */
#define EXO_BATCH_MAX		32	/* operations the map call reads at once */
#define EXO_RUN_MAX		512	/* frames taken or given back at once */
#define EXO_TAKE_MAX		128	/* frames taken by force at once */
#define EXO_MAP_MAX		64	/* pages one map operation may name */
#define EXO_ZERO_MAX		16	/* frames the kernel clears in one call */
#define EXO_CAP_SLOTS		64	/* slots in one capability frame */
#define EXO_CALL_DEPTH		8	/* calls made while serving a call */
#define EXO_CAP_DEPTH		16	/* derivations one after the other */
#define EXO_ACCOUNT_DEPTH	8	/* accounts below the first, one below the other */

/* User address space: page zero and its neighbours stay empty, the last
 * 512 GiB of the lower half show the environment its own page tables
 * (read-only), so nothing can be mapped next to the non-canonical hole. */
#define EXO_VA_MIN		0x0000000000010000
#define EXO_VA_TOP		0x00007f8000000000
#define EXO_VA_TABLES		0x00007f8000000000	/* uint64_t[2^36]: the leaf entries by page number */

/* Selectors of ring 3; nothing else is ever loaded there. */
#define EXO_USER_CS		0x2b
#define EXO_USER_SS		0x23

#ifndef __ASSEMBLER__
#include <stdint.h>

typedef uint64_t exo_pfn_t;	/* a physical frame: address / 4096 */
typedef uint64_t exo_va_t;	/* an address in some environment: never a kernel pointer */
typedef uint32_t exo_cap_t;	/* index of a capability slot in the caller's table */
typedef uint64_t exo_ns_t;	/* nanoseconds since the machine started; see exo/info.h */

/* A run of frames. */
struct exo_extent {
	exo_pfn_t first;
	uint64_t count;
};
#endif
#endif
