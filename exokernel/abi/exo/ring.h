/* ring.h - rings shared by two parties that do not trust each other.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * One producer, one consumer.  head and tail run freely and wrap at 2^32;
 * head - tail is the number of entries waiting and entry i lies at index
 * i mod entries.  The producer alone writes head, after the entry; the
 * consumer alone writes tail, after it has read the entry.  Each side keeps
 * its own index and size privately, reads the other's index once, and treats
 * a distance above `entries` as a full (producer) or empty (consumer) ring.
 */
#ifndef EXO_RING_H
#define EXO_RING_H

#include <exo/types.h>

struct exo_ring {
	uint32_t version;	/* EXO_ABI_VERSION */
	uint32_t entry_size;	/* bytes */
	uint32_t entries;	/* a power of two */
	uint32_t zero;
	uint32_t head;		/* producer's */
	uint32_t pad0[3];
	uint32_t tail;		/* consumer's */
	uint32_t pad1[7];
};
_Static_assert(sizeof(struct exo_ring) == 64, "abi");

/* Submission and completion: what an environment asks of a shared device, and
 * the answer.  A queue is two rings of these. */
struct exo_submission {
	uint16_t op;		/* per device */
	uint16_t flags;
	exo_cap_t cap;		/* the device resource: extent, flow */
	uint64_t cookie;	/* returned in the completion */
	uint64_t first;		/* where in the resource */
	uint32_t count;
	exo_cap_t memory;	/* FRAMES the data lies in */
	exo_pfn_t pfn;		/* first frame of the data */
	uint32_t offset;	/* bytes into it */
	uint32_t bytes;
	uint64_t zero[2];
};
_Static_assert(sizeof(struct exo_submission) == 64, "abi");

struct exo_completion {
	uint64_t cookie;
	int32_t result;		/* bytes or entries done, or -EXO_E_name */
	uint32_t flags;
};
_Static_assert(sizeof(struct exo_completion) == 16, "abi");

/* An environment's console: two frames.  Whoever serves it - the kernel for
 * the first environment, the environment's creator for the others - consumes
 * `out` and produces `in`. */
struct exo_console {
	struct exo_ring out;	/* bytes to the console */
	struct exo_ring in;	/* bytes typed */
	uint8_t in_data[1024];
	uint8_t pad[2944];
	uint8_t out_data[4096];
};
_Static_assert(__builtin_offsetof(struct exo_console, out_data) == EXO_PAGE_SIZE, "abi");
#define EXO_CONSOLE_FRAMES	2

/* Event bits of activation 0 that the console's server sets. */
#define EXO_EVENT_CONSOLE_IN	(1ull << 0)	/* bytes were typed */
#define EXO_EVENT_CONSOLE_OUT	(1ull << 1)	/* a full output ring has room again */

#endif
