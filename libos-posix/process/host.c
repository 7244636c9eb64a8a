/* host.c - environments for processes: made, given activations, taken apart.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/slots.h>
#include <errno.h>
#include <exo/env.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/map.h>
#include <libexo/start.h>
#include <libexo/upcall.h>
#include <process/host.h>
#include <process/process.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <thread/local.h>
#include <vm/frames.h>
#include <vm/owned.h>
#include <vm/vm.h>

#define HOSTED_MAX 2048 /* slots that a table can have */
#define LOCAL_AT   2048 /* in an activation's first page: what of it the kernel does not know */
#define BITS       64

#define AT_ONCE 16    /* steps, before a CPU that still runs what is taken apart is waited for */
#define MOMENT  50000 /* ns */

_Static_assert(sizeof(struct exo_activation) <= LOCAL_AT, "room for both");
_Static_assert(LOCAL_AT + sizeof(struct px_local) <= EXO_PAGE_SIZE, "room for both");

static uint64_t used[HOSTED_MAX / BITS]; /* slots of the host's table */
static uint32_t slots = EXO_CAP_SLOTS;   /* it has */

/* All frames that the image deals in lie between these. */
static struct exo_extent memory(void)
{
	const struct px_frames *f = px_frames;
	exo_pfn_t low = ~0ull, high = 0;

	for (uint32_t i = 0; i < f->runs + f->given; i++) {
		if (f->run[i].first < low)
			low = f->run[i].first;
		if (f->run[i].first + f->run[i].count > high)
			high = f->run[i].first + f->run[i].count;
	}
	return (struct exo_extent){low, high - low};
}

int px_host_start(void)
{
	const uint64_t bytes = (uint64_t)PX_ACTIVATION_BYTES * EXO_CPU_MAX;
	struct exo_extent m = memory();
	exo_va_t va;

	if (px_arena->forked)
		return 0;
	va = px_place(bytes);
	if (!va || !px_copy_ready() ||
	    exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, PX_SLOT_COPY, m.first, m.count,
			   EXO_RIGHT_READ | EXO_RIGHT_EXEC) < 0)
		return -ENOMEM;
	px_region_note_as("activations", va, bytes, PX_R_FRESH);
	px_enter();
	px_arena->activations = va;
	px_arena->forked = 1;
	px_leave();
	for (uint32_t i = 0; i < PX_SLOT_HOSTED; i++)
		used[i / BITS] |= 1ull << (i % BITS);
	return 0;
}

/* Inside: a free slot of the host's table, or EXO_SLOT_NONE. */
static exo_cap_t slot_take(void)
{
	exo_pfn_t pfn;

	for (uint32_t w = 0; w < slots / BITS; w++)
		if (~used[w]) {
			uint32_t bit = (uint32_t)__builtin_ctzll(~used[w]);

			used[w] |= 1ull << bit;
			return w * BITS + bit;
		}
	if (slots == HOSTED_MAX || !px_commit(1))
		return EXO_SLOT_NONE;
	pfn = px_frame_for_object();
	if (!pfn || exo_cap_grow(EXO_SLOT_MEMORY, pfn) < 0) {
		if (pfn)
			px_frames_give(pfn, 1);
		px_uncommit(1);
		return EXO_SLOT_NONE;
	}
	slots += EXO_CAP_SLOTS;
	return slot_take();
}

static void slot_give(exo_cap_t slot)
{
	used[slot / BITS] &= ~(1ull << (slot % BITS));
}

/* Inside: a frame that p has until its environment is gone; 0: no memory. */
static exo_pfn_t object_for(struct px_process *p)
{
	exo_pfn_t pfn = px_frame_for_object();

	if (pfn && !px_owned_add(p, pfn)) {
		px_frames_give(pfn, 1);
		pfn = 0;
	}
	return pfn;
}

/* The capabilities of every process: all from the host's own. */
static bool equip(struct px_process *p)
{
	const uint32_t all = EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC;
	uint32_t console = xo_start->console_bits ? EXO_RIGHT_NOTIFY : EXO_RIGHT_USE;
	struct exo_extent m = memory();

	if (exo_cap_derive(EXO_SLOT_MEMORY, p->slot, EXO_SLOT_MEMORY, m.first, m.count, all) < 0 ||
	    exo_cap_derive(EXO_SLOT_MEMORY, p->slot, PX_SLOT_COPY, m.first, m.count,
			   EXO_RIGHT_READ | EXO_RIGHT_EXEC) < 0 ||
	    exo_cap_derive(EXO_SLOT_SELF, p->slot, PX_SLOT_HOST, 0, 0, EXO_RIGHT_NOTIFY) < 0)
		return false;
	/* What the image itself may lack. */
	if (exo_cap_derive(EXO_SLOT_INFO, p->slot, EXO_SLOT_INFO, xo_info->pfn, EXO_INFO_FRAMES,
			   EXO_RIGHT_READ) < 0)
		exo_cap_derive(EXO_SLOT_INFO, p->slot, EXO_SLOT_INFO, xo_info->pfn, 1,
			       EXO_RIGHT_READ);
	exo_cap_derive(EXO_SLOT_CONSOLE, p->slot, EXO_SLOT_CONSOLE, 0, 0, console);
	if (px_arena->archive_pages)
		exo_cap_derive(EXO_SLOT_ARCHIVE, p->slot, EXO_SLOT_ARCHIVE, px_arena->archive_pfn,
			       px_arena->archive_pages, EXO_RIGHT_READ | EXO_RIGHT_EXEC);
	return true;
}

/* A process that is made by another has its child's environment for as long as it takes.  It can
 * have ended meanwhile. */
static bool give_to_parent(struct px_process *p)
{
	const struct px_process *parent;
	bool good;

	px_enter();
	parent = p->parent;
	good = !parent || parent->slot == EXO_SLOT_NONE ||
	       exo_cap_derive(p->slot, parent->slot, PX_SLOT_CHILD, 0, 0, EXO_RIGHT_MAP) == 0;
	px_leave();
	return good;
}

/* Inside: one is kept for the next process. */
static void pair_give(struct px_pair *pair)
{
	if (px_arena->pairs) {
		px_page_put(pair->pages);
		px_page_put((char *)pair->pages + EXO_PAGE_SIZE);
		px_free(pair);
	} else {
		pair->next = NULL;
		px_arena->pairs = pair;
	}
}

static void take_apart(struct px_process *p)
{
	exo_env_stop(p->slot, 0);
	for (uint32_t steps = 1; exo_env_destroy(p->slot) > 0; steps++)
		if (steps % AT_ONCE == 0)
			px_nap(0, MOMENT);
	exo_cap_drop(p->slot);
	px_enter();
	while (p->pairs) {
		struct px_pair *pair = p->pairs;

		p->pairs = pair->next;
		pair_give(pair);
	}
	px_owned_give(p);
	px_uncommit(p->promised);
	p->promised = 0;
	slot_give(p->slot);
	p->slot = EXO_SLOT_NONE;
	px_leave();
}

static int make(struct px_process *p)
{
	exo_pfn_t object, table, root;
	bool good;

	px_enter();
	object = object_for(p);
	table = object_for(p);
	root = object_for(p);
	p->slot = object && table && root ? slot_take() : EXO_SLOT_NONE;
	px_leave();
	if (p->slot == EXO_SLOT_NONE ||
	    exo_env_create(EXO_SLOT_MEMORY, object, table, root, p->slot, PX_EVENT_LOOK) < 0) {
		px_enter();
		px_owned_give(p);
		if (p->slot != EXO_SLOT_NONE)
			slot_give(p->slot);
		p->slot = EXO_SLOT_NONE;
		px_leave();
		return -ENOMEM;
	}
	p->root = root;
	p->incarnation = p->number;
	good = equip(p) && give_to_parent(p);
	if (!good)
		take_apart(p);
	return good ? 0 : -ENOMEM;
}

static bool pair_make(struct px_pair *pair)
{
	exo_pfn_t pfn;

	if (!px_commit(2))
		return false;
	pfn = px_frames_pair();
	if (!pfn) {
		px_uncommit(2);
		return false;
	}
	pair->pages = px_page_at(pfn);
	px_frame_window(pfn, true);
	px_frame_window(pfn + 1, true);
	return true;
}

/* Inside: the pages for an activation of p, which are the arena's. */
static void *pair_take(struct px_process *p)
{
	struct px_pair *pair = px_arena->pairs;

	if (pair) {
		px_arena->pairs = pair->next;
	} else {
		pair = px_alloc(sizeof(*pair));
		if (!pair || !pair_make(pair)) {
			px_free(pair);
			return NULL;
		}
	}
	pair->next = p->pairs;
	p->pairs = pair;
	return pair->pages;
}

static exo_pfn_t table_next(void *process)
{
	struct px_process *p = process;
	exo_pfn_t pfn;

	px_enter();
	pfn = object_for(p);
	px_leave();
	return pfn;
}

static void table_give(void *process, exo_pfn_t pfn)
{
	(void)process;
	(void)pfn;
}

/* Frames for stacks, in as few runs as there are. */
static bool map_stacks(struct px_process *p, const struct xo_space *space, exo_va_t va)
{
	uint64_t pages = (PX_ACTIVATION_BYTES >> EXO_PAGE_SHIFT) - 2, n;

	for (; pages; pages -= n, va += n << EXO_PAGE_SHIFT) {
		exo_pfn_t first;
		bool noted = true;

		px_enter();
		n = px_frames_take(pages, &first);
		for (uint64_t i = 0; i < n; i++)
			if (!noted || !(noted = px_owned_add(p, first + i)))
				px_frames_give(first + i, 1);
		px_leave();
		if (!n || !noted ||
		    xo_map_run(space, va, first, n, EXO_PROT_READ | EXO_PROT_WRITE,
			       EXO_SLOT_MEMORY) < 0)
			return false;
	}
	return true;
}

/* As it is when the process sees it at `va`. */
static void fill(struct px_process *p, struct exo_activation *a, exo_va_t va, uint32_t n)
{
	exo_va_t stacks = va + 2 * EXO_PAGE_SIZE;
	struct px_local *local = (void *)((char *)a + LOCAL_AT);

	memset(a, 0, EXO_PAGE_SIZE);
	memset((char *)a + EXO_PAGE_SIZE, 0, EXO_PAGE_SIZE);
	xo_activation_init(a, n, (char *)stacks, PX_UPCALL_BYTES);
	a->self = va;
	a->user[PX_A_LOCAL] = va + LOCAL_AT;
	px_activation_note(a, p->number);
	local->stack = va + PX_ACTIVATION_BYTES;
	local->idle.self = (void *)(va + LOCAL_AT + offsetof(struct px_local, idle));
	local->begin = (struct xo_begin){
		.sp = local->stack, .activation = (void *)va, .fn = px_guest_begin};
}

int px_host_activation(struct px_process *p, uint32_t n)
{
	struct xo_space space = {.env = p->slot,
				 .tables = {.next = table_next,
					    .give = table_give,
					    .context = p,
					    .cap = EXO_SLOT_MEMORY}};
	exo_va_t va = px_activation_at(n);
	exo_pfn_t pfn;
	void *pages;

	if (p->activations >> n & 1)
		return 0;
	px_enter();
	pages = pair_take(p);
	if (pages)
		fill(p, pages, va, n);
	px_leave();
	if (!pages)
		return -ENOMEM;
	pfn = px_page_frame(pages);
	if (xo_map_run(&space, va, pfn, 2, EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY) < 0 ||
	    !map_stacks(p, &space, va + 2 * EXO_PAGE_SIZE) ||
	    exo_activation_bind(p->slot, n, EXO_SLOT_MEMORY, pfn,
				va + LOCAL_AT + offsetof(struct px_local, begin)) < 0)
		return -ENOMEM;
	px_enter();
	p->activations |= 1ull << n;
	px_leave();
	return 0;
}

/* It never had an environment. */
static void forget(struct px_process *p)
{
	px_enter();
	px_uncommit(p->promised);
	p->promised = 0;
	px_leave();
}

/* The frames of what ended by itself are noted already.  `stays`: so does the record. */
static int end(struct px_process *p, bool stays)
{
	bool there = p->slot != EXO_SLOT_NONE;

	if (there && !p->noted)
		px_tables_walk(p);
	if (there)
		take_apart(p);
	else
		forget(p);
	if (p->number == PX_FIRST_PROCESS)
		px_stop_image(WIFSIGNALED(p->status) ? 128 + WTERMSIG(p->status)
						     : WEXITSTATUS(p->status));
	if (!stays)
		px_process_gone(p);
	return 0;
}

/* Inside: whose CPU p would like to hand on directly the next time.  It does not wait for that, and
 * may be gone a moment later. */
static void introduce(struct px_process *p)
{
	uint32_t i = (p->peers - 1) % PX_SLOT_PEERS;
	const struct px_process *other = px_process_find(p->answer);

	if (other && other->slot != EXO_SLOT_NONE && p->slot != EXO_SLOT_NONE && !p->peer[i] &&
	    exo_cap_derive(other->slot, p->slot, PX_SLOT_PEER + i, 0, 0, EXO_RIGHT_YIELD) == 0)
		p->peer[i] = other->incarnation;
	p->wish = PX_WISH_NONE;
}

static int grant(struct px_process *p, uint32_t wish, bool stays)
{
	switch (wish) {
	case PX_WISH_MAKE:
		return make(p);
	case PX_WISH_END:
		return end(p, stays);
	}
	return -EINVAL;
}

void px_host_made(struct px_process *p)
{
	if (--p->making || !p->ends_after)
		return;
	p->ends_after = 0;
	px_wish(p, PX_WISH_END);
}

/* What takes a while, so others come in between.  Inside. */
static void serve(struct px_process *p, uint32_t wish)
{
	bool stays = wish != PX_WISH_END || p->unborn; /* else the record may be gone, too */
	int r;

	p->making += stays;
	px_leave();
	r = grant(p, wish, stays);
	px_enter();
	if (!stays)
		return;
	px_host_made(p);
	if (p->wishes)
		return; /* it has asked for something else meanwhile */
	p->answer = r;
	p->wish = PX_WISH_NONE;
}

void px_host_serve(void)
{
	struct px_process *p;

	px_enter();
	while ((p = px_arena->wishes)) {
		px_arena->wishes = p->next_wish;
		p->wishes = 0;
		if (p->wish == PX_WISH_PEER)
			introduce(p);
		else if (p->wish == PX_WISH_END && p->making)
			p->ends_after = 1;
		else
			serve(p, p->wish);
	}
	px_leave();
}

void px_wish(struct px_process *p, enum px_wish wish)
{
	p->wish = wish;
	if (p->wishes)
		return;
	p->wishes = 1;
	p->next_wish = px_arena->wishes;
	px_arena->wishes = p;
}

int px_ask(struct px_process *p, enum px_wish wish)
{
	px_enter();
	px_wish(p, wish);
	px_leave();
	if (px_hosting())
		px_host_serve();
	while (__atomic_load_n(&p->wish, __ATOMIC_ACQUIRE))
		exo_yield(EXO_SLOT_NONE, 0);
	return p->answer;
}

/* Other CPUs' hosts find out, too, and those who end well are taken apart by any of them. */
void px_host_lost(uint32_t incarnation)
{
	struct px_process *p;
	long status = 0;

	px_enter();
	p = px_arena->process;
	while (p && (p->incarnation != incarnation || p->slot == EXO_SLOT_NONE))
		p = p->next;
	if (p && !p->lost && p->state < PX_GONE)
		status = exo_env_status(p->slot);
	if (status)
		p->lost = 1;
	px_leave();
	if (status)
		px_process_lost(p, EXO_STATUS_REASON(status) == EXO_STOP_OTHER ? SIGKILL : SIGSEGV);
}
