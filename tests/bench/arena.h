/* arena.h - two ways to hold what processes share, doing the same work.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The prototype behind docs/decisions/007-one-arena.md.  Environments of one image, all on CPU 0,
 * share an open file's offset and two pipes.
 */
#ifndef BENCH_ARENA_H
#define BENCH_ARENA_H

#include "bench.h"

#include <exo/cap.h>
#include <libexo/string.h>
#include <stdbool.h>

#define MESSAGE_MAX 4096
#define WAKE        1ull /* event bits: what is waited for may be there, ... */
#define KILL        2ull /* ...somebody wants this process to end */

/* The environments; each has capabilities for the ones it talks to at PEER(who). */
enum who { CLIENT, ECHO, SERVER, NEIGHBOUR, VICTIM, WHO_MAX = VICTIM + 4 };
#define PEER(who) (EXO_SLOT_FREE + (who))

static inline uint32_t me(void)
{
	return (uint32_t)xo_self()->user[0];
}

struct pipe {
	uint32_t used;
	uint32_t waiter; /* 1 + who sleeps until there is something */
	char data[MESSAGE_MAX];
};

static inline void pipe_put(struct pipe *p, const void *from, uint32_t n)
{
	if (p->used)
		bench_fail("the pipe is full", p->used);
	memcpy(p->data, from, n);
	p->used = n;
}

static inline uint32_t pipe_take(struct pipe *p, void *to)
{
	uint32_t n = p->used;

	memcpy(to, p->data, n);
	p->used = 0;
	return n;
}

struct design {
	uint64_t (*move)(uint32_t by); /* an open file's offset, and its new value */
	void (*write)(uint32_t pipe, const void *from, uint32_t n);
	uint32_t (*read)(uint32_t pipe, void *to);
};
extern const struct design arena_design, server_design;

/* arena_segment.c: one segment, entered by whoever needs something in it. */
void arena_enter(void);
void arena_leave(void);
extern struct arena {
	uint32_t lock; /* 0, or 1 + who is inside */
	volatile uint32_t half; /* a holder is between two changes that belong together */
	uint64_t offset;
	struct pipe pipe[2];
} arena;

/* arena_server.c: an environment of its own, asked through a page for each client. */
void server_main(void *arg);
struct request *server_post(void); /* ask, but do not wait */

/* arena.c: environment `who` begins with fn; the others learn of it. */
void start(enum who who, void (*fn)(void *));

/* arena_trouble.c: what goes wrong in either design. */
void trouble_upcall(void);
void trouble(void);

#endif
