/* serve.c - answers the calls of images that may ask for others to be loaded.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * In an activation of its own, without slices: it runs in the callers' time, and may be left
 * anywhere when a caller goes or gives up.  So it takes no lock and does nothing but to write
 * requests down and read what became of them; each changes hands by one word that is written whole:
 *
 *     free or final -> QUEUED             here
 *     QUEUED -> PENDING -> STARTED -> ENDED, or REFUSED      activation 0 (ask.c)
 *
 * Activation 0 calls it now and then itself; if it is found busy again and again, it gets a slice
 * until it waits for calls once more.
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/call.h>
#include <libexo/steward.h>
#include <libexo/string.h>
#include <libexo/time.h>
#include <mini/mini.h>

#define SERVES        XO_STEWARD_SERVES
#define LOOK_NS       20000000 /* how often it is tried while somebody may call, */
#define AGAIN_NS      1000000  /* and when it was busy */
#define RESCUE_SLOT   1        /* of CPU 0 */
#define RESCUE_NS     200000
#define TICKET(i, n)  ((uint64_t)(n) << 8 | (i))
#define TICKET_ASK(t) ((t)&0xff)

static bool received[RECEIVES]; /* slots that hold what came with a request */

/* A slot for what may come along, or 0. */
static exo_cap_t free_slot(void)
{
	for (uint32_t i = 0; i < RECEIVES; i++)
		if (!__atomic_load_n(&received[i], __ATOMIC_ACQUIRE))
			return SLOT_RECEIVE + i;
	return 0;
}

void receive_done(exo_cap_t slot)
{
	drop(slot);
	__atomic_store_n(&received[slot - SLOT_RECEIVE], false, __ATOMIC_RELEASE);
}

static bool is_final(uint64_t state)
{
	return ASK_STATE(state) == ASK_FREE || ASK_STATE(state) == ASK_ENDED ||
	       ASK_STATE(state) == ASK_REFUSED;
}

/* Where a request can be written down: the one that was done with first, or NULL. */
static struct ask *free_ask(struct image *im)
{
	struct ask *found = NULL;

	for (uint32_t i = 0; i < ASKS_MAX; i++)
		if (is_final(ask_state(&im->ask[i])) &&
		    (!found || im->ask[i].serial < found->serial))
			found = &im->ask[i];
	return found;
}

static void refuse(struct exo_message *m, enum xo_refusal why)
{
	m->word[0] = XO_REFUSED;
	m->word[1] = why;
}

/* What comes along fills a slot until it is done with: nobody may fill them all. */
static bool has_enough(const struct image *im)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ASKS_MAX; i++)
		n += ASK_STATE(ask_state(&im->ask[i])) == ASK_QUEUED && im->ask[i].slot;
	return n >= RECEIVES / 4;
}

/* True if the request is written down, and with it the slot. */
static bool queue(struct image *im, struct exo_message *m, exo_cap_t slot)
{
	static uint32_t serial;
	struct ask *a = free_ask(im);

	if (!a || (slot && has_enough(im))) {
		refuse(m, XO_REFUSED_LATER);
		return false;
	}
	memcpy(a->word, m->word, sizeof(a->word));
	a->serial = ++serial;
	a->slot = (uint16_t)slot;
	if (slot)
		__atomic_store_n(&received[slot - SLOT_RECEIVE], true, __ATOMIC_RELEASE);
	ask_set(a, ASK_QUEUED, 0);
	exo_notify(EXO_SLOT_NONE, 0, EVENT_ASKED);
	m->word[0] = XO_ASKED;
	m->word[1] = TICKET(a - im->ask, a->serial);
	return true;
}

static void result(const struct image *im, struct exo_message *m)
{
	static const uint8_t what[] = {
		[ASK_QUEUED] = XO_PENDING, [ASK_PENDING] = XO_PENDING, [ASK_STARTED] = XO_STARTED,
		[ASK_ENDED] = XO_ENDED,    [ASK_REFUSED] = XO_REFUSED,
	};
	uint64_t ticket = m->word[1], state;
	const struct ask *a = &im->ask[TICKET_ASK(ticket) % ASKS_MAX];

	state = ask_state(a);
	if (ticket != TICKET(a - im->ask, a->serial) || ASK_STATE(state) == ASK_FREE) {
		refuse(m, XO_REFUSED_UNKNOWN);
		return;
	}
	m->word[0] = what[ASK_STATE(state)];
	m->word[1] = ASK_CODE(state);
}

/* True if what came along is kept. */
static bool answer(struct exo_message *m, exo_cap_t slot)
{
	uint64_t i = m->badge - 1; /* image_badge() */
	struct image *im = &images[i < IMAGES_MAX ? i : 0];

	if (i < IMAGES_MAX && im->share.loads) {
		switch (m->word[0] & 0xff) {
		case XO_ASK_START:
			return queue(im, m, 0) && false;
		case XO_ASK_LOAD:
			if (slot)
				return queue(im, m, slot);
			break;
		case XO_ASK_RESULT:
			result(im, m);
			return false;
		}
	}
	refuse(m, XO_REFUSED_UNKNOWN);
	return false;
}

static void serve(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		exo_cap_t slot = free_slot();
		long r = xo_reply(EXO_CALL_HOW(0, 0, slot), &m);

		if (r < 0)
			m = (struct exo_message){0};
		else if (!answer(&m, r == 1 ? slot : 0) && r == 1)
			drop(slot);
	}
}

/* Does it wait for calls? */
static bool waits(exo_ns_t now)
{
	struct exo_message m = {0};

	return xo_call(EXO_SLOT_SELF, EXO_CALL_HOW(SERVES, 0, 0), now + AGAIN_NS, &m) == 0;
}

static void give_time(exo_ns_t ns)
{
	exo_slice_bind(EXO_SLOT_CPU, 0, RESCUE_SLOT, EXO_SLOT_NONE, SERVES, ns);
}

bool serve_round(exo_ns_t now, exo_ns_t *wake)
{
	static uint32_t busy; /* how often in a row */
	static exo_ns_t next;
	bool callers = busy;

	for (uint32_t i = 0; i < image_count; i++)
		callers |= images[i].share.loads && images[i].state == IMAGE_RUNS;
	if (!callers)
		return false;
	if (now >= next) {
		if (!waits(now))
			busy++;
		else if (busy)
			give_time(busy = 0);
		if (busy > 1)
			give_time(RESCUE_NS);
		next = now + (busy ? AGAIN_NS : LOOK_NS);
	}
	wake_at(wake, next);
	return false;
}

bool serve_init(void)
{
	if (mini_activation(SERVES, serve, NULL, 2))
		return false;
	give_time(RESCUE_NS);
	for (exo_ns_t now = xo_now(); !waits(now); now = xo_now())
		exo_yield(EXO_SLOT_NONE, 0);
	give_time(0);
	return true;
}
