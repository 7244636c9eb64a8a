/* mem_file.c - the bytes of regular files in memory.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Pages stand in a tree of pages with 512 pointers each; a tree of no levels
 * is the first page itself.  A page that is not there reads as the packed
 * bytes, or as zeros.
 */
#include <env/arena.h>
#include <errno.h>
#include <exo/types.h>
#include <fcntl.h>
#include <fs/fs.h>
#include <fs/may.h>
#include <fs/mem.h>
#include <process/limit.h>
#include <string.h>
#include <sys/stat.h>
#include <vm/copy.h>
#include <vm/vm.h>

#define FAN             512
#define FAN_BITS        9
#define SIZE_MAX_LEVELS 4
#define SIZE_LIMIT      ((int64_t)EXO_PAGE_SIZE << (FAN_BITS * SIZE_MAX_LEVELS))
#define SMALL           __attribute__((cold)) /* rather than fast */
#define NOT_WHOLE       0                     /* a whole page could not be written at once */

static uint64_t pages_of(uint32_t levels)
{
	return 1ull << (FAN_BITS * levels);
}

static uint64_t pages_for(uint64_t bytes)
{
	return (bytes + EXO_PAGE_SIZE - 1) >> EXO_PAGE_SHIFT;
}

static void **child(void *table, uint64_t index, uint32_t level)
{
	return (void **)table + (index >> (FAN_BITS * (level - 1))) % FAN;
}

static void *page_at(const struct px_content *c, uint64_t index)
{
	void *p = c->map;

	if (index >= pages_of(c->levels))
		return NULL;
	for (uint32_t level = c->levels; p && level; level--)
		p = *child(p, index, level);
	return p;
}

/* One that was promised is there. */
static void *new_page(struct px_content *c)
{
	void *page;

	if (!c->promised)
		return px_page_get_dirty();
	page = px_page_promised();
	if (page)
		c->promised--;
	return page;
}

/* A table of pointers; if nothing else is left, from what was promised for pages. */
static SMALL void *new_table(struct px_content *c)
{
	void *page = px_page_get();

	if (!page && c->promised)
		page = new_page(c);
	return page ? memset(page, 0, EXO_PAGE_SIZE) : NULL;
}

/* One more level above: what there was is its first child. */
static SMALL int grow(struct px_content *c)
{
	if (c->map) {
		void **table = new_table(c);

		if (!table)
			return -ENOSPC;
		table[0] = c->map;
		c->map = table;
	}
	c->levels++;
	return 0;
}

/* Where the pointer to page `index` stands, with the tables above it made. */
static void **place_of(struct px_content *c, uint64_t index)
{
	void **p;

	while (index >= pages_of(c->levels))
		if (grow(c) < 0)
			return NULL;
	p = &c->map;
	for (uint32_t level = c->levels; level; level--) {
		if (!*p)
			*p = new_table(c);
		if (!*p)
			return NULL;
		p = child(*p, index, level);
	}
	return p;
}

/* What page `index` holds as long as it has none of its own. */
static size_t packed_part(const struct px_content *c, uint64_t index)
{
	uint64_t start = index << EXO_PAGE_SHIFT;

	if (start >= c->packed_bytes)
		return 0;
	return c->packed_bytes - start < EXO_PAGE_SIZE ? c->packed_bytes - start : EXO_PAGE_SIZE;
}

/* The page to write to. */
static void *page_made(struct px_content *c, uint64_t index)
{
	void **place = place_of(c, index);
	size_t part = packed_part(c, index);
	char *page;

	if (!place || *place)
		return place ? *place : NULL;
	page = new_page(c);
	if (!page)
		return NULL;
	if (part)
		memcpy(page, c->packed + (index << EXO_PAGE_SHIFT), part);
	memset(page + part, 0, EXO_PAGE_SIZE - part);
	*place = page;
	c->pages++;
	return page;
}

/* Free the pages from `keep` on below `table`, whose first page is `first`.
 * True if nothing is left of it. */
static SMALL bool prune(struct px_content *c, void *table, uint32_t level, uint64_t first,
			uint64_t keep)
{
	bool empty = true;

	if (!level) {
		if (first < keep)
			return false;
		px_page_put(table);
		c->pages--;
		return true;
	}
	for (uint64_t i = 0; i < FAN; i++) {
		void **p = (void **)table + i;
		uint64_t start = first + i * pages_of(level - 1);

		if (*p && start + pages_of(level - 1) > keep &&
		    prune(c, *p, level - 1, start, keep))
			*p = NULL;
		empty = empty && !*p;
	}
	if (empty)
		px_page_put(table);
	return empty;
}

static void cut(struct px_content *c, uint64_t keep)
{
	if (c->map && prune(c, c->map, c->levels, 0, keep)) {
		c->map = NULL;
		c->levels = 0;
	}
}

void px_content_free(struct px_node *node)
{
	cut(&node->f, 0);
	px_uncommit(node->f.promised);
	node->f.promised = 0;
}

static void grow_to(struct px_node *node, int64_t size)
{
	if (size > node->size)
		node->size = size;
}

static SMALL __attribute__((noinline)) bool too_long(const struct px_node *node, int64_t size)
{
	return size > SIZE_LIMIT || (size > node->size && px_me->limits && px_limit_file(size, 0));
}

/* Who is not root changes no file that runs as another. */
static void changed(struct px_node *node)
{
	px_node_touch(node, PX_MTIME | PX_CTIME);
	if (node->v.mode & (S_ISUID | S_ISGID) && px_me->user.effective)
		px_node_unset_ids(node);
}

/* What is cut off must read as zeros when the file grows again. */
SMALL int px_mem_truncate(struct px_vnode *v, int64_t size)
{
	struct px_node *node = px_node_of(v);
	struct px_content *c = &node->f;
	uint64_t inside = (uint64_t)size % EXO_PAGE_SIZE;
	char *last;

	if (!S_ISREG(v->mode))
		return S_ISDIR(v->mode) ? -EISDIR : -EINVAL;
	if (too_long(node, size))
		return -EFBIG;
	if ((size < node->size && node->seals & F_SEAL_SHRINK) ||
	    (size > node->size && node->seals & F_SEAL_GROW))
		return -EPERM;
	if (size < node->size) {
		px_file_cut(v, (uint64_t)size);
		cut(c, pages_for((uint64_t)size));
		last = inside ? page_at(c, (uint64_t)size >> EXO_PAGE_SHIFT) : NULL;
		if (last)
			memset(last + inside, 0, EXO_PAGE_SIZE - inside);
		if (c->packed_bytes > (uint64_t)size)
			c->packed_bytes = (uint64_t)size;
	}
	node->size = size;
	changed(node);
	return 0;
}

SMALL int px_mem_reserve(struct px_vnode *v, int64_t from, int64_t to)
{
	struct px_content *c = &px_node_of(v)->f;

	if (!S_ISREG(v->mode))
		return -ENODEV;
	if (too_long(px_node_of(v), to))
		return -EFBIG;
	if (px_node_of(v)->seals & F_SEAL_WRITE ||
	    (to > px_node_of(v)->size && px_node_of(v)->seals & F_SEAL_GROW))
		return -EPERM;
	for (int64_t at = from & -EXO_PAGE_SIZE; at < to; at += EXO_PAGE_SIZE)
		if (!page_made(c, (uint64_t)at >> EXO_PAGE_SHIFT))
			return -ENOSPC;
	return 0;
}

/* The first page from `index` on that is there, or `end`: tables that are not are passed over. */
static SMALL uint64_t next_page(const struct px_content *c, uint64_t index, uint64_t end)
{
	while (index < end && index < pages_of(c->levels)) {
		uint32_t level = c->levels;
		void *p = c->map;

		while (p && level)
			p = *child(p, index, level--);
		if (p)
			return index;
		index = (index / pages_of(level) + 1) * pages_of(level);
	}
	return end;
}

/* Packed bytes are data; so is every page that is there. */
SMALL int64_t px_mem_seek_data(struct px_vnode *v, int64_t offset, bool hole)
{
	struct px_node *node = px_node_of(v);
	const struct px_content *c = &node->f;
	uint64_t index = (uint64_t)offset >> EXO_PAGE_SHIFT, end, found;

	if (!S_ISREG(v->mode))
		return -EINVAL;
	if (offset < 0 || offset >= node->size)
		return -ENXIO;
	end = pages_for((uint64_t)node->size);
	found = index;
	if (hole)
		while (found < end && (packed_part(c, found) || page_at(c, found)))
			found++;
	else if (!packed_part(c, index))
		found = next_page(c, index, end);
	if (found == end)
		return hole ? node->size : -ENXIO;
	return found == index ? offset : (int64_t)(found << EXO_PAGE_SHIFT);
}

/* Where up to n bytes that lie together are. */
struct piece {
	const char *from; /* NULL: they are zeros */
	void *page;       /* that holds them and has a reference for us, or NULL */
	size_t n;
};

/* Inside: the piece at `offset`, at most n bytes of it; 0 or an error. */
static int piece_at(struct px_node *node, uint64_t offset, size_t n, struct piece *p)
{
	struct px_content *c = &node->f;
	size_t inside = offset % EXO_PAGE_SIZE, part;
	uint64_t index = offset >> EXO_PAGE_SHIFT;

	*p = (struct piece){.page = page_at(c, index)};
	p->n = n < (uint64_t)node->size - offset ? n : (uint64_t)node->size - offset;
	if (!c->map && offset < c->packed_bytes) {
		p->from = c->packed + offset;
		p->n = p->n < c->packed_bytes - offset ? p->n : c->packed_bytes - offset;
		return 0;
	}
	if (p->n > EXO_PAGE_SIZE - inside)
		p->n = EXO_PAGE_SIZE - inside;
	part = packed_part(c, index);
	if (p->page) {
		p->from = (char *)p->page + inside;
		return px_frame_ref(px_page_frame(p->page)) ? 0 : -EIO;
	}
	if (inside < part) {
		p->from = c->packed + offset;
		p->n = p->n < part - inside ? p->n : part - inside;
	}
	return 0;
}

ssize_t px_mem_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct px_node *node = px_node_of(v);
	size_t done = 0, left = 0;
	struct piece p;
	int r = 0;

	if (S_ISDIR(v->mode))
		return -EISDIR;
	if (offset > SIZE_LIMIT)
		return 0;
	px_enter();
	if (!(flags & O_NOATIME))
		px_node_touch(node, PX_ATIME);
	while (done < n && !left && offset + (int64_t)done < node->size) {
		r = piece_at(node, (uint64_t)offset + done, n - done, &p);
		if (r)
			break;
		px_claim_page(p.page);
		px_leave();
		left = p.from ? px_copy_to((char *)to + done, p.from, p.n)
			      : px_clear_to((char *)to + done, p.n);
		done += p.n - left;
		px_enter();
		px_unclaim_page(p.page);
	}
	px_leave();
	if (done || !(left || r))
		return (ssize_t)done;
	return r ? r : -EFAULT;
}

/* Writing: all of these are called inside, leave while they copy, and are inside again after. */

/* A whole page that is not there yet is filled before it becomes part of the file, so that
 * nobody sees what was in it. */
static ssize_t write_new_page(struct px_node *node, const char *from, uint64_t index)
{
	char *page = px_page_get_dirty();
	void **place = NULL;
	size_t left;

	if (!page)
		return -ENOSPC;
	px_claim_page(page);
	px_leave();
	left = px_copy_from(page, from, EXO_PAGE_SIZE);
	px_enter();
	px_claim_page(NULL);
	if (!left)
		place = place_of(&node->f, index);
	if (!place || *place) {
		px_page_put(page);
		return left || place ? NOT_WHOLE : -ENOSPC;
	}
	*place = page;
	node->f.pages++;
	grow_to(node, (int64_t)((index + 1) << EXO_PAGE_SHIFT));
	return EXO_PAGE_SIZE;
}

/* Part of a page, or one that is there. */
static ssize_t write_part(struct px_node *node, const char *from, size_t n, int64_t offset)
{
	char *page = page_made(&node->f, (uint64_t)offset >> EXO_PAGE_SHIFT);
	size_t inside = (uint64_t)offset % EXO_PAGE_SIZE, left;

	if (!page || !px_frame_ref(px_page_frame(page)))
		return -ENOSPC;
	px_claim_page(page);
	px_leave();
	left = px_copy_from(page + inside, from, n);
	px_enter();
	px_unclaim_page(page);
	if (left == n)
		return -EFAULT;
	grow_to(node, offset + (int64_t)(n - left));
	return (ssize_t)(n - left);
}

/* One page's worth.  Returns how many bytes were written or a negative error. */
static ssize_t write_piece(struct px_node *node, const char *from, size_t n, int64_t offset)
{
	size_t most = EXO_PAGE_SIZE - (uint64_t)offset % EXO_PAGE_SIZE;
	uint64_t index = (uint64_t)offset >> EXO_PAGE_SHIFT;
	ssize_t r = NOT_WHOLE;

	if (n >= EXO_PAGE_SIZE && most == EXO_PAGE_SIZE && !page_at(&node->f, index))
		r = write_new_page(node, from, index);
	return r == NOT_WHOLE ? write_part(node, from, n < most ? n : most, offset) : r;
}

/* Of n bytes, how many may be written, or an error: seals or limits may say no. */
static SMALL __attribute__((noinline)) ssize_t allowed(const struct px_node *node, int64_t offset,
						       size_t n)
{
	bool grows = offset > node->size || n > (uint64_t)(node->size - offset);

	if (node->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) ||
	    (grows && node->seals & F_SEAL_GROW))
		return -EPERM;
	if (offset >= SIZE_LIMIT)
		return -EFBIG;
	if (n > (uint64_t)(SIZE_LIMIT - offset))
		n = (uint64_t)(SIZE_LIMIT - offset);
	return px_me->limits ? px_limit_file(offset, n) : (ssize_t)n;
}

ssize_t px_mem_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
		     uint32_t flags)
{
	struct px_node *node = px_node_of(v);
	ssize_t r = 0;
	size_t done = 0;

	if (!n)
		return 0;
	px_enter();
	px_lock_inside(&v->lock);
	if (flags & O_APPEND)
		*offset = node->size;
	if (node->seals || px_me->limits || *offset > SIZE_LIMIT - (int64_t)n) {
		r = allowed(node, *offset, n);
		n = r > 0 ? (size_t)r : 0;
	}
	while (r >= 0 && done < n) {
		r = write_piece(node, (const char *)from + done, n - done, *offset + (int64_t)done);
		if (r > 0)
			done += (size_t)r;
	}
	changed(node);
	px_unlock_inside(&v->lock);
	px_leave();
	return done ? (ssize_t)done : r;
}

/* Packed pages are mapped where they lie, unless the file is to have pages of its own. */
int64_t px_mem_page(struct px_vnode *v, uint64_t index, bool own)
{
	struct px_node *node = px_node_of(v);
	char *page;

	if (!S_ISREG(v->mode))
		return -ENODEV;
	if (index >= pages_for((uint64_t)node->size))
		return -ENXIO;
	page = page_at(&node->f, index);
	if (!page && !own && packed_part(&node->f, index) == EXO_PAGE_SIZE)
		return (int64_t)px_packed_frame(node->f.packed + (index << EXO_PAGE_SHIFT));
	if (!page)
		page = page_made(&node->f, index);
	if (!page || !px_frame_ref(px_page_frame(page)))
		return -ENOSPC;
	return (int64_t)px_page_frame(page);
}
