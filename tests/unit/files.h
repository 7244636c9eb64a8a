/* files.h - libos-posix's files on the host, over arena.h and a packed root directory.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef UNIT_FILES_H
#define UNIT_FILES_H

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Names the host's library has too. */
struct _reent;
#define close                unit_close
#define dup                  unit_dup
#define dup2                 unit_dup2
#define dup3                 unit_dup3
#define open                 unit_open
#define openat               unit_openat
#define creat                unit_creat
#define umask                unit_umask
#define chdir                unit_chdir
#define fchdir               unit_fchdir
#define getcwd               unit_getcwd
#define get_current_dir_name unit_get_current_dir_name
#define mkdirat              unit_mkdirat
#define mknodat              unit_mknodat
#define mkfifoat             unit_mkfifoat
#define symlinkat            unit_symlinkat
#define linkat               unit_linkat
#define unlinkat             unit_unlinkat
#define renameat2            unit_renameat2
#define renameat             unit_renameat
#define rename               unit_rename
#define mkdir                unit_mkdir
#define mknod                unit_mknod
#define mkfifo               unit_mkfifo
#define symlink              unit_symlink
#define link                 unit_link
#define unlink               unit_unlink
#define rmdir                unit_rmdir
#define remove               unit_remove

int unit_close(int);
int unit_dup(int);
int unit_dup2(int, int);
int unit_dup3(int, int, int);
int unit_open(const char *, int, ...);
int unit_openat(int, const char *, int, ...);
int unit_creat(const char *, mode_t);
mode_t unit_umask(mode_t);
int unit_chdir(const char *);
int unit_fchdir(int);
char *unit_getcwd(char *, size_t);
char *unit_get_current_dir_name(void);
int unit_mkdirat(int, const char *, mode_t);
int unit_mknodat(int, const char *, mode_t, dev_t);
int unit_mkfifoat(int, const char *, mode_t);
int unit_symlinkat(const char *, int, const char *);
int unit_linkat(int, const char *, int, const char *, int);
int unit_unlinkat(int, const char *, int);
int unit_renameat2(int, const char *, int, const char *, unsigned int);
int unit_renameat(int, const char *, int, const char *);
int unit_rename(const char *, const char *);
int unit_mkdir(const char *, mode_t);
int unit_mknod(const char *, mode_t, dev_t);
int unit_mkfifo(const char *, mode_t);
int unit_symlink(const char *, const char *);
int unit_link(const char *, const char *);
int unit_unlink(const char *);
int unit_rmdir(const char *);
int unit_remove(const char *);
int _remove_r(struct _reent *, const char *);

#include "arena.h"

#include <fd/table.h>
#include <fs/device.h>
#include <fs/fs.h>
#include <vm/copy.h>

static uint64_t unit_fault; /* one copy in unit_fault ends early; 0: none */

static size_t unit_copied(void *to, const void *from, size_t n)
{
	size_t left = unit_fault && n && pick(unit_fault) == 0 ? 1 + pick(n) : 0;

	assert_int_equal(unit_depth, 0);
	memcpy(to, from, n - left);
	return left;
}

size_t px_copy_from(void *to, const void *user, size_t n)
{
	return unit_copied(to, user, n);
}

size_t px_copy_to(void *user, const void *from, size_t n)
{
	return unit_copied(user, from, n);
}

size_t px_clear_to(void *user, size_t n)
{
	assert_int_equal(unit_depth, 0);
	memset(user, 0, n);
	return 0;
}

ssize_t px_string_from(char *to, const char *user, size_t room)
{
	size_t n = strnlen(user, room);

	memcpy(to, user, n < room ? n + 1 : room);
	return (ssize_t)n;
}

/* One process: it would wait for ever. */
int px_block(struct px_waitq *q, exo_ns_t deadline)
{
	(void)q, (void)deadline;
	fail_msg("waits");
	return 0;
}

void px_wake(struct px_waitq *q)
{
	assert_null(q->first);
}

void px_lock_inside(struct px_lock *lock)
{
	assert_int_equal(lock->holder, 0);
	lock->holder = 1;
}

void px_unlock_inside(struct px_lock *lock)
{
	assert_int_equal(lock->holder, 1);
	lock->holder = 0;
}

void px_lock(struct px_lock *lock)
{
	px_lock_inside(lock);
}

void px_unlock(struct px_lock *lock)
{
	px_unlock_inside(lock);
}

void px_flock_drop(struct px_file *f)
{
	(void)f;
}

bool px_console_terminal(void)
{
	return true;
}

bool px_tty_init(struct px_tty *t)
{
	(void)t;
	return true;
}

/* Nobody is killed. */
void px_claim(struct px_file *f)
{
	(void)f;
}

void px_claim_keep(struct px_file *f)
{
	(void)f;
}

void px_claim_page(void *page)
{
	(void)page;
}

void px_unclaim_page(void *page)
{
	if (page)
		px_page_put(page);
}

void px_file_cut(const struct px_vnode *v, uint64_t size)
{
	(void)v, (void)size;
}

/* The packed root directory. */
const struct root_head *px_root;

exo_pfn_t px_packed_frame(const void *p)
{
	return ((uintptr_t)p - (uintptr_t)px_root) >> EXO_PAGE_SHIFT;
}

bool px_packed_holds(const void *p)
{
	return (uintptr_t)p - (uintptr_t)px_root < px_root->bytes;
}

const struct px_device_name px_device_names[] = {{NULL, 0, 0, NULL}};
const struct px_ops px_device_ops, px_pipe_ops, px_console_ops, px_eventfd_ops, px_timerfd_ops,
	px_epoll_ops, px_socket_ops, px_ptmx_ops, px_pts_ops, px_proc_ops;

void px_records_drop(struct px_vnode *v, const void *owner)
{
	(void)v, (void)owner;
	fail_msg("no records are locked");
}

void px_watches_drop(struct px_file *f)
{
	(void)f;
	fail_msg("nothing is watched");
}

void px_flight_check(struct px_file *f)
{
	(void)f;
	fail_msg("nothing is sent");
}

#define DATA_BYTES 20000

enum { P_TOP, P_L, P_D, P_E, P_F, P_DA, P_DB, P_DC, P_DCA, P_DCB, P_NODES };

/* Files a and b of "d" and a of "d/c" are one. */
static const struct {
	const char *name, *target;
	uint32_t parent, kind, child, children, nlink, inode;
} unit_plan[P_NODES] = {
	[P_TOP] = {"", NULL, P_TOP, ROOT_MODE_DIR, P_L, 4, 4, P_TOP},
	[P_D] = {"d", NULL, P_TOP, ROOT_MODE_DIR, P_DA, 3, 3, P_D},
	[P_E] = {"e", NULL, P_TOP, ROOT_MODE_DIR, 0, 0, 2, P_E},
	[P_F] = {"f", NULL, P_TOP, ROOT_MODE_FILE, 0, 0, 1, P_F},
	[P_L] = {"b", "d/c", P_TOP, ROOT_MODE_LINK, 0, 0, 1, P_L},
	[P_DA] = {"a", NULL, P_D, ROOT_MODE_FILE, 0, 0, 3, P_DA},
	[P_DB] = {"b", NULL, P_D, ROOT_MODE_FILE, 0, 0, 3, P_DA},
	[P_DC] = {"c", NULL, P_D, ROOT_MODE_DIR, P_DCA, 2, 2, P_DC},
	[P_DCA] = {"a", NULL, P_DC, ROOT_MODE_FILE, 0, 0, 3, P_DA},
	[P_DCB] = {"b", "../../f", P_DC, ROOT_MODE_LINK, 0, 0, 1, P_DCB},
};

static struct {
	struct root_head head;
	struct root_node node[P_NODES];
	char names[256];
	_Alignas(4096) char data[DATA_BYTES];
} unit_root;

static uint64_t unit_text(const char *s, size_t *used)
{
	uint64_t at = offsetof(__typeof__(unit_root), names) + *used;

	strcpy(unit_root.names + *used, s);
	*used += strlen(s) + 1;
	return at;
}

static void unit_root_make(void)
{
	size_t used = 0;

	unit_root.head = (struct root_head){
		.magic = ROOT_MAGIC,
		.version = ROOT_VERSION,
		.nodes = P_NODES,
		.bytes = sizeof(unit_root),
		.names = offsetof(__typeof__(unit_root), names),
		.name_bytes = sizeof(unit_root.names),
	};
	for (uint32_t i = 0; i < P_NODES; i++) {
		struct root_node *n = &unit_root.node[i];

		n->parent = unit_plan[i].parent;
		n->inode = unit_plan[i].inode;
		n->mode = unit_plan[i].kind | 0755;
		n->nlink = unit_plan[i].nlink;
		n->child = unit_plan[i].child;
		n->children = unit_plan[i].children;
		n->name = unit_text(unit_plan[i].name, &used);
		if (unit_plan[i].target) {
			n->data = unit_text(unit_plan[i].target, &used);
			n->size = strlen(unit_plan[i].target);
		} else if (unit_plan[i].kind == ROOT_MODE_FILE) {
			n->data = offsetof(__typeof__(unit_root), data);
			n->size = DATA_BYTES;
		}
	}
	for (size_t i = 0; i < DATA_BYTES; i++)
		unit_root.data[i] = (char)(i * 13 + i / 4096);
	px_root = &unit_root.head;
}

#include <fd/table.c>
#include <fs/may.c>
#include <fs/mem_dir.c>
#include <fs/mem_file.c>
#undef S_IFTODT
#include <fs/mem_node.c>
#include <fs/root.c>

#endif
