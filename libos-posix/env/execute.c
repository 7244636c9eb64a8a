/* execute.c - a new environment for a process that begins another program.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Only in libos-posix.so: it lies at one address in all processes, so a new one gets its code as it
 * is, and its data as it was before anything ran.  That is made once, from the file in the archive
 * and from what relocation has left read only, and copied page by page where it is written.  What
 * is left of the old environment becomes a process of its own for a moment, the husk, and ends.
 */
#include <env/arena.h>
#include <env/load.h>
#include <env/slots.h>
#include <env/thread.h>
#include <errno.h>
#include <exo/error.h>
#include <exo/ring.h>
#include <exo/stubs.h>
#include <fd/table.h>
#include <fs/mem.h>
#include <fs/proc.h>
#include <libexo/start.h>
#include <libexo/upcall.h>
#include <process/host.h>
#include <process/process.h>
#include <process/startup.h>
#include <signal/signals.h>
#include <string.h>
#include <sys/stat.h>
#include <thread/local.h>
#include <thread/thread.h>
#include <util/archive.h>
#include <vm/frames.h>
#include <vm/owned.h>
#include <vm/vm.h>

#define OBJECTS      60 /* frames of a new environment besides memory: about */
#define UPCALL_BYTES (EXO_FRAME_DEPTH * (uint64_t)EXO_PAGE_SIZE)

extern char __data_start[] __attribute__((visibility("hidden")));
extern char __bss_start[] __attribute__((visibility("hidden")));

/* Pages that are not all zero at the start. */
#define DATA_START px_page_of((exo_va_t)__data_start)
#define DATA_END   px_round_up((exo_va_t)__bss_start)
#define DATA_PAGES ((DATA_END - DATA_START) >> EXO_PAGE_SHIFT)

/* An environment that is being filled, in our slot `space.env`, and what is to be done there next.
 * `counted`: the operation has a reference to its one frame. */
struct filling {
	struct xo_space space;
	uint32_t ops;
	struct exo_map_op op[EXO_BATCH_MAX];
	bool counted[EXO_BATCH_MAX];
};

static exo_pfn_t table_next(void *process)
{
	struct px_process *p = process;
	exo_pfn_t pfn;

	px_enter();
	pfn = px_frame_for_object();
	if (pfn && !px_owned_add(p, pfn)) {
		px_frames_give(pfn, 1);
		pfn = 0;
	}
	px_leave();
	return pfn;
}

static void table_give(void *process, exo_pfn_t pfn)
{
	(void)process;
	(void)pfn; /* noted */
}

static long with_tables(const struct filling *f, const struct exo_map_op *op)
{
	long r = xo_map_run(&f->space, op->va, op->pfn, op->count, op->prot, op->cap);

	return r < 0 ? r : 1;
}

/* What is not done gives back what it counts. */
static bool flush(struct filling *f)
{
	uint32_t done = 0, i;

	while (done < f->ops) {
		long r = exo_map(f->space.env, (exo_va_t)&f->op[done], f->ops - done);

		if (r == -EXO_E_NOTABLE)
			r = with_tables(f, &f->op[done]);
		if (r < 0)
			break;
		done += (uint32_t)r;
	}
	for (i = done; i < f->ops; i++)
		if (f->counted[i])
			px_frames_give(f->op[i].pfn, f->op[i].count);
	f->ops = 0;
	return done == i;
}

/* Is there room for one operation?  Between two batches others may enter, and this thread can be
 * ended: what was counted for the new environment is in its page tables by then. */
static bool step(struct filling *f)
{
	if (f->ops < EXO_BATCH_MAX)
		return true;
	if (!flush(f))
		return false;
	px_leave();
	px_enter();
	return true;
}

/* Bind n frames from pfn on at va.  There is room for that. */
static void show(struct filling *f, exo_va_t va, exo_pfn_t pfn, uint64_t n, uint32_t prot,
		 exo_cap_t cap, bool counted)
{
	f->counted[f->ops] = counted;
	f->op[f->ops++] = (struct exo_map_op){.va = va,
					      .pfn = pfn,
					      .count = (uint32_t)n,
					      .cap = cap,
					      .kind = EXO_MAP_PAGES,
					      .prot = (uint8_t)prot};
}

/* Bind the same frames as here, in the same way: what nobody counts. */
static bool same(struct filling *f, exo_va_t va, exo_va_t end)
{
	while ((va = px_next_page(va, end)) < end) {
		uint64_t e = *px_leaf(va), n = px_run_at(va, end, EXO_PTE_WRITE | EXO_PTE_NOEXEC);
		uint32_t prot = EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
				(e & EXO_PTE_NOEXEC ? 0 : (uint32_t)EXO_PROT_EXEC);

		if (n > EXO_MAP_MAX)
			n = EXO_MAP_MAX;
		if (!step(f))
			return false;
		show(f, va, px_frame_of(e), n, prot, EXO_PTE_SLOT(e), false);
		va += n << EXO_PAGE_SHIFT;
	}
	return true;
}

/* The page at va as the file in the archive has it, relocated. */
static void fill_pristine(char *page, exo_va_t va)
{
	const struct exo_archive *a = (const struct exo_archive *)px_arena->archive;
	const struct exo_entry *e = archive_find(a, xo_start->image, EXO_ENTRY_PROGRAM, NULL);
	const struct exo_program *p = archive_data(a, e);
	exo_va_t at = va - (exo_va_t)__image_start;

	memset(page, 0, EXO_PAGE_SIZE);
	for (uint32_t i = 0; i < p->segments; i++) {
		const struct exo_segment *s = &p->segment[i];
		uint64_t inside = at - px_page_of(s->va), n = s->file_bytes;

		if (at < px_page_of(s->va) || inside >= n)
			continue;
		n -= inside;
		memcpy(page, (const char *)p + s->offset + inside,
		       n < EXO_PAGE_SIZE ? n : EXO_PAGE_SIZE);
	}
	px_load_relocate(page, va);
}

/* Here as in what follows: another thread can end this one between any two critical sections, and
 * what is neither in the arena's records nor in the new environment by then is lost. */
static bool make_pristine(void)
{
	struct px_arena *a = px_arena;
	exo_va_t va = DATA_START;
	bool good = DATA_PAGES <= PX_PRISTINE_MAX;

	for (uint32_t n = 0; good && va < DATA_END; va += EXO_PAGE_SIZE, n++) {
		char *page;

		px_enter();
		page = a->pristine[n] ? NULL : px_page_get_dirty();
		if (page) {
			fill_pristine(page, va);
			a->pristine[n] = page;
		}
		good = a->pristine[n];
		px_leave();
	}
	return good;
}

/* Bind a frame that others have too, until it is written. */
static bool give_copy(struct filling *f, exo_va_t va, exo_pfn_t pfn)
{
	if (!step(f) || !px_frame_ref(pfn))
		return false;
	show(f, va, pfn, 1, EXO_PROT_READ, PX_SLOT_COPY, true);
	return true;
}

/* A page of zeros, of those that are promised to the process, becomes its own. */
static bool give_zero(struct filling *f, exo_va_t va)
{
	void *page = step(f) ? px_page_promised() : NULL;
	exo_pfn_t pfn;

	if (!page)
		return false;
	memset(page, 0, EXO_PAGE_SIZE);
	pfn = px_page_frame(page);
	px_frame_window(pfn, false);
	px_frame_seen(pfn);
	show(f, va, pfn, 1, EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY, true);
	return true;
}

/* The libOS: code as it is, data as it was. */
static bool give_self(struct filling *f)
{
	exo_va_t base = (exo_va_t)__image_start, end = base + xo_start->span, va = DATA_START;

	if (!same(f, base, DATA_START))
		return false;
	for (uint32_t n = 0; va < DATA_END; va += EXO_PAGE_SIZE, n++)
		if (!give_copy(f, va, px_page_frame(px_arena->pristine[n])))
			return false;
	for (; va < end; va += EXO_PAGE_SIZE)
		if (va - (exo_va_t)xo_upcall_stacks >= UPCALL_BYTES && !give_zero(f, va))
			return false;
	return true;
}

/* What the kernel gave the image's first environment.  The start block is everybody's own. */
static bool give_start(struct filling *f)
{
	exo_va_t va = (exo_va_t)xo_start, console = xo_start->console;

	return step(f) && xo_protect_run(&px_space, va, 1, EXO_PROT_READ, PX_SLOT_COPY) == 0 &&
	       give_copy(f, va, px_frame_of(*px_leaf(va))) &&
	       same(f, xo_start->info, xo_start->info + EXO_INFO_FRAMES * EXO_PAGE_SIZE) &&
	       (!console || same(f, console, console + px_round_up(sizeof(struct exo_console))));
}

/* What it needs before it can serve a page fault. */
static bool give_arena(struct filling *f)
{
	const void *page[] = {px_me, px_this(), px_me->startup};
	const uint32_t prot = EXO_PROT_READ | EXO_PROT_WRITE;

	if (!same(f, (exo_va_t)px_arena, px_arena->head_end))
		return false;
	for (uint32_t i = 0; i < sizeof(page) / sizeof(page[0]); i++) {
		exo_va_t va = px_page_of((exo_va_t)page[i]);

		if (!step(f))
			return false;
		show(f, va, px_page_frame((void *)va), 1, prot, EXO_SLOT_MEMORY, false);
	}
	return true;
}

/* Everything but the program itself, which the new environment loads. */
static int fill(struct px_process *husk)
{
	struct filling f = {
		.space = {.env = px_hosting() ? husk->slot : PX_SLOT_CHILD,
			  .tables = {.next = table_next,
				     .give = table_give,
				     .context = husk,
				     .cap = EXO_SLOT_MEMORY}},
	};
	bool good = make_pristine();

	px_enter();
	good = good && give_arena(&f) && give_self(&f) && give_start(&f);
	good = flush(&f) && good;
	px_leave();
	if (!px_hosting())
		exo_cap_drop(PX_SLOT_CHILD);
	return good ? 0 : -ENOMEM;
}

#define SWAP(field)                                                                                \
	do {                                                                                       \
		__typeof__(a->field) t_ = a->field;                                                \
		a->field = b->field;                                                               \
		b->field = t_;                                                                     \
	} while (0)

/* The environment that we are in becomes the husk's.  A host that is switched to in the middle of
 * this looks for who is inside, by the number in the lock, and finds it after every store. */
static void become(struct px_process *me, struct px_process *husk)
{
	exo_cap_t fresh = husk->slot;

	px_activation_note(px_activation(), husk->number);
	px_arena->lock = (uint32_t)px_activation()->user[PX_A_INSIDE]; /* it is still us */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	husk->slot = me->slot;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	husk->unborn = 0;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	me->slot = fresh;
}

/* Environments change processes: the rest of it. */
static void swap(struct px_process *a, struct px_process *b)
{
	SWAP(incarnation);
	SWAP(root);
	SWAP(activations);
	SWAP(owned);
	SWAP(pairs);
	SWAP(promised);
	SWAP(large);
	SWAP(objects);
	SWAP(mapped);
	for (int i = 0; i < PX_SLOT_PEERS; i++)
		SWAP(peer[i]);
}

/* Of the other threads, which have ended, nothing is left. */
static void drop_others(struct px_process *p, const struct px_thread *t)
{
	struct px_thread *other = p->threads, *next;

	for (; other; other = next) {
		next = other->next;
		if (other == t)
			continue;
		px_pending_drop(p, &other->pending, ~0ul);
		px_thread_free(other);
	}
}

static void begin_words(struct px_process *p, const struct px_startup *s)
{
	const char *text = s->page[0], *end = text;

	for (uint32_t i = 0; i < s->arguments && end; i++) {
		end = memchr(end, 0, EXO_PAGE_SIZE - (size_t)(end - text));
		end += end != NULL;
	}
	px_words_set(p, text, end ? (size_t)(end - text) : EXO_PAGE_SIZE);
	memcpy(p->comm, s->comm, sizeof(p->comm));
}

/* Whose it is from now on: the file's owner's, if that says so. */
static void begin_user(struct px_process *p, const struct px_startup *s)
{
	const struct px_node *node = px_node_of(s->file);
	uint32_t mode = s->file->mode;

	if (mode & S_ISUID)
		p->user.effective = node->uid;
	if (mode & S_ISGID && mode & S_IXGRP)
		p->group_ids.effective = node->gid;
	p->user.saved = p->user.effective;
	p->group_ids.saved = p->group_ids.effective;
	p->secure =
		p->user.effective != p->user.real || p->group_ids.effective != p->group_ids.real;
}

/* The thread goes on as the one of the husk, the only thread of the new program will begin.  Nobody
 * finds the husk. */
static void part(struct px_process *husk)
{
	struct px_process *me = px_me;
	struct px_thread *t = px_this(), *rest = husk->threads;
	struct px_tcb *tcb = px_self();
	struct px_cpu *cpu;

	px_enter();
	cpu = px_cpu();
	px_account(cpu);
	become(me, husk);
	swap(me, husk);
	husk->husk = 1;
	husk->state = PX_ENDING;
	husk->group = husk->session = 0;
	husk->tty = NULL;
	px_process_adopt(husk, NULL);
	drop_others(me, t);
	px_signals_exec(me);
	px_program_set(me, me->startup->file);
	begin_words(me, me->startup);
	begin_user(me, me->startup);
	me->executed = 1;
	me->hots = 0;
	t->id = me->number;
	t->tcb = NULL;
	t->attention &= ~(uint32_t)(PX_ATTEND_CANCEL | PX_ATTEND_END);
	rest->state = PX_RUNNING;
	rest->cpu = t->cpu;
	rest->tcb = tcb;
	tcb->thread = rest;
	tcb->id = rest->id;
	cpu->current = rest;
	if (me->parent)
		px_wake(&me->parent->family); /* who waits in vfork */
	px_me = husk;
	px_process_number = husk->number;
	px_ready(t);
	px_leave();
}

/* As the host there is nothing to end: it only hosts from now on. */
static _Noreturn void host_only(void)
{
	struct px_cpu *cpu;

	px_fs_set(&px_local()->idle);
	px_space_clear();
	px_enter();
	cpu = px_cpu();
	px_me->threads->state = PX_ENDED;
	cpu->current = NULL;
	px_dispatch();
}

/* Pages of the new one that are its own from the start. */
static uint64_t own_pages(void)
{
	return OBJECTS + 1 + ((xo_start->span - UPCALL_BYTES) >> EXO_PAGE_SHIFT) -
	       ((DATA_START - (exo_va_t)__image_start) >> EXO_PAGE_SHIFT);
}

/* As for fork: in the record at once, as this thread can be ended. */
static bool promise(struct px_process *husk)
{
	uint64_t pages = own_pages();
	bool fits;

	px_enter();
	fits = px_commit(pages);
	if (fits) {
		husk->promised = pages;
		husk->objects = OBJECTS;
	}
	px_leave();
	return fits;
}

static int make(struct px_process *husk, struct px_startup *s)
{
	int r;

	if (!promise(husk))
		return -ENOMEM;
	r = px_ask(husk, PX_WISH_MAKE);
	px_me->startup = s;
	return r ? r : fill(husk);
}

/* NULL: no memory. */
static struct px_process *make_husk(struct px_startup *s)
{
	struct px_process *husk;

	px_words_tell();
	husk = px_process_record();
	if (husk && make(husk, s) < 0) {
		px_me->startup = NULL;
		px_process_undo(husk);
		husk = NULL;
	}
	return husk;
}

int px_execute(struct px_startup *s)
{
	struct px_process *husk;
	uint64_t nowhere;

	if (px_sched_start() < 0)
		return -ENOMEM;
	px_lock(&px_me->maker); /* given back with all others of this process */
	husk = px_host_start() < 0 ? NULL : make_husk(s);
	if (!husk) {
		px_unlock(&px_me->maker);
		return -ENOMEM;
	}
	if (px_threads_end)
		px_threads_end(false);
	if (px_robust_end)
		px_robust_end(px_self());
	px_enter();
	px_process_unlock(px_me); /* of us, what we begin is the process's now */
	px_files_exec();
	px_leave();
	part(husk);
	px_process_leave(px_me);
	if (px_hosting())
		px_switch_call(&nowhere, px_local()->stack, host_only);
	px_process_vanish();
}

/* As far as can be said before the old program is gone. */
int px_execute_check(struct px_vnode *v)
{
	struct px_source source = {.name = "", .vnode = v};
	struct px_load load = {.from = &source};

	px_load_source(&source);
	return px_load_check(&load) ? 0 : -ENOEXEC;
}
