/* fuzz_ask.c - fuzz target: what images ask the steward for, whoever they say they are.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Calls of any words come between the steward's rounds, and images end at any time.  What must
 * hold: who may not ask gets nothing; a ticket is good for whom it was given to, and what it says
 * only goes on; every capability that came along is in one request, or gone; nobody has all the
 * slots.
 */
#include "fuzz.h"

#include <steward.h>

#include <ask.c>
#include <serve.c>

#define LISTED  4
#define TICKETS 64

struct image images[IMAGES_MAX];
uint32_t image_count;
struct screen screen;
const struct xo_space mini_space;
const char load_later[] = "later";

static bool filled[RECEIVES];
static struct {
	uint32_t image;
	uint64_t ticket, state;
} ticket[TICKETS];
static unsigned int tickets;
static struct input *source;
static _Alignas(4096) char place_of_copy[STEP_PAGES * EXO_PAGE_SIZE];

long drop(exo_cap_t slot)
{
	must(slot >= SLOT_RECEIVE && slot < SLOT_RECEIVE + RECEIVES && filled[slot - SLOT_RECEIVE]);
	filled[slot - SLOT_RECEIVE] = false;
	return 0;
}

long exo_notify(exo_cap_t env, uint32_t index, uint64_t bits)
{
	(void)env, (void)index, (void)bits;
	return 0;
}

void image_start(struct image *im)
{
	must(im->state == IMAGE_IDLE);
	im->state = IMAGE_WAITS;
}

void image_init(struct image *im, const struct share *share)
{
	struct ask kept[ASKS_MAX];

	must(im->state == IMAGE_IDLE && !im->listed);
	memcpy(kept, im->ask, sizeof(kept));
	memset(im, 0, sizeof(*im));
	memcpy(im->ask, kept, sizeof(kept));
	im->share = *share;
}

void image_give_up(struct image *im)
{
	fetch_over(im);
	ask_done(im, ASK_REFUSED, XO_REFUSED_START);
	im->state = IMAGE_IDLE;
}

const char *load_account(struct image *im)
{
	must(im->state == IMAGE_FETCHES);
	return get_bytes(source, 1) % 8 ? NULL : load_later;
}

exo_pfn_t image_frames(struct image *im, uint64_t count)
{
	static exo_pfn_t next = 100;

	must(count && count <= STEP_PAGES);
	if (im->archive_pfn)
		return get_bytes(source, 1) % 16 ? im->archive_pfn + done : 0;
	return next += 1000;
}

long xo_map_run(const struct xo_space *s, exo_va_t va, exo_pfn_t pfn, uint64_t pages, uint32_t prot,
		exo_cap_t cap)
{
	(void)s, (void)pfn, (void)prot, (void)cap;
	must(va >= place && pages <= STEP_PAGES &&
	     va - place + pages * EXO_PAGE_SIZE <= FETCH_PAGES * EXO_PAGE_SIZE);
	return 0;
}

void *window_open(exo_cap_t cap, exo_pfn_t pfn, uint64_t pages, uint32_t prot)
{
	(void)pfn;
	must(prot == EXO_PROT_READ && pages <= STEP_PAGES);
	must(cap >= SLOT_RECEIVE && filled[cap - SLOT_RECEIVE]);
	return get_bytes(source, 1) % 16 ? place_of_copy : NULL;
}

void window_close(uint64_t pages)
{
	(void)pages;
}

bool copy_page(void *to, const void *from)
{
	(void)to, (void)from;
	return get_bytes(source, 1) % 16;
}

long mini_unmap(exo_va_t va, uint64_t pages)
{
	must(va == place && pages <= FETCH_PAGES + STEP_PAGES);
	return 0;
}

exo_va_t mini_va(uint64_t pages)
{
	(void)pages;
	return 0x100000000000;
}

void say(const char *format, ...)
{
	(void)format;
}

void roster_tell(const struct image *im)
{
	must(im->share.name[0]);
}

struct image *image_named(const char *name_)
{
	(void)name_;
	return NULL;
}

/* Contents are fuzz_archive's affair. */
enum archive_result archive_check(const struct exo_archive *a, uint64_t bytes)
{
	must(a && bytes);
	return ARCHIVE_MAGIC;
}

const struct exo_entry *archive_find(const struct exo_archive *a, uint32_t image, uint32_t kind,
				     const char *name_)
{
	(void)a, (void)image, (void)kind, (void)name_;
	abort();
}

long mini_activation(uint32_t index, void (*f)(void *), void *arg, uint64_t pages)
{
	(void)index, (void)f, (void)arg, (void)pages;
	return 0;
}

exo_ns_t xo_now(void)
{
	return 1;
}

long exo_slice_bind(exo_cap_t cap, uint32_t cpu, uint32_t slot, exo_cap_t env, uint32_t index,
		    exo_ns_t ns)
{
	(void)cap, (void)cpu, (void)slot, (void)env, (void)index, (void)ns;
	return 0;
}

long exo_yield(exo_cap_t env, uint32_t index)
{
	(void)env, (void)index;
	return 0;
}

static void check(void)
{
	unsigned int with[RECEIVES] = {0};

	if (fetched && fetch.slot)
		with[fetch.slot - SLOT_RECEIVE]++;
	for (uint32_t i = 0; i < image_count; i++) {
		unsigned int queued = 0;

		for (int n = 0; n < ASKS_MAX; n++) {
			const struct ask *a = &images[i].ask[n];

			if (ASK_STATE(a->state) != ASK_QUEUED || !a->slot)
				continue;
			with[a->slot - SLOT_RECEIVE]++;
			queued++;
		}
		must(queued <= RECEIVES / 4);
	}
	for (int i = 0; i < RECEIVES; i++)
		must(with[i] == filled[i] && received[i] == filled[i]);
}

static void note(uint32_t image, uint64_t t)
{
	for (unsigned int i = 0; i < tickets; i++)
		must(ticket[i].image != image || ticket[i].ticket != t);
	if (tickets < TICKETS) {
		ticket[tickets].image = image;
		ticket[tickets].state = 0;
		ticket[tickets++].ticket = t;
	}
}

/* What was told of this ticket before may only go on. */
static void told(uint32_t image, uint64_t t, uint64_t what)
{
	for (unsigned int i = 0; i < tickets; i++) {
		uint64_t rank = what == XO_PENDING ? 1 : what == XO_STARTED ? 2 : 3;

		if (ticket[i].image != image || ticket[i].ticket != t)
			continue;
		must(rank >= ticket[i].state);
		ticket[i].state = rank;
		return;
	}
	must(tickets == TICKETS || what == XO_REFUSED);
}

static void call(struct input *in)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);
	uint64_t badge = how & 1 ? get_number(in) : 1 + get_below(in, LISTED + 2);
	struct exo_message m = {badge, {get_bytes(in, 1) % 5, get_number(in), get_number(in)}},
			   asked;
	exo_cap_t slot = free_slot();
	bool came = slot && how & 2, may;

	if (how & 4)
		m.word[0] |= get_below(in, 40) << 8;
	if (how & 8)
		memcpy(&m.word[1], "img1\0\0\0", 8), m.word[2] = 0;
	if (how & 16 && tickets)
		m.word[1] = ticket[get_below(in, tickets)].ticket;
	asked = m;
	if (came)
		filled[slot - SLOT_RECEIVE] = true;
	if (!answer(&m, came ? slot : 0) && came)
		drop(slot);
	may = badge && badge <= IMAGES_MAX && images[badge - 1].share.loads;
	must(m.word[0] == XO_ASKED || m.word[0] == XO_PENDING || m.word[0] == XO_STARTED ||
	     m.word[0] == XO_ENDED || m.word[0] == XO_REFUSED);
	must(may || (m.word[0] == XO_REFUSED && m.word[1] == XO_REFUSED_UNKNOWN));
	if (m.word[0] == XO_ASKED)
		note((uint32_t)badge, m.word[1]);
	else if (may && (asked.word[0] & 0xff) == XO_ASK_RESULT)
		told((uint32_t)badge, asked.word[1], m.word[0]);
}

/* An image goes on: it starts, it runs, it ends. */
static void live(struct image *im)
{
	switch (im->state) {
	case IMAGE_WAITS:
		im->state = IMAGE_RUNS;
		fetch_over(im);
		ask_done(im, ASK_STARTED, 0);
		break;
	case IMAGE_RUNS:
		asks_forget(im);
		ask_done(im, ASK_ENDED, 3);
		im->state = IMAGE_IDLE;
		for (unsigned int i = 0; i < tickets; i++) /* its tickets are nothing any more */
			if (ticket[i].image == (uint32_t)(im - images) + 1)
				ticket[i].state = 0;
	}
}

static void fresh(void)
{
	memset(images, 0, sizeof(images));
	memset(received, 0, sizeof(received));
	memset(filled, 0, sizeof(filled));
	memset(&fetch, 0, sizeof(fetch));
	fetched = NULL;
	tickets = 0;
	asks_init();
	image_count = LISTED;
	for (int i = 0; i < LISTED; i++) {
		share_begin(&images[i].share);
		sprintf(images[i].share.name, "img%d", i);
		images[i].listed = true;
		images[i].share.start = i != 1;
		images[i].share.loads = i >= 2;
		images[i].state = i == 1 ? IMAGE_IDLE : IMAGE_RUNS;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	exo_ns_t wake = 0;

	source = &in;
	fresh();
	while (in.at < in.end) {
		uint8_t how = (uint8_t)get_bytes(&in, 1);

		if (how & 1)
			call(&in);
		else if (how & 2)
			asks_round(0, &wake);
		else
			live(&images[(how >> 2) % image_count]);
		check();
	}
	return 0;
}
