/* shared.c - what is shared with the kernel: start block, information page, console rings.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ktest.h"

#include <exo/archive.h>
#include <exo/ring.h>
#include <exo/version.h>
#include <libexo/console.h>
#include <util/fmt.h>

#define PAGE      EXO_PAGE_SIZE
#define CAP_PAGES 32 /* more than this no table can have */

static const struct exo_cpu_info *counters(uint32_t cpu)
{
	return (const struct exo_cpu_info *)(xo_start->info + EXO_INFO_CPUS_AT) + cpu;
}

static void start_block(void)
{
	const struct exo_start *s = xo_start;
	uint64_t frames = 0, seed = 0;

	KT_EQ(s->magic, EXO_START_MAGIC);
	KT_EQ(s->version, EXO_ABI_VERSION);
	KT_EQ(s->size, sizeof(*s));
	KT_EQ(s->base, (uint64_t)__image_start);
	KT_EQ(s->base % EXO_PROGRAM_ALIGN, 0);
	KT_OK(s->base + s->span >= (uint64_t)__image_end);
	KT_EQ(s->activation, (uint64_t)xo_self());
	KT_OK(s->ram_count >= 1 && s->ram_count <= EXO_START_RAM_MAX);
	for (uint32_t i = 0; i < s->ram_count; i++) {
		KT_OK(s->ram[i].count && s->ram[i].first + s->ram[i].count <= xo_info->pfn_end);
		for (uint32_t j = 0; j < i; j++)
			KT_OK(s->ram[i].first >= s->ram[j].first + s->ram[j].count ||
			      s->ram[j].first >= s->ram[i].first + s->ram[i].count);
		frames += s->ram[i].count;
	}
	KT_OK(frames <= xo_info->frames_ram - xo_info->frames_kernel);
	for (size_t i = 0; i < sizeof(s->random); i++)
		seed |= s->random[i];
	KT_OK(seed);
	KT_OK(s->settings_bytes <= EXO_START_SETTINGS);
	KT_OK(!(s->archive_bytes % PAGE) && s->archive_bytes);
}

/* Every frame that the start block calls free is free, every one of them. */
static void all_free(void)
{
	uint64_t odd = 0;

	for (uint32_t i = 0; i < xo_start->ram_count; i++) {
		const struct exo_extent *r = &xo_start->ram[i];

		for (uint64_t at = 0, n; at < r->count; at += n) {
			n = r->count - at < EXO_RUN_MAX ? r->count - at : EXO_RUN_MAX;
			if (exo_frame_alloc(EXO_SLOT_MEMORY, r->first + at, n) == (long)n)
				exo_frame_free(EXO_SLOT_MEMORY, r->first + at, n);
			else
				odd++;
		}
	}
	KT_EQ(odd, 0);
}

static void information(void)
{
	const struct exo_info *i = xo_info;
	exo_ns_t now = xo_now();
	uint64_t calls = counters(0)->calls;

	KT_EQ(i->magic, EXO_INFO_MAGIC);
	KT_EQ(i->version, EXO_ABI_VERSION);
	KT_OK(i->size >= sizeof(*i));
	KT_OK(i->cpus >= 1 && i->cpus <= EXO_CPU_MAX);
	KT_OK(i->tsc_hz > 1000000 && i->tsc_mult && i->clock);
	KT_OK(i->vector_bytes >= 512 && i->vector_bytes <= PAGE);
	KT_OK(i->xcr0 & 3);
	KT_OK(i->devices <= EXO_DEVICE_MAX);
	for (uint32_t n = 0; n < i->cpus; n++) {
		KT_EQ(counters(n)->running, 1);
		for (uint32_t m = 0; m < n; m++)
			KT_OK(counters(m)->apic_id != counters(n)->apic_id);
	}
	for (int n = 0; n < 100; n++)
		exo_null();
	KT_OK(counters(0)->calls >= calls + 100);
	KT_OK(xo_now() > now);
	for (int n = 0; n < 1000; n++) {
		exo_ns_t then = xo_now();

		KT_OK(then >= now);
		now = then;
	}
}

/* More than a ring full arrives whole and in order; the reader of the console sees to that. */
static void long_output(void)
{
	char line[64];
	size_t n;

	for (unsigned i = 0; i < 300; i++) {
		n = fmt_string(line, sizeof(line), "# line %3u of a long output ..........\n", i);
		xo_console_write(line, n);
	}
	xo_console_flush();
	KT_EQ(((struct exo_console *)xo_start->console)->out.head,
	      ((struct exo_console *)xo_start->console)->out.tail);
}

/* Indices that make no sense count as nothing to do; the kernel goes on. */
static void bad_rings(void)
{
	static const uint32_t bad[] = {4097, 5000, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe};
	struct exo_console *c = (struct exo_console *)xo_start->console;
	struct exo_ring out = c->out, in = c->in;

	xo_console_flush();
	out = c->out;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c->out.head = out.head + bad[i];
		KT_EQ(exo_console_kick(EXO_SLOT_CONSOLE), 0);
		c->out.tail = out.tail + bad[i];
		c->in.tail = in.tail + bad[i];
		c->in.head = in.head - bad[i];
		c->out.entries = c->in.entries = bad[i];
		KT_EQ(exo_console_kick(EXO_SLOT_CONSOLE), 0);
		c->out = out;
		c->in = in;
	}
	KT_EQ(exo_console_kick(EXO_SLOT_CONSOLE), 0);
}

/* The table of slots has an end. */
static void table_end(void)
{
	exo_pfn_t pfn = kt_frame();
	long first = 0, last = 0;

	for (int i = 0; i < CAP_PAGES && last >= 0; i++) {
		first = last;
		last = exo_cap_grow(EXO_SLOT_MEMORY, pfn);
		if (last > 0)
			pfn = kt_frame();
	}
	KT_EQ(last, -EXO_E_LIMIT);
	KT_EQ(first, (CAP_PAGES - 1) * EXO_CAP_SLOTS);
	KT_EQ(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, first + EXO_CAP_SLOTS - 1, pfn, 1,
			     EXO_RIGHT_READ),
	      0);
	KT_ERR(exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, first + EXO_CAP_SLOTS, pfn, 1,
			      EXO_RIGHT_READ),
	       INVAL);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, pfn, 1), 0);
}

const struct ktest ktests[] = {
	{"shared-free", all_free, 1}, /* first: the kit takes some */
	{"shared-start", start_block, 1},  {"shared-info", information, 1},
	{"shared-output", long_output, 1}, {"shared-rings", bad_rings, 1},
	{"shared-slots", table_end, 1},    {NULL, NULL, 0},
};
