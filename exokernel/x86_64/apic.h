/* apic.h - local and I/O APICs (SDM vol. 3, chapter 11; 82093AA datasheet).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_APIC_H
#define X86_64_APIC_H

#include <x86_64/cpu.h>

enum {
	TPR = 0x80,
	EOI = 0xb0,
	SVR = 0xf0,
	ICR_LOW = 0x300,
	ICR_HIGH = 0x310,
	LVT_TIMER = 0x320,
	LVT_LINT0 = 0x350,
	LVT_LINT1 = 0x360,
	LVT_ERROR = 0x370,
	INITIAL = 0x380,
	CURRENT = 0x390,
	DIVIDE = 0x3e0
};

static inline uint32_t apic_get(unsigned r)
{
	this_cpu()->info->exits++;
	return *(volatile uint32_t *)(WINDOW_LAPIC + r);
}

static inline void apic_set(unsigned r, uint32_t v)
{
	this_cpu()->info->exits++;
	*(volatile uint32_t *)(WINDOW_LAPIC + r) = v;
}

void apic_send(uint32_t apic_id, uint8_t vector);
void apic_startup(uint32_t apic_id, uint32_t command); /* raw interrupt command: INIT, start-up */

/* An interrupt at time `ns` at the latest (0: none is needed). */
void apic_timer(uint64_t ns);

extern uint64_t apic_tick_mult; /* timer ticks (TSC ticks in deadline mode) per ns, 32.32 */

#endif
