/* load.c - the first environment: the program of the archive's image 0, with
 * every capability.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Its constant pages are used where the archive lies; only what it may write
 * is copied.
 */
#include <boot/boot.h>
#include <boot/seed.h>
#include <core/account.h>
#include <core/cap.h>
#include <core/console.h>
#include <core/env.h>
#include <core/info.h>
#include <core/log.h>
#include <core/map.h>
#include <exo/ring.h>
#include <exo/version.h>
#include <util/archive.h>

#define PROGRAM_LOW 0x400000000000
#define START_LOW   0x600000000000
#define PLACES      0x800000 /* of EXO_PROGRAM_ALIGN each, from either of these: they never meet */
#define SLICE_NS    10000000

#define TABLES_SPARE 16 /* page tables and boot odds and ends beyond the program's own pages */

static struct env *env;
static uint32_t account;

static void own(exo_pfn_t pfn, enum exo_frame_type type)
{
	frames[pfn].type = type;
	frames[pfn].account = account;
	account_at(account)->used++;
}

static exo_pfn_t new_frame(enum exo_frame_type type)
{
	exo_pfn_t pfn = boot_frames(1);

	own(pfn, type);
	return pfn;
}

static void place(exo_va_t va, exo_pfn_t pfn, unsigned prot, exo_cap_t slot)
{
	uint64_t *e;

	for (int level = 4; level > 1; level--) {
		e = map_entry(env->root, va, level);
		if (*e)
			continue;
		*e = new_frame(EXO_FRAME_TABLE1 + level - 2) << EXO_PAGE_SHIFT | PTE_BRANCH;
		frames[direct_pfn(e)].maps++;
	}
	e = map_entry(env->root, va, 1);
	*e = pfn << EXO_PAGE_SHIFT | EXO_PTE_PRESENT | EXO_PTE_USER |
	     (prot & EXO_PROT_WRITE ? EXO_PTE_WRITE : 0) |
	     (prot & EXO_PROT_EXEC ? 0 : EXO_PTE_NOEXEC) | EXO_PTE_OF_SLOT(slot);
	frames[direct_pfn(e)].maps++;
	frames[pfn].maps++;
}

static exo_va_t place_new(exo_va_t *next, uint32_t count, exo_pfn_t *first)
{
	exo_va_t va = *next;

	*first = boot_frames(count);
	for (uint32_t i = 0; i < count; i++, *next += EXO_PAGE_SIZE) {
		own(*first + i, EXO_FRAME_DATA);
		place(*next, *first + i, EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY);
	}
	return va;
}

static exo_va_t random_place(exo_va_t from)
{
	return from + seed_word() % PLACES * EXO_PROGRAM_ALIGN;
}

static void place_segments(const struct exo_program *p, exo_va_t base)
{
	for (uint32_t i = 0; i < p->segments; i++) {
		const struct exo_segment *s = &p->segment[i];
		uint64_t stored = (s->file_bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE;

		for (uint64_t n = 0; n < (s->mem_bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE; n++) {
			const char *from = (const char *)p + s->offset + n * EXO_PAGE_SIZE;
			exo_pfn_t pfn = n < stored ? direct_pfn(from) : 0;

			if (s->prot & EXO_PROT_WRITE || !pfn) {
				pfn = new_frame(EXO_FRAME_DATA);
				if (n < stored)
					__builtin_memcpy(direct(pfn), from, EXO_PAGE_SIZE);
			}
			place(base + s->va + n * EXO_PAGE_SIZE, pfn, s->prot, EXO_SLOT_MEMORY);
		}
	}
}

static const struct exo_program *find_program(void)
{
	const struct exo_archive *a = low(machine.archive);
	const struct exo_entry *e;
	enum archive_result r;

	if (!machine.archive_bytes || machine.archive % EXO_PAGE_SIZE)
		refuse("the boot loader brought no archive");
	r = archive_check(a, machine.archive_bytes);
	if (r == ARCHIVE_VERSION)
		refuse("the image is for version %u of the kernel's contract, this kernel has %u",
		       a->version, EXO_ABI_VERSION);
	if (r)
		refuse("the image is damaged: %s", archive_text(r));
	e = archive_find(a, 0, EXO_ENTRY_PROGRAM, NULL);
	if (!e)
		refuse("the image holds no program");
	r = archive_check_entry(a, e);
	if (!r)
		r = archive_check_program(archive_data(a, e), e->bytes);
	if (r == ARCHIVE_VERSION)
		refuse("the program is for another version of the kernel's contract; this kernel "
		       "has %u",
		       EXO_ABI_VERSION);
	if (r)
		refuse("the program is damaged: %s", archive_text(r));
	return archive_data(a, e);
}

static void check_ram(const struct exo_program *p)
{
	uint64_t need = TABLES_SPARE, left = boot_frames_left();

	for (uint32_t i = 0; i < p->segments; i++)
		need += (p->segment[i].prot & EXO_PROT_WRITE
				 ? p->segment[i].mem_bytes
				 : p->segment[i].mem_bytes - p->segment[i].file_bytes) /
				EXO_PAGE_SIZE +
			1;
	if (need > left)
		refuse("too little RAM: %lu KiB are there, the image needs at least %lu KiB",
		       machine.ram_frames * 4, (machine.ram_frames + need - left) * 4);
}

static void give(enum exo_slot slot, enum exo_cap_kind kind, unsigned rights, uint64_t first,
		 uint64_t count)
{
	struct cap value = {.kind = kind,
			    .rights = rights | EXO_RIGHT_DERIVE,
			    .account = account,
			    .first = first,
			    .count = count};

	cap_fill(cap_slot(env, slot), NULL, &value);
	cap_slot(env, slot)->flags |= CAP_USED;
}

static void give_everything(void)
{
	give(EXO_SLOT_SELF, EXO_CAP_ENV, 0x3f, direct_pfn(env), 0);
	give(EXO_SLOT_MEMORY, EXO_CAP_FRAMES,
	     EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC | EXO_RIGHT_WX, 0,
	     frames_end);
	give(EXO_SLOT_CPU, EXO_CAP_CPU, EXO_RIGHT_BIND | EXO_RIGHT_LENGTH, 0,
	     EXO_SLICE_OF(0, EXO_SLICE_MAX));
	give(EXO_SLOT_CONSOLE, EXO_CAP_CONSOLE, EXO_RIGHT_USE, 0, 1);
	give(EXO_SLOT_MACHINE, EXO_CAP_MACHINE, EXO_RIGHT_USE, 0, 1);
	give(EXO_SLOT_ACCOUNT, EXO_CAP_ACCOUNT, EXO_RIGHT_CHARGE | EXO_RIGHT_LIMIT, account, 1);
	give(EXO_SLOT_ARCHIVE, EXO_CAP_FRAMES, EXO_RIGHT_READ | EXO_RIGHT_EXEC,
	     machine.archive / EXO_PAGE_SIZE, machine.archive_bytes / EXO_PAGE_SIZE);
	/* of all frames it means only those to be read */
	give(EXO_SLOT_INFO, EXO_CAP_FRAMES, EXO_RIGHT_READ, 0, frames_end);
	cap_slot(env, EXO_SLOT_INFO)->account = (uint32_t)info->pfn;
}

static void make_environment(void)
{
	account = (uint32_t)boot_frames(1);
	*account_at(account) =
		(struct exo_account){.version = EXO_ABI_VERSION, .limit = UINT64_MAX};
	own(account, EXO_FRAME_ACCOUNT);
	env = direct(new_frame(EXO_FRAME_ENV));
	env->root = new_frame(EXO_FRAME_TABLE4);
	map_root(env->root);
	env->cap_pages = 1;
	env->cap_pfn[0] = new_frame(EXO_FRAME_CAPS);
	frames[env->cap_pfn[0]].maps = (uint32_t)direct_pfn(env);
	env_list(env);
	for (uint64_t n = 0; n < machine.archive_bytes / EXO_PAGE_SIZE; n++)
		own(machine.archive / EXO_PAGE_SIZE + n, EXO_FRAME_DATA);
}

static void show(exo_pfn_t first, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		frames[first + i].type = EXO_FRAME_INFO;
		frames[first + i].account = (uint32_t)info->pfn;
	}
}

/* What others may read of the kernel. */
static void show_tables(void)
{
	uint64_t bytes = frames_end * sizeof(*frames);

	show(info->pfn, EXO_INFO_FRAMES);
	show(info->frame_table, (bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE);
	for (uint32_t n = 0; n < EXO_CPU_MAX; n++)
		show(info->slice_table[n], !!info->slice_table[n]);
}

static void make_console(struct exo_console *c)
{
	c->out = (struct exo_ring){
		.version = EXO_ABI_VERSION, .entry_size = 1, .entries = sizeof(c->out_data)};
	c->in = (struct exo_ring){
		.version = EXO_ABI_VERSION, .entry_size = 1, .entries = sizeof(c->in_data)};
}

/* What is left is free, the init part will be: the first environment's to take. */
static void list_ram(struct exo_start *s)
{
	uint64_t init = (machine.load + (init_start - kernel_start)) / EXO_PAGE_SIZE;

	for (uint32_t i = 0; i < machine.regions; i++) {
		const struct exo_extent *r = &machine.region[i];

		if (!r->count)
			continue;
		for (uint64_t n = 0; n < r->count; n++)
			frames[r->first + n].type = EXO_FRAME_FREE;
		s->ram[s->ram_count++] = *r;
	}
	s->ram[s->ram_count++] =
		(struct exo_extent){init, (uint64_t)(kernel_end - init_start) / EXO_PAGE_SIZE};
}

/* As the program says, unless whoever started the machine says otherwise. */
static bool separate(const struct exo_program *p)
{
	char text[9] = "";

	if (fwcfg_read("opt/exo/tables", text, sizeof(text) - 1))
		return text[0] == 's';
	return p->flags & EXO_PROGRAM_SEPARATE && cpu_leaks();
}

void load_first(void)
{
	const struct exo_program *p = find_program();
	exo_pfn_t start_pfn, act_pfn, console_pfn;
	struct exo_activation *a;
	struct exo_start *s;
	exo_va_t next, start_va;

	if (separate(p))
		tables_separate();
	check_ram(p);
	make_environment();
	env->program_flags = p->flags & EXO_PROGRAM_WX;
	next = random_place(START_LOW);
	start_va = place_new(&next, 1, &start_pfn);

	s = direct(start_pfn);
	s->magic = EXO_START_MAGIC;
	s->version = EXO_ABI_VERSION;
	s->size = sizeof(*s);
	s->base = random_place(PROGRAM_LOW);
	s->span = p->span;
	s->activation = place_new(&next, 2, &act_pfn);
	s->console = place_new(&next, EXO_CONSOLE_FRAMES, &console_pfn);
	s->info = next;
	show_tables();
	for (int i = 0; i < EXO_INFO_FRAMES; i++)
		place(s->info + i * EXO_PAGE_SIZE, info->pfn + i, EXO_PROT_READ, EXO_SLOT_INFO);
	s->archive_pfn = machine.archive / EXO_PAGE_SIZE;
	s->archive_bytes = machine.archive_bytes;
	seed_take(s->random);
	s->random_good = seed_source;
	s->settings_bytes = fwcfg_read("opt/exo/settings", s->settings, sizeof(s->settings));
	place_segments(p, s->base);
	s->cpus = ~0ull >> (64 - cpu_count);
	s->slice_ns = SLICE_NS;
	give_everything();
	make_console(direct(console_pfn));
	console_bind(env, console_pfn);
	frames[console_pfn].wired++;
	frames[console_pfn + 1].wired++;
	a = direct(act_pfn);
	a->version = EXO_ABI_VERSION;
	a->entry = s->base + p->entry;
	a->self = s->activation;
	frames[act_pfn].wired++;
	frames[act_pfn + 1].wired++;
	env->act[0] = (struct act){.state = ACT_NEW,
				   .pfn = act_pfn,
				   .slot = EXO_SLOT_MEMORY,
				   .argument = start_va,
				   .bound = 1};
	this_cpu()->slice[0] = (struct exo_slice){
		.env = (uint32_t)direct_pfn(env), .ns = SLICE_NS, .most = SLICE_NS};
	this_cpu()->slices = 1;
	list_ram(s);
	info->frames_ram = machine.ram_frames;
	info->frames_kernel = machine.ram_frames;
	for (uint32_t i = 0; i < s->ram_count; i++)
		info->frames_kernel -= s->ram[i].count;
}
