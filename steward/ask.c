/* ask.c - what images ask for: others of the list, or archives in frames of their own.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Frames that somebody grants he can take away, and write to, at any time.  So they are copied into
 * the new image's own memory first, page by page, and what is looked at is the copy.  One such
 * copy is made at a time, in steps; it can be seen here until the image runs.
 */
#include "policy.h"
#include "steward.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/steward.h>
#include <libexo/string.h>
#include <libexo/time.h>
#include <mini/mini.h>
#include <util/archive.h>
#include <util/fmt.h>

#define FETCH_PAGES   16384 /* of the largest archive */
#define STEP_PAGES    16
#define SPACE_NS      10000000ull /* between two starts that one asks for */
#define REFUSALS_MOST 20
#define LOADED_MAX    8 /* images that one has loaded and that are still there */
#define RW            (EXO_PROT_READ | EXO_PROT_WRITE)

static struct image *fetched; /* whose archive is copied, or seen here */
static struct ask fetch;      /* the request */
static uint64_t done;         /* pages */
static exo_va_t place;

/* The request that `im` was started for, if its asker is still the one who made it. */
static struct ask *ask_of(const struct image *im)
{
	for (uint32_t i = 0; im->asker && i < ASKS_MAX; i++)
		if (im->asker->ask[i].serial == im->asked_in)
			return &im->asker->ask[i];
	return NULL;
}

/* What was done for it was work, and is told on the console: it waits after each, and longer after
 * each refusal. */
static void pace(struct image *asker, enum ask_kind kind)
{
	if (kind == ASK_STARTED)
		asker->refusals /= 2;
	else if (kind == ASK_REFUSED && asker->refusals < REFUSALS_MOST)
		asker->refusals++;
	else
		return;
	asker->ask_at = xo_now() + (kind == ASK_REFUSED ? policy_pause(asker->refusals) : SPACE_NS);
}

void ask_done(struct image *im, enum ask_kind kind, uint32_t code)
{
	struct ask *a = ask_of(im);

	if (a)
		ask_set(a, kind, code);
	if (im->asker)
		pace(im->asker, kind);
	if (kind == ASK_ENDED || kind == ASK_REFUSED)
		im->asker = NULL;
}

void asks_forget(struct image *im)
{
	for (uint32_t i = 0; i < image_count; i++)
		if (images[i].asker == im)
			images[i].asker = NULL;
	for (uint32_t i = 0; i < ASKS_MAX; i++) {
		struct ask *a = &im->ask[i];

		if (ASK_STATE(ask_state(a)) == ASK_QUEUED && a->slot)
			receive_done(a->slot);
		ask_set(a, ASK_FREE, 0);
	}
}

static void begin(struct image *im, struct image *asker, const struct ask *a)
{
	im->asker = asker;
	im->asked_in = a->serial;
	ask_done(im, ASK_PENDING, 0);
}

/* The name that the words hold: all of an image's, or its first XO_ASK_NAME bytes. */
static struct image *find(const struct ask *a)
{
	char name[XO_ASK_NAME + 1] = {0};

	memcpy(name, (const char *)a->word + 1, XO_ASK_NAME);
	for (uint32_t i = 0; i < image_count; i++) {
		struct image *im = &images[i];
		char known[XO_ASK_NAME + 1] = {0};
		size_t n = strlen(im->share.name);

		memcpy(known, im->share.name, n < XO_ASK_NAME ? n : XO_ASK_NAME);
		if (im->listed && !im->share.start && !memcmp(name, known, sizeof(name)))
			return im;
	}
	return NULL;
}

static void start(struct image *asker, struct ask *a)
{
	struct image *im = find(a);

	if (!im) {
		ask_set(a, ASK_REFUSED, XO_REFUSED_UNKNOWN);
	} else if (im->state != IMAGE_IDLE) {
		ask_set(a, ASK_REFUSED, XO_REFUSED_RUNS);
	} else {
		image_start(im);
		begin(im, asker, a);
	}
}

/* A record for one more image, or NULL. */
static struct image *record(const struct image *asker)
{
	struct image *im = NULL;
	uint32_t loaded = 0;

	for (uint32_t i = 0; i < image_count; i++) {
		loaded += images[i].state != IMAGE_IDLE && images[i].loader == asker;
		if (!images[i].listed && images[i].state == IMAGE_IDLE)
			im = &images[i];
	}
	if (loaded >= LOADED_MAX)
		return NULL;
	if (!im && image_count < IMAGES_MAX)
		im = &images[image_count++];
	return im;
}

static void load(struct image *asker, struct ask *a)
{
	uint64_t pages = a->word[0] >> 8, memory = a->word[2];
	struct image *im = record(asker);
	struct share share;

	if (!im || !pages || pages > FETCH_PAGES || memory > 1ull << 40) {
		receive_done(a->slot);
		ask_set(a, ASK_REFUSED, im ? XO_REFUSED_FRAMES : XO_REFUSED_LATER);
		return;
	}
	share_begin(&share);
	share.memory = share.guaranteed = memory + pages;
	share.cpus = asker->share.cpus;
	share.slice = asker->share.slice;
	fmt_string(share.name, sizeof(share.name), "%.20s-%u", asker->share.name,
		   (unsigned)(im - images) + 1);
	image_init(im, &share);
	im->loader = asker;
	im->state = IMAGE_FETCHES;
	im->started = true;
	begin(im, asker, a);
	fetched = im;
	fetch = *a;
	done = 0;
}

static bool copy(exo_pfn_t to, exo_pfn_t from, uint64_t n)
{
	char *at = (char *)place + done * EXO_PAGE_SIZE, *window;
	bool there = true;

	if (xo_map_run(&mini_space, (exo_va_t)at, to, n, RW, SLOT_MEMORY_OF(fetched)))
		return false;
	window = window_open(fetch.slot, from, n, EXO_PROT_READ);
	for (uint64_t i = 0; window && there && i < n; i++)
		there = copy_page(at + i * EXO_PAGE_SIZE, window + i * EXO_PAGE_SIZE);
	if (window)
		window_close(n);
	return window && there;
}

/* What is seen of the copy here goes, so that the image's memory is its own. */
void fetch_over(struct image *im)
{
	if (fetched != im)
		return;
	if (fetch.slot)
		receive_done(fetch.slot);
	mini_unmap(place, done + STEP_PAGES);
	im->archive = NULL;
	fetched = NULL;
}

static void fetch_fails(enum xo_refusal why)
{
	struct image *im = fetched;

	say("steward: %s: not started: %s", im->share.name,
	    why == XO_REFUSED_FRAMES ? "its archive cannot be read" : "there is not enough memory");
	ask_done(im, ASK_REFUSED, why);
	image_give_up(im);
}

/* As its archive calls it, unless that is no name or taken. */
static void name(struct image *im)
{
	const struct exo_entry *e = NULL;

	if (!archive_check(im->archive, im->archive_bytes))
		e = archive_find(im->archive, 0, EXO_ENTRY_PROGRAM, NULL);
	if (e && share_name_ok(e->name) && !image_named(e->name))
		memcpy(im->share.name, e->name, strlen(e->name) + 1);
}

static void fetch_ends(struct image *im)
{
	receive_done(fetch.slot);
	fetch.slot = 0;
	im->archive = (const struct exo_archive *)place;
	im->archive_bytes = done * EXO_PAGE_SIZE;
	im->archive_cap = SLOT_MEMORY_OF(im);
	name(im);
	im->state = IMAGE_WAITS;
	im->when = 0;
}

/* One step of copying; false if it has to wait. */
static bool fetch_step(void)
{
	struct image *im = fetched;
	uint64_t pages = fetch.word[0] >> 8, n = pages - done;
	const char *why;
	exo_pfn_t pfn;

	if (n > STEP_PAGES)
		n = STEP_PAGES;
	why = load_account(im);
	if (why == load_later)
		return false;
	pfn = why ? 0 : image_frames(im, n);
	if (!done)
		im->archive_pfn = pfn;
	if (!pfn || pfn != im->archive_pfn + done) {
		fetch_fails(XO_REFUSED_START);
	} else if (!copy(pfn, fetch.word[1] + done, n)) {
		fetch_fails(XO_REFUSED_FRAMES);
	} else {
		done += n;
		if (done == pages)
			fetch_ends(im);
	}
	return true;
}

static void look_at(struct image *asker, struct ask *a, exo_ns_t now, exo_ns_t *wake)
{
	if (ASK_STATE(ask_state(a)) != ASK_QUEUED)
		return;
	if (asker->state != IMAGE_RUNS) { /* it ended while it asked */
		if (a->slot)
			receive_done(a->slot);
		ask_set(a, ASK_FREE, 0);
	} else if (asker->ask_at > now) {
		wake_at(wake, asker->ask_at);
	} else if ((a->word[0] & 0xff) == XO_ASK_START) {
		start(asker, a);
	} else if (!fetched) {
		load(asker, a);
	}
}

bool asks_round(exo_ns_t now, exo_ns_t *wake)
{
	for (uint32_t i = 0; i < image_count; i++)
		for (uint32_t n = 0; images[i].share.loads && n < ASKS_MAX; n++)
			look_at(&images[i], &images[i].ask[n], now, wake);
	if (!fetched || fetched->state != IMAGE_FETCHES)
		return false;
	if (fetch_step())
		return true;
	wake_at(wake, now + LATER_NS);
	return false;
}

void asks_init(void)
{
	place = mini_va(FETCH_PAGES + STEP_PAGES);
}
