/* proc.c - the directories of /proc, and reading what is in them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fs/device.h>
#include <fs/proc.h>
#include <process/process.h>
#include <string.h>
#include <sys/stat.h>
#include <util/fmt.h>
#include <vm/copy.h>

#define NUMBER_BITS 32

static const struct {
	const char *name;
	enum px_proc_file file;
} of_process[] =
	{
		{"cmdline", PX_PROC_CMDLINE}, {"comm", PX_PROC_COMM},
		{"environ", PX_PROC_ENVIRON}, {"maps", PX_PROC_MAPS},
		{"mounts", PX_PROC_MOUNTS},   {"stat", PX_PROC_STAT},
		{"statm", PX_PROC_STATM},     {"status", PX_PROC_STATUS},
},
  of_machine[] = {
	  {"cpuinfo", PX_PROC_CPUINFO}, {"loadavg", PX_PROC_LOADAVG}, {"meminfo", PX_PROC_MEMINFO},
	  {"mounts", PX_PROC_MOUNTS},   {"stat", PX_PROC_ALL_STAT},   {"uptime", PX_PROC_UPTIME},
	  {"version", PX_PROC_VERSION},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Which file, and of which process, a node says in the number of its device. */
static bool add_file(struct px_node *dir, const char *name, enum px_proc_file file, uint32_t number)
{
	struct px_node *node = px_node_new(S_IFREG | 0444);

	if (!node)
		return false;
	node->uid = dir->uid;
	node->gid = dir->gid;
	if (px_dir_add(dir, name, strlen(name), node) < 0) {
		px_node_check(node);
		return false;
	}
	node->v.kind = PX_PROC;
	node->device = (uint64_t)file << NUMBER_BITS | number;
	return true;
}

static void clear(struct px_node *dir)
{
	struct px_name *e;

	while ((e = px_dir_from(dir, 0)))
		px_dir_remove(dir, e);
}

static bool fill(struct px_node *dir, struct px_process *p)
{
	for (size_t i = 0; i < COUNT(of_process); i++)
		if (!add_file(dir, of_process[i].name, of_process[i].file, p->number))
			return false;
	dir->device = PX_DEV_PROC_PID;
	return true;
}

/* The directory of p, or NULL: no memory. */
static struct px_node *directory_of(struct px_process *p)
{
	struct px_node *proc = px_arena->memfs.proc, *dir;
	char name[16];
	size_t n = fmt_string(name, sizeof(name), "%u", p->number);

	if (p->proc || p->unborn || p->husk)
		return p->proc;
	dir = px_node_new(S_IFDIR | 0555);
	if (!dir)
		return NULL;
	dir->uid = p->user.effective;
	dir->gid = p->group_ids.effective;
	if (px_dir_add(proc, name, n, dir) < 0) {
		px_node_check(dir);
		return NULL;
	}
	p->proc = dir;
	if (!fill(dir, p))
		px_proc_forget(p);
	return p->proc;
}

void px_proc_forget(struct px_process *p)
{
	struct px_name *e;
	char name[16];

	if (!p->proc)
		return;
	clear(p->proc);
	px_dir_find(px_arena->memfs.proc, name, fmt_string(name, sizeof(name), "%u", p->number),
		    &e);
	if (e)
		px_dir_remove(px_arena->memfs.proc, e);
	p->proc = NULL;
}

static void add_machine(void)
{
	struct px_node *proc = px_arena->memfs.proc;
	struct px_name *e;

	px_dir_find(proc, of_machine[0].name, strlen(of_machine[0].name), &e);
	if (e)
		return;
	for (size_t i = 0; i < COUNT(of_machine); i++)
		add_file(proc, of_machine[i].name, of_machine[i].file, 0);
}

void px_proc_list(void)
{
	add_machine();
	for (struct px_process *p = px_arena->process; p; p = p->next)
		directory_of(p);
}

static struct px_process *process_of(const struct px_node *dir)
{
	struct px_process *p = px_arena->process;

	while (p && p->proc != dir)
		p = p->next;
	return p;
}

static bool is(const char *name, size_t n, const char *what)
{
	return n == strlen(what) && memcmp(name, what, n) == 0;
}

/* Where a link of p's leads. */
static struct px_node *link_of(const struct px_process *p, const char *name, size_t n)
{
	struct px_vnode *v = NULL;

	if (is(name, n, "exe"))
		v = p->program;
	else if (is(name, n, "cwd"))
		v = p->cwd;
	else if (is(name, n, "root"))
		return px_arena->memfs.root;
	return v ? px_node_of(v) : NULL;
}

struct px_node *px_proc_find(struct px_node *dir, const char *name, size_t n, bool *magic)
{
	struct px_process *p;
	uint32_t number = 0;

	*magic = false;
	if (dir->device == PX_DEV_PROC_PID) {
		struct px_node *to = (p = process_of(dir)) ? link_of(p, name, n) : NULL;

		*magic = to;
		return p == px_me && is(name, n, "fd") ? px_arena->memfs.fds : to;
	}
	add_machine();
	if (is(name, n, "self"))
		return directory_of(px_me);
	for (size_t i = 0; i < n && name[i] >= '0' && name[i] <= '9' && i < 8; i++)
		number = number * 10 + (uint32_t)(name[i] - '0');
	p = number ? px_process_find((pid_t)number) : NULL;
	if (p)
		directory_of(p);
	return NULL; /* it has a name now */
}

/* False: that process is no longer there. */
static bool others_text(struct px_text *t, enum px_proc_file file, uint32_t number)
{
	const struct px_process *p;

	px_enter();
	p = number ? px_process_find((pid_t)number) : NULL;
	if (p)
		px_proc_process_text(t, file, p);
	else if (!number)
		px_proc_machine_text(t, file);
	px_leave();
	return p || !number;
}

static ssize_t proc_read(struct px_vnode *v, void *to, size_t n, int64_t offset, uint32_t flags)
{
	struct px_text t = {.to = px_page_get_dirty(),
			    .room = n < EXO_PAGE_SIZE ? n : EXO_PAGE_SIZE,
			    .skip = (uint64_t)offset};
	uint32_t number = (uint32_t)px_node_of(v)->device;
	enum px_proc_file file = (enum px_proc_file)(px_node_of(v)->device >> NUMBER_BITS);
	bool known;
	ssize_t r;

	(void)flags;
	if (!t.to)
		return -ENOMEM;
	if (number == px_process_number && px_proc_own_text(&t, file))
		known = true;
	else
		known = others_text(&t, file, number);
	r = !known ? -ESRCH : px_copy_to(to, t.to, t.n) ? -EFAULT : (ssize_t)t.n;
	px_page_put(t.to);
	return r;
}

static void proc_stat(struct px_vnode *v, struct stat *st)
{
	px_mem_stat(v, st);
	st->st_rdev = 0;
	st->st_size = 0;
}

static int64_t proc_size(struct px_vnode *v)
{
	(void)v;
	return 0;
}

const struct px_ops px_proc_ops = {
	.read = proc_read,
	.stat = proc_stat,
	.size = proc_size,
};
