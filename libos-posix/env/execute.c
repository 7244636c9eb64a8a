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
#include <exo/ring.h>
#include <exo/stubs.h>
#include <fd/table.h>
#include <fs/proc.h>
#include <libexo/start.h>
#include <libexo/upcall.h>
#include <process/host.h>
#include <process/process.h>
#include <process/startup.h>
#include <signal/signals.h>
#include <string.h>
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

/* An environment that is being filled, of process `p`, in our slot `space.env`. */
struct filling {
	struct px_process *p;
	struct xo_space space;
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

/* Bind the same frames as here, in the same way: what nobody counts. */
static bool same(const struct filling *f, exo_va_t va, exo_va_t end)
{
	while ((va = px_next_page(va, end)) < end) {
		uint64_t e = *px_leaf(va), n = px_run_at(va, end, EXO_PTE_WRITE | EXO_PTE_NOEXEC);
		uint32_t prot = EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
				(e & EXO_PTE_NOEXEC ? 0 : (uint32_t)EXO_PROT_EXEC);

		if (xo_map_run(&f->space, va, px_frame_of(e), n, prot, EXO_PTE_SLOT(e)) < 0)
			return false;
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

static bool make_pristine(void)
{
	struct px_arena *a = px_arena;
	exo_va_t va = DATA_START;

	if (DATA_PAGES > PX_PRISTINE_MAX)
		return false;

	for (uint32_t n = 0; va < DATA_END; va += EXO_PAGE_SIZE, n++) {
		char *page = a->pristine[n] ? NULL : px_page_get_dirty();

		if (a->pristine[n])
			continue;
		if (!page)
			return false;
		fill_pristine(page, va);
		px_enter();
		if (a->pristine[n])
			px_page_put(page);
		else
			a->pristine[n] = page;
		px_leave();
	}
	return true;
}

/* Bind a frame that others have too, until it is written. */
static bool give_copy(const struct filling *f, exo_va_t va, exo_pfn_t pfn)
{
	bool good;

	px_enter();
	good = px_frame_ref(pfn);
	px_leave();
	if (good && xo_map_run(&f->space, va, pfn, 1, EXO_PROT_READ, PX_SLOT_COPY) == 0)
		return true;
	if (good)
		px_frames_give(pfn, 1);
	return false;
}

/* A page of zeros becomes its own. */
static bool give_zero(const struct filling *f, exo_va_t va)
{
	void *page = px_page_get();
	exo_pfn_t pfn;

	if (!page)
		return false;
	pfn = px_page_frame(page);
	if (xo_map_run(&f->space, va, pfn, 1, EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY) <
	    0) {
		px_page_put(page);
		return false;
	}
	px_enter();
	px_frame_window(pfn, false);
	px_frame_seen(pfn);
	px_uncommit(1); /* it is promised to the process */
	px_leave();
	return true;
}

/* The libOS: code as it is, data as it was. */
static bool give_self(const struct filling *f)
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
static bool give_start(const struct filling *f)
{
	exo_va_t va = (exo_va_t)xo_start, console = xo_start->console;

	return xo_protect_run(&px_space, va, 1, EXO_PROT_READ, PX_SLOT_COPY) == 0 &&
	       give_copy(f, va, px_frame_of(*px_leaf(va))) &&
	       same(f, xo_start->info, xo_start->info + EXO_INFO_FRAMES * EXO_PAGE_SIZE) &&
	       (!console || same(f, console, console + px_round_up(sizeof(struct exo_console))));
}

/* What it needs before it can serve a page fault. */
static bool give_arena(const struct filling *f)
{
	const void *page[] = {px_me, px_me->threads, px_me->startup};
	const uint32_t prot = EXO_PROT_READ | EXO_PROT_WRITE;

	if (!same(f, (exo_va_t)px_arena, px_arena->head_end))
		return false;
	for (uint32_t i = 0; i < sizeof(page) / sizeof(page[0]); i++) {
		exo_va_t va = px_page_of((exo_va_t)page[i]);

		if (xo_map_run(&f->space, va, px_page_frame((void *)va), 1, prot, EXO_SLOT_MEMORY) <
		    0)
			return false;
	}
	return true;
}

/* Everything but the program itself, which the new environment loads. */
static int fill(struct px_process *husk)
{
	struct filling f = {
		.p = husk,
		.space = {.env = px_hosting() ? husk->slot : PX_SLOT_CHILD,
			  .tables = {.next = table_next,
				     .give = table_give,
				     .context = husk,
				     .cap = EXO_SLOT_MEMORY}},
	};
	bool good = make_pristine() && give_arena(&f) && give_self(&f) && give_start(&f);

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

/* Environments change processes. */
static void swap(struct px_process *a, struct px_process *b)
{
	SWAP(slot);
	SWAP(incarnation);
	SWAP(root);
	SWAP(activations);
	SWAP(owned);
	SWAP(pairs);
	SWAP(promised);
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
	swap(me, husk);
	husk->unborn = 0;
	husk->husk = 1;
	husk->state = PX_ENDING;
	husk->group = husk->session = 0;
	husk->tty = NULL;
	px_process_adopt(husk, NULL);
	drop_others(me, t);
	px_signals_exec(me);
	px_program_set(me, me->startup->file);
	begin_words(me, me->startup);
	me->executed = 1;
	t->id = me->number;
	t->tcb = NULL;
	t->attention &= ~(uint32_t)(PX_ATTEND_CANCEL | PX_ATTEND_END);
	rest->state = PX_RUNNING;
	rest->cpu = t->cpu;
	rest->tcb = tcb;
	tcb->thread = rest;
	tcb->id = rest->id;
	cpu->current = rest;
	px_activation_note(px_activation(), husk->number);
	px_arena->lock = (uint32_t)px_activation()->user[PX_A_INSIDE]; /* it is still us */
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

static int make(struct px_process *husk, struct px_startup *s)
{
	uint64_t pages = own_pages();
	int r;

	if (!px_commit(pages))
		return -ENOMEM;
	husk->promised = pages;
	husk->objects = OBJECTS;
	r = px_ask(husk, PX_WISH_MAKE);
	px_me->startup = s;
	return r ? r : fill(husk);
}

int px_execute(struct px_startup *s)
{
	bool ready = px_sched_start() == 0 && px_host_start() == 0;
	struct px_process *husk = ready ? px_process_record() : NULL;
	uint64_t nowhere;
	int r;

	if (!husk)
		return -ENOMEM;
	r = make(husk, s);
	if (r) {
		px_me->startup = NULL;
		px_process_undo(husk);
		return r;
	}
	if (px_threads_end)
		px_threads_end();
	if (px_robust_end)
		px_robust_end(px_self());
	px_enter();
	px_process_unlock(px_me);
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
