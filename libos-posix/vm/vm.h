/* vm.h - the process's address space: regions filled when they are touched.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What runs here can run inside the page-fault upcall: general registers only,
 * no C library, no memory that could fault.  The regions are changed, and
 * looked at, between px_enter() and px_leave().
 */
#ifndef PX_VM_H
#define PX_VM_H

#include <exo/map.h>
#include <exo/start.h>
#include <libexo/map.h>
#include <stdbool.h>
#include <stddef.h>
#include <vm/tree.h>

static inline uint64_t px_round_up(uint64_t bytes)
{
	return (bytes + EXO_PAGE_SIZE - 1) & ~(uint64_t)(EXO_PAGE_SIZE - 1);
}

static inline exo_va_t px_page_of(exo_va_t va)
{
	return va & ~(exo_va_t)(EXO_PAGE_SIZE - 1);
}

struct px_process;

extern struct px_tree px_regions;
extern struct xo_space px_space;
extern struct xo_space px_image_space; /* the same, for what all processes have alike */
extern exo_va_t px_window; /* a page of our own, inside critical sections, or 0 (px_copy_ready) */

/* Where the entry for va lies; applied to its own result, that of the level above. */
static inline volatile uint64_t *px_leaf(exo_va_t va)
{
	return (volatile uint64_t *)(EXO_VA_TABLES + (va >> EXO_PAGE_SHIFT) * sizeof(uint64_t));
}

/* The entry of the page tables for va, or 0; of a page of 2 MiB the one that a small page there
 * would have. */
uint64_t px_pte(exo_va_t va);

/* As px_enter, for who changes regions, or whatever else fork must not find half changed: while it
 * copies the process they stay as they are.  What was entered before has waited already.  The
 * second: for who is inside at depth 1, and looks again at what it knew. */
void px_space_enter(void);
void px_space_await(void);

/* See to it that a few nodes are free, enough for any one change; false if there is no memory. */
bool px_spare(void);

/* A new region of `bytes` that may grow to `limit` bytes, at a random place, readable and
 * writable.  Its pages are for the caller to promise; those of the region "stack", which has a
 * guard below it, are not.  NULL if there is no room. */
struct px_region *px_region_add(const char *name, uint64_t bytes, uint64_t limit, uint32_t around);

/* A random place, page aligned, for `bytes`, apart from everything else; 0 if there is none. */
exo_va_t px_place(uint64_t bytes);

/* [start, start + bytes) is in use, by the libOS or by the program as it was loaded. */
void px_region_note(const char *name, exo_va_t start, uint64_t bytes);
void px_region_note_as(const char *name, exo_va_t start, uint64_t bytes, uint32_t flags);

/* The region that holds va, or NULL. */
struct px_region *px_region_at(exo_va_t va);

/* Is there nothing of the libOS in [start, end)?  Makes regions of what the program was loaded
 * into, as its pages are now, if it meets that: so mprotect and its like can change them. */
bool px_changeable(exo_va_t start, exo_va_t end);

/* The frames that the kernel put the program's data into, as far as they lie together: before the
 * arena is there. */
struct exo_extent px_frames_found(const struct exo_start *start);

static inline exo_pfn_t px_frame_of(uint64_t entry)
{
	return (entry & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT;
}

/* The next page from va on that is there, or `end`. */
exo_va_t px_next_page(exo_va_t va, exo_va_t end);

/* Pages from va on, which is there, up to `end`, that are there with frames that follow one
 * another, and, if `mask` is not 0, with the same bits of it. */
uint64_t px_run_at(exo_va_t va, exo_va_t end, uint64_t mask);

/* Map `pages` zeroed pages at va now.  Returns 0 or -EXO_E_LIMIT, ... */
long px_map_now(exo_va_t va, uint64_t pages);
long px_map_new(exo_va_t va, uint64_t pages, uint32_t prot);

/* Take away the pages of [va, va + pages) that are there, and free their frames; returns how many
 * frames of RAM it freed. */
uint64_t px_unmap(exo_va_t va, uint64_t pages);

void px_zero_pages(exo_va_t va, uint64_t pages);

/* Can another CPU see a page as soon as it is mapped? */
bool px_watched(void);

/* Move the pages that are there to another place, with prot there.  Returns 0, or an error and
 * nothing has moved. */
long px_move(exo_va_t from, exo_va_t to, uint64_t pages, uint32_t prot);

/* Give the pages of r that are there the protection prot; those that are shared
 * with others stay unwritable (px_fault parts them). */
void px_protect(const struct px_region *r, uint32_t prot);

/* The frame of zeroes, never written; 0 if there is none. */
exo_pfn_t px_zero_frame(void);

/* The slot under which a frame is bound: frames of the archive are nobody's to write. */
exo_cap_t px_slot_of(exo_pfn_t pfn);

/* Is the frame one that is counted, so that it must be given back? */
bool px_frame_counted(exo_pfn_t pfn);

/* Has nobody else this frame, so that it can be written in place? */
bool px_frame_alone(exo_pfn_t pfn);

/* Make sure that px_copy_page needs nothing but a frame. */
bool px_copy_ready(void);

/* Copy the page at va, which is there, into a new frame; 0: no memory. */
exo_pfn_t px_copy_frame(exo_va_t va);

/* The same, and bind that there instead. */
long px_copy_page(exo_va_t va, uint32_t prot);

enum px_fault {
	PX_FAULT_SERVED, /* the access can be repeated */
	PX_FAULT_NONE,   /* nothing is there */
	PX_FAULT_DENIED, /* not in this way */
	PX_FAULT_PAST,   /* past the end of a mapped file, or its disk is full */
	PX_FAULT_MEMORY, /* no frame is left */
};

/* A page fault at va; access: one of EXO_PROT_*. */
enum px_fault px_fault(exo_va_t va, uint32_t access);

/* Give [start, end), which regions cover, the protection prot; 0 or a negative errno. */
long px_reprotect(exo_va_t start, exo_va_t end, uint8_t prot);

/* Empty all that is not the libOS's. */
void px_space_clear(void);

/* Empty [start, end), which holds no region of the libOS: what was there goes, promises too. */
void px_clear(exo_va_t start, exo_va_t end);

/* Split regions so that none reaches across start or end; returns the first of [start, end), or
 * NULL. The next one is px_region_next. */
struct px_region *px_cut(exo_va_t start, exo_va_t end);
/* Add a region, which the neighbours may take in (px_tree_put). */
void px_put(const struct px_region *like);

/* Join r with what is like it beside it (px_tree_join). */
struct px_region *px_join(struct px_region *r);
struct px_region *px_region_next(const struct px_region *r, exo_va_t end);

/* Touch every page of [start, end); false if one could not be filled. */
bool px_populate(exo_va_t start, exo_va_t end);

/* inherit.c: the page at va, which others had too, has been copied.  Inside. */
void px_hot(exo_va_t va) __attribute__((weak, visibility("hidden")));

/* inherit.c: give `child`, whose environment is in slot `env` of this one and has nothing mapped,
 * the memory of this process as it is now.  The caller has frozen the regions; threads with page
 * faults wait.  0 or -ENOMEM: then the child has a part of it. */
int px_space_copy(struct px_process *child, exo_cap_t env);

/* Note on px_me->owned the frames of all its pages, which lose a reference each when the
 * environment is gone.  False: no memory for that, nothing is noted. */
bool px_space_note(void);

/* A place for a mapping; hint 0: anywhere. */
exo_va_t px_room(exo_va_t hint, uint64_t bytes, exo_va_t ceil);

/* A mapping in [start, end) has gone. */
void px_room_left(exo_va_t start, exo_va_t end);

/* file.c: regions of files. */

/* In the arena: a file that regions of a process show, and how many do. */
struct px_mapped {
	struct px_mapped *next;
	struct px_vnode *vnode;
	uint64_t regions;
};

bool px_mapped_add(struct px_process *p, struct px_vnode *v, uint64_t regions);
void px_mapped_clear(struct px_process *p);

/* Memory of `bytes` for a shared mapping. */
long px_map_shared(uint64_t bytes, bool promise, struct px_vnode **vnode);

/* Begin to show the file; one region more that shows what another one does; one less. */
long px_map_file(int fd, bool shared, uint32_t prot, struct px_vnode **vnode, uint16_t *flags);
void px_vnode_keep(struct px_vnode *v);
void px_vnode_drop(struct px_vnode *v);
enum px_fault px_fault_file(const struct px_region *r, exo_va_t va, bool write);

/* The file has `size` bytes now: unmap the pages behind them.  Inside a critical section. */
void px_file_cut(const struct px_vnode *v, uint64_t size);

#endif
