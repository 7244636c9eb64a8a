/* kchild.c - further activations and environments for tests.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#define STACK_PAGES  8
#define UPCALL_BYTES 8192
#define SLICE_NS     1000000
#define PATIENCE_NS  (100000 * KT_NS_PER_MS)
#define MEMORY_RIGHTS                                                                              \
	(EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)

/* One block: activation (2 pages), stack, upcall stacks.  Contiguous frames. */
#define BLOCK_PAGES (2 + STACK_PAGES + EXO_FRAME_DEPTH * UPCALL_BYTES / EXO_PAGE_SIZE)

static struct exo_activation *block(void *p, uint32_t index, struct xo_begin *b, void (*fn)(void *),
				    void *arg)
{
	char *stack = (char *)p + 2 * EXO_PAGE_SIZE;

	if (!p)
		return NULL;
	*b = (struct xo_begin){.sp = (uint64_t)stack + STACK_PAGES * EXO_PAGE_SIZE,
			       .activation = p,
			       .fn = fn,
			       .arg = arg};
	xo_activation_init(b->activation, index, stack + STACK_PAGES * EXO_PAGE_SIZE, UPCALL_BYTES);
	return b->activation;
}

static exo_pfn_t frame_at(const void *p)
{
	return (xo_entry((exo_va_t)p) & EXO_PTE_FRAME) / EXO_PAGE_SIZE;
}

long kt_start_cpu(uint32_t cpu, void (*fn)(void *), void *arg)
{
	static struct xo_begin begins[EXO_CPU_MAX];
	struct exo_activation *a = block(kt_pages(BLOCK_PAGES), cpu, &begins[cpu], fn, arg);

	if (!a)
		return -EXO_E_LIMIT;
	return xo_activation_start(&begins[cpu], EXO_SLOT_MEMORY, frame_at(a), cpu, 0, SLICE_NS);
}

/* Frames for its page tables: those it had before, if it was there before. */
static exo_pfn_t next_table(void *context)
{
	struct kt_child *c = context;
	exo_pfn_t pfn = c->tables < KT_CHILD_TABLES ? c->table[c->tables] : 0;

	if (!pfn)
		pfn = kt_frame();
	if (c->tables < KT_CHILD_TABLES)
		c->table[c->tables] = pfn;
	c->tables++;
	return pfn;
}

static void give_table(void *context, exo_pfn_t pfn)
{
	(void)pfn;
	((struct kt_child *)context)->tables--;
}

/* Show [from, to) to the child as we see it. */
static bool share(struct kt_child *c, exo_va_t from, exo_va_t to)
{
	struct xo_space space = {.env = c->slot,
				 .tables = {next_table, give_table, c, EXO_SLOT_MEMORY}};

	for (exo_va_t va = from; va < to; va += EXO_PAGE_SIZE) {
		uint64_t e = xo_entry(va);
		uint32_t prot = EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
				(e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC);
		exo_cap_t cap = va == xo_start->info ? EXO_SLOT_INFO : EXO_SLOT_MEMORY;

		if (e && xo_map_run(&space, va, (e & EXO_PTE_FRAME) / EXO_PAGE_SIZE, 1, prot, cap))
			return false;
	}
	return true;
}

static bool fill(struct kt_child *c)
{
	exo_pfn_t first = xo_start->ram[0].first;
	exo_pfn_t info = (xo_entry(xo_start->info) & EXO_PTE_FRAME) / EXO_PAGE_SIZE;

	/* As far as our own MEMORY goes: all frames. */
	(void)first;
	return !exo_cap_derive(EXO_SLOT_MEMORY, c->slot, EXO_SLOT_MEMORY, 0, xo_info->pfn_end,
			       MEMORY_RIGHTS) &&
	       !exo_cap_derive(EXO_SLOT_INFO, c->slot, EXO_SLOT_INFO, info, 1, EXO_RIGHT_READ) &&
	       share(c, (exo_va_t)__image_start, (exo_va_t)__image_end) &&
	       share(c, xo_start->info, xo_start->info + EXO_PAGE_SIZE) &&
	       share(c, (exo_va_t)c->act, (exo_va_t)c->act + BLOCK_PAGES * EXO_PAGE_SIZE);
}

static bool make(struct kt_child *c, void *memory, void (*fn)(void *), void *arg)
{
	c->tables = 0;
	c->act = block(memory, 0, &c->begin, fn, arg);
	if (!c->act ||
	    !KT_EQ(exo_env_create(EXO_SLOT_MEMORY, c->object, c->slots, c->root, c->slot, 0), 0))
		return false;
	c->act_pfn = frame_at(c->act);
	return KT_OK(fill(c));
}

bool kt_child_make(struct kt_child *c, void (*fn)(void *), void *arg)
{
	c->slot = kt_slot();
	c->object = kt_frame();
	c->slots = kt_frame();
	c->root = kt_frame();
	memset(c->table, 0, sizeof(c->table));
	return make(c, kt_pages(BLOCK_PAGES), fn, arg);
}

bool kt_child_again(struct kt_child *c, void (*fn)(void *), void *arg)
{
	if (!c->act)
		return kt_child_make(c, fn, arg);
	memset(c->act, 0, 2 * EXO_PAGE_SIZE);
	return make(c, c->act, fn, arg);
}

long kt_child_start(struct kt_child *c, uint32_t cpu, uint32_t at)
{
	long r = exo_activation_bind(c->slot, 0, EXO_SLOT_MEMORY, c->act_pfn, (uint64_t)&c->begin);

	return r ? r : exo_slice_bind(EXO_SLOT_CPU, cpu, at, c->slot, 0, SLICE_NS);
}

void kt_child_opens(const struct kt_child *c, uint32_t at)
{
	exo_ns_t end = xo_now() + PATIENCE_NS;

	while (!kt_child_serves(c) && xo_now() < end)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(kt_child_serves(c));
	KT_EQ(exo_slice_bind(EXO_SLOT_CPU, 0, at, c->slot, 0, 0), 0);
}

uint64_t kt_child_wait(const struct kt_child *c)
{
	exo_ns_t end = xo_now() + PATIENCE_NS;
	long r;

	while (!(r = exo_env_status(c->slot)) && xo_now() < end) {
		exo_yield(EXO_SLOT_NONE, 0);
		kt_pause(); /* for an emulator that runs its CPUs by turns */
	}
	return r;
}

void kt_child_end(struct kt_child *c)
{
	exo_ns_t end = xo_now() + PATIENCE_NS;
	long r;

	r = exo_env_stop(c->slot, 77);
	KT_OK(!r || r == -EXO_E_STATE); /* it may end by itself at any moment */
	while ((r = exo_env_destroy(c->slot)) == 1 && xo_now() < end) {
		exo_yield(EXO_SLOT_NONE, 0);
		kt_pause();
	}
	KT_EQ(r, 0);
	KT_ERR(exo_env_status(c->slot), STALE);
	KT_EQ(exo_cap_drop(c->slot), 0);
}

uint64_t kt_child_run(void (*fn)(void *), void *arg)
{
	static struct kt_child c;
	uint64_t status = 0;

	if (!kt_child_make(&c, fn, arg))
		return 0;
	if (KT_EQ(kt_child_start(&c, 0, 1), 0))
		status = kt_child_wait(&c);
	kt_child_end(&c);
	return status;
}
