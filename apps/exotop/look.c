/* look.c - one pass over the frame table, one over the slices, and the differences.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "look.h"

#include <libexo/served.h>
#include <libexo/string.h>
#include <stddef.h>

#define NOBODY   0xffff
#define FREE     ACCOUNTS_MAX /* owners in a cell of the map, besides accounts */
#define KERNEL   (ACCOUNTS_MAX + 1)
#define NS_PER_S 1000000000ull
#define WHOLE    1000u

/* Counters as they were. */
struct past {
	uint64_t calls, upcalls, interrupts, switches, idle;
	uint64_t used[EXO_SLICE_MAX];
};

static struct past past[EXO_CPU_MAX];
static uint64_t then;

/* Where an account is, by the frame of its object. */
static uint16_t place[1024];

static struct account *account_of(struct look *l, uint32_t pfn)
{
	uint32_t at = pfn * 2654435761u >> 22;

	while (place[at] != NOBODY && l->account[place[at]].pfn != pfn)
		at = (at + 1) % (sizeof(place) / sizeof(place[0]));
	if (place[at] == NOBODY) {
		if (l->accounts == ACCOUNTS_MAX)
			return NULL;
		place[at] = (uint16_t)l->accounts;
		l->account[l->accounts++] = (struct account){.pfn = pfn, .parent = pfn};
	}
	return &l->account[place[at]];
}

static void count(struct account *a, uint8_t type)
{
	a->own++;
	a->tables += type >= EXO_FRAME_TABLE1 && type <= EXO_FRAME_TABLE4;
	a->objects += type >= EXO_FRAME_CAPS;
}

static void add_env(struct look *l, uint32_t env, uint32_t account)
{
	if (l->rows == ROWS_MAX)
		l->more_rows++;
	else
		l->row[l->rows++] = (struct row){.env = env, .account = account};
}

/* Whose is this frame? */
static uint32_t one_frame(struct look *l, const struct tables *t, uint64_t pfn)
{
	uint8_t type = t->frame[pfn].type;
	uint32_t owner = t->frame[pfn].account;
	struct account *a;

	if (type == EXO_FRAME_FREE) {
		l->free++;
		return FREE;
	}
	if (type == EXO_FRAME_ABSENT || type == EXO_FRAME_INFO)
		return KERNEL;
	a = account_of(l, owner);
	if (!a) {
		l->more_accounts++;
		return KERNEL;
	}
	count(a, type);
	if (type == EXO_FRAME_ENV)
		add_env(l, (uint32_t)pfn, owner);
	owner = (uint32_t)(a - l->account);
	if (type == EXO_FRAME_ACCOUNT && (a = account_of(l, (uint32_t)pfn)))
		a->parent = l->account[owner].pfn;
	return owner;
}

/* Frames of each owner in the cell of the map that is being passed. */
static uint32_t in_cell[ACCOUNTS_MAX + 2];

static uint16_t most_in_cell(void)
{
	uint16_t most = KERNEL;

	for (uint16_t i = 0; i < ACCOUNTS_MAX + 2; i++) {
		if (in_cell[i] > in_cell[most])
			most = i;
	}
	memset(in_cell, 0, sizeof(in_cell));
	return most;
}

static void pass_frames(struct look *l, const struct tables *t, uint16_t *cell)
{
	uint64_t end = t->info->pfn_end, pfn = 0;

	memset(place, 0xff, sizeof(place));
	for (uint64_t c = 0; c < CELLS; c++) {
		for (; pfn < end * (c + 1) / CELLS; pfn++)
			in_cell[one_frame(l, t, pfn)]++;
		cell[c] = most_in_cell();
	}
	l->ram = t->info->frames_ram;
	l->kernel = l->ram - l->free;
	for (uint32_t i = 0; i < l->accounts; i++)
		l->kernel -= l->account[i].own;
}

/* What is below counts for all above. */
static void sum_up(struct look *l)
{
	for (uint32_t i = 0; i < l->accounts; i++) {
		struct account *a = &l->account[i];

		for (uint32_t depth = 0; depth <= EXO_ACCOUNT_DEPTH; depth++) {
			a->all += l->account[i].own;
			if (a->parent == a->pfn)
				break;
			a = account_of(l, a->parent);
			if (!a)
				break;
		}
	}
}

static uint32_t share(uint64_t part, uint64_t ns)
{
	uint64_t n = ns ? part * WHOLE / ns : 0;

	return n < WHOLE ? (uint32_t)n : WHOLE;
}

static uint64_t rate(uint64_t *was, uint64_t is, uint64_t ns)
{
	uint64_t n = is - *was;

	*was = is;
	return ns ? (n * NS_PER_S + ns / 2) / ns : 0;
}

static void add_slice(struct look *l, const struct tables *t, uint32_t cpu, uint32_t slot,
		      uint64_t used)
{
	const volatile struct exo_slice *s = &t->slice[cpu][slot];
	struct row r = {.env = s->env,
			.cpu = (uint16_t)cpu,
			.slot = (uint16_t)slot,
			.index = s->index,
			.slice = true,
			.ns = s->ns,
			.share = share(used, l->ns)};
	struct account *a;

	if (!r.env || r.env >= t->info->pfn_end)
		return;
	r.account = t->frame[r.env].account;
	a = account_of(l, r.account);
	if (a)
		a->share += r.share;
	for (uint32_t i = 0; i < l->rows; i++)
		if (l->row[i].env == r.env && !l->row[i].slice) {
			l->row[i] = r;
			return;
		}
	if (l->rows == ROWS_MAX)
		l->more_rows++;
	else
		l->row[l->rows++] = r;
}

static void pass_cpu(struct look *l, const struct tables *t, uint32_t n, uint64_t now)
{
	const volatile struct exo_cpu_info *c = &t->cpu[n];
	struct past *p = &past[n];
	uint64_t idle = xo_idle(c, now);

	l->cpu[n].calls = rate(&p->calls, c->calls, l->ns);
	l->cpu[n].upcalls = rate(&p->upcalls, c->upcalls, l->ns);
	l->cpu[n].interrupts = rate(&p->interrupts, c->interrupts, l->ns);
	l->cpu[n].switches = rate(&p->switches, c->switches, l->ns);
	l->cpu[n].idle = share(idle > p->idle ? idle - p->idle : 0, l->ns);
	p->idle = idle;
	for (uint32_t s = 0; t->slice[n] && s < EXO_SLICE_MAX; s++) {
		uint64_t used = xo_served(c, t->slice[n], s, now);

		add_slice(l, t, n, s, used > p->used[s] ? used - p->used[s] : 0);
		p->used[s] = used;
	}
}

static bool account_before(const struct account *a, const struct account *b, enum sort sort)
{
	if (sort == BY_TIME && a->share != b->share)
		return a->share > b->share;
	return a->all != b->all ? a->all > b->all : a->pfn < b->pfn;
}

static bool row_before(const struct row *a, const struct row *b, enum sort sort)
{
	if (a->slice != b->slice)
		return a->slice;
	if (sort == BY_TIME && a->share != b->share)
		return a->share > b->share;
	if (a->cpu != b->cpu)
		return a->cpu < b->cpu;
	return a->slot != b->slot ? a->slot < b->slot : a->env < b->env;
}

/* In the order of their objects, so that it stays the same. */
static char letter(const struct look *l, uint32_t pfn)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->accounts; i++)
		n += l->account[i].pfn < pfn;
	return n < 26 ? (char)('A' + n) : '+';
}

/* Few, and nearly in order from one look to the next: insertion will do. */
static void arrange(struct look *l, enum sort sort, uint16_t *cell)
{
	for (uint32_t i = 0; i < l->rows; i++) {
		struct row r = l->row[i];
		uint32_t j = i;

		for (; j && row_before(&r, &l->row[j - 1], sort); j--)
			l->row[j] = l->row[j - 1];
		l->row[j] = r;
	}
	for (uint32_t i = 0; i < l->accounts; i++)
		l->account[i].letter = letter(l, l->account[i].pfn);
	for (uint32_t c = 0; c < CELLS; c++)
		l->map[c] = cell[c] == FREE     ? '.'
			    : cell[c] == KERNEL ? ' '
						: l->account[cell[c]].letter;
	for (uint32_t i = 0; i < l->accounts; i++) {
		struct account a = l->account[i];
		uint32_t j = i;

		for (; j && account_before(&a, &l->account[j - 1], sort); j--)
			l->account[j] = l->account[j - 1];
		l->account[j] = a;
	}
}

void look(struct look *l, const struct tables *t, uint64_t now, enum sort sort)
{
	uint16_t cell[CELLS];

	memset(l, 0, sizeof(*l));
	l->ns = now - then;
	l->cpus = t->info->cpus;
	then = now;
	pass_frames(l, t, cell);
	sum_up(l);
	for (uint32_t n = 0; n < l->cpus; n++)
		pass_cpu(l, t, n, now);
	arrange(l, sort, cell);
}
