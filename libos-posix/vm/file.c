/* file.c - regions of files: their pages are the file's own, or copies of them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A shared mapping binds the very pages that read and write use; a private one binds them
 * read only until the first write to one, which gets a copy.
 */
#include <env/arena.h>
#include <env/process.h>
#include <errno.h>
#include <exo/cap.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fs/device.h>
#include <fs/mem.h>
#include <sys/stat.h>
#include <vm/frames.h>
#include <vm/vm.h>

#define AHEAD 16 /* pages bound at once where their frames follow one another */

static long may_map(const struct px_file *f, bool shared, uint32_t prot)
{
	uint32_t access = f->flags & O_ACCMODE;

	if (access == O_WRONLY || (shared && prot & EXO_PROT_WRITE && access != O_RDWR))
		return -EACCES;
	return 0;
}

long px_map_file(int fd, bool shared, uint32_t prot, struct px_vnode **vnode, uint16_t *flags)
{
	const struct px_file *f = px_file(fd);
	struct px_vnode *v = f ? f->vnode : NULL;
	long error;

	if (!f)
		return -EBADF;
	error = may_map(f, shared, prot);
	if (error)
		return error;
	if (v->kind == PX_DEVICE && px_node_of(v)->device == PX_DEV_ZERO)
		return 0; /* the old way to ask for memory without a file */
	if (!S_ISREG(v->mode) || !px_ops_of(v)->page)
		return -ENODEV;
	if (shared && (f->flags & O_ACCMODE) != O_RDWR)
		*flags |= PX_R_SEALED;
	if (!px_mapped_add(px_me, v, 1))
		return -ENOMEM;
	*vnode = v;
	px_enter();
	px_node_touch(px_node_of(v), PX_ATIME);
	px_leave();
	return 0;
}

/* What a file of so many pages can take, tables of pointers included. */
static uint64_t pages_and_tables(uint64_t pages)
{
	uint64_t all = pages, tables = pages;

	while (tables > 1) {
		tables = (tables + 511) / 512;
		all += tables;
	}
	return all;
}

/* Shared memory is a file without a name, all of which is promised. */
long px_map_shared(uint64_t bytes, bool promise, struct px_vnode **vnode)
{
	uint64_t pages = promise ? pages_and_tables(bytes >> EXO_PAGE_SHIFT) : 0;
	struct px_node *node;
	bool good;

	px_enter(); /* before that is mapped it is nobody's: who is killed would leave it behind */
	node = px_node_new(S_IFREG | 0600);
	good = node && px_commit(pages);
	if (good) {
		node->size = (int64_t)bytes;
		node->f.promised = pages;
		good = px_mapped_add(px_me, &node->v, 1);
	}
	if (good)
		*vnode = &node->v;
	else if (node)
		px_node_check(node);
	px_leave();
	return good ? 0 : -ENOMEM;
}

static struct px_mapped **entry_of(struct px_process *p, const struct px_vnode *v)
{
	struct px_mapped **at = &p->mapped;

	while (*at && (*at)->vnode != v)
		at = &(*at)->next;
	return at;
}

bool px_mapped_add(struct px_process *p, struct px_vnode *v, uint64_t regions)
{
	struct px_mapped **at, *m;

	px_enter();
	at = entry_of(p, v);
	m = *at ? *at : px_alloc(sizeof(*m));
	if (m && !*at) {
		m->vnode = v;
		v->refs++;
		*at = m;
	}
	if (m)
		m->regions += regions;
	px_leave();
	return m != NULL;
}

static void forget(struct px_mapped **at)
{
	struct px_mapped *m = *at;

	*at = m->next;
	px_vnode_put(m->vnode);
	px_free(m);
}

void px_mapped_clear(struct px_process *p)
{
	while (p->mapped)
		forget(&p->mapped);
}

/* There is a region that shows it. */
void px_vnode_keep(struct px_vnode *v)
{
	if (v) {
		px_enter();
		(*entry_of(px_me, v))->regions++;
		px_leave();
	}
}

void px_vnode_drop(struct px_vnode *v)
{
	struct px_mapped **at;

	if (!v)
		return;
	px_enter();
	at = entry_of(px_me, v);
	if (!--(*at)->regions)
		forget(at);
	px_leave();
}

/* The page's frame, with a reference, or a negative error. */
static int64_t frame_at(const struct px_region *r, exo_va_t va)
{
	uint64_t index = (r->offset + (va - r->start)) >> EXO_PAGE_SHIFT;

	return px_ops_of(r->vnode)->page(r->vnode, index, r->flags & PX_R_SHARED);
}

/* Further pages whose frames follow `first`, each with a reference. */
static uint64_t ahead(const struct px_region *r, exo_va_t va, int64_t first)
{
	uint64_t n = 1;

	for (va += EXO_PAGE_SIZE; n < AHEAD && va < r->end && !px_pte(va); va += EXO_PAGE_SIZE) {
		int64_t next = frame_at(r, va);

		if (next != first + (int64_t)n) {
			if (next > 0)
				px_frames_give((exo_pfn_t)next, 1);
			break;
		}
		n++;
	}
	return n;
}

enum px_fault px_fault_file(const struct px_region *r, exo_va_t va, bool write)
{
	exo_pfn_t old = (px_pte(va) & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT;
	bool shared = r->flags & PX_R_SHARED;
	uint32_t prot = shared ? r->prot : r->prot & ~(uint32_t)EXO_PROT_WRITE;
	int64_t pfn = frame_at(r, va);
	uint64_t n = 1;

	if (pfn < 0)
		return pfn == -ENOMEM ? PX_FAULT_MEMORY : PX_FAULT_PAST;
	/* Pages that are not touched are no reason to fill holes. */
	if (!old && !shared)
		n = ahead(r, va, pfn);
	if (xo_map_run(&px_space, va, (exo_pfn_t)pfn, n, prot, px_slot_of((exo_pfn_t)pfn)) < 0) {
		px_frames_give((exo_pfn_t)pfn, n);
		return PX_FAULT_MEMORY;
	}
	if (old)
		px_frames_give(old, 1);
	if (write && !shared && px_copy_page(va, r->prot) < 0)
		return PX_FAULT_MEMORY;
	return PX_FAULT_SERVED;
}

/* Private copies go too, as on Linux: what is touched beyond the end is an error from now on. */
void px_file_cut(const struct px_vnode *v, uint64_t size)
{
	uint64_t keep = px_round_up(size);

	for (struct px_region *r = px_tree_find(&px_regions, 0); r;
	     r = px_region_next(r, UINT64_MAX)) {
		uint64_t skip = keep > r->offset ? keep - r->offset : 0;

		if (r->vnode == v && skip < r->end - r->start)
			px_unmap((r->hidden ? r->hidden : r->start) + skip,
				 (r->end - r->start - skip) >> EXO_PAGE_SHIFT);
	}
}
