/* proc_text.c - what the files of /proc say.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * All of it inside.  Of its memory only the process itself can tell.
 */
#include <env/arena.h>
#include <errno.h>
#include <exo/version.h>
#include <fd/pty.h>
#include <fs/device.h>
#include <fs/path.h>
#include <fs/proc.h>
#include <libexo/start.h>
#include <libexo/time.h>
#include <process/process.h>
#include <string.h>
#include <thread/ran.h>
#include <util/fmt.h>
#include <vm/copy.h>
#include <vm/frames.h>
#include <vm/large.h>
#include <vm/vm.h>

#define TICK 10000000ull /* ns: a hundredth of a second, as programs expect */
#define KB   4           /* of a page */

extern char **environ;

void px_text_put(struct px_text *t, const char *bytes, size_t n)
{
	size_t over = t->skip < n ? (size_t)t->skip : n, room = t->room - t->n;

	t->skip -= over;
	bytes += over;
	n -= over;
	n = n < room ? n : room;
	memcpy(t->to + t->n, bytes, n);
	t->n += n;
}

void px_text_add(struct px_text *t, const char *format, ...)
{
	char line[320];
	va_list args;
	size_t n;

	va_start(args, format);
	n = fmt_vstring(line, sizeof(line), format, args);
	va_end(args);
	px_text_put(t, line, n < sizeof(line) ? n : sizeof(line) - 1);
}

static char state_of(const struct px_process *p)
{
	if (p->state == PX_ZOMBIE || p->state == PX_GONE)
		return 'Z';
	if (p->stopped)
		return 'T';
	for (const struct px_thread *t = p->threads; t; t = t->next)
		if (t->state == PX_RUNNING || t->state == PX_READY)
			return 'R';
	return 'S';
}

static const char *name_of(const struct px_process *p)
{
	return p->comm[0] ? p->comm : program_invocation_short_name;
}

static uint32_t terminal_of(const struct px_process *p)
{
	return !p->tty ? 0 : p->tty->pty ? PX_DEV_PTS | p->tty->pty->number : PX_DEV_CONSOLE;
}

static uint64_t ticks_of_ns(uint64_t ns)
{
	return ns / TICK;
}

static void stat_of(struct px_text *t, const struct px_process *p)
{
	uint64_t ran = ticks_of_ns((uint64_t)px_ran_by(p, NULL)),
		 children = ticks_of_ns((uint64_t)px_ns_of(p->children_ran));

	px_text_add(t, "%u (%s) %c %u %u %u %u %d 0 %lu %lu 0 0 ", p->number, name_of(p),
		    state_of(p), p->parent ? p->parent->number : 0, p->group, p->session,
		    terminal_of(p), p->tty ? p->tty->group : -1, p->used.faults,
		    p->children.faults);
	px_text_add(t, "%lu 0 %lu 0 %d %d %u 0 %lu %lu %lu 18446744073709551615", ran, children,
		    20 + p->nice, p->nice, p->thread_count, ticks_of_ns(p->began),
		    p->promised << EXO_PAGE_SHIFT, p->promised);
	px_text_add(t, " 0 0 0 0 0 %lu %lu %lu %lu 0 0 0 17 %u 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
		    p->signals.pending.set & 0x7fffffff,
		    (p->threads ? p->threads->masked : 0) & 0x7fffffff,
		    p->signals.ignored & 0x7fffffff, p->signals.caught & 0x7fffffff,
		    p->threads ? p->threads->cpu : 0);
}

static const char *state_text(char state)
{
	switch (state) {
	case 'R':
		return "R (running)";
	case 'T':
		return "T (stopped)";
	case 'Z':
		return "Z (zombie)";
	}
	return "S (sleeping)";
}

static void status_of(struct px_text *t, const struct px_process *p)
{
	uint64_t kb = p->promised * KB;
	int fds = 0;

	for (int page = 0; page < PX_FD_MAX / PX_FD_PAGE; page++)
		fds += p->fd[page] ? PX_FD_PAGE : 0;
	px_text_add(
		t, "Name:\t%s\nUmask:\t%04u\nState:\t%s\nTgid:\t%u\nPid:\t%u\nPPid:\t%u\n",
		name_of(p), (p->umask >> 6 & 7) * 100 + (p->umask >> 3 & 7) * 10 + (p->umask & 7),
		state_text(state_of(p)), p->number, p->number, p->parent ? p->parent->number : 0);
	px_text_add(t, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t%d\nNSpgid:\t%u\nNSsid:\t%u\n",
		    fds, p->group, p->session);
	px_text_add(t, "VmPeak:\t%8lu kB\nVmSize:\t%8lu kB\nVmRSS:\t%8lu kB\nThreads:\t%u\n", kb,
		    kb, kb, p->thread_count);
	px_text_add(t, "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\nSigIgn:\t%016lx\n",
		    p->threads ? p->threads->pending.set : 0, p->signals.pending.set,
		    p->threads ? p->threads->masked : 0, p->signals.ignored);
	px_text_add(t,
		    "SigCgt:\t%016lx\nvoluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%"
		    "lu\n",
		    p->signals.caught, p->used.waits, p->used.turns);
}

static void path_of(struct px_text *t, const struct px_vnode *v)
{
	char path[512], *from;

	from = px_path_before(path + sizeof(path), sizeof(path), px_node_of((struct px_vnode *)v));
	for (size_t n; from && *from; from += n) {
		n = strcspn(from, "\n");
		px_text_put(t, from, n);
		if (!from[n])
			break;
		px_text_put(t, "\\012", 4); /* as on Linux: a line ends behind the name */
		n++;
	}
}

static void map_of(struct px_text *t, const struct px_region *r)
{
	const char *name = r->name ? r->name : "";
	bool shared = r->flags & PX_R_SHARED;

	px_text_add(t, "%012lx-%012lx %c%c%c%c %08lx 00:01 %lu ", r->start, r->end,
		    r->prot & EXO_PROT_READ ? 'r' : '-', r->prot & EXO_PROT_WRITE ? 'w' : '-',
		    r->prot & EXO_PROT_EXEC ? 'x' : '-', shared ? 's' : 'p',
		    r->vnode ? r->offset : 0, r->vnode ? px_node_of(r->vnode)->number : 0);
	if (r->vnode && px_node_of(r->vnode)->name)
		path_of(t, r->vnode);
	else if (strcmp(name, "mapping") != 0)
		px_text_add(t, "%s[%s]", "                  ", name);
	px_text_add(t, "\n");
}

static void maps(struct px_text *t)
{
	exo_va_t at = 0;

	for (const struct px_region *r; (r = px_tree_find(&px_regions, at)); at = r->end)
		if (!(r->flags & PX_R_ROOM))
			map_of(t, r);
}

/* The lists are the program's, which may have spoiled them: only strings that px_copy can read. */
static void words(struct px_text *t, char *const *list)
{
	char *word, part[256];

	for (; list && !px_copy_from(&word, list, sizeof(word)) && word; list++) {
		ssize_t n;

		while ((n = px_string_from(part, word, sizeof(part))) == sizeof(part)) {
			px_text_put(t, part, sizeof(part));
			word += sizeof(part);
		}
		if (n < 0)
			return;
		px_text_put(t, part, (size_t)n + 1);
	}
}

bool px_proc_own_text(struct px_text *t, enum px_proc_file file)
{
	if (file == PX_PROC_CMDLINE)
		words(t, px_argv);
	else if (file == PX_PROC_ENVIRON)
		words(t, environ);
	else
		return false;
	return true;
}

static void mounts(struct px_text *t)
{
	px_text_add(t, "rootfs / tmpfs rw 0 0\n");
}

void px_proc_process_text(struct px_text *t, enum px_proc_file file, const struct px_process *p)
{
	switch (file) {
	case PX_PROC_CMDLINE:
		if (p->words && p->state != PX_ZOMBIE)
			px_text_put(t, p->words->text, p->words->bytes);
		break;
	case PX_PROC_COMM:
		px_text_add(t, "%s\n", name_of(p));
		break;
	case PX_PROC_MAPS:
		if (p == px_me)
			maps(t);
		break;
	case PX_PROC_MOUNTS:
		mounts(t);
		break;
	case PX_PROC_STAT:
		stat_of(t, p);
		break;
	case PX_PROC_STATM:
		px_text_add(t, "%lu %lu 0 0 0 %lu 0\n", p->promised, p->promised, p->promised);
		break;
	case PX_PROC_STATUS:
		status_of(t, p);
		break;
	default:
		break;
	}
}

/* Pages of 2 MiB there are. */
static uint64_t larges(void)
{
	uint64_t n = 0;

	for (const struct px_process *p = px_arena->process; p; p = p->next)
		n += p->large;
	return n;
}

static void meminfo(struct px_text *t)
{
	uint64_t total = px_frames->total * KB, left = px_commit_left() * KB,
		 out = px_frames->out * KB;

	px_text_add(t, "MemTotal:       %8lu kB\nMemFree:        %8lu kB\n", total,
		    total > out ? total - out : 0);
	px_text_add(t, "MemAvailable:   %8lu kB\nBuffers:        %8u kB\nCached:         %8u kB\n",
		    left, 0, 0);
	px_text_add(t, "SwapCached:     %8u kB\nActive:         %8lu kB\nInactive:       %8u kB\n",
		    0, out, 0);
	px_text_add(t, "SwapTotal:      %8u kB\nSwapFree:       %8u kB\nShmem:          %8u kB\n",
		    0, 0, 0);
	px_text_add(t, "AnonHugePages:  %8lu kB\n", larges() * (PX_LARGE_BYTES / 1024));
	px_text_add(t, "SReclaimable:   %8u kB\nCommitLimit:    %8lu kB\nCommitted_AS:   %8lu kB\n",
		    0, total, total - left);
}

static uint64_t ran_by_all(uint32_t *running)
{
	uint64_t ns = 0;

	*running = 0;
	for (const struct px_process *p = px_arena->process; p; p = p->next) {
		ns += (uint64_t)px_ran_by(p, NULL);
		*running += state_of(p) == 'R';
	}
	return ns;
}

/* Of who has ended and was waited for, the first process knows. */
static void all_stat(struct px_text *t)
{
	uint32_t cpus = px_arena->sched.cpus ?: 1, running;
	uint64_t ran = ticks_of_ns(ran_by_all(&running)), up = ticks_of_ns(xo_now()) * cpus;
	uint64_t idle = up > ran ? up - ran : 0;

	px_text_add(t, "cpu  %lu 0 0 %lu 0 0 0 0 0 0\n", ran, idle);
	for (uint32_t i = 0; i < cpus; i++)
		px_text_add(t, "cpu%u %lu 0 0 %lu 0 0 0 0 0 0\n", i, ran / cpus, idle / cpus);
	px_text_add(t,
		    "intr 0\nctxt 0\nbtime %lu\nprocesses %u\nprocs_running %u\nprocs_blocked 0\n",
		    (xo_wall_ns() - xo_now()) / 1000000000, px_arena->sched.last_id, running);
}

static void uptime(struct px_text *t)
{
	uint64_t up = xo_now() / TICK;

	px_text_add(t, "%lu.%02lu %lu.%02lu\n", up / 100, up % 100, up / 100, up % 100);
}

static void cpuinfo(struct px_text *t)
{
	uint32_t cpus = px_arena->sched.cpus ?: 1;

	for (uint32_t i = 0; i < cpus; i++)
		px_text_add(t, "processor\t: %u\nvendor_id\t: unknown\nmodel name\t: x86-64\n\n",
			    i);
}

/* No averages are kept. */
static void loadavg(struct px_text *t)
{
	uint32_t running, all = 0;

	ran_by_all(&running);
	for (const struct px_process *p = px_arena->process; p; p = p->next)
		all++;
	px_text_add(t, "%u.00 %u.00 %u.00 %u/%u %u\n", running, running, running, running, all,
		    px_arena->sched.last_id);
}

void px_proc_machine_text(struct px_text *t, enum px_proc_file file)
{
	switch (file) {
	case PX_PROC_MEMINFO:
		meminfo(t);
		break;
	case PX_PROC_ALL_STAT:
		all_stat(t);
		break;
	case PX_PROC_UPTIME:
		uptime(t);
		break;
	case PX_PROC_CPUINFO:
		cpuinfo(t);
		break;
	case PX_PROC_LOADAVG:
		loadavg(t);
		break;
	case PX_PROC_MOUNTS:
		mounts(t);
		break;
	case PX_PROC_VERSION:
		px_text_add(t, "Exokernel version %s (libos-posix)\n", EXO_RELEASE);
		break;
	default:
		break;
	}
}
