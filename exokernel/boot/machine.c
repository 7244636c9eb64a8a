/* machine.c - what the boot loader says: memory, archive, ACPI.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Multiboot2 Specification 2.0 section 3.6; PVH: hvm_start_info of Xen's
 * public headers.  Runs on the boot tables; all it keeps is copied.
 */
#include <boot/boot.h>
#include <core/log.h>
#include <core/power.h>
#include <util/fmt.h>

#define MULTIBOOT2_MAGIC 0x36d76289
#define PVH_MAGIC        0x336ec578
#define RAM              1                            /* type of usable memory, in both */
#define LAST             (UINT64_MAX - EXO_PAGE_SIZE) /* beyond it ends of frames wrap */

struct machine machine;

/* Patched by the tool that appends an archive to the kernel's own file. */
static const volatile struct {
	uint64_t offset, bytes;
} embedded __attribute__((section(".exo.embed"), used)) = {0, 0};

void refuse(const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	fmt_vstring(text, sizeof(text), format, args);
	va_end(args);
	log_line("refuse", "%s", text);
	if (log_channel)
		power_off();
	for (;;) /* a machine that restarts itself shows nobody why */
		__asm__ volatile("cli; hlt");
}

static void forget(uint32_t i)
{
	for (machine.regions--; i < machine.regions; i++)
		machine.region[i] = machine.region[i + 1];
}

/* Take [first, end) out of whatever regions it touches. */
static void reserve(uint64_t first, uint64_t end)
{
	for (uint32_t i = machine.regions; i-- > 0;) {
		struct exo_extent *r = &machine.region[i];
		uint64_t r_end = r->first + r->count;

		if (end <= r->first || first >= r_end)
			continue;
		if (first <= r->first && end >= r_end) {
			forget(i);
		} else if (first <= r->first) {
			*r = (struct exo_extent){end, r_end - end};
		} else {
			r->count = first - r->first;
			if (end < r_end && machine.regions < EXO_START_RAM_MAX - 1) {
				for (uint32_t j = machine.regions++; j > i + 1; j--)
					machine.region[j] = machine.region[j - 1];
				machine.region[i + 1] = (struct exo_extent){end, r_end - end};
			}
		}
	}
}

/* Where a new region goes when the list is full: over the smallest. */
static void forget_smallest(void)
{
	uint32_t least = 0;

	for (uint32_t i = 1; i < machine.regions; i++)
		if (machine.region[i].count < machine.region[least].count)
			least = i;
	forget(least);
}

/* Usable memory: whole frames, no frame twice, neighbours joined, ascending. */
static void add_region(uint64_t start, uint64_t bytes)
{
	struct exo_extent *r = machine.region;
	uint64_t first, end;
	uint32_t i;

	if (start > LAST || bytes > LAST - start)
		return;
	first = (start + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE;
	end = (start + bytes) / EXO_PAGE_SIZE;
	if (first == 0)
		first = 1; /* frame 0 stays out: 0 means "none" in the tables */
	if (first >= end)
		return;
	reserve(first, end);
	if (machine.regions >= EXO_START_RAM_MAX - 3)
		forget_smallest();
	for (i = machine.regions; i && r[i - 1].first > first; i--)
		;
	if (i && r[i - 1].first + r[i - 1].count == first) {
		r[i - 1].count += end - first;
		return;
	}
	for (uint32_t j = machine.regions++; j > i; j--)
		r[j] = r[j - 1];
	r[i] = (struct exo_extent){first, end - first};
}

/* One line of a memory map.  What is not usable wins over what is, so all maps
 * are gone through twice: usable lines first. */
static void map_line(bool second, uint64_t start, uint64_t bytes, uint32_t type)
{
	if (!second && type == RAM)
		add_region(start, bytes);
	else if (second && type != RAM && bytes && start <= LAST)
		reserve(start / EXO_PAGE_SIZE,
			(start + (bytes < LAST - start ? bytes : LAST - start) + EXO_PAGE_SIZE -
			 1) / EXO_PAGE_SIZE);
}

static void read_map(const uint32_t *tag, bool second)
{
	const char *e = (const char *)(tag + 4), *end = (const char *)tag + tag[1];

	for (; tag[2] >= 24 && tag[2] <= end - e; e += tag[2]) {
		const uint64_t *m = (const uint64_t *)e;

		map_line(second, m[0], m[1], m[2]);
	}
}

static void read_multiboot2(uint32_t info)
{
	const uint32_t *base = low(info), *tag = base + 2;
	const uint32_t *end = (const uint32_t *)((const char *)base + base[0]);

	for (; end - tag >= 2 && tag[0] && tag[1] >= 8 && tag[1] <= (uint64_t)(end - tag) * 4;
	     tag = (const uint32_t *)((const char *)tag + ((tag[1] + 7) & ~7u))) {
		if (tag[0] == 3 && tag[1] >= 16 && tag[3] >= tag[2] && !machine.archive_bytes) {
			machine.archive = tag[2];
			machine.archive_bytes = tag[3] - tag[2];
		} else if (tag[0] == 6 && tag[1] >= 16) {
			for (int second = 0; second < 2; second++)
				read_map(tag, second);
		} else if (tag[0] == 15 || (tag[0] == 14 && !machine.rsdp)) {
			machine.rsdp = info + ((const char *)(tag + 2) - (const char *)base);
		}
	}
}

struct pvh_info {
	uint32_t magic, version, flags, modules;
	uint64_t module_list, command_line, rsdp;
	uint64_t map;
	uint32_t map_entries, zero;
};

static void read_pvh(uint32_t info)
{
	const struct pvh_info *p = low(info);
	const uint64_t *m;

	if (p->magic != PVH_MAGIC || p->version < 1)
		refuse("the boot loader is neither multiboot2 nor PVH with a memory map");
	for (int second = 0; second < 2; second++) {
		m = low(p->map);
		for (uint32_t i = 0; i < p->map_entries; i++, m += 3)
			map_line(second, m[0], m[1], m[2]);
	}
	if (p->modules) {
		m = low(p->module_list);
		machine.archive = m[0];
		machine.archive_bytes = m[1];
	}
	if (p->command_line)
		fmt_string(machine.command_line, sizeof(machine.command_line), "%s",
			   (const char *)low(p->command_line));
	machine.rsdp = p->rsdp;
	machine.pvh = true;
}

void machine_read(uint32_t magic, uint32_t info, uint32_t load)
{
	machine.load = load;
	if (magic == MULTIBOOT2_MAGIC)
		read_multiboot2(info);
	else
		read_pvh(info);
	/* The boot tables show 4 GiB. */
	if (machine.archive >> 32 || machine.archive_bytes > (1ul << 32) - machine.archive)
		machine.archive = machine.archive_bytes = 0;
	if (!machine.archive_bytes && embedded.bytes) {
		machine.archive = load + embedded.offset;
		machine.archive_bytes = embedded.bytes;
	}
	for (uint32_t i = 0; i < machine.regions; i++)
		machine.ram_frames += machine.region[i].count;
	reserve(load / EXO_PAGE_SIZE,
		(load + (kernel_end - kernel_start) + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE);
	reserve(machine.archive / EXO_PAGE_SIZE,
		(machine.archive + machine.archive_bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE);
}

exo_pfn_t boot_frames_below(uint64_t n, exo_pfn_t end)
{
	for (uint32_t i = 0; i < machine.regions; i++) {
		struct exo_extent *r = &machine.region[i];
		exo_pfn_t pfn = r->first;

		/* The memory below 1 MiB is left for those who must have it. */
		if (r->count < n || pfn + n > end || (pfn < 256 && end > 256))
			continue;
		r->first += n;
		r->count -= n;
		__builtin_memset(direct(pfn), 0, n * EXO_PAGE_SIZE);
		return pfn;
	}
	return 0;
}

uint64_t boot_frames_left(void)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < machine.regions; i++)
		n += machine.region[i].count;
	return n;
}

exo_pfn_t boot_frames(uint64_t n)
{
	/* Below 4 GiB: boot tables reach no farther, and CR3 of a starting CPU has 32 bits. */
	exo_pfn_t pfn = boot_frames_below(n, 1 << 20);

	if (!pfn)
		refuse("too little RAM: %lu KiB are there, the kernel needs %lu KiB more in one "
		       "piece",
		       machine.ram_frames * 4, n * 4);
	return pfn;
}
