/* divide.c - who has images loaded shares its slices with them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The loader and those it loaded have together what its description says, in equal parts, so nobody
 * else has less because of them.  What some have too much when one more comes is asked back by the
 * ledger (libexo/ledger.h): they may shorten their slices when it suits them, and past the deadline
 * that is done to them.  When one goes the others' slices grow again.
 */
#include "steward.h"

#include <exo/stubs.h>
#include <libexo/time.h>

#define ASK_NS 200000000ull /* to shorten them by itself */
#define NS_MIN 10000

static bool changed; /* somebody has gone, or has another slice */

static const struct image *head_of(const struct image *im)
{
	return im->loader ? im->loader : im;
}

/* How long the slices of each may be, those counted that are about to have some; 0: too short. */
static exo_ns_t part(const struct image *head)
{
	uint32_t n = 0;
	exo_ns_t ns;

	for (uint32_t i = 0; i < image_count; i++)
		n += head_of(&images[i]) == head &&
		     (images[i].has_slices || images[i].state == IMAGE_LOADS);
	ns = head->share.slice / (n ? n : 1);
	return ns < NS_MIN ? 0 : ns;
}

/* Whose slices were cut in a division that is not over; by who they share them with. */
static struct {
	const struct image *first;
	uint32_t count;
	exo_ns_t ns;
} cuts[IMAGES_MAX];

static void settle(struct image *im, exo_ns_t ns)
{
	uint32_t head = (uint32_t)(head_of(im) - images);

	im->slice_want = 0;
	if (im->ledger)
		im->ledger->slice_ns = (uint32_t)ns;
	if (!slices_limit(im, ns))
		return;
	if (!cuts[head].count++)
		cuts[head].first = im;
	cuts[head].ns = ns;
}

/* One line for each division, when all that share it have been asked. */
static void tell_cuts(void)
{
	bool asked[IMAGES_MAX] = {false};

	for (uint32_t i = 0; i < image_count; i++)
		asked[head_of(&images[i]) - images] |= images[i].slice_want != 0;
	for (uint32_t i = 0; i < image_count; i++) {
		const char *name = cuts[i].count ? cuts[i].first->share.name : NULL;

		if (!name || asked[i])
			continue;
		if (cuts[i].count == 1)
			say("steward: %s: did not shorten its slices in time: cut to %lu us", name,
			    cuts[i].ns / 1000);
		else
			say("steward: %s and %u more did not shorten their slices in time: cut to "
			    "%lu us",
			    name, cuts[i].count - 1, cuts[i].ns / 1000);
		cuts[i].count = 0;
	}
}

static void ask(struct image *im, exo_ns_t ns)
{
	if (im->slice_want || loan_is_asked(im))
		return; /* one thing at a time */
	if (im->state == IMAGE_LOADS || !im->ledger) {
		settle(im, ns);
		return;
	}
	im->slice_want = ns;
	im->slice_deadline = xo_now() + ASK_NS;
	im->ledger->slice_ns = (uint32_t)ns;
	im->slice_request = xo_ledger_ask(im->ledger, XO_LEDGER_SLICES, slices_first(im),
					  slices_span(im), im->slice_deadline);
	exo_notify(SLOT_ENV(im), 0, XO_EVENT_LEDGER);
}

const char *divide(struct image *im)
{
	const struct image *head = head_of(im);
	exo_ns_t ns = part(head);
	bool wait = false;

	if (!ns)
		return "the slice that it would share is too short for one more";
	for (uint32_t i = 0; i < image_count; i++) {
		struct image *other = &images[i];

		if (other == im || head_of(other) != head || !other->has_slices ||
		    other->slice_ns <= ns)
			continue;
		wait = true;
		if (other->state == IMAGE_RUNS || other->state == IMAGE_LOADS)
			ask(other, ns);
	}
	im->slice_ns = ns;
	return wait ? load_later : NULL;
}

const char *divide_anew(struct image *im, exo_ns_t ns)
{
	exo_ns_t before = im->share.slice;

	if (im->loader)
		return "it shares the slice of who loaded it";
	im->share.slice = ns;
	if (!part(im)) {
		im->share.slice = before;
		return "that is too short for those who share it";
	}
	changed = true;
	return NULL;
}

void divide_again(void)
{
	changed = true;
}

/* All of them are to have their part. */
static void share_out(void)
{
	changed = false;
	for (uint32_t i = 0; i < image_count; i++) {
		struct image *im = &images[i];
		exo_ns_t ns = im->has_slices && !im->slice_want ? part(head_of(im)) : 0;

		if (!ns || (im->state != IMAGE_RUNS && im->state != IMAGE_LOADS))
			continue;
		if (ns > im->slice_ns) {
			settle(im, ns);
			if (im->has_env)
				exo_notify(SLOT_ENV(im), 0, XO_EVENT_LEDGER);
		} else if (ns < im->slice_ns) {
			ask(im, ns);
			changed |= !im->slice_want; /* later */
		}
	}
}

bool divide_round(exo_ns_t now, exo_ns_t *wake)
{
	bool settled = false;

	for (uint32_t i = 0; i < image_count; i++) {
		struct image *im = &images[i];

		if (!im->slice_want)
			continue;
		if (im->state != IMAGE_RUNS) {
			im->slice_want = 0;
			changed = true;
		} else if (now >= im->slice_deadline ||
			   xo_ledger_answered(im->ledger, im->slice_request)) {
			settle(im, im->slice_want);
			settled = changed = true;
		} else {
			wake_at(wake, im->slice_deadline);
		}
	}
	if (changed)
		share_out();
	tell_cuts();
	return settled; /* others may wait for that */
}
