/* arena.h - the one segment that holds all state processes share.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Everything that fork will share - free frames, open files, what they stand
 * for - lies here and nowhere else, at one address for all processes of an
 * image, and is reached through px_arena.  Nothing in it is a code pointer.
 * It is changed only between px_enter() and px_leave(): short, no waiting, no
 * access to the application's own memory inside, so neither the end of a slice nor
 * a kill can find it half changed.  Its pages are mapped from the start, so
 * touching it never faults.
 */
#ifndef PX_ARENA_H
#define PX_ARENA_H

#include <fd/file.h>
#include <libexo/upcall.h>
#include <vm/frames.h>

#define PX_ARENA_MAGIC   0x414e455241585050 /* "PPXARENA" */
#define PX_ARENA_VERSION 1
#define PX_FILE_MAX      1024
#define PX_VNODE_MAX     1024

struct px_arena {
	uint64_t magic;
	uint32_t version;
	uint32_t bytes; /* of this structure */
	uint32_t lock;  /* 0, or 1 + index of the activation inside */
	uint32_t depth;
	struct px_frames frames;
	uint32_t file_free; /* list of free entries: 1 + index, 0 ends it */
	uint32_t vnode_free;
	struct px_file file[PX_FILE_MAX];
	struct px_vnode vnode[PX_VNODE_MAX];
};

extern struct px_arena *px_arena;

/* Make the arena at `va`; the frames allocator is ready afterwards. */
long px_arena_init(const struct exo_start *start, exo_va_t va);

/* Begin and end a critical section.  They nest. */
void px_enter(void);
void px_leave(void);

#endif
