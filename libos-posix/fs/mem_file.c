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
#include <fs/mem.h>
#include <string.h>
#include <vm/copy.h>

#define FAN             512
#define FAN_BITS        9
#define SIZE_MAX_LEVELS 4
#define SIZE_LIMIT      ((int64_t)EXO_PAGE_SIZE << (FAN_BITS * SIZE_MAX_LEVELS))

static uint64_t pages_of(uint32_t levels)
{
	return 1ull << (FAN_BITS * levels);
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

/* One more level above: what there was is its first child. */
static int grow(struct px_content *c)
{
	if (c->map) {
		void **table = px_page_get();

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
			*p = px_page_get();
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

/* The page to write to.  `whole`: all of it will be. */
static void *page_made(struct px_content *c, uint64_t index, bool whole)
{
	void **place = place_of(c, index);
	size_t part = packed_part(c, index);
	char *page;

	if (!place || *place)
		return place ? *place : NULL;
	page = px_page_get_dirty();
	if (!page)
		return NULL;
	if (!whole) {
		if (part)
			memcpy(page, c->packed + (index << EXO_PAGE_SHIFT), part);
		memset(page + part, 0, EXO_PAGE_SIZE - part);
	}
	*place = page;
	c->pages++;
	return page;
}

/* Free the pages from `keep` on below `table`, whose first page is `first`.
 * True if nothing is left of it. */
static bool prune(struct px_content *c, void *table, uint32_t level, uint64_t first, uint64_t keep)
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
}

/* What is cut off must read as zeros when the file grows again. */
int px_mem_truncate(struct px_vnode *v, int64_t size)
{
	struct px_node *node = px_node_of(v);
	struct px_content *c = &node->f;
	uint64_t inside = (uint64_t)size % EXO_PAGE_SIZE;
	char *last;

	if (!S_ISREG(v->mode))
		return S_ISDIR(v->mode) ? -EISDIR : -EINVAL;
	if (size > SIZE_LIMIT)
		return -EFBIG;
	if (size < node->size) {
		cut(c, ((uint64_t)size + EXO_PAGE_SIZE - 1) >> EXO_PAGE_SHIFT);
		last = inside ? page_at(c, (uint64_t)size >> EXO_PAGE_SHIFT) : NULL;
		if (last)
			memset(last + inside, 0, EXO_PAGE_SIZE - inside);
		if (c->packed_bytes > (uint64_t)size)
			c->packed_bytes = (uint64_t)size;
	}
	node->size = size;
	px_node_touch(node, PX_MTIME | PX_CTIME);
	return 0;
}

int px_mem_reserve(struct px_vnode *v, int64_t from, int64_t to)
{
	struct px_content *c = &px_node_of(v)->f;

	if (!S_ISREG(v->mode))
		return -ENODEV;
	if (to > SIZE_LIMIT)
		return -EFBIG;
	for (int64_t at = from & -EXO_PAGE_SIZE; at < to; at += EXO_PAGE_SIZE)
		if (!page_made(c, (uint64_t)at >> EXO_PAGE_SHIFT, false))
			return -ENOSPC;
	return 0;
}

/* Packed bytes are data; so is every page that is there. */
int64_t px_mem_seek_data(struct px_vnode *v, int64_t offset, bool hole)
{
	struct px_node *node = px_node_of(v);

	if (!S_ISREG(v->mode))
		return -EINVAL;
	if (offset < 0 || offset >= node->size)
		return -ENXIO;
	for (int64_t at = offset; at < node->size; at = (at | (EXO_PAGE_SIZE - 1)) + 1) {
		uint64_t index = (uint64_t)at >> EXO_PAGE_SHIFT;

		if ((page_at(&node->f, index) || packed_part(&node->f, index)) != hole)
			return at;
	}
	return hole ? node->size : -ENXIO;
}

/* Up to `n` bytes from `offset` that lie together: where, with a reference in
 * *held if it is a page.  NULL: zeros. */
static const char *piece(struct px_node *node, uint64_t offset, size_t *n, void **held)
{
	struct px_content *c = &node->f;
	size_t inside = offset % EXO_PAGE_SIZE, part;
	char *page = c->map ? page_at(c, offset >> EXO_PAGE_SHIFT) : NULL;

	*held = NULL;
	if (*n > (uint64_t)node->size - offset)
		*n = (uint64_t)node->size - offset;
	if (!page && !c->map && offset < c->packed_bytes) {
		if (*n > c->packed_bytes - offset)
			*n = c->packed_bytes - offset;
		return c->packed + offset;
	}
	if (*n > EXO_PAGE_SIZE - inside)
		*n = EXO_PAGE_SIZE - inside;
	if (page) {
		if (!px_frame_ref(px_page_frame(page)))
			return NULL;
		*held = page;
		return page + inside;
	}
	part = packed_part(c, offset >> EXO_PAGE_SHIFT);
	if (inside >= part)
		return NULL;
	if (*n > part - inside)
		*n = part - inside;
	return c->packed + offset;
}

ssize_t px_mem_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct px_node *node = px_node_of(v);
	size_t done = 0, left = 0;

	(void)flags;
	if (S_ISDIR(v->mode))
		return -EISDIR;
	while (done < n && !left) {
		size_t part = n - done;
		const char *from = NULL;
		void *held = NULL;

		px_enter();
		if (offset + (int64_t)done < node->size)
			from = piece(node, (uint64_t)offset + done, &part, &held);
		else
			part = 0;
		px_leave();
		if (!part)
			break;
		left = from ? px_copy_to((char *)to + done, from, part)
			    : px_clear_to((char *)to + done, part);
		if (held)
			px_page_put(held);
		done += part - left;
	}
	if (!(flags & O_NOATIME))
		px_node_touch(node, PX_ATIME);
	return done || !left ? (ssize_t)done : -EFAULT;
}

/* One page's worth.  Returns how many bytes were written or a negative error. */
static ssize_t write_piece(struct px_node *node, const char *from, size_t n, int64_t offset)
{
	size_t inside = (uint64_t)offset % EXO_PAGE_SIZE, left;
	uint64_t index = (uint64_t)offset >> EXO_PAGE_SHIFT;
	bool ok, fresh;
	char *page;

	if (n > EXO_PAGE_SIZE - inside)
		n = EXO_PAGE_SIZE - inside;
	px_enter();
	fresh = n == EXO_PAGE_SIZE && !page_at(&node->f, index);
	page = page_made(&node->f, index, fresh);
	ok = page && px_frame_ref(px_page_frame(page));
	px_leave();
	if (!ok)
		return -ENOSPC;
	left = px_copy_from(page + inside, from, n);
	if (left && fresh)
		memset(page + n - left, 0, left);
	px_page_put(page);
	if (left == n)
		return -EFAULT;
	px_enter();
	if (offset + (int64_t)(n - left) > node->size)
		node->size = offset + (int64_t)(n - left);
	px_leave();
	return (ssize_t)(n - left);
}

ssize_t px_mem_write(struct px_vnode *v, const void *from, size_t n, int64_t *offset,
		     uint32_t flags)
{
	struct px_node *node = px_node_of(v);
	ssize_t r = 0;
	size_t done = 0;

	if (!n)
		return 0;
	px_vnode_lock(v);
	if (flags & O_APPEND)
		*offset = node->size;
	if (*offset >= SIZE_LIMIT)
		r = -EFBIG;
	else if (n > (uint64_t)(SIZE_LIMIT - *offset))
		n = (uint64_t)(SIZE_LIMIT - *offset);
	while (r >= 0 && done < n) {
		r = write_piece(node, (const char *)from + done, n - done, *offset + (int64_t)done);
		if (r > 0)
			done += (size_t)r;
	}
	px_node_touch(node, PX_MTIME | PX_CTIME);
	px_vnode_unlock(v);
	return done ? (ssize_t)done : r;
}

/* Packed pages are mapped where they lie, unless the file is to have pages of its own. */
int64_t px_mem_page(struct px_vnode *v, uint64_t index, bool own)
{
	struct px_node *node = px_node_of(v);
	char *page;

	if (!S_ISREG(v->mode))
		return -ENODEV;
	if (index >= ((uint64_t)node->size + EXO_PAGE_SIZE - 1) >> EXO_PAGE_SHIFT)
		return -ENXIO;
	page = page_at(&node->f, index);
	if (!page && !own && packed_part(&node->f, index) == EXO_PAGE_SIZE)
		return (int64_t)px_packed_frame(node->f.packed + (index << EXO_PAGE_SHIFT));
	if (!page)
		page = page_made(&node->f, index, false);
	if (!page || !px_frame_ref(px_page_frame(page)))
		return -ENOSPC;
	return (int64_t)px_page_frame(page);
}
