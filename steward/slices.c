/* slices.c - who runs when: one slot of the slice vectors for each image, the same on all its CPUs.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The kernel serves the slots of a CPU in turn, so an image has the share of it that its slice is
 * of the sum of all slices there.  The steward's own, on CPU 0, is a small part of the shortest:
 * even if somebody keeps it busy for ever it takes little from the others.
 *
 * What it takes to start an image and to take it apart is done in its own slot, if that is on CPU
 * 0: so nobody else pays for it, and the steward need not be quick.
 *
 * An image may bind its slot on each of its CPUs for as long as the steward bound it.  To bind all
 * of them once, there is an activation that sleeps for ever.
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/error.h>
#include <exo/info.h>
#include <exo/stubs.h>
#include <libexo/served.h>
#include <libexo/start.h>
#include <libexo/time.h>
#include <mini/mini.h>

#define SLEEPER      2 /* activation */
#define NS_MIN       10000
#define OWN_NS       1000000 /* the steward's slice at most, */
#define OWN_PART     32      /* and of the shortest other one */
#define SLEEPER_SLOT 1
#define TRIES        4          /* to change what its owner changes at the same time */
#define EMPTY_NS     1000000000 /* how often it is looked whether somebody has no slice any more */

static uint64_t taken[EXO_SLICE_MAX]; /* on which CPUs each slot is within somebody's range */
static uint64_t claimed;              /* CPUs that one image has for itself */

static uint64_t cpus_there(void)
{
	return ~0ull >> (64 - xo_info->cpus);
}

static uint64_t cpus_used(void)
{
	uint64_t used = 0;

	for (uint32_t i = 0; i < image_count; i++)
		if (images[i].has_slices)
			used |= images[i].share.cpus;
	return used;
}

static uint32_t first_cpu(uint64_t cpus)
{
	return (uint32_t)__builtin_ctzll(cpus);
}

static uint32_t last_cpu(uint64_t cpus)
{
	return 63 - (uint32_t)__builtin_clzll(cpus);
}

/* Bind a slot for ns and empty it again: from then on ns is the most for who may not set it. */
static long set_length(uint32_t cpu, uint32_t slot, exo_ns_t ns)
{
	long r;

	while ((r = exo_slice_bind(EXO_SLOT_CPU, cpu, slot, EXO_SLOT_NONE, SLEEPER, ns)) ==
	       -EXO_E_STATE)
		; /* it has to be seen off the CPU where it was bound last */
	return r ? r : exo_slice_bind(EXO_SLOT_CPU, cpu, slot, EXO_SLOT_NONE, SLEEPER, 0);
}

/* All slices of CPU 0 have changed: see to our own. */
static void own_slice(void)
{
	exo_ns_t ns = OWN_NS;

	for (uint32_t i = 0; i < image_count; i++) {
		const struct image *im = &images[i];

		if (im->has_slices && im->share.cpus & 1 && im->slice_ns / OWN_PART < ns)
			ns = im->slice_ns / OWN_PART;
	}
	exo_slice_bind(EXO_SLOT_CPU, 0, 0, EXO_SLOT_NONE, 0, ns < NS_MIN ? NS_MIN : ns);
}

const char *slices_refusal(const struct image *im)
{
	uint64_t cpus = im->share.cpus;

	if (cpus & ~cpus_there())
		return "the machine lacks one of its CPUs";
	if (cpus & claimed)
		return "another image has one of its CPUs for itself";
	if (im->share.claim && cpus & 1)
		return "it cannot have CPU 0 for itself: the steward runs there";
	if (im->share.claim && cpus & cpus_used())
		return "others run on a CPU that it wants for itself";
	return NULL;
}

/* From its first CPU to its last: what the range that is its slot covers, so nobody else has that
 * slot on those between. */
static uint64_t span(const struct image *im)
{
	uint32_t first = first_cpu(im->share.cpus), last = last_cpu(im->share.cpus);

	return ~0ull >> (63 - last) & ~0ull << first;
}

/* Its slot on all its CPUs; who has those for itself may set how long. */
static long derive(const struct image *im, exo_cap_t from, exo_cap_t env, exo_cap_t to)
{
	uint64_t low = EXO_SLICE_OF(first_cpu(im->share.cpus), im->slice);
	uint64_t high = EXO_SLICE_OF(last_cpu(im->share.cpus), im->slice);
	uint32_t rights = EXO_RIGHT_BIND | EXO_RIGHT_DERIVE;

	if (im->share.claim && im->share.cpus == span(im))
		rights |= EXO_RIGHT_LENGTH;
	return exo_cap_derive(from, env, to, low, high - low + 1, rights);
}

long slices_hand(struct image *im)
{
	return derive(im, SLOT_CPU_OF(im), SLOT_ENV(im), EXO_SLOT_CPU);
}

/* Of what is the image's on CPU 0: to us for ns, or back. */
static void lend(const struct image *im, exo_ns_t ns)
{
	if (im->share.cpus & 1)
		exo_slice_bind(EXO_SLOT_CPU, 0, im->slice, EXO_SLOT_NONE, 0, ns);
}

static struct exo_slice seen(uint32_t cpu, uint32_t slot)
{
	const struct exo_slice *page =
		window_open(EXO_SLOT_INFO, xo_info->slice_table[cpu], 1, EXO_PROT_READ);
	struct exo_slice s = {0};

	if (page) {
		s = page[slot];
		window_close(1);
	}
	return s;
}

/* Is the slot nobody's on its CPUs, and one that nobody may fill on those between, which were not
 * given to it?  Where somebody had it once its length stays set. */
static bool fits(const struct image *im, uint32_t slot)
{
	uint64_t between = span(im) & ~im->share.cpus & cpus_there();

	if (taken[slot] & span(im))
		return false;
	for (; between; between &= between - 1)
		if (seen(first_cpu(between), slot).most)
			return false;
	return true;
}

const char *slices_take(struct image *im)
{
	uint32_t slot = SLEEPER_SLOT + 1;

	while (slot < EXO_SLICE_MAX && !fits(im, slot))
		slot++;
	if (slot == EXO_SLICE_MAX)
		return "there are too many images on its CPUs";
	im->slice = (uint8_t)slot;
	if (derive(im, EXO_SLOT_CPU, EXO_SLOT_NONE, SLOT_CPU_OF(im)))
		return "its slices cannot be had";
	for (uint64_t cpus = im->share.cpus; cpus; cpus &= cpus - 1)
		if (set_length(first_cpu(cpus), slot, im->slice_ns)) {
			drop(SLOT_CPU_OF(im));
			return "its slices cannot be had";
		}
	taken[slot] |= span(im);
	claimed |= im->share.claim ? im->share.cpus : 0;
	im->has_slices = true;
	im->ran = 0;
	im->ran = slices_used(im);
	own_slice();
	lend(im, im->slice_ns);
	return NULL;
}

long slices_bind(struct image *im)
{
	lend(im, 0);
	return exo_slice_bind(SLOT_CPU_OF(im), first_cpu(im->share.cpus), im->slice, SLOT_ENV(im),
			      0, im->slice_ns);
}

uint64_t slices_first(const struct image *im)
{
	return EXO_SLICE_OF(first_cpu(im->share.cpus), im->slice);
}

uint64_t slices_span(const struct image *im)
{
	return last_cpu(im->share.cpus) - first_cpu(im->share.cpus) + 1;
}

/* Who is there stays there, under what the image's own capability comes from; how long, and the
 * most that is set with it, changes.  An error if it has changed meanwhile. */
static long limit_bound(struct image *im, uint32_t cpu, const struct exo_slice *s, exo_ns_t ns)
{
	exo_ns_t kept = s->ns == im->slice_ns || s->ns > ns ? ns : s->ns;
	long r = exo_account_open(SLOT_ACCOUNT_OF(im), s->env, SLOT_WORK);

	if (r)
		return r;
	r = exo_slice_bind(EXO_SLOT_CPU, cpu, im->slice, SLOT_WORK, s->index, ns);
	if (!r)
		r = exo_slice_bind(SLOT_CPU_OF(im), cpu, im->slice, SLOT_WORK, s->index, kept);
	drop(SLOT_WORK);
	return r;
}

/* All of them away, and its first activation has one again: who cannot be seen for all its changes
 * has the harm. */
static void renew(struct image *im, exo_ns_t ns)
{
	while (exo_cap_revoke(SLOT_CPU_OF(im)) == 1)
		;
	drop(SLOT_CPU_OF(im));
	for (uint64_t cpus = im->share.cpus; cpus; cpus &= cpus - 1)
		set_length(first_cpu(cpus), im->slice, ns);
	if (derive(im, EXO_SLOT_CPU, EXO_SLOT_NONE, SLOT_CPU_OF(im)) || slices_hand(im) ||
	    slices_bind(im))
		exo_env_stop(SLOT_ENV(im), 0);
}

static void note(struct image *im, uint32_t cpu)
{
	struct xo_ledger_record record = {.first = EXO_SLICE_OF(cpu, im->slice),
					  .count = 1,
					  .when = xo_now(),
					  .kind = XO_LEDGER_SLICES};

	if (im->ledger)
		xo_ledger_note(im->ledger, &record);
}

bool slices_limit(struct image *im, exo_ns_t ns)
{
	exo_ns_t before = im->slice_ns;
	bool cut = false, done = true;

	if (im->state == IMAGE_LOADS) /* they are ours meanwhile */
		lend(im, 0);
	for (uint64_t cpus = im->share.cpus; cpus && done; cpus &= cpus - 1) {
		uint32_t cpu = first_cpu(cpus);
		struct exo_slice s = {0};

		done = false;
		for (int tries = 0; tries < TRIES && !done; tries++) {
			s = seen(cpu, im->slice);
			done = !(s.env ? limit_bound(im, cpu, &s, ns)
				       : set_length(cpu, im->slice, ns));
		}
		if (!done || s.ns > ns) {
			note(im, cpu);
			cut = true;
		}
	}
	im->slice_ns = ns;
	if (!done && im->state != IMAGE_LOADS)
		renew(im, ns);
	if (im->state == IMAGE_LOADS)
		lend(im, ns);
	own_slice();
	return cut && ns < before;
}

bool slices_cut(struct image *im)
{
	if (!im->has_slices)
		return false;
	if (exo_cap_revoke(SLOT_CPU_OF(im)) == 1)
		return true;
	drop(SLOT_CPU_OF(im));
	lend(im, im->slice_ns);
	return false;
}

void slices_give(struct image *im)
{
	if (!im->has_slices)
		return;
	lend(im, 0);
	im->ran = slices_used(im);
	for (uint64_t cpus = im->share.cpus; cpus; cpus &= cpus - 1)
		set_length(first_cpu(cpus), im->slice, NS_MIN);
	taken[im->slice] &= ~span(im);
	claimed &= im->share.claim ? ~im->share.cpus : ~0ull;
	im->has_slices = false;
	own_slice();
	divide_again();
}

exo_ns_t slices_used(const struct image *im)
{
	const volatile struct exo_cpu_info *cpu =
		(const volatile struct exo_cpu_info *)(xo_start->info + EXO_INFO_CPUS_AT);
	exo_ns_t sum = 0, now = xo_now();

	for (uint64_t cpus = im->share.cpus & cpus_there(); cpus; cpus &= cpus - 1) {
		uint32_t n = first_cpu(cpus);
		const struct exo_slice *s =
			window_open(EXO_SLOT_INFO, xo_info->slice_table[n], 1, EXO_PROT_READ);

		if (!s)
			return 0;
		sum += xo_served(&cpu[n], s, im->slice, now);
		window_close(1);
	}
	return sum > im->ran ? sum - im->ran : 0;
}

/* Is nobody in any of its slots?  Then nobody who could bind one will ever run again: those are
 * only it. */
static bool is_empty(const struct image *im)
{
	for (uint64_t cpus = im->share.cpus; cpus; cpus &= cpus - 1)
		if (seen(first_cpu(cpus), im->slice).env)
			return false;
	return true;
}

bool slices_round(exo_ns_t now, exo_ns_t *wake)
{
	static exo_ns_t next;
	bool due = now >= next, any = false;

	for (uint32_t i = 0; i < image_count; i++) {
		struct image *im = &images[i];

		if (im->state != IMAGE_RUNS)
			continue;
		any = true;
		if (!due)
			continue;
		/* Once may have been in the middle of a change: another CPU runs what it was rid
		 * of. */
		if (!is_empty(im))
			im->empty = 0;
		else if (++im->empty == EMPTY_TIMES)
			exo_env_stop(SLOT_ENV(im), 0);
	}
	if (due)
		next = now + EMPTY_NS;
	if (any)
		wake_at(wake, next);
	return false;
}

static bool asleep;

static void sleep_for_ever(void *arg)
{
	(void)arg;
	__atomic_store_n(&asleep, true, __ATOMIC_RELEASE);
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

bool slices_init(void)
{
	if (mini_activation(SLEEPER, sleep_for_ever, NULL, 1) ||
	    exo_slice_bind(EXO_SLOT_CPU, 0, SLEEPER_SLOT, EXO_SLOT_NONE, SLEEPER, OWN_NS))
		return false;
	while (!__atomic_load_n(&asleep, __ATOMIC_ACQUIRE))
		exo_yield(EXO_SLOT_NONE, 0);
	exo_slice_bind(EXO_SLOT_CPU, 0, SLEEPER_SLOT, EXO_SLOT_NONE, SLEEPER, 0);
	own_slice();
	return true;
}
