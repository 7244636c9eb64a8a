/* arena.c - the shared segment: where it comes from and how it is entered.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <string.h>
#include <vm/vm.h>

struct px_arena *px_arena;

static void lists_init(struct px_arena *a)
{
	for (uint32_t i = 0; i < PX_FILE_MAX; i++)
		a->file[i].next_free = i + 1 < PX_FILE_MAX ? i + 2 : 0;
	for (uint32_t i = 0; i < PX_VNODE_MAX; i++)
		a->vnode[i].next_free = i + 1 < PX_VNODE_MAX ? i + 2 : 0;
	a->file_free = 1;
	a->vnode_free = 1;
}

/* The allocator must work before the arena that holds it is there: it starts
 * in a variable and moves. */
long px_arena_init(const struct exo_start *start, exo_va_t va)
{
	static struct px_frames boot;
	uint64_t bits = px_frames_init(&boot, start);
	uint64_t bytes = px_round_up(sizeof(struct px_arena)) + bits;
	long r;

	px_frames = &boot;
	r = px_map_now(va, bytes >> EXO_PAGE_SHIFT);
	if (r < 0)
		return r;
	px_arena = (void *)va;
	px_arena->magic = PX_ARENA_MAGIC;
	px_arena->version = PX_ARENA_VERSION;
	px_arena->bytes = sizeof(*px_arena);
	px_arena->frames = boot;
	px_frames = &px_arena->frames;
	px_frames->freed = (uint64_t *)(va + px_round_up(sizeof(struct px_arena)));
	px_frames->promised = px_frames->out;
	lists_init(px_arena);
	return 0;
}

/* Raising `critical` first means that no asynchronous upcall can come between
 * taking the lock and leaving.  Whoever waits gives its slice away: the holder
 * is short. */
void px_enter(void)
{
	struct exo_activation *self = xo_self();
	uint32_t me = self->index + 1, none = 0;

	self->critical++;
	if (__atomic_load_n(&px_arena->lock, __ATOMIC_RELAXED) != me) {
		while (!__atomic_compare_exchange_n(&px_arena->lock, &none, me, false,
						    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
			none = 0;
			exo_yield(EXO_SLOT_NONE);
		}
	}
	px_arena->depth++;
}

void px_leave(void)
{
	struct exo_activation *self = xo_self();

	if (--px_arena->depth == 0)
		__atomic_store_n(&px_arena->lock, 0, __ATOMIC_RELEASE);
	self->critical--;
}
