/* fuzz_script.c - fuzz target: what execve takes over: "#!" lines, and lists of strings.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle reads a first line byte by byte, as Linux does, and says which strings the program
 * must find, or which error comes of it.  All pages and references come back.
 */
#include "fuzz.h"

#include <thread/thread.h>

static struct px_thread thread;
#define px_this() (&thread)
#include <fs/may.c>
#include <process/exec.c>

#define FILES   6
#define BYTES   300 /* of a file, at most */
#define STRINGS 40
#define LENGTH  9000 /* of a string */

static struct file {
	struct px_node node;
	char name[8];
	char text[BYTES];
	size_t bytes;
} files[FILES];

static char *want[STRINGS + 20], wanted[20][BYTES];
static unsigned int wants, wants_made, executed;
static int depth, pages, pages_left;
static const char *called;
static uint32_t variables;
struct exo_start *xo_start;
static struct px_process process;
struct px_process *px_me = &process;

void px_enter(void)
{
	depth++;
}

void px_leave(void)
{
	must(depth-- > 0);
}

long px_result(long r)
{
	return r;
}

void *px_page_get_dirty(void)
{
	if (!pages_left)
		return NULL;
	pages_left--;
	pages++;
	return malloc(EXO_PAGE_SIZE);
}

void *px_page_get(void)
{
	void *page = px_page_get_dirty();

	return page ? memset(page, 0, EXO_PAGE_SIZE) : NULL;
}

void px_page_put(void *page)
{
	must(depth > 0);
	pages--;
	free(page);
}

size_t px_copy_from(void *to, const void *user, size_t n)
{
	must(!depth);
	memcpy(to, user, n);
	return 0;
}

ssize_t px_string_from(char *to, const char *user, size_t room)
{
	size_t n = strnlen(user, room);

	must(!depth);
	memcpy(to, user, n < room ? n + 1 : room);
	return (ssize_t)n;
}

void px_random_bytes(void *to, size_t n)
{
	memset(to, 7, n);
}

bool px_random_good(void)
{
	return true;
}

void px_vnode_ref(struct px_vnode *v)
{
	must(depth > 0);
	v->refs++;
}

void px_vnode_put(struct px_vnode *v)
{
	must(depth > 0 && v->refs);
	v->refs--;
}

static struct file *file_of(const char *name)
{
	for (int i = 0; i < FILES; i++)
		if (!strcmp(name, files[i].name))
			return &files[i];
	return NULL;
}

/* What is behind a last slash counts. */
static const char *last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int px_walk_node(struct px_walk *w, int dirfd, const char *path, bool may_be_empty,
		 unsigned int flags)
{
	struct file *f = file_of(last(path));

	must(dirfd == AT_FDCWD && !may_be_empty && flags == PX_FOLLOW && !depth);
	if (!f)
		return -ENOENT;
	w->node = &f->node;
	depth++;
	return 0;
}

static ssize_t read_file(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	const struct file *f = (struct file *)((char *)v - offsetof(struct file, node.v));

	must(!depth && !offset && flags == O_NOATIME);
	n = n < f->bytes ? n : f->bytes;
	memcpy(to, f->text, n);
	return (ssize_t)n;
}

const struct px_ops px_mem_ops = {.read = read_file};
const struct px_ops *const px_ops[PX_KINDS] = {[PX_MEM] = &px_mem_ops};

int px_execute_check(struct px_vnode *v)
{
	must(v->runs == 1 && v->refs == 1);
	return 0;
}

/* All strings that were to come, and no more. */
int px_execute(struct px_startup *s)
{
	uint64_t at = 0;

	must(!depth && s->bytes <= (uint64_t)s->pages * EXO_PAGE_SIZE);
	must(!strncmp(s->comm, last(called), sizeof(s->comm) - 1));
	must(s->arguments + s->variables == wants && s->variables == variables);
	for (unsigned int i = 0; i < wants; i++)
		for (const char *c = want[i];; c++, at++) {
			must(at < s->bytes);
			must(s->page[at / EXO_PAGE_SIZE][at % EXO_PAGE_SIZE] == *c);
			if (!*c) {
				at++;
				break;
			}
		}
	must(at == s->bytes);
	executed++;
	return -EPERM;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Strings stand before those that are there already. */
static void before_all(const char *from, size_t n)
{
	char *text = wanted[wants_made++];

	memcpy(text, from, n);
	text[n] = '\0';
	memmove(want + 1, want, wants++ * sizeof(*want));
	want[0] = text;
}

/* The first line of a script: where it leads, or an error. */
static int first_line(const struct file *f, const char **to)
{
	size_t end = 2, name, n, arg;
	bool at_zero, at_line;

	while (end < f->bytes && end < 256 && f->text[end] && f->text[end] != '\n')
		end++;
	at_line = end < f->bytes && end < 256 && f->text[end] == '\n';
	at_zero = !at_line && end < 256;
	if (!at_line && !at_zero)
		end = 255;
	for (name = 2; name < end && is_blank(f->text[name]); name++)
		;
	for (n = name; n < end && !is_blank(f->text[n]); n++)
		;
	if (n == name || (n == end && !at_line && !at_zero))
		return -ENOEXEC;
	for (arg = n; arg < end && is_blank(f->text[arg]); arg++)
		;
	if (arg < end || (at_zero && arg > n)) {
		while (!at_zero && is_blank(f->text[end - 1]))
			end--;
		before_all(f->text + arg, end - arg);
	}
	before_all(f->text + name, n - name);
	*to = last(want[0]);
	return 0;
}

static int expected(const char *name)
{
	for (int scripts = 0;; scripts++) {
		struct file *f = file_of(name);
		int r;

		if (!f)
			return -ENOENT;
		if (!S_ISREG(f->node.v.mode) || !(f->node.v.mode & 0111))
			return -EACCES;
		if (f->node.v.writers)
			return -ETXTBSY;
		if (f->bytes < 2 || f->text[0] != '#' || f->text[1] != '!')
			return -EPERM;
		if (scripts == SCRIPTS)
			return -ELOOP;
		r = first_line(f, &name);
		if (r)
			return r;
	}
}

/* A file: mostly a first line, of pieces that a line can have. */
static void fill(struct input *in, struct file *f, char letter)
{
	static const char *const piece[] = {"#!",  "a", "b",  "c",  "d", "e",
					    "x/b", " ", "\t", "\n", "  "};
	uint8_t how = (uint8_t)get_bytes(in, 1);

	memset(&f->node, 0, sizeof(f->node));
	f->node.v.kind = PX_MEM;
	f->node.v.mode = how == 1 ? S_IFDIR | 0755 : how == 2 ? S_IFREG | 0644 : S_IFREG | 0700;
	f->node.v.writers = how == 3;
	f->name[0] = letter;
	f->bytes = 0;
	if (how & 4)
		f->bytes = (size_t)sprintf(f->text, "#!%c", 'a' + (how >> 5));
	while (f->bytes + 130 < BYTES) {
		uint8_t what = (uint8_t)get_bytes(in, 1);

		if (what < 8)
			break;
		if (what < 0xa0)
			f->bytes += (size_t)sprintf(f->text + f->bytes, "%s",
						    piece[what % (sizeof(piece) / sizeof(*piece))]);
		else if (what < 0xd0)
			f->text[f->bytes++] = (char)get_bytes(in, 1);
		else
			for (size_t n = get_below(in, 128); n; n--)
				f->text[f->bytes++] = what & 1 ? ' ' : 'l';
	}
}

/* A list of strings, some about a page long. */
static uint32_t list(struct input *in, char **to, unsigned int most)
{
	static char memory[2][STRINGS / 2][LENGTH];
	static unsigned int which;
	uint32_t n = (uint32_t)get_below(in, most);

	which ^= 1;
	for (uint32_t i = 0; i < n; i++) {
		uint8_t how = (uint8_t)get_bytes(in, 1);
		size_t length = how & 0x80 ? 4000 + get_below(in, 200) + (how & 1) * 4096 : how % 9;

		to[i] = memory[which][i];
		memset(to[i], 'A' + how % 26, length);
		to[i][length] = '\0';
	}
	to[n] = NULL;
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[600];
	static struct exo_start start;
	struct input in = {data, data + size};
	char *argv[STRINGS / 2], *env[STRINGS / 2];
	uint32_t arguments;
	size_t above = get_below(&in, 4) ? 0 : get_below(&in, 500);
	int r, due;

	wants = wants_made = executed = 0;
	xo_start = &start;
	arguments = list(&in, argv, STRINGS / 2);
	variables = list(&in, env, STRINGS / 2);
	pages_left = get_below(&in, 8) ? 1000 : (int)get_below(&in, 20);
	for (int i = 0; i < FILES; i++)
		fill(&in, &files[i], (char)('a' + i));
	/* a long name is passed on whole */
	memset(path, '.', above);
	strcpy(path + above, above ? "/a" : "a");
	called = path;
	for (uint32_t i = 0; i < arguments; i++)
		want[wants++] = argv[i];
	for (uint32_t i = 0; i < variables; i++)
		want[wants++] = env[i];
	due = expected("a");
	if (wants_made || !arguments) { /* the first argument makes room */
		unsigned int at = wants_made;

		if (arguments)
			want[at] = path;
		else
			memmove(want + at + 1, want + at, variables * sizeof(*want)),
				want[at] = wants_made ? path : (char *)"", wants++;
	}
	r = execve(path, argv, env);
	if (r == -ENOMEM)
		must(!pages_left);
	else
		must(r == due && executed == (due == -EPERM));
	must(!pages && !depth && !thread.startup);
	for (int i = 0; i < FILES; i++)
		must(!files[i].node.v.refs && !files[i].node.v.runs);
	return 0;
}
