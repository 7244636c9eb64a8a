/* word.c - waiting for a word of the program's memory to change.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/thread.h>
#include <errno.h>
#include <libexo/time.h>
#include <thread/thread.h>
#include <thread/word.h>
#include <vm/copy.h>
#include <vm/vm.h>

#define NS 1000000000ll

struct key {
	uint64_t word;
	const struct px_process *of;
};

static struct px_waitq *queue_of(const struct key *k)
{
	return &px_arena->sched.word[(k->word >> 2) * 0x9e3779b97f4a7c15ull >> 58];
}
_Static_assert(PX_WORD_QUEUES == 64, "six bits");

/* Of a shared word the page must be there: who waits has just read it. */
static inline struct key key_of(const void *word, uint32_t how)
{
	exo_va_t va = (exo_va_t)word;

	if (how & PX_WORD_SHARED)
		return (struct key){(px_pte(va) & EXO_PTE_FRAME) | va % EXO_PAGE_SIZE, NULL};
	return (struct key){va, px_me};
}

static bool waits_for(const struct px_thread *t, const struct key *k)
{
	return t->word == k->word && t->word_of == k->of;
}

/* px_block_for, where it is done most. */
static inline int block(struct px_thread *t, struct px_waitq *q, exo_ns_t deadline, uint32_t attend)
{
	int r;

	if (!px_sched_sleep || !px_arena->sched.on)
		return px_block_for(q, deadline, attend);
	t->woken = 0;
	px_wait_join_as(&t->waiter, q, t);
	r = px_sched_sleep(deadline, attend);
	px_wait_part(&t->waiter);
	return r;
}

/* One aligned word is read inside: it was there a moment ago, or the wait ends at once. */
int px_word_wait(const void *word, uint32_t value, exo_ns_t deadline, uint32_t how)
{
	struct px_thread *t = px_this();
	struct key k = {0};
	uint32_t now;
	int r = -EAGAIN;

	px_enter();
	if (!px_copy_from(&now, word, sizeof(now)) && now == value) {
		k = key_of(word, how);
		t->word = k.word;
		t->word_of = k.of;
		r = block(t, queue_of(&k), deadline, how & ~PX_WORD_SHARED);
	}
	if (!r && t->word != k.word)
		r = 1;
	px_leave();
	return r;
}

uint32_t px_word_wake(const void *word, uint32_t count, uint32_t how)
{
	struct px_waiter *w, *next;
	uint32_t woken = 0;
	struct key k;

	px_enter();
	k = key_of(word, how);
	for (w = queue_of(&k)->first; w && woken < count; w = next) {
		next = w->next;
		if (!waits_for(w->thread, &k))
			continue;
		px_wait_part(w);
		px_wake_thread(w->thread);
		woken++;
	}
	px_leave();
	return woken;
}

static void move(struct px_waiter *w, const struct key *to)
{
	struct px_thread *t = w->thread;

	px_wait_part(w);
	t->word = to->word;
	px_wait_join_as(w, queue_of(to), t);
}

void px_word_move(const void *from, const void *to)
{
	struct px_waiter *w, *next, *end;
	struct key k, other;
	bool first = true;

	px_enter();
	k = key_of(from, 0);
	other = key_of(to, 0);
	end = queue_of(&k)->last;
	for (w = queue_of(&k)->first; w; w = next) {
		next = w == end ? NULL : w->next;
		if (!waits_for(w->thread, &k))
			continue;
		if (first) {
			px_wait_part(w);
			px_wake_thread(w->thread);
		} else {
			move(w, &other);
		}
		first = false;
	}
	px_leave();
}

int px_until(clockid_t clock, const struct timespec *until, exo_ns_t *deadline)
{
	struct timespec now;
	int64_t left;

	*deadline = 0;
	if (!until)
		return 0;
	if ((clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) || until->tv_nsec < 0 ||
	    until->tv_nsec >= NS)
		return EINVAL;
	clock_gettime(clock, &now);
	left = until->tv_sec - now.tv_sec;
	left = left < -1 ? -1 : left > INT64_MAX / NS / 2 ? INT64_MAX / NS / 2 : left;
	left = left * NS + until->tv_nsec - now.tv_nsec;
	*deadline = left > 0 ? xo_now() + (uint64_t)left : 1;
	return 0;
}

bool px_interrupted(void)
{
	px_cancel_point();
	return true;
}
