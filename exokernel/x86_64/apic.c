/* apic.c - local APIC: interrupts between CPUs, the timer.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/clock.h>
#include <x86_64/apic.h>
#include <x86_64/cpu.h>

#define BUSY    (1u << 12)
#define NS_MOST (1ul << 40)

uint64_t apic_tick_mult;

void apic_startup(uint32_t id, uint32_t command)
{
	apic_set(ICR_HIGH, id << 24);
	apic_set(ICR_LOW, command);
	while (apic_get(ICR_LOW) & BUSY)
		__builtin_ia32_pause();
}

void apic_send(uint32_t id, uint8_t vector)
{
	this_cpu()->info->ipis++;
	apic_startup(id, 1u << 14 | vector);
}

/* A timer that is set for earlier is left alone, and so is one that nobody
 * needs any more: an interrupt too many costs less than setting it each time. */
void apic_timer(uint64_t ns)
{
	struct cpu *cpu = this_cpu();
	uint64_t now, ticks;

	if (!ns || (cpu->timer && cpu->timer <= ns))
		return;
	cpu->timer = ns;
	cpu->info->timer_sets++;
	now = clock_ns();
	ns = ns <= now ? 0 : ns - now < NS_MOST ? ns - now : NS_MOST; /* early is harmless */
	ticks = clock_scale(ns, apic_tick_mult) + 1;
	if (cpu_features & EXO_FEATURE_TSC_DEADLINE)
		wrmsr(MSR_TSC_DEADLINE, rdtsc() + ticks);
	else
		apic_set(INITIAL, ticks > 0xffffffff ? 0xffffffff : ticks);
}
