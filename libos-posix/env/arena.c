/* arena.c - the shared segment: where it comes from and how it is entered.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <libexo/upcall.h>
#include <signal/signals.h>
#include <vm/vm.h>

struct px_arena *px_arena;

#define SPINS 1000

/* What the head can take: this structure, a bit or two and a count for each frame. */
static uint64_t head_room(void)
{
	return px_round_up(sizeof(struct px_arena) + 3 * xo_info->pfn_end) + 2 * EXO_PAGE_SIZE;
}

uint64_t px_arena_room(void)
{
	return head_room() + (xo_info->pfn_end << EXO_PAGE_SHIFT);
}

/* The allocator must work before the arena that holds it is there: it starts
 * in a variable and moves. */
__attribute__((cold)) long px_arena_init(const struct exo_start *start, exo_va_t va,
					 const struct exo_extent *given)
{
	static struct px_frames boot;
	uint64_t head = px_round_up(sizeof(struct px_arena));
	uint64_t tables = px_frames_init(&boot, start, given);
	long r;

	px_frames = &boot;
	r = px_map_now(va, (head + tables) >> EXO_PAGE_SHIFT);
	if (r < 0)
		return r;
	struct px_arena *a = (void *)va;

	a->magic = PX_ARENA_MAGIC;
	a->version = PX_ARENA_VERSION;
	a->bytes = sizeof(*a);
	a->head_end = va + head + tables;
	a->window = va + head_room();
	a->window_pages = xo_info->pfn_end;
	a->frames = boot;
	px_frames = &a->frames;
	px_frames_tables(px_frames, (void *)(va + head));
	px_frames->promised = px_frames->out;
	px_arena = a;
	px_activation_note(xo_self(), PX_FIRST_PROCESS);
	return 0;
}

#define ARCHIVE_AROUND 16 /* pages mapped at a time */
#define WINDOW_AROUND  8

bool px_arena_holds(exo_va_t va)
{
	return (va - px_arena->window) >> EXO_PAGE_SHIFT < px_arena->window_pages ||
	       (va - px_arena->archive) >> EXO_PAGE_SHIFT < px_arena->archive_pages;
}

/* With it the pages around. */
static __attribute__((cold)) bool touch(exo_pfn_t pfn)
{
	exo_pfn_t from = pfn, to = pfn + 1;

	while (from % WINDOW_AROUND && px_frame_in_window(from - 1))
		from--;
	while (to % WINDOW_AROUND && px_frame_in_window(to))
		to++;
	return px_frame_in_window(pfn) &&
	       xo_map_run(&px_image_space, (exo_va_t)px_page_at(from), from, to - from,
			  EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY) == 0;
}

__attribute__((cold)) bool px_arena_touch(exo_va_t va)
{
	uint64_t pfn = (va - px_arena->window) >> EXO_PAGE_SHIFT, n, at;

	if (pfn < px_arena->window_pages)
		return touch(pfn);
	at = ((va - px_arena->archive) >> EXO_PAGE_SHIFT) & -(uint64_t)ARCHIVE_AROUND;
	n = px_arena->archive_pages - at;
	return xo_map_run(&px_image_space, px_arena->archive + (at << EXO_PAGE_SHIFT),
			  px_arena->archive_pfn + at, n < ARCHIVE_AROUND ? n : ARCHIVE_AROUND,
			  EXO_PROT_READ, EXO_SLOT_ARCHIVE) == 0;
}

/* Linked in by what makes processes (process/guest.c).  Give the CPU to who holds the lock:
 * activation n of process `number`, if that is our guest; false if not.  And the end of that. */
extern bool px_lend_lock(uint32_t number, uint32_t n) __attribute__((weak, visibility("hidden")));
extern void px_lock_lent(void) __attribute__((weak, visibility("hidden")));

/* Where an event that was held back is looked after. */
extern void px_sched_pending(void) __attribute__((weak, visibility("hidden")));

#define FIELD(name) "i"(offsetof(struct exo_activation, name))

/* Each in one instruction: in between a thread can go to another CPU. */
static inline void hold(void)
{
	__asm__ volatile("incl %%gs:%c0" : : FIELD(critical) : "memory", "cc");
}

static inline void release(void)
{
	__asm__ volatile("decl %%gs:%c0" : : FIELD(critical) : "memory", "cc");
}

static inline uint32_t field(size_t offset)
{
	uint32_t x;

	__asm__ volatile("movl %%gs:%c1, %0" : "=r"(x) : "i"(offset) : "memory");
	return x;
}

void px_activation_note(struct exo_activation *a, uint32_t process)
{
	a->user[PX_A_CPU] = (uint64_t)&px_arena->sched.cpu[a->index];
	px_arena->sched.cpu[a->index].number = a->index;
	a->user[PX_A_INSIDE] = 1 + (process << 8 | a->index);
}

/* Who is inside on another CPU will be done in a moment; calls of the kernel would only be in his
 * way. Returns the lock as it is then. */
static __attribute__((cold)) uint32_t wait_a_little(void)
{
	uint32_t lock = 1;

	for (int i = 0; lock && i < SPINS; i++) {
		__asm__ volatile("pause");
		lock = __atomic_load_n(&px_arena->lock, __ATOMIC_RELAXED);
	}
	return lock;
}

/* Inside already, or somebody else is, as `none` says: whoever waits gives its slice away, the
 * holder is short. */
static __attribute__((noinline)) void enter_after(uint32_t me, uint32_t none)
{
	if (none == me) {
		px_arena->depth++;
		return;
	}
	none = 0;
	while (!__atomic_compare_exchange_n(&px_arena->lock, &none, me, false, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED)) {
		if (((none ^ me) & 0xff) && !(none = wait_a_little()))
			continue;
		if (!px_lend_lock || !px_lend_lock((none - 1) >> 8, (none - 1) & 0xff))
			exo_yield(EXO_SLOT_NONE, 0);
		none = 0;
	}
	px_arena->depth = 1;
}

/* Raising `critical` first means that no asynchronous upcall can come between
 * taking the lock and leaving. */
static inline void enter(void)
{
	struct px_arena *a = px_arena;
	uint32_t me, none = 0;

	hold();
	me = field(offsetof(struct exo_activation, user[PX_A_INSIDE]));
	if (__builtin_expect(__atomic_compare_exchange_n(&a->lock, &none, me, false,
							 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED),
			     1))
		a->depth = 1;
	else
		enter_after(me, none);
}

/* A stack that ends too soon, or has a page to be made, says so before anything is changed: what is
 * read lies below all that this section can write.  The name is for the upcall of that fault. */
void px_enter(void)
{
	__asm__ volatile(".globl px_enter_looks\n\t"
			 ".hidden px_enter_looks\n"
			 "px_enter_looks:\t"
			 "testb %%al, -%c0(%%rsp)"
			 :
			 : "i"(PX_ENTER_ROOM)
			 : "memory", "cc");
	enter();
}

/* What was held back, or is for who leaves.  Who holds events back for longer, as one that has no
 * place for its registers yet, is not switched away here either. */
static __attribute__((cold)) void attend(void)
{
	bool event;

	do {
		if (px_lock_lent) { /* of this activation: the thread must not leave it meanwhile */
			hold();
			px_lock_lent();
			release();
		}
		event = field(offsetof(struct exo_activation, pending)) & EXO_WANT_EVENT;
		if (field(offsetof(struct exo_activation, critical)))
			return;
		if (event && px_sched_pending && px_arena->sched.on)
			px_sched_pending();
		else if (event)
			px_event_alone();
	} while (event);
	if (px_signals_due && field(offsetof(struct exo_activation, pending)) & PX_PENDING_SIGNAL)
		px_signals_due();
}

void px_leave(void)
{
	if (--px_arena->depth) {
		release();
		return;
	}
	__atomic_store_n(&px_arena->lock, 0, __ATOMIC_RELEASE);
	release();
	if (__builtin_expect(field(offsetof(struct exo_activation, pending)), 0))
		attend();
}

void px_leave_quietly(void)
{
	px_leave_asleep();
	release();
}

void px_leave_asleep(void)
{
	px_arena->depth = 0;
	__atomic_store_n(&px_arena->lock, 0, __ATOMIC_RELEASE);
}

void px_enter_awake(void)
{
	enter();
	release();
}
