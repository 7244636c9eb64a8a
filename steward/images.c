/* images.c - the life of each image: started, running, ended, perhaps started again.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "policy.h"
#include "steward.h"

#include <exo/env.h>
#include <exo/stubs.h>
#include <libexo/crash.h>
#include <libexo/steward.h>
#include <libexo/string.h>
#include <libexo/time.h>

#define SIGNALLED 128 /* + the number that Linux gives the cause: status of a crash */

struct image images[IMAGES_MAX];
uint32_t image_count;

void image_init(struct image *im, const struct share *share)
{
	memset(im, 0, sizeof(*im));
	im->share = *share;
	im->slice_ns = share->slice;
	im->line.name = im->share.name;
}

struct image *image_named(const char *name)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < image_count; i++)
		if (!strcmp(images[i].share.name, name))
			return &images[i];
	while (*name >= '0' && *name <= '9' && n < IMAGES_MAX)
		n = n * 10 + (uint32_t)(*name++ - '0');
	return !*name && n && n <= image_count && images[n - 1].share.name[0] ? &images[n - 1]
									      : NULL;
}

void image_start(struct image *im)
{
	im->state = IMAGE_WAITS;
	im->when = 0;
	im->has_ended = false;
	im->restarted = im->soon = 0;
	im->stop = STOP_NO;
	im->started = true;
}

void image_stop(struct image *im, enum image_stop how)
{
	im->stop = (uint8_t)how;
	if (im->state == IMAGE_WAITS)
		im->when = 0;
	else if (im->state == IMAGE_RUNS)
		exo_env_stop(SLOT_ENV(im), 0);
}

/* What Linux calls the causes of exceptions (signal(7)). */
static uint8_t signal_of(uint32_t vector)
{
	static const uint8_t numbers[32] = {8,  5, 7, 5,  11, 11, 4, 8, 7, 8,
					    11, 7, 7, 11, 11, 7,  8, 7, 7, 8};

	return vector < 32 && numbers[vector] ? numbers[vector] : 11;
}

/* Say how it ended, and remember it as an exit status. */
static void tell_end(struct image *im)
{
	const char *name = im->share.name;
	uint64_t status = im->status;
	uint32_t code = EXO_STATUS_CODE(status);

	im->code = (uint8_t)code;
	switch (EXO_STATUS_REASON(status)) {
	case EXO_STOP_SELF:
		say("steward: %s: exit status %u", name, im->code);
		break;
	case EXO_STOP_OTHER:
		if (im->empty == EMPTY_TIMES) {
			im->code = CODE_REFUSED;
			say("steward: %s: has emptied all its slices, and can never run again: "
			    "stopped",
			    name);
			break;
		}
		if (im->stop)
			im->code = 0;
		say(im->stop ? "steward: %s: stopped"
			     : "steward: %s: stopped by one of its own environments, status %u",
		    name, im->code);
		break;
	case EXO_STOP_UPCALL:
		im->code = code < 32 ? SIGNALLED + signal_of(code) : CODE_REFUSED;
		say("steward: %s: %s, and no way to tell it so: stopped", name,
		    code < 32 ? xo_exception_name(code) : "an event");
		break;
	default:
		im->code = CODE_REFUSED;
		say("steward: %s: memory that it ran in was taken away: stopped", name);
	}
}

static void decide(struct image *im, exo_ns_t now)
{
	const struct share *s = &im->share;

	im->has_ended = true;
	im->again =
		im->listed && (im->stop == STOP_AGAIN ||
			       (im->stop == STOP_NO && policy_again(s, im->restarted, im->code)));
	if (im->again) {
		im->soon = now - im->when < SOON ? im->soon + 1 : 0;
		if (im->stop == STOP_AGAIN) {
			say("steward: %s: starts again", s->name);
			return;
		}
		im->restarted++;
		if (s->restarts)
			say("steward: %s: starts again (%u of %u)", s->name, im->restarted,
			    s->restarts);
		else
			say("steward: %s: starts again (%u)", s->name, im->restarted);
	} else if (s->restart != RESTART_NEVER && im->stop == STOP_NO && im->restarted &&
		   im->restarted == s->restarts) {
		say("steward: %s: does not start again: %u times are enough", s->name,
		    im->restarted);
	}
}

void image_give_up(struct image *im)
{
	im->awaits = 0;
	divide_again();
	fetch_over(im);
	ask_done(im, ASK_REFUSED, XO_REFUSED_START);
	im->code = im->listed ? CODE_REFUSED : 0;
	im->has_ended = true;
	im->again = false;
	im->state = IMAGE_ENDS;
	im->status = 0;
}

static bool loads(struct image *im, exo_ns_t now, exo_ns_t *wake)
{
	const char *why;
	int r = load_step(im, &why);

	if (r > 1)
		wake_at(wake, now + LATER_NS);
	if (r > 0)
		return r == 1;
	im->when = now;
	if (r) {
		say("steward: %s: not started: %s", im->share.name, why);
		image_give_up(im);
		return true;
	}
	fetch_over(im);
	ask_done(im, ASK_STARTED, 0);
	im->state = IMAGE_RUNS;
	im->empty = 0;
	if (im->stop)
		image_stop(im, im->stop);
	return false;
}

static bool runs(struct image *im)
{
	long status = exo_env_status(SLOT_ENV(im));

	if (!status)
		return false;
	im->status = (uint64_t)status;
	im->state = IMAGE_ENDS;
	return true;
}

/* Its last words come first, then what became of it. */
static bool ends(struct image *im, exo_ns_t now)
{
	if (cut_step(im))
		return true;
	if (im->status) {
		tell_end(im);
		decide(im, now);
	}
	im->state = IMAGE_GOES;
	return true;
}

static bool goes(struct image *im, exo_ns_t now)
{
	if (end_step(im, im->again))
		return true;
	im->state = im->again ? IMAGE_WAITS : IMAGE_IDLE;
	if (!im->again)
		ask_done(im, ASK_ENDED, im->code);
	im->when = im->stop == STOP_NO ? now + policy_pause(im->soon) : now;
	if (!im->again || im->stop != STOP_FOR_GOOD)
		im->stop = STOP_NO;
	return true;
}

static bool waits(struct image *im, exo_ns_t now, exo_ns_t *wake)
{
	if (im->stop == STOP_FOR_GOOD) { /* it may have an account, and nothing else */
		image_give_up(im);
		im->code = 0;
		return true;
	}
	if (im->when > now) {
		wake_at(wake, im->when);
		return false;
	}
	im->state = IMAGE_LOADS;
	im->stop = STOP_NO;
	return true;
}

bool images_round(exo_ns_t now, exo_ns_t *wake)
{
	bool more = false;

	for (uint32_t i = 0; i < image_count; i++) {
		struct image *im = &images[i];

		switch (im->state) {
		case IMAGE_WAITS:
			more |= waits(im, now, wake);
			break;
		case IMAGE_LOADS:
			more |= loads(im, now, wake);
			break;
		case IMAGE_RUNS:
			more |= events & EVENT_ENDED && runs(im);
			break;
		case IMAGE_ENDS:
			more |= ends(im, now);
			break;
		case IMAGE_GOES:
			more |= goes(im, now);
			break;
		}
	}
	return more;
}

/* Does it start again whatever happens, or serve somebody who does? */
static bool is_for_ever(const struct image *im)
{
	const struct share *s = im->loader ? &im->loader->share : &im->share;

	return s->restart == RESTART_ALWAYS && !s->restarts;
}

/* Those do not keep the machine on, unless there are no others. */
bool images_left(void)
{
	bool others = false, left = false, other_left = false;

	for (uint32_t i = 0; i < image_count; i++) {
		const struct image *im = &images[i];
		bool for_ever = is_for_ever(im);

		others |= im->started && !for_ever;
		left |= im->state != IMAGE_IDLE;
		other_left |= im->state != IMAGE_IDLE && !for_ever;
	}
	return others ? other_left : left;
}

void images_end(void)
{
	for (uint32_t i = 0; i < image_count; i++)
		if (images[i].state == IMAGE_RUNS)
			say("steward: %s still runs: it alone keeps no machine on",
			    images[i].share.name);
}

int images_status(void)
{
	for (uint32_t i = 0; i < image_count; i++)
		if (images[i].has_ended && images[i].state == IMAGE_IDLE && images[i].code)
			return images[i].code;
	return 0;
}
