/* world.c - a parent with children that take orders; made from the pool, and taken apart.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ktest.h>
#include <libexo/call.h>
#include <model/fuzz.h>

#define PAGE      ((uint64_t)EXO_PAGE_SIZE)
#define LIFE      EXO_SLOT_MEMORY /* what a child runs in: no part of the model */
#define SETUP     6  /* in a child's table, before it starts: to make its page tables under */
#define BLOCK     16 /* pages: activation, stack, stacks of upcalls */
#define STACK     8  /* of them below the top of the stack */
#define TABLES    40
#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define STEPS_MAX 100000
#define PATIENCE  (20000 * KT_NS_PER_MS)

struct fuzz_orders fuzz_order;
static exo_pfn_t parents_page[M_PAGES], parent;

/* What a child needs, kept from world to world. */
static struct driver {
	exo_cap_t slot, life; /* of the kit's: ENV, FRAMES */
	struct exo_activation *act;
	exo_pfn_t act_pfn;
	struct xo_begin begin;
	exo_pfn_t table[TABLES];
	uint32_t tables;
} driver[DRIVERS];

/* All steps of a call that has them. */
static long all_steps(const struct m_call *c)
{
	const uint64_t *a = c->a;
	bool steps = c->nr == EXO_SYS_cap_drop || c->nr == EXO_SYS_cap_revoke ||
		     c->nr == EXO_SYS_env_destroy || c->nr == EXO_SYS_frame_take;
	long r, n = 0;

	do
		r = exo_syscall(c->nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	while (steps && r == 1 && ++n < STEPS_MAX);
	return r;
}

static void read_word(void *arg)
{
	fuzz_order.word = *(volatile uint64_t *)arg;
}

static void write_word(void *arg)
{
	*(volatile uint64_t *)arg = fuzz_order.word;
}

static void obey(uint64_t what)
{
	switch (what) {
	case CALL:
		fuzz_order.result = all_steps(&fuzz_order.call);
		break;
	case READ:
		fuzz_order.result = kt_try(read_word, (void *)fuzz_order.va);
		break;
	case WRITE:
		fuzz_order.result = kt_try(write_word, (void *)fuzz_order.va);
		break;
	}
}

static void child(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		xo_reply(EXO_CALL_HOW(0, 0, RECEIVE), &m);
		obey(m.word[0]);
	}
}

long fuzz_give(int env, enum fuzz_order what)
{
	struct exo_message m = {0, {what, 0, 0}};

	fuzz_order.result = 1 << 20; /* no call's */
	if (env)
		return xo_call(driver[env - 1].slot, EXO_CALL_HOW(0, 0, 0), xo_now() + PATIENCE,
			       &m);
	obey(what);
	return 0;
}

static exo_pfn_t next_table(void *context)
{
	struct driver *d = context;
	uint32_t n = d->tables++;

	if (n >= TABLES)
		return 0;
	if (!d->table[n])
		d->table[n] = kt_frame();
	return d->table[n];
}

static void give_table(void *context, exo_pfn_t pfn)
{
	(void)pfn;
	((struct driver *)context)->tables--;
}

static bool share(struct driver *d, exo_va_t from, exo_va_t to)
{
	struct xo_space space = {.env = d->slot, .tables = {next_table, give_table, d, SETUP}};

	for (exo_va_t va = from; va < to; va += PAGE) {
		uint64_t e = xo_entry(va);
		uint32_t prot = EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
				(e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC);

		if (e && xo_map_run(&space, va, (e & EXO_PTE_FRAME) / PAGE, 1, prot,
				    va == xo_start->info ? EXO_SLOT_INFO : LIFE))
			return false;
	}
	return true;
}

static void drop(exo_cap_t slot)
{
	while (exo_cap_drop(slot) == 1)
		;
}

static void prepare(struct driver *d)
{
	char *p;

	if (d->act)
		return;
	p = kt_pages(BLOCK);
	d->act = (struct exo_activation *)p;
	d->act_pfn = (xo_entry((exo_va_t)p) & EXO_PTE_FRAME) / PAGE;
	d->slot = kt_slot();
	d->life = kt_slot();
	d->begin = (struct xo_begin){
		.sp = (uint64_t)p + STACK * PAGE, .activation = d->act, .fn = child};
}

static exo_pfn_t info_pfn(void)
{
	return (xo_entry(xo_start->info) & EXO_PTE_FRAME) / PAGE;
}

/* All that it runs in; the capability that its tables were made under is taken back. */
static bool give_life(struct driver *d)
{
	uint64_t all = xo_info->pfn_end;

	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, d->life, 0, all, 0x8f), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, d->slot, LIFE, 0, all, 15), 0);
	KT_EQ(exo_cap_derive(EXO_SLOT_INFO, d->slot, EXO_SLOT_INFO, info_pfn(), 1, 1), 0);
	KT_EQ(exo_cap_derive(d->life, d->slot, SETUP, 0, all, EXO_RIGHT_ALLOC), 0);
	KT_OK(share(d, (exo_va_t)__image_start, (exo_va_t)__image_end));
	KT_OK(share(d, xo_start->info, xo_start->info + PAGE));
	KT_OK(share(d, (exo_va_t)d->act, (exo_va_t)d->act + BLOCK * PAGE));
	while (exo_cap_revoke(d->life) == 1)
		;
	drop(d->life);
	KT_EQ(exo_activation_bind(d->slot, 0, LIFE, d->act_pfn, (uint64_t)&d->begin), 0);
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, d->slot, 0, KT_NS_PER_MS), 0);
	for (int i = 0; i < 20; i++) /* till it waits for orders */
		exo_yield(EXO_SLOT_NONE, 0);
	return KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, 1, d->slot, 0, 0), 0);
}

/* A slot whose parent is the kit's: the model sees a root. */
static void known_cap(int env, exo_cap_t slot, struct m_cap value)
{
	m_fill(&m_env[env].cap[slot], NULL, value);
	m_env[env].cap[slot].depth = 1;
}

static void known_child(int env, exo_pfn_t frames)
{
	static const uint8_t types[] = {EXO_FRAME_ENV, EXO_FRAME_CAPS, EXO_FRAME_TABLE4};
	struct m_cap env_cap = {.kind = EXO_CAP_ENV, .rights = 0xbf, .first = frames};

	m_env[env] = (struct m_env){.object = frames,
				    .root = frames + 2,
				    .page = {frames + 1},
				    .pages = 1,
				    .drives = true,
				    .silent = true,
				    .act = {{.bound = true, .slot = LIFE}}};
	for (int i = 0; i < M_SLOTS; i++)
		m_env[env].cap[i].env = (uint8_t)env;
	for (size_t i = 0; i < COUNT(types); i++) {
		struct m_frame *f = m_frame_of(frames + i);

		m_account[0].left -= f->account == m_first_account;
		m_account[0].used++;
		f->account = m_first_account;
		f->type = types[i];
	}
	m_frame_of(frames + 1)->maps = (uint32_t)frames;
	env_cap.generation = m_frame_of(frames)->generation;
	known_cap(env, EXO_SLOT_SELF, env_cap);
	known_cap(0, CHILD + (exo_cap_t)env - 1, env_cap);
	known_cap(env, LIFE,
		  (struct m_cap){.kind = EXO_CAP_FRAMES,
				 .rights = 15,
				 .count = xo_info->pfn_end,
				 .account = m_first_account});
	known_cap(env, EXO_SLOT_INFO,
		  (struct m_cap){.kind = EXO_CAP_FRAMES,
				 .rights = 1,
				 .first = info_pfn(),
				 .count = 1,
				 .account = xo_info->pfn});
}

/* A child that takes orders; its object, slots and root table come from the pool. */
static bool make_child(int env, exo_pfn_t frames)
{
	struct driver *d = &driver[env - 1];

	prepare(d);
	d->tables = 0;
	memset(d->act, 0, 2 * PAGE);
	xo_activation_init(d->act, 0, (char *)d->act + STACK * PAGE, 4096);
	if (!KT_EQ(exo_frame_alloc(EXO_SLOT_MEMORY, frames, 3), 3) ||
	    !KT_EQ(exo_env_create(EXO_SLOT_MEMORY, frames, frames + 1, frames + 2, d->slot, 0),
		   0) ||
	    !give_life(d) ||
	    !KT_EQ(exo_cap_derive(d->slot, EXO_SLOT_NONE, CHILD + (exo_cap_t)env - 1, 0, 0, 0xbf),
		   0))
		return false;
	known_child(env, frames);
	return true;
}

static void first_cap(exo_cap_t slot, exo_cap_t from, uint64_t first, uint64_t count,
		      struct m_cap value)
{
	KT_EQ(exo_cap_derive(from, EXO_SLOT_NONE, slot, first, count, value.rights), 0);
	known_cap(0, slot, value);
}

/* The parent's pages of slots, and what all others are derived from. */
static void make_parent(void)
{
	struct m_env *e = &m_env[0];

	*e = (struct m_env){.object = parent,
			    .pages = M_PAGES,
			    .drives = true,
			    .silent = true,
			    .act = {{.bound = true, .slot = EXO_SLOT_MEMORY}}};
	for (int i = 1; i < M_PAGES; i++)
		e->page[i] = parents_page[i];
	m_account[0] = (struct m_account){.object = m_first_account, .limit = ~0ull};
	first_cap(POOL, EXO_SLOT_MEMORY, m_pool, M_FRAMES,
		  (struct m_cap){.kind = EXO_CAP_FRAMES,
				 .rights = 0x8f,
				 .first = m_pool,
				 .count = M_FRAMES,
				 .account = m_first_account});
	first_cap(CPUS, EXO_SLOT_CPU, 0, kt_slices(),
		  (struct m_cap){.kind = EXO_CAP_CPU, .rights = 0x83, .count = kt_slices()});
	first_cap(ACCOUNT, EXO_SLOT_ACCOUNT, 0, 0,
		  (struct m_cap){.kind = EXO_CAP_ACCOUNT,
				 .rights = 0x83,
				 .first = m_first_account,
				 .count = 1});
	/* not to be stopped or mapped into by its children */
	first_cap(PARENT, EXO_SLOT_SELF, 0, 0,
		  (struct m_cap){.kind = EXO_CAP_ENV, .rights = 0xbc, .first = parent});
}

bool fuzz_make_world(void)
{
	static struct m_cap kernels;

	memset(m_env, 0, sizeof(m_env));
	memset(m_account, 0, sizeof(m_account));
	memset(m_slice, 0, sizeof(m_slice));
	make_parent();
	for (exo_pfn_t pfn = m_pool; pfn < m_pool + M_FRAMES; pfn++) {
		const volatile struct exo_frame_state *k = kt_state(pfn);

		if (!KT_EQ(k->type, EXO_FRAME_FREE))
			return false;
		*m_frame_of(pfn) = (struct m_frame){
			.type = EXO_FRAME_FREE, .account = k->account, .generation = k->generation};
		m_account[0].left += k->account == m_first_account;
	}
	for (int env = 1; env <= DRIVERS; env++)
		if (!make_child(env, m_pool + 8 + 3 * (exo_pfn_t)env))
			return false;
	for (uint32_t i = 0; i < EXO_SLICE_MAX; i++)
		m_slice[i].most = kt_slice(0, i)->most;
	m_slice[0].cap = &kernels;
	return true;
}

bool fuzz_begin(void)
{
	m_pool = kt_frames(M_FRAMES + EXO_LARGE_FRAMES);
	if (!KT_OK(m_pool))
		return false;
	m_first_account = kt_state(m_pool)->account;
	while ((m_pool + M_FRAMES) % EXO_LARGE_FRAMES)
		m_pool++;
	for (exo_pfn_t pfn = m_pool; pfn < m_pool + M_FRAMES; pfn += 256)
		KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 256), 0);
	for (uint32_t i = 1; i < M_PAGES; i++) {
		parents_page[i] = kt_frame();
		if (!KT_EQ(exo_cap_grow(EXO_SLOT_MEMORY, parents_page[i]), i * EXO_CAP_SLOTS))
			return false;
	}
	while (kt_state(parent)->type != EXO_FRAME_ENV)
		parent++;
	return true;
}

/* By means that only the owner of an account has. */
static void end_env(exo_pfn_t object, exo_cap_t slot)
{
	KT_EQ(exo_account_open(EXO_SLOT_ACCOUNT, object, slot), 0);
	exo_env_stop(slot, 0);
	while (exo_env_destroy(slot) == 1)
		;
	drop(slot);
}

static void end_account(exo_pfn_t object, exo_cap_t slot)
{
	if (kt_state(object)->type != EXO_FRAME_ACCOUNT)
		return; /* it went with the one above it */
	KT_EQ(exo_account_open(EXO_SLOT_ACCOUNT, object, slot), 0);
	kt_account_empty(slot, object);
	KT_EQ(exo_account_destroy(slot), 0);
	drop(slot);
}

/* The parent's own mappings and tables in the model's places. */
static void end_places(void)
{
	exo_va_t va;
	exo_pfn_t table;

	for (int n = 0; m_table_at(0, 1, n, &va, &table); n++)
		if (m_env[0].large[n].pfn) /* it may be gone with the slot that it was made under */
			kt_op(EXO_MAP_REMOVE, va, 0, EXO_LARGE_FRAMES, EXO_PROT_READ, 0);
	for (uint32_t level = 1; level <= 3; level++)
		for (int n = 0; m_table_at(0, (int)level, n, &va, &table); n++)
			if (table)
				KT_EQ(kt_op(EXO_MAP_UNTABLE, va ? va : EXO_VA_MIN, 0, level, 0, 0),
				      0);
}

void fuzz_end_world(void)
{
	static exo_cap_t slot;

	if (!slot)
		slot = kt_slot();
	for (int env = 1; env < M_ENVS; env++)
		if (m_env[env].object)
			end_env(m_env[env].object, slot);
	for (int i = 0; i < DRIVERS; i++)
		drop(driver[i].slot);
	for (exo_cap_t s = POOL; s < M_SLOTS; s++)
		while (exo_cap_revoke(s) == 1)
			;
	for (exo_cap_t s = POOL; s < M_SLOTS; s++)
		drop(s);
	end_places();
	for (int i = 1; i < M_ACCOUNTS; i++)
		if (m_account[i].object)
			end_account(m_account[i].object, slot);
	for (exo_pfn_t pfn = m_pool; pfn < m_pool + M_FRAMES; pfn++)
		if (kt_state(pfn)->type != EXO_FRAME_FREE)
			KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
}
