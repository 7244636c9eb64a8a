/* apic.c - local APIC: interrupts between CPUs, the timer; I/O APIC: one route.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/clock.h>
#include <x86_64/apic.h>
#include <x86_64/cpu.h>

enum { ID = 0x20, TPR = 0x80, EOI = 0xb0, SVR = 0xf0, ICR_LOW = 0x300, ICR_HIGH = 0x310,
       LVT_TIMER = 0x320, LVT_LINT0 = 0x350, LVT_LINT1 = 0x360, LVT_ERROR = 0x370,
       INITIAL = 0x380, CURRENT = 0x390, DIVIDE = 0x3e0 };

#define MASKED		(1u << 16)
#define TSC_DEADLINE	(2u << 17)
#define DIVIDE_BY_1	0xb
#define BUSY		(1u << 12)

uint64_t apic_tick_mult;

static inline uint32_t get(unsigned r)
{
	this_cpu()->info->exits++;
	return *(volatile uint32_t *)(WINDOW_LAPIC + r);
}

static inline void set(unsigned r, uint32_t v)
{
	this_cpu()->info->exits++;
	*(volatile uint32_t *)(WINDOW_LAPIC + r) = v;
}

uint32_t apic_id(void)
{
	return get(ID) >> 24;
}

void apic_eoi(void)
{
	set(EOI, 0);
}

void apic_init_cpu(void)
{
	bool deadline = cpu_features & EXO_FEATURE_TSC_DEADLINE;

	set(TPR, 0);
	set(LVT_LINT0, MASKED);
	set(LVT_LINT1, 4u << 8); /* NMI */
	set(LVT_ERROR, MASKED);
	set(DIVIDE, DIVIDE_BY_1);
	set(LVT_TIMER, VECTOR_TIMER | (deadline ? TSC_DEADLINE : 0));
	set(SVR, 0x100 | VECTOR_SPURIOUS);
}

void apic_startup(uint32_t id, uint32_t command)
{
	set(ICR_HIGH, id << 24);
	set(ICR_LOW, command);
	while (get(ICR_LOW) & BUSY)
		__builtin_ia32_pause();
}

void apic_send(uint32_t id, uint8_t vector)
{
	this_cpu()->info->ipis++;
	apic_startup(id, 1u << 14 | vector);
}

void apic_count(uint32_t ticks)
{
	set(INITIAL, ticks);
}

uint32_t apic_ticks(void)
{
	return get(CURRENT);
}

void apic_timer(uint64_t ns)
{
	struct cpu *cpu = this_cpu();
	uint64_t now, ticks;

	if (cpu->timer == ns)
		return;
	cpu->timer = ns;
	cpu->info->timer_sets++;
	if (cpu_features & EXO_FEATURE_TSC_DEADLINE) {
		wrmsr(MSR_TSC_DEADLINE, ns ? info->tsc_base + clock_scale(ns, apic_tick_mult) : 0);
		return;
	}
	if (!ns) {
		apic_count(0);
		return;
	}
	now = clock_ns();
	ticks = ns > now ? clock_scale(ns - now, apic_tick_mult) : 0;
	apic_count(ticks > 0xffffffff ? 0xffffffff : ticks + 1);
}

void ioapic_route(uint32_t gsi, uint8_t vector, uint32_t cpu_apic_id, uint16_t flags)
{
	volatile uint32_t *select = (uint32_t *)WINDOW_IOAPIC, *data = select + 4;
	uint32_t low = vector;

	if ((flags & 3) == 3)
		low |= 1u << 13; /* active low */
	if ((flags >> 2 & 3) == 3)
		low |= 1u << 15; /* level */
	*select = 0x10 + 2 * gsi + 1;
	*data = cpu_apic_id << 24;
	*select = 0x10 + 2 * gsi;
	*data = low;
}
