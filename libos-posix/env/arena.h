/* arena.h - the one segment that holds all state processes share.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Everything that fork will share - frames, open files, what they stand for,
 * the file system in memory, pipes, the terminal, processes - lies here and
 * nowhere else, at one address for all processes of an image.  Nothing in it
 * is a code pointer.  docs/decisions/007-one-arena.md says why.
 *
 * Its head is px_arena.  All other memory comes as whole frames, and frame n
 * lies at window + n * EXO_PAGE_SIZE in every process: a pointer into the
 * arena says by itself which frame it needs.
 *
 * It is changed only between px_enter() and px_leave(): short, no waiting but
 * through px_block() (env/wait.h), no access to the application's own memory
 * inside, so neither the end of a slice nor a kill can find it half changed.
 */
#ifndef PX_ARENA_H
#define PX_ARENA_H

#include <exo/types.h>
#include <fd/console.h>
#include <fd/socket.h>
#include <fs/mem.h>
#include <stddef.h>
#include <thread/sched.h>
#include <vm/frames.h>
#include <vm/loan.h>

#define PX_ARENA_MAGIC   0x414e455241585050 /* "PPXARENA" */
#define PX_ARENA_VERSION 3
#define PX_SLAB_CLASSES  11
#define PX_SPARE_MAX     96
#define PX_PRISTINE_MAX  16

struct exo_activation;
struct px_slab; /* one page of objects of one size */

struct px_arena {
	uint64_t magic;
	uint32_t version;
	uint32_t bytes; /* of this structure */
	uint32_t lock;  /* 0, or who is inside: 1 + (process << 8 | activation) */
	uint32_t depth;
	exo_va_t head_end; /* of this structure and the tables of frames */
	exo_va_t window;
	uint64_t window_pages;
	exo_va_t archive; /* where every process has it, and in which frames it lies */
	uint64_t archive_pages;
	exo_pfn_t archive_pfn;
	uint32_t forked; /* there has been a second process */
	uint32_t zero;
	exo_pfn_t zero_frame; /* one page of zeros for all who only read, or 0 */
	struct px_frames frames;
	struct px_loan loan;
	uint32_t spare[PX_SPARE_MAX]; /* pages of the window that are not in use: their frames */
	uint64_t spares;
	struct px_slab *slab[PX_SLAB_CLASSES]; /* those with room, by class */
	struct px_process *process;            /* the first of all */
	struct px_process *wishes;             /* processes that want something of the host */
	struct px_pair *pairs;                 /* not in use */
	exo_va_t activations;                  /* process/host.h */
	char *pristine[PX_PRISTINE_MAX];       /* env/execute.c */
	struct px_ipc *ipc;                    /* ipc/ipc.h; NULL until something is made */
	struct px_console console;
	struct px_memfs memfs;
	struct px_sockets sockets;
	struct px_sched sched;
};

extern struct px_arena *px_arena;

/* Make the arena at `va`, where px_arena_room() bytes are free; the frames
 * allocator is ready afterwards.  `given`: as for px_frames_init. */
uint64_t px_arena_room(void);
long px_arena_init(const struct exo_start *start, exo_va_t va, const struct exo_extent *given);

/* Is va in the window or the archive: the same for all, mapped where it is touched?  And map what
 * lies there; false if that is nothing. */
bool px_arena_holds(exo_va_t va);
bool px_arena_touch(exo_va_t va);

/* What the words of exo_activation.user are. */
enum { PX_A_LOCAL, PX_A_CPU, PX_A_INSIDE };

/* Is it a frame on loan? */
static inline bool px_lent(exo_pfn_t pfn)
{
	return pfn - px_arena->loan.first < px_arena->loan.count;
}

/* Fill in the latter two in an activation of a process that is not running yet, with its index. */
void px_activation_note(struct exo_activation *a, uint32_t process);

/* Begin and end a critical section.  They nest. */
void px_enter(void);
void px_leave(void);

/* How much stack px_enter looks for, less than the smallest guard, and how much a section needs.
 * By gcc's -fcallgraph-info=su the deepest is a wait that ends with memory on loan given back,
 * 1,700 bytes; one that changes a tree of very many regions is not as deep. */
#define PX_ENTER_ROOM 3072
#define PX_ENTER_NEED 2048
extern const char px_enter_looks[] __attribute__((visibility("hidden")));
#define PX_ENTER_LOOKS_BYTES 7 /* that instruction */

/* Leave from depth 1 to sleep at once, and come back: no upcall comes in between, which would take
 * the event that ends the sleep. */
void px_leave_asleep(void);
void px_enter_awake(void);

/* Leave from depth 1, for who looks himself after what was held back. */
void px_leave_quietly(void);

/* A page of the arena with one reference (vm/frames.h): zero filled, or with
 * whatever was there before.  NULL: no memory.  It goes back by px_page_put. */
void *px_page_get(void);
void *px_page_get_dirty(void);
void *px_page_promised(void); /* dirty; the caller has promised it already */
void px_page_put(void *page);

static inline exo_pfn_t px_page_frame(const void *page)
{
	return ((exo_va_t)page - px_arena->window) >> EXO_PAGE_SHIFT;
}

static inline void *px_page_at(exo_pfn_t pfn)
{
	return (void *)(px_arena->window + (pfn << EXO_PAGE_SHIFT));
}

/* Take over a frame of the window that lost its last reference; give spare
 * pages back until `keep` are left (true if any was). */
void px_pages_spare(exo_pfn_t pfn);
bool px_pages_trim(uint64_t keep);

/* Zero-filled memory of at most PX_ALLOC_MAX bytes in the arena, or NULL. */
#define PX_ALLOC_MAX 2016
void *px_alloc(size_t bytes);
void px_free(void *p);

#endif
