/* fuzz_ledger.c - fuzz target: the page by which frames are asked back, written by a hostile other
 * side. SPDX-License-Identifier: BSD-2-Clause
 *
 * Who takes: over frames that the target keeps, with what the other side rewrites between any two
 * steps; only frames of its own account may change contents, and it keeps no more than its
 * guarantee.  Who is asked: ranges that do not wrap, loops that end, its own part of the page alone
 * written.
 */
#include "fuzz.h"

#include <exo/cap.h>
#include <exo/error.h>
#include <exo/map.h>
#include <exo/start.h>
#include <exo/version.h>
#include <libexo/ledger.h>
#include <libexo/map.h>

#define FRAMES 64
#define OURS   2 /* capabilities */
#define THEIRS 3

enum state { FREE, HELD, TAKEN, OBJECT };

static struct exo_start start;
struct exo_start *xo_start = &start;

static struct {
	enum state state;
	uint64_t contents;
} frame[FRAMES];
static exo_pfn_t base;
static _Alignas(4096) uint64_t scratch[1024];
static uint64_t shown[2]; /* frame in each scratch page, 0: none */
static uint64_t named;    /* where contents went last */
static union {
	struct xo_ledger l;
	uint64_t words[512];
} page;
static struct input *source;

exo_ns_t xo_now(void)
{
	return 1;
}

exo_va_t xo_next_mapped(exo_va_t va, uint64_t *entry)
{
	(void)va, (void)entry;
	return 0;
}

long exo_frame_free(exo_cap_t cap, exo_pfn_t first, uint64_t count)
{
	(void)cap, (void)first, (void)count;
	return -EXO_E_CAP;
}

long exo_notify(exo_cap_t env, uint32_t index, uint64_t bits)
{
	(void)env, (void)index, (void)bits;
	return 0;
}

long exo_frame_alloc(exo_cap_t cap, exo_pfn_t first, uint64_t count)
{
	must(cap == OURS && count == 1 && first - base < FRAMES);
	if (frame[first - base].state != FREE)
		return -EXO_E_TAKEN;
	frame[first - base].state = TAKEN;
	return 1;
}

long exo_frame_take(exo_cap_t cap, exo_pfn_t first, uint64_t count)
{
	must(cap == OURS && count == 1 && first - base < FRAMES);
	if (frame[first - base].state == OBJECT)
		return -EXO_E_CAP;
	must(frame[first - base].state == HELD);
	if (get_bytes(source, 1) % 4 == 1)
		return 1;
	frame[first - base].state = TAKEN;
	return 0;
}

long xo_map_one(exo_cap_t env, const struct exo_map_op *op)
{
	uint64_t n = op->va == (exo_va_t)scratch ? 0 : 1, *at = scratch + n * 512,
		 i = op->pfn - base;

	(void)env;
	must(op->va == (exo_va_t)at && op->count == 1);
	if (op->kind == EXO_MAP_REMOVE) {
		must(shown[n]);
		if (n) /* what was written goes to the frame */
			frame[shown[n] - 1].contents = *at;
		shown[n] = 0;
		return 0;
	}
	must(!shown[n]);
	if (i >= FRAMES || frame[i].state != (op->cap == THEIRS ? HELD : TAKEN))
		return -EXO_E_CAP;
	must(op->cap == THEIRS || !(op->prot & EXO_PROT_WRITE));
	*at = frame[i].contents;
	shown[n] = i + 1;
	if (n)
		named = i + 1;
	return 0;
}

static void scribble(struct input *in)
{
	for (uint64_t n = get_bytes(in, 1) % 8; n; n--) {
		uint64_t i = get_bytes(in, 2) % 512, v = get_number(in);

		page.words[i] = get_bytes(in, 1) & 1 ? base + v % (FRAMES + 8) : v;
	}
	for (uint64_t n = get_bytes(in, 1) % 4; n; n--) { /* something that means something */
		page.l.keep[n] =
			(struct exo_extent){base + get_bytes(in, 1) % FRAMES, get_bytes(in, 1)};
		page.l.place[n].first = base + get_bytes(in, 1) % FRAMES;
		page.l.place[n].count = get_bytes(in, 1);
		page.l.place[n].to = base + get_bytes(in, 1) % FRAMES;
	}
	if (get_bytes(in, 1) & 1) {
		page.l.asked = 1;
		page.l.first = get_number(in);
		page.l.count = get_number(in);
	}
	if (get_bytes(in, 1) & 1) {
		page.l.kept = get_bytes(in, 1) % 30;
		page.l.places = get_bytes(in, 1) % 70;
	}
}

static void take(struct input *in)
{
	uint64_t guaranteed = get_bytes(in, 1) % FRAMES, objects = 0, held = 0;
	struct xo_reclaim r = {.ledger = get_bytes(in, 1) & 1 ? &page.l : NULL,
			       .memory = OURS,
			       .theirs = THEIRS,
			       .scratch = (exo_va_t)scratch,
			       .guaranteed = guaranteed,
			       .at = base,
			       .end = base + FRAMES};
	bool steady = get_bytes(in, 1) & 1, more = true;

	xo_ledger_init(&page.l);
	for (int i = 0; i < FRAMES; i++) {
		frame[i].state = (enum state)(get_bytes(in, 1) % 8);
		frame[i].state =
			frame[i].state > OBJECT || frame[i].state == TAKEN ? HELD : frame[i].state;
		frame[i].contents = 1000 + (uint64_t)i;
		objects += frame[i].state == OBJECT;
	}
	scribble(in);
	while (more) {
		exo_pfn_t at = r.at;

		named = 0;
		more = xo_reclaim_step(&r);
		must(!shown[0] && !shown[1] && r.at >= at && r.at <= r.end);
		if (!steady)
			scribble(in);
	}
	must(r.got + r.left == FRAMES);
	for (int i = 0; i < FRAMES; i++) {
		held += frame[i].state == HELD || frame[i].state == FREE;
		if (frame[i].state !=
		    HELD) /* taken, or a kernel object: as it was, or as it was named before */
			must(frame[i].contents >= 1000 && frame[i].contents < 1000 + FRAMES);
		if (frame[i].state == OBJECT)
			must(frame[i].contents == 1000 + (uint64_t)i);
	}
	must(held + objects == r.left);
	must(!steady || held <= guaranteed);
	must(r.ledger || !held);
}

static void asked(struct input *in)
{
	uint64_t seen = get_number(in), before[512];
	struct xo_ledger_request q;
	struct xo_ledger_record rec;
	exo_pfn_t to;
	unsigned int n = 0;

	start.ledger = (exo_va_t)&page;
	xo_ledger_init(&page.l);
	scribble(in);
	memcpy(before, page.words, sizeof(before));
	if (xo_ledger_asked(&q))
		must((wide)q.first + q.count <= UINT64_MAX && q.number != page.l.answered);
	while (xo_ledger_taken(&seen, &rec))
		must(++n <= XO_LEDGER_RECORDS);
	if (xo_ledger_find(base, &to) && to)
		must(page.l.records);
	must(!memcmp(before, page.words, sizeof(before)));
	xo_ledger_keep(get_number(in), get_number(in));
	xo_ledger_place(get_number(in), get_number(in), get_number(in));
	for (size_t i = 0; i < offsetof(struct xo_ledger, answered) / 8; i++)
		must(page.words[i] == before[i]);
	for (size_t i = sizeof(struct xo_ledger) / 8; i < 512; i++)
		must(page.words[i] == before[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	uint8_t how = (uint8_t)get_bytes(&in, 1);

	source = &in;
	base = how & 2 ? 1 + get_bytes(&in, 2) : UINT64_MAX / 4096 - FRAMES;
	memset(&page, 0, sizeof(page));
	if (how & 1)
		take(&in);
	else
		asked(&in);
	return 0;
}
