/* clock.c - how fast the TSC runs, and what time it is.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Told by the CPU (leaf 0x15) or the hypervisor (leaf 0x40000010, kvmclock)
 * where possible; else measured against the 8254 for a third of a millisecond,
 * or, where there is none, against a second of the real-time clock.
 */
#include <boot/boot.h>
#include <core/clock.h>
#include <x86_64/apic.h>

#define PIT_HZ    1193182
#define PIT_TICKS 358
#define TRIES     100 /* that two measurements agree, to one part in PARTS */
#define PARTS     32

static uint64_t wall_tsc; /* TSC at which info->wall_ns holds, if kvmclock told it */

#define KVM_SIGNATURE "KVMKVMKVM"
#define KVM_WALL      0x4b564d00
#define KVM_TIME      0x4b564d01

static uint64_t hypervisor_hz(void)
{
	uint32_t r[4];

	if (!on_hypervisor())
		return 0;
	cpuid(0x40000000, 0, r);
	if (r[0] < 0x40000010)
		return 0;
	cpuid(0x40000010, 0, r);
	return (uint64_t)r[0] * 1000;
}

static uint64_t cpuid_hz(void)
{
	uint32_t r[4];

	cpuid(0, 0, r);
	if (r[0] < 0x15)
		return 0;
	cpuid(0x15, 0, r);
	return r[0] && r[1] ? (uint64_t)r[2] * r[1] / r[0] : 0;
}

/* Linux, Documentation/virt/kvm/x86/msr.rst */
static uint64_t kvm_hz(void)
{
	static volatile struct {
		uint32_t version, pad;
		uint64_t tsc, system;
		uint32_t mult;
		int8_t shift;
		uint8_t flags[3];
	} time __attribute__((aligned(64)));
	static volatile struct {
		uint32_t version, sec, nsec;
	} wall __attribute__((aligned(64)));
	uint64_t hz, image = machine.load - (uint64_t)kernel_start;
	uint32_t r[4];

	if (!on_hypervisor())
		return 0;
	cpuid(0x40000000, 0, r);
	if (!same((const char *)&r[1], KVM_SIGNATURE, 9))
		return 0;
	cpuid(0x40000001, 0, r);
	if (!(r[0] & 8))
		return 0;
	wrmsr(KVM_TIME, (uint64_t)&time + image + 1);
	wrmsr(KVM_WALL, (uint64_t)&wall + image);
	wrmsr(KVM_TIME, 0);
	if (!time.mult)
		return 0;
	hz = (1000000000ul << 32) / time.mult;
	hz = time.shift < 0 ? hz << -time.shift : hz >> time.shift;
	info->wall_ns = wall.sec * 1000000000ul + wall.nsec + time.system;
	wall_tsc = time.tsc;
	return hz;
}

static uint16_t pit_count(void)
{
	uint8_t low_byte;

	outb(0x43, 0x00); /* latch counter 0 */
	low_byte = inb(0x40);
	return low_byte | inb(0x40) << 8;
}

/* Whoever emulates us may stop us between two reads that belong together: what two measurements
 * agree on is so. */
static bool agree(uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) <= b / PARTS;
}

/* Wait for the count to change, so that the TSC is read on an edge; the new
 * count, or -1 if it never does. */
static int pit_edge(uint64_t *tsc)
{
	uint16_t now, before = pit_count();

	for (int i = 0; i < 10000; i++) {
		now = pit_count();
		*tsc = rdtsc();
		if (now != before)
			return now;
	}
	return -1;
}

/* From an edge on until the next one after half of the ticks. */
static uint64_t pit_half(int *count, uint64_t *tsc)
{
	const uint64_t t0 = *tsc;
	const int c0 = *count;
	uint16_t ticks;

	while ((uint16_t)(c0 - pit_count()) < PIT_TICKS / 2)
		;
	*count = pit_edge(tsc);
	ticks = (uint16_t)(c0 - *count);
	return *count < 0 || !ticks ? 0 : (*tsc - t0) * PIT_HZ / ticks;
}

static uint64_t pit_hz(void)
{
	uint64_t tsc, first, second;
	int count, i = 0;

	outb(0x43, 0x34); /* counter 0, both bytes, rate generator, 65536 */
	outb(0x40, 0);
	outb(0x40, 0);
	do {
		count = pit_edge(&tsc);
		if (count < 0)
			return 0;
		first = pit_half(&count, &tsc);
		second = pit_half(&count, &tsc);
	} while (!agree(first, second) && ++i < TRIES);
	return (first + second) / 2;
}

static uint8_t rtc(uint8_t reg)
{
	outb(0x70, reg);
	return inb(0x71);
}

static uint64_t rtc_hz(void)
{
	uint64_t t0, give_up = rdtsc() + 40000000000;
	uint8_t second = rtc(0);

	while (rtc(0) == second)
		if (rdtsc() > give_up)
			return 1000000000; /* no clock at all: a tick is called a nanosecond */
	t0 = rdtsc();
	for (second = rtc(0); rtc(0) == second;)
		;
	return rdtsc() - t0;
}

static uint64_t bcd(uint8_t v, bool binary)
{
	return binary ? v : (v >> 4) * 10 + (v & 15);
}

/* Second, minute, hour, day, month, year: all of the same second. */
static void rtc_read(uint8_t v[6])
{
	static const uint8_t reg[] = {0, 2, 4, 7, 8, 9};

	for (int tries = 0; tries < 100; tries++) {
		for (int i = 0; i < 100000 && rtc(0x0a) & 0x80; i++)
			;
		for (int i = 0; i < 6; i++)
			v[i] = rtc(reg[i]);
		if (rtc(0) == v[0])
			return;
	}
}

/* MC146818: seconds since 1970, or 0 if it shows nonsense. */
static uint64_t rtc_seconds(void)
{
	uint64_t v[6], y, m;
	uint8_t mode = rtc(0x0b), raw[6];

	rtc_read(raw);
	for (int i = 0; i < 6; i++)
		v[i] = bcd(raw[i] & (i == 2 ? 0x7f : 0xff), mode & 4);
	if (!(mode & 2))
		v[2] = v[2] % 12 + (raw[2] & 0x80 ? 12 : 0);
	m = v[4];
	y = 2000 + v[5] - (m <= 2);
	if (m < 1 || m > 12 || v[3] < 1 || v[3] > 31 || v[2] > 23 || v[1] > 59 || v[0] > 60)
		return 0;
	/* Days from the civil calendar, years beginning in March. */
	m = m > 2 ? m - 3 : m + 9;
	return ((365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + v[3] - 1) - 719468) *
		       86400 +
	       v[2] * 3600 + v[1] * 60 + v[0];
}

static uint64_t apic_once(void)
{
	uint64_t t0 = 0, t1 = 0;
	uint32_t c0 = 0, c1 = 0;

	apic_set(INITIAL, 0xffffffff);
	/* Both ends are read by the same instructions, run before: an emulator takes its time to
	 * translate what it sees first. */
	for (int i = 0; i < 3 || t1 - t0 < info->tsc_hz / 40000; i++) {
		c1 = apic_get(CURRENT);
		t1 = rdtsc();
		if (i < 2) {
			c0 = c1;
			t0 = t1;
		}
	}
	apic_set(INITIAL, 0);
	return (((uint64_t)(c0 - c1)) << 32) / clock_scale(t1 - t0, info->tsc_mult);
}

static void measure_apic(void)
{
	uint64_t before;

	apic_tick_mult = (info->tsc_hz << 16) / 1000000000 << 16;
	if (cpu_features & EXO_FEATURE_TSC_DEADLINE)
		return;
	apic_tick_mult = apic_once();
	for (int i = 0; i == 0 || (!agree(before, apic_tick_mult) && i < TRIES); i++) {
		before = apic_tick_mult;
		apic_tick_mult = apic_once();
	}
	if (!apic_tick_mult)
		refuse("the timer of the local APIC does not count");
}

void clock_start(void)
{
	static uint64_t (*const source[])(void) = {cpuid_hz, hypervisor_hz, kvm_hz, pit_hz, rtc_hz};

	for (int i = 0; !info->tsc_hz; i++) {
		info->tsc_hz = source[i]();
		info->clock = i + 1;
	}
	info->tsc_mult = (1000000000ul << 32) / info->tsc_hz;
	info->tsc_base = rdtsc();
	if (info->wall_ns)
		info->wall_ns += clock_scale(info->tsc_base - wall_tsc, info->tsc_mult);
	else
		info->wall_ns = rtc_seconds() * 1000000000;
	measure_apic();
}
