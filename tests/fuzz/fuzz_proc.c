/* fuzz_proc.c - fuzz target: what the files of /proc say, of processes of any kind.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The text read in pieces is the text read at once; and the host's scanf finds in it the numbers
 * and names that went in.
 */
#include "fuzz.h"

#include <fs/proc_text.c>

#define REGIONS 5
#define ROOM    (1 << 16)

static struct px_arena arena;
struct px_arena *px_arena = &arena;
struct px_frames *px_frames = &arena.frames;
struct px_tree px_regions;
static struct px_process process, parent;
struct px_process *px_me = &process;
char **px_argv;
static struct px_thread threads[3];
static struct px_region regions[REGIONS];
static struct px_node nodes[REGIONS];
static struct px_name name = {.n = 1};
static char path[512];
static size_t path_bytes;
static exo_ns_t now, wall;
static uint64_t left;

static int count;

const struct px_region *region_at(exo_va_t va)
{
	for (int i = 0; i < count; i++)
		if (va < regions[i].end)
			return &regions[i];
	return NULL;
}

struct px_region *px_tree_find(const struct px_tree *t, exo_va_t va)
{
	must(t == &px_regions);
	return (struct px_region *)region_at(va);
}

char *px_path_before(char *end, size_t room, const struct px_node *node)
{
	must(node >= nodes && node < nodes + REGIONS);
	if (path_bytes + 1 > room)
		return NULL;
	return memcpy(end - path_bytes - 1, path, path_bytes + 1);
}

size_t px_copy_from(void *to, const void *user, size_t n)
{
	memcpy(to, user, n);
	return 0;
}

ssize_t px_string_from(char *to, const char *user, size_t room)
{
	size_t n = strnlen(user, room);

	memcpy(to, user, n < room ? n + 1 : room);
	return (ssize_t)n;
}

int64_t px_ran_by(const struct px_process *p, const struct px_thread *t)
{
	must(!t);
	return (int64_t)p->ran;
}

int64_t px_ns_of(uint64_t ticks)
{
	return (int64_t)ticks;
}

uint64_t px_commit_left(void)
{
	return left;
}

exo_ns_t xo_now(void)
{
	return now;
}

uint64_t xo_wall_ns(void)
{
	return wall;
}

static void tell(struct px_text *t, enum px_proc_file file, bool own)
{
	if (own)
		px_proc_own_text(t, file);
	else if (file >= PX_PROC_CPUINFO)
		px_proc_machine_text(t, file);
	else
		px_proc_process_text(t, file, &process);
}

/* The whole text; and any part of it is the same. */
static char *whole(struct input *in, enum px_proc_file file, bool own)
{
	static char all[ROOM], part[ROOM];
	struct px_text t = {.to = all, .room = ROOM - 1};

	tell(&t, file, own);
	must(t.n < ROOM - 1);
	all[t.n] = '\0';
	for (int i = 0; i < 3; i++) {
		size_t room = get_bytes(in, 2) % 5000, skip = get_bytes(in, 2) % (t.n + 10);
		size_t want = skip < t.n ? t.n - skip : 0;
		struct px_text some = {.to = part, .room = room, .skip = skip};

		part[room] = 'x';
		tell(&some, file, own);
		want = want < room ? want : room;
		must(some.n == want && !memcmp(part, all + skip, want) && part[room] == 'x');
	}
	return all;
}

static void check_stat(char *s)
{
	unsigned long v[52];
	char *p, *end = strrchr(s, ')');
	int n = 0;

	must(strtoul(s, &p, 10) == process.number && !memcmp(p, " (", 2) && end);
	must(!strncmp(p + 2, process.comm, (size_t)(end - p - 2)) &&
	     strlen(process.comm) == (size_t)(end - p - 2));
	must(strchr("RSTZ", end[2]));
	for (p = end + 3; *p == ' ' && n < 52; n++)
		v[n] = strtoul(p, &p, 10);
	must(n == 49 && !strcmp(p, "\n"));
	must(v[0] == parent.number && v[1] == process.group && v[2] == process.session);
	must(v[6] == process.used.faults && v[7] == process.children.faults);
	must(v[10] == process.ran / 10000000 && v[12] == process.children_ran / 10000000);
	must((int)v[14] == 20 + process.nice && (int)v[15] == process.nice);
	must(v[16] == process.thread_count && v[18] == process.began / 10000000);
	must(v[19] == process.promised << EXO_PAGE_SHIFT && v[20] == process.promised);
}

static uint64_t value_of(const char *s, const char *key, int base)
{
	const char *at = strstr(s, key);

	must(at && (at == s || at[-1] == '\n'));
	return strtoul(at + strlen(key), NULL, base);
}

static void check_status(const char *s)
{
	must(!strncmp(s, "Name:\t", 6) && !strncmp(s + 6, process.comm, strlen(process.comm)));
	s += 6 + strlen(process.comm);
	must(*s++ == '\n');
	must(value_of(s, "Umask:\t", 8) == (process.umask & 0777));
	must(value_of(s, "Pid:\t", 10) == process.number);
	must(value_of(s, "PPid:\t", 10) == parent.number);
	must(value_of(s, "VmSize:\t", 10) == process.promised * 4);
	must(value_of(s, "ShdPnd:\t", 16) == process.signals.pending.set);
	must(value_of(s, "SigCgt:\t", 16) == process.signals.caught);
	must(value_of(s, "nonvoluntary_ctxt_switches:\t", 10) == process.used.turns);
}

/* The path as it is written there: a new line in it is not one. */
static size_t written(char *to)
{
	char *at = to;

	for (size_t i = 0; i < path_bytes; i++)
		if (path[i] == '\n')
			at += sprintf(at, "\\012");
		else
			*at++ = path[i];
	*at = '\0';
	return (size_t)(at - to);
}

static void check_maps(const char *s)
{
	static char want[4 * sizeof(path)];

	for (int i = 0; i < count; i++) {
		const struct px_region *r = &regions[i];
		unsigned long start, end, offset, node;
		char prot[5];
		int n = 0;

		if (r->flags & PX_R_ROOM)
			continue;
		must(sscanf(s, "%lx-%lx %4s %lx 00:01 %lu%n", &start, &end, prot, &offset, &node,
			    &n) == 5);
		must(start == r->start && end == r->end);
		must((prot[0] == 'r') == !!(r->prot & EXO_PROT_READ));
		must((prot[1] == 'w') == !!(r->prot & EXO_PROT_WRITE));
		must((prot[3] == 's') == !!(r->flags & PX_R_SHARED));
		must(offset == (r->vnode ? r->offset : 0));
		must(node == (r->vnode ? px_node_of(r->vnode)->number : 0));
		s += n;
		if (r->vnode && px_node_of(r->vnode)->name) {
			size_t bytes = written(want);

			s += strspn(s, " ");
			if (path_bytes < sizeof(path) - 1) {
				must(!strncmp(s, want, bytes));
				s += bytes;
			}
		} else {
			s += strcspn(s, "\n");
		}
		must(*s++ == '\n');
	}
	must(!*s);
}

static void some_process(struct input *in)
{
	memset(&process, 0, sizeof(process));
	process.number = (uint32_t)get_number(in);
	parent.number = (uint32_t)get_number(in);
	process.parent = &parent;
	process.group = (uint32_t)get_number(in);
	process.session = (uint32_t)get_number(in);
	process.umask = (uint32_t)get_bytes(in, 2) & 0777;
	process.promised = get_number(in) >> 16;
	process.ran = get_number(in);
	process.children_ran = get_number(in);
	process.used.faults = get_number(in);
	process.used.turns = get_number(in);
	process.children.faults = get_number(in);
	process.began = get_number(in);
	process.nice = (int8_t)(get_below(in, 40) - 20);
	process.thread_count = (uint32_t)get_number(in);
	process.signals.pending.set = get_number(in);
	process.signals.caught = get_number(in);
	process.state = (uint8_t)get_below(in, 4);
	process.stopped = get_below(in, 2);
	process.threads = get_below(in, 4) ? threads : NULL;
	threads[0].masked = get_number(in);
	process.comm[0] = 'c';
	for (uint64_t i = 1, n = get_below(in, 16); i < n; i++)
		process.comm[i] = (char)('!' + get_below(in, 94));
}

static void some_regions(struct input *in)
{
	exo_va_t at = 0;

	path[0] = '/';
	path_bytes = get_below(in, 4) ? 1 + get_below(in, 20) : 1 + get_below(in, sizeof(path) - 1);
	for (size_t i = 1; i < path_bytes; i++)
		path[i] = get_below(in, 32) == 31 ? '\n' : 'p';
	path[path_bytes] = '\0';
	for (count = 0; count < REGIONS && get_below(in, 8); count++) {
		static const char *const names[] = {"mapping", "heap", NULL};
		struct px_region *r = &regions[count];
		uint8_t how = (uint8_t)get_bytes(in, 1);

		at += get_bytes(in, 5) << EXO_PAGE_SHIFT;
		*r = (struct px_region){.start = at, .prot = how & 7, .name = names[how % 3]};
		r->end = at += (1 + get_bytes(in, 3)) << EXO_PAGE_SHIFT;
		r->flags = how & 8 ? PX_R_SHARED : how >= 0xf0 ? PX_R_ROOM : 0;
		r->vnode = how & 16 ? &nodes[count].v : NULL;
		r->offset = get_number(in);
		nodes[count].number = get_number(in);
		nodes[count].name = how & 32 ? &name : NULL;
	}
}

/* Arguments, whose strings may be longer than what is taken at a time. */
static void check_words(struct input *in)
{
	static char text[3][600], want[2000];
	char *list[4] = {0}, *s;
	size_t n = 0, bytes = 0;

	for (uint64_t most = get_below(in, 4); n < most; n++) {
		size_t length = get_below(in, 2) ? get_below(in, 600) : 254 + get_below(in, 4);

		memset(text[n], 'a' + (int)n, length);
		text[n][length] = '\0';
		list[n] = text[n];
		memcpy(want + bytes, text[n], length + 1);
		bytes += length + 1;
	}
	px_argv = list;
	s = whole(in, PX_PROC_CMDLINE, true);
	must(!memcmp(s, want, bytes) && !s[bytes]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	enum px_proc_file file = PX_PROC_CMDLINE +
				 (enum px_proc_file)get_below(&in, PX_PROC_FILES - PX_PROC_CMDLINE);
	char *s;

	some_process(&in);
	if (file == PX_PROC_CMDLINE) {
		check_words(&in);
		return 0;
	}
	if (file == PX_PROC_MAPS)
		some_regions(&in);
	arena.process = &process;
	arena.sched.cpus = (uint32_t)get_below(&in, 65);
	arena.frames.total = get_number(&in);
	arena.frames.out = get_number(&in);
	left = get_number(&in);
	now = get_number(&in);
	wall = get_number(&in);
	s = whole(&in, file, false);
	if (file == PX_PROC_STAT)
		check_stat(s);
	else if (file == PX_PROC_STATUS)
		check_status(s);
	else if (file == PX_PROC_MAPS)
		check_maps(s);
	else if (file == PX_PROC_MEMINFO)
		must(value_of(s, "MemTotal:", 10) == arena.frames.total * 4);
	else if (file != PX_PROC_ENVIRON)
		must(*s && s[strlen(s) - 1] == '\n');
	return 0;
}
