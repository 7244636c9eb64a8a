/* fuzz_memory_map.c - fuzz target: what a boot loader says of memory, multiboot2 and PVH.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The oracle looks at single frames, next to where any line begins or ends, and reckons in 128
 * bits: a frame is free if one usable line holds all of it and none of another kind touches it.
 */
#include "fuzz_boot.h"

#include <boot/machine.c>

#define INFO  0x10000
#define MAP   0x20000
#define LOAD  0x200000
#define LINES 80
#define MANY  (EXO_START_RAM_MAX - 4) /* as many regions are kept, whatever happens */

bool log_channel;
char kernel_start[0x3000], kernel_end[1];

static struct line {
	uint64_t start, bytes, type;
} line[LINES];
static unsigned int lines;
static uint64_t archive, archive_bytes;

void log_line(const char *kind, const char *format, ...)
{
	(void)kind, (void)format;
}

void power_off(void)
{
	abort();
}

static bool touches(const struct line *l, wide from, wide to)
{
	return l->bytes && (wide)l->start < to && from < (wide)l->start + l->bytes;
}

static bool usable(uint64_t pfn)
{
	wide from = (wide)pfn * EXO_PAGE_SIZE, to = from + EXO_PAGE_SIZE;
	bool in = false;

	for (unsigned int i = 0; i < lines; i++) {
		wide end = (wide)line[i].start + line[i].bytes;

		if (line[i].type == RAM && line[i].start <= from && to <= end &&
		    end <= UINT64_MAX - EXO_PAGE_SIZE)
			in = true;
		if (line[i].type != RAM && touches(&line[i], from, to))
			return false;
	}
	return in && pfn;
}

static bool taken(uint64_t pfn)
{
	struct line kernel = {LOAD, (uint64_t)(kernel_end - kernel_start), 0};
	struct line a = {archive, archive_bytes, 0};
	wide from = (wide)pfn * EXO_PAGE_SIZE;

	return touches(&kernel, from, from + EXO_PAGE_SIZE) ||
	       touches(&a, from, from + EXO_PAGE_SIZE);
}

static bool listed(uint64_t pfn)
{
	for (uint32_t i = 0; i < machine.regions; i++)
		if (pfn - machine.region[i].first < machine.region[i].count)
			return true;
	return false;
}

static void check_around(uint64_t address)
{
	for (int64_t d = -2; d <= 2; d++) {
		uint64_t pfn = (address / EXO_PAGE_SIZE + (uint64_t)d) & (UINT64_MAX >> 12);

		if (listed(pfn))
			must(usable(pfn) && !taken(pfn));
		else if (lines < MANY / 2)
			must(!usable(pfn) || taken(pfn));
	}
}

static void check(void)
{
	uint64_t end = 0;

	must(machine.regions < EXO_START_RAM_MAX);
	for (uint32_t i = 0; i < machine.regions; i++) {
		const struct exo_extent *r = &machine.region[i];

		must(r->first >= end && r->first && r->count && r->first + r->count > r->first);
		end = r->first + r->count;
		check_around(r->first * EXO_PAGE_SIZE);
		check_around(end * EXO_PAGE_SIZE);
	}
	for (unsigned int i = 0; i < lines; i++) {
		check_around(line[i].start);
		check_around(line[i].start + line[i].bytes);
	}
	check_around(0);
	check_around(LOAD);
	check_around(archive);
	check_around(archive + archive_bytes);
}

static void pvh(void)
{
	struct pvh_info p = {.magic = PVH_MAGIC,
			     .version = 1,
			     .modules = archive_bytes != 0,
			     .module_list = MAP - 0x1000,
			     .map = MAP,
			     .map_entries = lines};
	uint64_t module[4] = {archive, archive_bytes};

	lay(INFO, &p, sizeof(p));
	lay(MAP - 0x1000, module, sizeof(module));
	lay(MAP, line, lines * sizeof(*line));
	machine_read(0, INFO, LOAD);
}

/* The tags as they should be, or with lengths of the input's. */
static bool multiboot2(struct input *in)
{
	static uint32_t info[16 + LINES * 6];
	uint32_t n = 2, bytes = sizeof(info),
		 wrong = (uint32_t)get_below(in, 4) ? 0 : 1 + (uint32_t)get_below(in, 6);

	memset(info, 0, sizeof(info));
	if (archive_bytes) {
		archive &= UINT32_MAX;
		archive_bytes = archive_bytes % (MEMORY - archive);
		memcpy(info + n,
		       (uint32_t[]){3, 17, (uint32_t)archive, (uint32_t)(archive + archive_bytes),
				    0},
		       20);
		info[n + 1] = wrong == 1 ? (uint32_t)get_number(in) : 17;
		n += 6;
	}
	memcpy(info + n, (uint32_t[]){6, 16 + lines * 24, 24, 0}, 16);
	memcpy(info + n + 4, line, lines * sizeof(*line));
	if (wrong == 2)
		info[n + 1] = (uint32_t)get_number(in);
	if (wrong == 3)
		info[n + 2] = (uint32_t)get_number(in);
	n += 4 + lines * 6;
	info[n + 1] = 8;
	n += 2;
	bytes = n * 4;
	info[0] = bytes;
	if (wrong == 4)
		info[0] = bytes = (uint32_t)get_below(in, bytes + 1);
	lay(INFO, info, bytes < 8 ? 8 : bytes);
	machine_read(MULTIBOOT2_MAGIC, INFO, LOAD);
	return !wrong;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	bool right = true;

	memory_begin();
	memset(&machine, 0, sizeof(machine));
	archive = get_number(&in);
	archive_bytes = get_number(&in);
	bool plain = get_below(&in, 2);
	for (lines = 0; lines < LINES && in.at < in.end; lines++) {
		line[lines].start = get_number(&in);
		line[lines].bytes = get_number(&in);
		line[lines].type = get_below(&in, 4);
	}
	if (plain)
		pvh();
	else
		right = multiboot2(&in);
	if (archive_bytes && archive_bytes > MEMORY - archive % MEMORY)
		archive_bytes = 0;
	if (archive >= MEMORY)
		archive_bytes = 0;
	if (right)
		check();
	memory_end();
	return 0;
}
