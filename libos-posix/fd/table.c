/* table.c - descriptors, open files and vnodes: finding, counting, freeing.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fcntl.h>
#include <fd/file.h>
#include <limits.h>
#include <stdarg.h>
#include <unistd.h>

#define FD_MAX      PX_FILE_MAX
#define LARGE_FILES 0100000 /* what F_GETFL shows of every file on 64-bit Linux */

/* The process's own: which open file (1 + index, 0: none) and FD_CLOEXEC. */
static struct {
	uint16_t file;
	uint16_t flags;
} table[FD_MAX];

const struct px_ops *const px_ops[PX_KINDS] = {
	[PX_CONSOLE] = &px_console_ops,
	[PX_ROOT] = &px_root_ops,
};

long px_result(long r)
{
	if (r >= 0)
		return r;
	errno = (int)-r;
	return -1;
}

/* The same thing is the same vnode, so that counts and locks on it meet. */
int px_vnode_get(uint32_t kind, uint64_t number)
{
	struct px_arena *a = px_arena;
	int found = -ENFILE;

	px_enter();
	for (uint32_t i = 0; i < PX_VNODE_MAX && found < 0; i++)
		if (a->vnode[i].kind == kind && a->vnode[i].number == number)
			found = (int)i;
	if (found < 0 && a->vnode_free) {
		found = (int)a->vnode_free - 1;
		a->vnode_free = a->vnode[found].next_free;
		a->vnode[found] = (struct px_vnode){.kind = kind, .number = number};
	}
	if (found >= 0)
		a->vnode[found].refs++;
	px_leave();
	return found;
}

void px_vnode_put(uint32_t index)
{
	struct px_vnode *v = &px_arena->vnode[index];

	px_enter();
	if (--v->refs == 0) {
		v->kind = PX_FREE;
		v->next_free = px_arena->vnode_free;
		px_arena->vnode_free = index + 1;
	}
	px_leave();
}

static void file_put(uint32_t index)
{
	struct px_file *f = &px_arena->file[index];

	px_enter();
	if (--f->refs == 0) {
		px_vnode_put(f->vnode);
		f->next_free = px_arena->file_free;
		px_arena->file_free = index + 1;
	}
	px_leave();
}

static int lowest(int from)
{
	for (int fd = from; fd < FD_MAX; fd++)
		if (!table[fd].file)
			return fd;
	return -EMFILE;
}

int px_open_vnode(int vnode, int flags, int from)
{
	int fd = lowest(from);
	uint32_t i = 0;

	if (vnode < 0)
		return vnode;
	px_enter();
	if (fd >= 0 && px_arena->file_free) {
		i = px_arena->file_free;
		px_arena->file_free = px_arena->file[i - 1].next_free;
		px_arena->file[i - 1] = (struct px_file){
			.refs = 1,
			.flags = (uint32_t)(flags &
					    ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)),
			.vnode = (uint32_t)vnode,
		};
	}
	px_leave();
	if (!i) {
		px_vnode_put((uint32_t)vnode);
		return fd < 0 ? fd : -ENFILE;
	}
	table[fd].file = (uint16_t)i;
	table[fd].flags = flags & O_CLOEXEC ? FD_CLOEXEC : 0;
	return fd;
}

struct px_file *px_file(int fd)
{
	if (fd >= 0 && fd < FD_MAX && table[fd].file)
		return &px_arena->file[table[fd].file - 1];
	errno = EBADF;
	return NULL;
}

struct px_vnode *px_vnode_of(const struct px_file *f)
{
	return &px_arena->vnode[f->vnode];
}

void px_files_init(void)
{
	for (int fd = 0; fd < 3; fd++)
		px_open_vnode(px_vnode_get(PX_CONSOLE, 0), O_RDWR, fd);
}

int close(int fd)
{
	uint32_t i;

	if (!px_file(fd))
		return -1;
	i = table[fd].file - 1u;
	table[fd].file = 0;
	file_put(i);
	return 0;
}

static int duplicate(int fd, int to, int flags)
{
	px_enter();
	px_file(fd)->refs++;
	px_leave();
	table[to].file = table[fd].file;
	table[to].flags = (uint16_t)flags;
	return to;
}

static int dup_from(int fd, int from, int flags)
{
	int to;

	if (!px_file(fd))
		return -1;
	if (from < 0 || from >= FD_MAX)
		return (int)px_result(-EINVAL);
	to = lowest(from);
	return to < 0 ? (int)px_result(to) : duplicate(fd, to, flags);
}

int dup(int fd)
{
	return dup_from(fd, 0, 0);
}

int dup2(int fd, int to)
{
	if (!px_file(fd))
		return -1;
	if (to < 0 || to >= FD_MAX)
		return (int)px_result(-EBADF);
	if (to == fd)
		return to;
	if (table[to].file)
		close(to);
	return duplicate(fd, to, 0);
}

int fcntl(int fd, int command, ...)
{
	const uint32_t settable = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME;
	struct px_file *f = px_file(fd);
	va_list args;
	int arg;

	if (!f)
		return -1;
	va_start(args, command);
	arg = va_arg(args, int);
	va_end(args);
	switch (command) {
	case F_DUPFD:
		return dup_from(fd, arg, 0);
	case F_DUPFD_CLOEXEC:
		return dup_from(fd, arg, FD_CLOEXEC);
	case F_GETFD:
		return table[fd].flags;
	case F_SETFD:
		table[fd].flags = arg & FD_CLOEXEC;
		return 0;
	case F_GETFL:
		return (int)f->flags | LARGE_FILES;
	case F_SETFL:
		px_enter();
		f->flags = (f->flags & ~settable) | ((uint32_t)arg & settable);
		px_leave();
		return 0;
	}
	return (int)px_result(-EINVAL);
}
