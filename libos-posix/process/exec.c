/* exec.c - execve: finding what is to be run, and taking its arguments over.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All of it happens before anything of the old program is lost, so that errors can be returned.
 */
#include <env/arena.h>
#include <env/random.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <fs/may.h>
#include <fs/path.h>
#include <libexo/start.h>
#include <process/startup.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <thread/local.h>
#include <unistd.h>
#include <vm/copy.h>

#define HEAD    256 /* bytes of a file that say what it is */
#define SCRIPTS 5   /* interpreters that are scripts */

#define STRING_MAX (32 * EXO_PAGE_SIZE) /* of one argument, as on Linux */

/* What is going to be run: in s->file, and what stands before the arguments.  The thread's record
 * has s too, for the case that it ends in the middle. */
struct plan {
	struct px_startup *s;
	char head[HEAD + 1];
	char before[2 * SCRIPTS][HEAD]; /* the last first; */
	int n;
	const char *script; /* and behind them its name, or NULL; it may be `own` */
	char own[32];
};

void px_startup_free(struct px_startup *s)
{
	px_enter();
	for (uint32_t i = 0; i < s->pages; i++)
		px_page_put(s->page[i]);
	if (s->file) {
		s->file->runs--;
		px_vnode_put(s->file);
	}
	px_page_put(s);
	px_leave();
}

static bool add_page(struct px_startup *s)
{
	char *page;

	px_enter();
	page = px_page_get_dirty();
	if (page)
		s->page[s->pages++] = page;
	px_leave();
	return page;
}

/* A string from anywhere; false and errno-like *error if it has no room. */
static int add(struct px_startup *s, const char *text)
{
	const char *start = text;

	for (;;) {
		size_t inside = s->bytes % EXO_PAGE_SIZE, room = EXO_PAGE_SIZE - inside;
		ssize_t n;

		if (s->bytes == (uint64_t)s->pages * EXO_PAGE_SIZE) {
			if (s->pages == PX_STARTUP_PAGES)
				return -E2BIG;
			if (!add_page(s))
				return -ENOMEM;
		}
		n = px_string_from(s->page[s->pages - 1] + inside, text, room);
		if (n < 0)
			return (int)n;
		if (text + n - start >= STRING_MAX)
			return -E2BIG;
		s->bytes += (size_t)n == room ? room : (size_t)n + 1;
		if ((size_t)n < room)
			return 0;
		text += n;
	}
}

/* The strings of a list that the program made, without the first `less`. */
static int add_list(struct px_startup *s, char *const *list, size_t less, uint32_t *count)
{
	char *text = NULL;
	int r = 0;

	for (size_t i = 0; list && !r; i++) {
		if (px_copy_from(&text, &list[i], sizeof(text)))
			return -EFAULT;
		if (!text)
			break;
		if (i < less)
			continue;
		r = add(s, text);
		++*count;
	}
	return r;
}

static int collect(struct px_startup *s, const struct plan *plan, char *const *argv,
		   char *const *env)
{
	int r = 0;

	for (int i = plan->n - 1; i >= 0 && !r; i--, s->arguments++)
		r = add(s, plan->before[i]);
	if (!r && plan->script) {
		r = add(s, plan->script);
		s->arguments++;
	}
	if (!r)
		r = add_list(s, argv, plan->script ? 1 : 0, &s->arguments);
	if (!r && !s->arguments) { /* as Linux does */
		r = add(s, "");
		s->arguments = 1;
	}
	return r ? r : add_list(s, env, 0, &s->variables);
}

/* Inside: may the file be executed?  With a reference for the caller. */
static int take(struct plan *plan, struct px_node *node)
{
	if (!S_ISREG(node->v.mode) || px_may_usually(node, PX_MAY_SEARCH))
		return -EACCES;
	if (node->v.writers)
		return -ETXTBSY;
	px_vnode_ref(&node->v);
	node->v.runs++;
	plan->s->file = &node->v;
	return 0;
}

static int find(struct plan *plan, int dirfd, const char *path, int flags)
{
	unsigned int follow = flags & AT_SYMLINK_NOFOLLOW ? 0 : PX_FOLLOW;
	struct px_walk w;
	int r = px_walk_node(&w, dirfd, path, flags & AT_EMPTY_PATH, follow);

	if (r)
		return r;
	r = S_ISLNK(w.node->v.mode) ? -ELOOP : take(plan, w.node);
	px_leave();
	return r;
}

static int read_head(struct plan *plan)
{
	struct px_vnode *file = plan->s->file;
	ssize_t n = px_ops_of(file)->read(file, plan->head, HEAD, 0, O_NOATIME);

	if (n < 0)
		return (int)n;
	memset(plan->head + n, 0, sizeof(plan->head) - (size_t)n);
	return 0;
}

static void forget(struct plan *plan)
{
	struct px_startup *s = plan->s;

	px_enter();
	s->file->runs--;
	px_vnode_put(s->file);
	s->file = NULL;
	px_leave();
}

static void before(struct plan *plan, const char *text)
{
	snprintf(plan->before[plan->n++], HEAD, "%s", text);
}

/* "#! interpreter argument": the interpreter is run, with that one argument and the script's name.
 * As Linux has it, blanks before the end of a line do not count, those before the end of the file
 * do. */
static int interpreter(struct plan *plan, const char *path)
{
	char *line = plan->head + 2, *end = line + strcspn(line, "\n"), *name, *rest;
	bool cut = end == plan->head + HEAD, trim = cut || *end, more;

	end -= cut; /* as Linux, which keeps one byte less */
	*end = '\0';
	name = line + strspn(line, " \t");
	rest = name + strcspn(name, " \t");
	if (rest == name || (cut && !*rest)) /* no name, or half of one */
		return -ENOEXEC;
	while (trim && end > rest && strchr(" \t", end[-1]))
		*--end = '\0';
	more = *rest;
	if (more)
		*rest++ = '\0';
	if (!plan->script) /* else it stands there already, as an interpreter's name */
		plan->script = path;
	if (more)
		before(plan, rest + strspn(rest, " \t"));
	before(plan, name);
	forget(plan);
	return find(plan, AT_FDCWD, plan->before[plan->n - 1], 0);
}

static bool is_closed_then(int fd)
{
	return fcntl(fd, F_GETFD) == FD_CLOEXEC;
}

/* Scripts are followed to a program. */
static int look(struct plan *plan, int dirfd, const char *path, int flags)
{
	int r = find(plan, dirfd, path, flags);

	snprintf(plan->own, sizeof(plan->own), "/dev/fd/%d", dirfd);
	for (int i = 0; !r; i++) {
		r = read_head(plan);
		if (r || plan->head[0] != '#' || plan->head[1] != '!')
			break;
		r = i == SCRIPTS                      ? -ELOOP
		    : !*path && is_closed_then(dirfd) ? -ENOENT /* nobody could open it */
						      : interpreter(plan, *path ? path : plan->own);
	}
	if (r)
		return r;
	return px_execute_check ? px_execute_check(plan->s->file) : -ENOEXEC;
}

/* As the file is, or the descriptor that stands for it.  Its room is not needed later, when small
 * stacks have none to spare. */
static __attribute__((noinline)) void call(struct px_startup *s, int dirfd, const char *path)
{
	char own[PATH_MAX];
	const char *slash, *name = own;

	if (px_string_from(own, path, sizeof(own)) <= 0)
		snprintf(own, sizeof(own), "%d", dirfd);
	slash = strrchr(own, '/');
	if (slash)
		name = slash + 1;
	snprintf(s->comm, sizeof(s->comm), "%s", name);
}

static int execute(int dirfd, const char *path, char *const *argv, char *const *env, int flags)
{
	struct plan plan = {.n = 0};
	struct px_startup *s;
	int r;

	px_enter();
	s = plan.s = px_this()->startup = px_page_get();
	px_leave();
	if (!s)
		return -ENOMEM;
	r = look(&plan, dirfd, path, flags);
	if (!r) {
		call(s, dirfd, path);
		s->start = xo_start;
		px_random_bytes(s->seed, sizeof(s->seed));
		s->random_good = px_random_good();
		r = collect(s, &plan, argv, env);
	}
	if (!r)
		r = px_execute ? px_execute(s) : -ENOEXEC;
	px_enter();
	px_this()->startup = NULL;
	px_startup_free(s);
	px_leave();
	return r;
}

int execve(const char *path, char *const argv[], char *const env[])
{
	return (int)px_result(execute(AT_FDCWD, path, argv, env, 0));
}

int execveat(int dirfd, const char *path, char *const argv[], char *const env[], int flags)
{
	if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return (int)px_result(-EINVAL);
	return (int)px_result(execute(dirfd, path, argv, env, flags));
}

int fexecve(int fd, char *const argv[], char *const env[])
{
	if (fd < 0 || !argv || !env)
		return (int)px_result(-EINVAL);
	return (int)px_result(execute(fd, "", argv, env, AT_EMPTY_PATH));
}
