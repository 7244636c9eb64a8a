/* tables.c - the kernel's own page tables and the frame table.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RAM is mapped once at DIRECT_MAP, without execute, and the kernel's text and
 * constants not even writable there; the image page by page with what
 * each part needs.  Tables of the kernel's half never change after boot but for
 * the init part's leaves, so that every root table can share them.
 */
#include <boot/boot.h>
#include <core/info.h>
#include <core/map.h>
#include <core/power.h>

#define READ_ONLY    (EXO_PTE_PRESENT | EXO_PTE_NOEXEC)
#define DATA         (EXO_PTE_PRESENT | EXO_PTE_NOEXEC | EXO_PTE_WRITE)
#define TEXT         EXO_PTE_PRESENT
#define DEVICE       (DATA | 0x18) /* uncached */
#define LARGE_BYTES  (EXO_LARGE_FRAMES * EXO_PAGE_SIZE)
#define WINDOW_POWER (WINDOW + 0x2000)

static exo_pfn_t root; /* of what is being built */

static uint64_t *entry(uint64_t va, int level)
{
	uint64_t *table = direct(root);

	for (int l = 4;; l--) {
		uint64_t *e = &table[va >> (12 + 9 * (l - 1)) & 511];

		if (l == level)
			return e;
		if (!*e)
			*e = boot_frames(1) << EXO_PAGE_SHIFT | EXO_PTE_PRESENT | EXO_PTE_WRITE;
		table = direct((*e & EXO_PTE_FRAME) >> EXO_PAGE_SHIFT);
	}
}

void tables_map(uint64_t va, uint64_t physical, uint64_t bytes, uint64_t flags)
{
	uint64_t end = va + bytes;

	while (va < end) {
		uint64_t step = EXO_PAGE_SIZE;

		if ((va | physical) % LARGE_BYTES == 0 && end - va >= LARGE_BYTES)
			step = LARGE_BYTES;
		*entry(va, step == EXO_PAGE_SIZE ? 1 : 2) =
			physical | flags | (step == EXO_PAGE_SIZE ? 0 : EXO_PTE_LARGE);
		va += step;
		physical += step;
	}
}

static void map_image(const char *from, const char *to, uint64_t flags)
{
	tables_map((uint64_t)from, machine.load + (from - kernel_start), to - from, flags);
}

static void map_ram(uint64_t from, uint64_t to, uint64_t flags)
{
	if (to > from)
		tables_map(DIRECT_MAP + from, from, to - from, flags);
}

/* A register that ACPI puts into memory gets a page of the window. */
static void map_register(struct power_register *r, uint64_t va)
{
	if (!r->address || r->space != 0)
		return;
	tables_map(va, r->address & ~(EXO_PAGE_SIZE - 1ul), EXO_PAGE_SIZE, DEVICE);
	r->address = va + r->address % EXO_PAGE_SIZE;
}

void tables_build(void)
{
	struct exo_extent ram[EXO_START_RAM_MAX];
	uint32_t n = machine.regions;

	/* The regions shrink while tables are taken from them: work on a copy. */
	for (uint32_t i = 0; i < n; i++)
		ram[i] = machine.region[i];
	root = kernel_root = shared_root = boot_frames(1);
	for (uint32_t i = 0; i < n; i++)
		map_ram(ram[i].first * EXO_PAGE_SIZE, (ram[i].first + ram[i].count) * EXO_PAGE_SIZE,
			DATA);
	map_ram(machine.archive & ~(EXO_PAGE_SIZE - 1ul),
		(machine.archive + machine.archive_bytes + EXO_PAGE_SIZE - 1) &
			~(EXO_PAGE_SIZE - 1ul),
		DATA);
	map_ram(machine.load, machine.load + (data_start - kernel_start), READ_ONLY);
	map_ram(machine.load + (data_start - kernel_start),
		machine.load + (kernel_end - kernel_start), DATA);
	map_image(kernel_start, rodata_start, TEXT);
	map_image(rodata_start, data_start, READ_ONLY);
	map_image(data_start, init_start, DATA);
	map_image(init_start, init_data_start, TEXT);
	map_image(init_data_start, kernel_end, DATA);
	tables_map(WINDOW_LAPIC, machine_cpus.lapic, EXO_PAGE_SIZE, DEVICE);
	tables_map(WINDOW_IOAPIC, machine_cpus.ioapic, EXO_PAGE_SIZE, DEVICE);
	map_register(&power_config.sleep, WINDOW_POWER);
	map_register(&power_config.reset, WINDOW_POWER + EXO_PAGE_SIZE);
}

static void share(uint64_t va, uint64_t end)
{
	for (; va < end; va += EXO_PAGE_SIZE) {
		const uint64_t *e = map_entry(kernel_root, va, 1);

		if (e && *e & EXO_PTE_PRESENT)
			*entry(va, 1) = *e;
	}
}

/* Two bytes of text that jump become two that do nothing.  Not even the direct map can write
 * there, unless write protection is off. */
static void patch(uint64_t va)
{
	uint64_t physical = machine.load + (va - (uint64_t)kernel_start);
	uint16_t *jump = (uint16_t *)((char *)direct(0) + physical);

	if ((*jump & 0xff) != 0xeb)
		refuse("what is patched at %lx is no short jump", va);
	write_cr0(CR0 & ~CR0_WP);
	*jump = 0x9066;
	write_cr0(CR0);
}

void tables_separate(void)
{
	cpu_features |= EXO_FEATURE_SEPARATE;
	info->features |= EXO_FEATURE_SEPARATE;
	root = shared_root = boot_frames(1);
	share((uint64_t)entry_start & -(uint64_t)EXO_PAGE_SIZE, (uint64_t)entry_end);
	share(WINDOW_IDT, WINDOW_IDT + EXO_PAGE_SIZE);
	for (uint32_t n = 0; n < cpu_count; n++)
		share(CPU_AREA((uint64_t)n), CPU_AREA((uint64_t)n + 1));
	for (const uint64_t *at = separate_start; at < separate_end; at++)
		patch(*at);
}

void frames_build(void)
{
	uint64_t end = 0, bytes, pfn;

	for (uint32_t i = 0; i < machine.regions; i++)
		if (end < machine.region[i].first + machine.region[i].count)
			end = machine.region[i].first + machine.region[i].count;
	if (end < (machine.archive + machine.archive_bytes) / EXO_PAGE_SIZE + 1)
		end = (machine.archive + machine.archive_bytes) / EXO_PAGE_SIZE + 1;
	if (end < (machine.load + (kernel_end - kernel_start)) / EXO_PAGE_SIZE + 1)
		end = (machine.load + (kernel_end - kernel_start)) / EXO_PAGE_SIZE + 1;
	bytes = end * sizeof(struct exo_frame_state);
	pfn = boot_frames_below((bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE, end);
	if (!pfn)
		refuse("too little RAM: %lu KiB are there, the frame table alone takes %lu KiB",
		       machine.ram_frames * 4, bytes / 1024);
	frames = direct(pfn);
	frames_end = end;
}
