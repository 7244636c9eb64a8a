/* test_names.c - the tree of names, against a simple one; with memory that runs out.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"

#include <fs/names.c>
#include <fs/open.c>
#define child next_child /* mem_file.c has one too */
#include <fs/path.c>
#undef child

#define LETTERS 6
#define OPEN    8
#define SHORT   128

/* The simple tree: a directory is an array by letter. */
struct m {
	uint32_t kind; /* S_IFDIR, S_IFREG, S_IFLNK */
	int names;
	bool removed;
	struct m *parent, *entry[LETTERS];
	char target[32];
	uint64_t number; /* st_ino of the real one, once known */
	struct m *all;
};
static struct m *top, *cwd, *all;
static int fd[OPEN];

static struct m *m_make(uint32_t kind)
{
	struct m *n = calloc(1, sizeof(*n));

	n->kind = kind;
	n->all = all;
	all = n;
	return n;
}

static void m_put(struct m *dir, int i, struct m *n)
{
	dir->entry[i] = n;
	n->names++;
	if (n->kind == S_IFDIR) {
		n->parent = dir;
		n->removed = false;
	}
}

static struct m *m_take(struct m *dir, int i)
{
	struct m *n = dir->entry[i];

	dir->entry[i] = NULL;
	if (n)
		n->names--;
	if (n && n->kind == S_IFDIR)
		n->removed = true;
	return n;
}

static bool empty(const struct m *dir)
{
	for (int i = 0; i < LETTERS; i++)
		if (dir->entry[i])
			return false;
	return true;
}

static bool below(const struct m *dir, const struct m *of)
{
	while (dir != of && dir != top)
		dir = dir->parent;
	return dir == of;
}

/* Where a path leads: the last name in `dir`, or what it names. */
struct way {
	struct m *dir, *node;
	int letter; /* -1: none that could be made or removed */
	bool slash;
};
enum how { LINK, FOLLOW, LAST };

static bool m_walk(struct m *at, const char *path, enum how how, struct way *w, int *links)
{
	char name[8];

	if (*path == '/')
		at = top;
	*w = (struct way){.dir = at, .node = at, .letter = -1};
	for (;;) {
		path += strspn(path, "/");
		if (!*path)
			return true;
		if (!w->node || w->node->kind != S_IFDIR)
			return false;
		size_t n = strcspn(path, "/");
		bool last = !path[n + strspn(path + n, "/")];
		struct way link;

		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		path += n;
		*w = (struct way){.dir = w->node, .letter = -1, .slash = *path == '/'};
		if (!strcmp(name, "..")) {
			w->node = w->dir->parent;
		} else if (!strcmp(name, ".")) {
			w->node = w->dir;
		} else {
			w->letter = name[0] - 'a';
			w->node = w->dir->entry[w->letter];
		}
		if (!w->node)
			return last;
		if (w->node->kind != S_IFLNK ||
		    (last && how != FOLLOW && !(how == LINK && w->slash)))
			continue;
		if (++*links > PX_LINKS_MAX ||
		    !m_walk(w->dir, w->node->target, FOLLOW, &link, links) || !link.node)
			return false;
		w->node = link.node;
	}
}

/* As the calls see it: the last name, or what is there. */
static bool to(const char *path, enum how how, struct way *w)
{
	int links = 0;

	if (!*path || !m_walk(cwd, path, how, w, &links))
		return false;
	return how == LAST || (w->node && !(w->slash && w->node->kind != S_IFDIR));
}

static bool can_make(const char *path, struct way *w, bool dir)
{
	return to(path, LAST, w) && !w->node && w->letter >= 0 && (dir || !w->slash) &&
	       !w->dir->removed;
}

static void random_path(char *path)
{
	static const char *const part[] = {"a", "b", "c", "d", "e", "f", "..", ".", "d/c", "a/b"};
	uint64_t n = 1 + pick(4);

	*path = '\0';
	if (pick(4) == 0)
		strcat(path, "/");
	while (n--) {
		strcat(path, part[pick(COUNT(part))]);
		if (n || pick(12) == 0)
			strcat(path, pick(20) ? "/" : "//");
	}
}

static void agree(bool expected, int r, const char *what, const char *path)
{
	if (r < 0 && unit_fail && (errno == ENOSPC || errno == ENFILE || errno == ENOMEM))
		return;
	if (expected != (r >= 0))
		fail_msg("%s %s: %d %s", what, path, r, r < 0 ? strerror(errno) : "");
}

static void try_mkdir(const char *path)
{
	struct way w;
	bool can = can_make(path, &w, true);
	int r = mkdir(path, 0755);

	agree(can, r, "mkdir", path);
	if (r == 0)
		m_put(w.dir, w.letter, m_make(S_IFDIR));
}

static void try_create(const char *path)
{
	struct way w;
	bool can = can_make(path, &w, false);
	int r = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);

	agree(can, r, "create", path);
	if (r < 0)
		return;
	m_put(w.dir, w.letter, m_make(S_IFREG));
	close(r);
}

static void try_symlink(const char *path)
{
	struct way w;
	bool can = can_make(path, &w, false);
	char target[SHORT];
	struct m *n;
	int r;

	random_path(target);
	if (strlen(target) >= sizeof(n->target))
		return;
	r = symlink(target, path);
	agree(can, r, "symlink", path);
	if (r < 0)
		return;
	n = m_make(S_IFLNK);
	strcpy(n->target, target);
	m_put(w.dir, w.letter, n);
}

static void try_link(const char *path)
{
	struct way from, w;
	char old[SHORT];
	bool can;
	int r;

	random_path(old);
	can = to(old, LINK, &from) && from.node->kind != S_IFDIR && can_make(path, &w, false);
	r = link(old, path);
	agree(can, r, "link", path);
	if (r == 0)
		m_put(w.dir, w.letter, from.node);
}

static void try_unlink(const char *path)
{
	struct way w;
	bool can = to(path, LAST, &w) && w.node && w.letter >= 0 && !w.slash &&
		   w.node->kind != S_IFDIR;
	int r = unlink(path);

	agree(can, r, "unlink", path);
	if (r == 0)
		m_take(w.dir, w.letter);
}

static void try_rmdir(const char *path)
{
	struct way w;
	bool can = to(path, LAST, &w) && w.node && w.letter >= 0 && w.node->kind == S_IFDIR &&
		   empty(w.node);
	int r = rmdir(path);

	agree(can, r, "rmdir", path);
	if (r == 0)
		m_take(w.dir, w.letter);
}

static bool can_move(const struct way *a, const struct way *b)
{
	bool dir = a->node && a->node->kind == S_IFDIR;

	if (!a->node || a->letter < 0 || b->letter < 0 || (!dir && (a->slash || b->slash)) ||
	    (b->slash && b->node && b->node->kind != S_IFDIR) || (dir && below(b->dir, a->node)))
		return false;
	if (a->node == b->node)
		return true;
	if (b->dir->removed)
		return false;
	if (!b->node)
		return true;
	if (dir != (b->node->kind == S_IFDIR))
		return false;
	return !dir || (empty(b->node) && !below(a->dir, b->node));
}

static void try_rename(const char *path)
{
	struct way a, b;
	char old[SHORT];
	bool can;
	int r;

	random_path(old);
	can = to(old, LAST, &a) && to(path, LAST, &b) && can_move(&a, &b);
	r = rename(old, path);
	agree(can, r, "rename", path);
	if (r < 0 || a.node == b.node)
		return;
	m_take(b.dir, b.letter);
	m_put(b.dir, b.letter, m_take(a.dir, a.letter));
}

static void try_chdir(const char *path)
{
	struct way w;
	bool can = to(path, FOLLOW, &w) && w.node->kind == S_IFDIR;
	int r = chdir(path);

	agree(can, r, "chdir", path);
	if (r == 0)
		cwd = w.node;
}

/* A descriptor keeps what it stands for. */
static void try_open(const char *path)
{
	struct way w;
	bool can = to(path, FOLLOW, &w);
	uint64_t i = pick(OPEN);

	if (fd[i] >= 0)
		close(fd[i]);
	fd[i] = open(path, O_RDONLY);
	agree(can, fd[i], "open", path);
}

/* The names and nodes of a directory are the same in both, and in number. */
static void m_compare(struct m *m, struct px_node *node)
{
	uint32_t count = 0, dirs = 0;

	assert_int_equal(px_dir_complete(node), 0);
	assert_true(!m->number || m->number == node->number);
	m->number = node->number;
	for (int i = 0; i < LETTERS; i++) {
		char name = (char)('a' + i);
		struct m *child = m->entry[i];
		struct px_name *e;

		assert_int_equal(px_dir_find(node, &name, 1, &e), 0);
		assert_int_equal(e != NULL, child != NULL);
		if (!e)
			continue;
		count++;
		dirs += child->kind == S_IFDIR;
		assert_int_equal(e->node->v.mode & S_IFMT, child->kind);
		assert_true(!child->number || child->number == e->node->number);
		child->number = e->node->number;
		if (child->kind == S_IFDIR)
			m_compare(child, e->node);
		else
			assert_int_equal(e->node->nlink + e->node->unmet, child->names);
		if (child->kind == S_IFLNK)
			assert_string_equal(e->node->target, child->target);
	}
	assert_int_equal(node->d.count, count);
	assert_int_equal(node->nlink, 2 + dirs);
	assert_int_equal(node->unmet, 0);
}

static void packed(struct m *dir, uint32_t i, struct m **node)
{
	uint32_t kind = unit_plan[i].kind;
	struct m *n = node[unit_plan[i].inode];

	if (!n)
		n = node[i] = m_make(kind);
	if (unit_plan[i].target)
		strcpy(n->target, unit_plan[i].target);
	m_put(dir, unit_plan[i].name[0] - 'a', n);
}

static int fresh(void **state)
{
	struct m *node[P_NODES] = {NULL};

	(void)state;
	unit_arena_make();
	unit_root_make();
	unit_fault = 0;
	all = NULL;
	node[P_TOP] = top = cwd = m_make(S_IFDIR);
	top->parent = top;
	for (uint32_t i = 1; i < P_NODES; i++)
		packed(node[unit_plan[i].parent], i, node);
	px_arena->memfs.root = make_root();
	px_me->cwd = &px_arena->memfs.root->v;
	px_vnode_ref(px_me->cwd);
	memset(fd, -1, sizeof(fd));
	return 0;
}

static void some_calls(int count)
{
	void (*const what[])(const char *) = {try_mkdir,   try_mkdir,  try_create, try_create,
					      try_symlink, try_link,   try_unlink, try_rmdir,
					      try_rename,  try_rename, try_chdir,  try_open};
	char path[SHORT];

	for (int n = 0; n < count; n++) {
		random_path(path);
		what[pick(COUNT(what))](path);
		assert_int_equal(unit_depth, 0);
		if (cwd->removed && pick(8) == 0)
			try_chdir("/");
	}
}

static void remove_all(struct m *dir, const char *path)
{
	char name[PATH_MAX];

	for (int i = 0; i < LETTERS; i++) {
		struct m *n = dir->entry[i];

		if (!n)
			continue;
		snprintf(name, sizeof(name), "%s/%c", path, 'a' + i);
		if (n->kind == S_IFDIR)
			remove_all(n, name);
		assert_int_equal(n->kind == S_IFDIR ? rmdir(name) : unlink(name), 0);
		m_take(dir, i);
	}
}

/* Without a name and closed, everything is memory again. */
static void finish(void)
{
	unit_fail = 0;
	remove_all(top, "");
	assert_int_equal(chdir("/"), 0);
	for (int i = 0; i < OPEN; i++)
		if (fd[i] >= 0)
			assert_int_equal(close(fd[i]), 0);
	assert_int_equal(px_arena->memfs.nodes, 1);
	assert_null(px_arena->memfs.packed);
	px_vnode_put(px_me->cwd);
	assert_int_equal(px_arena->memfs.root->v.refs, 0);
	px_free(px_arena->memfs.root);
	if (px_me->fd[0])
		px_page_put(px_me->fd[0]);
	assert_int_equal(unit_pages(), 0);
	while (all) {
		struct m *next = all->all;

		free(all);
		all = next;
	}
}

static void like_a_simple_tree(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		some_calls(round < 10 ? 3 : 200);
		if (round > 4)
			m_compare(top, px_arena->memfs.root);
	}
	finish();
}

static void without_memory(void **state)
{
	(void)state;
	for (int round = 0; round < 60; round++) {
		unit_fail = 1 + pick(6);
		some_calls(100);
		unit_fail = 0;
		if (round > 4)
			m_compare(top, px_arena->memfs.root);
	}
	finish();
}

/* Other ways into the packed directories, from fresh. */
static void many_beginnings(void **state)
{
	uint64_t seed;

	for (int round = 0; round < 300; round++) {
		if (round) {
			seed = unit_seed;
			fresh(state);
			unit_seed = seed;
		}
		some_calls(1 + (int)pick(12));
		finish();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(like_a_simple_tree, fresh),
		cmocka_unit_test_setup(without_memory, fresh),
		cmocka_unit_test_setup(many_beginnings, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, unit_arena_free);
}
