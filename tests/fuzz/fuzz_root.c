/* fuzz_root.c - fuzz target: packed root directories.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A small tree in good order, with changes; what passes the check must lie inside, by arithmetic in
 * 128 bits; names are looked up one after the other, and paths walked as text that links are put
 * into.
 */
#include <errno.h>

#include "fuzz.h"
#include <fs/root.h>
#include <limits.h>

#define NODES 12
#define NAMES 512

struct tree {
	struct root_head head;
	struct root_node node[NODES];
	char names[NAMES];
	char data[256];
};

static uint64_t text(struct tree *t, size_t *used, const char *s)
{
	size_t at = *used;

	strcpy(t->names + at, s);
	*used += strlen(s) + 1;
	return offsetof(struct tree, names) + at;
}

/* /a/ {b -> ../c, bb/ {e}, f}  /c/ {g -> /a/bb}  /h -> h */
static void plant(struct tree *t)
{
	static const struct {
		const char *name, *target;
		uint32_t parent, mode, child, children;
	} plan[9] = {
		{"", NULL, 0, ROOT_MODE_DIR, 1, 3},     {"a", NULL, 0, ROOT_MODE_DIR, 4, 3},
		{"c", NULL, 0, ROOT_MODE_DIR, 7, 1},    {"h", "h", 0, ROOT_MODE_LINK, 0, 0},
		{"b", "../c", 1, ROOT_MODE_LINK, 0, 0}, {"bb", NULL, 1, ROOT_MODE_DIR, 8, 1},
		{"f", NULL, 1, ROOT_MODE_FILE, 0, 0},   {"g", "/a/bb", 2, ROOT_MODE_LINK, 0, 0},
		{"e", NULL, 5, ROOT_MODE_FILE, 0, 0},
	};
	size_t used = 0;

	memset(t, 0, sizeof(*t));
	t->head = (struct root_head){.magic = ROOT_MAGIC,
				     .version = ROOT_VERSION,
				     .nodes = 9,
				     .bytes = sizeof(*t),
				     .names = offsetof(struct tree, names),
				     .name_bytes = NAMES};
	for (uint32_t i = 0; i < 9; i++) {
		struct root_node *n = &t->node[i];

		*n = (struct root_node){.parent = plan[i].parent,
					.mode = plan[i].mode | 0755,
					.child = plan[i].child,
					.children = plan[i].children,
					.name = text(t, &used, plan[i].name),
					.data = offsetof(struct tree, data)};
		if (plan[i].target) {
			n->data = text(t, &used, plan[i].target);
			n->size = strlen(plan[i].target);
		}
	}
}

static void check_inside(const struct root_head *h, uint64_t bytes)
{
	const struct root_node *n = (const struct root_node *)(h + 1);

	must(h->nodes && sizeof(*h) + (wide)h->nodes * sizeof(*n) <= h->bytes && h->bytes <= bytes);
	must((wide)h->names + h->name_bytes <= h->bytes && h->name_bytes);
	for (uint32_t i = 0; i < h->nodes; i++) {
		wide end = (wide)h->names + h->name_bytes;
		uint32_t up = i, steps = 0;

		must(n[i].name >= h->names && n[i].name < end);
		must(memchr((const char *)h + n[i].name, 0, (size_t)(end - n[i].name)));
		if ((n[i].mode & ROOT_MODE_KIND) == ROOT_MODE_FILE)
			must((wide)n[i].data + n[i].size <= h->bytes);
		if ((n[i].mode & ROOT_MODE_KIND) == ROOT_MODE_LINK)
			must(n[i].data >= h->names && (wide)n[i].data + n[i].size < end);
		if ((n[i].mode & ROOT_MODE_KIND) == ROOT_MODE_DIR && n[i].children)
			must((wide)n[i].child + n[i].children <= h->nodes);
		for (; up; up = n[up].parent) /* every way up ends */
			must(steps++ < h->nodes);
	}
}

static bool is_named(const struct root_head *h, uint32_t i, const char *name, size_t n)
{
	const char *s = root_text(h, root_node(h, i)->name);

	return strlen(s) == n && !memcmp(s, name, n);
}

/* One after the other, if they stand as the format says; else whatever they find. */
static int64_t child(const struct root_head *h, uint32_t dir, const char *name, size_t n)
{
	const struct root_node *d = root_node(h, dir);
	int64_t found = root_child(h, dir, name, n), want = -1;
	bool sorted = true;

	must(found < 0 || (found >= d->child && found - d->child < d->children));
	must(found < 0 || is_named(h, (uint32_t)found, name, n));
	for (uint32_t i = 0; i < d->children; i++) {
		if (i)
			sorted &= strcmp(root_text(h, root_node(h, d->child + i - 1)->name),
					 root_text(h, root_node(h, d->child + i)->name)) < 0;
		if (is_named(h, d->child + i, name, n))
			want = d->child + i;
	}
	must(!sorted || found == want);
	return found;
}

static uint32_t kind(const struct root_head *h, int64_t i)
{
	return root_node(h, (uint32_t)i)->mode & ROOT_MODE_KIND;
}

/* `path`, with room behind it, becomes what is still to be walked. */
static int64_t other_walk(const struct root_head *h, uint32_t start, char *path, int flags)
{
	int64_t at = *path == '/' ? 0 : start, next;
	int links = 0;

	if (!*path)
		return -ENOENT;
	for (;;) {
		size_t skip = strspn(path, "/"), n;
		char *name = path + skip, *rest;

		n = strcspn(name, "/");
		if ((n || skip) && kind(h, at) != ROOT_MODE_DIR)
			return -ENOTDIR;
		if (!n)
			return at;
		if (n > NAME_MAX)
			return -ENAMETOOLONG;
		rest = name + n;
		next = n == 1 && *name == '.'             ? at
		       : n == 2 && !memcmp(name, "..", 2) ? root_node(h, (uint32_t)at)->parent
							  : child(h, (uint32_t)at, name, n);
		if (next < 0)
			return -ENOENT;
		if (kind(h, next) == ROOT_MODE_LINK && (*rest || flags & ROOT_FOLLOW)) {
			const char *target = root_text(h, root_node(h, (uint32_t)next)->data);
			size_t t = strlen(target);

			if (++links > ROOT_LINKS_MAX)
				return -ELOOP;
			if (!t)
				return -ENOENT;
			memmove(path + t, rest, strlen(rest) + 1);
			memcpy(path, target, t);
			flags |= *rest ? 0 : ROOT_FOLLOW;
			at = *path == '/' ? 0 : at;
			continue;
		}
		at = next;
		path = rest;
	}
}

static void walk_some(const struct root_head *h, struct input *in)
{
	static const char *const word[] = {"a", "b", "c", "bb", "e",  "f", "g",
					   "h", "/", "/", ".",  "..", "x"};
	static char path[2 * PATH_MAX], copy[41 * NAMES + 2 * PATH_MAX];
	char to[64];

	while (in->at < in->end) {
		int flags = (int)get_below(in, 2), words = (int)get_below(in, 24);
		uint32_t start = (uint32_t)get_below(in, h->nodes);
		int64_t r;

		*path = 0;
		for (int i = 0; i < words; i++)
			strcat(path, word[get_below(in, 13)]);
		strcpy(copy, path);
		r = root_walk(h, start, path, flags);
		must(r == other_walk(h, start, copy, flags));
		if (r >= 0 && kind(h, r) == ROOT_MODE_DIR)
			root_path(h, (uint32_t)r, to, 1 + get_below(in, sizeof(to)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	unsigned int changes = (unsigned int)get_below(&in, 8);
	size_t bytes = sizeof(struct tree);
	static struct tree t;
	struct root_head *h;

	plant(&t);
	while (changes--) {
		uint64_t how = get_bytes(&in, 1),
			 at = how & 1 ? get_bytes(&in, 2)
				      : get_below(&in, NODES) * 64 + get_bytes(&in, 1) % 64 + 64;
		uint64_t v = get_number(&in), n = 1 << (how >> 1 & 3);

		at %= sizeof(t) - 8;
		if (how & 8)
			at &= ~7ull;
		memcpy((char *)&t + at, &v, n);
		if (how == 0x7f)
			bytes = get_bytes(&in, 2) % sizeof(t);
	}
	h = copy_of(&t, bytes);
	if (root_check(h, bytes)) {
		check_inside(h, bytes);
		walk_some(h, &in);
	}
	free(h);
	return 0;
}
