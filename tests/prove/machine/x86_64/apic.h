/* apic.h - interrupts between the CPUs of the fake machine, and its timer.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_APIC_H
#define X86_64_APIC_H

#include <x86_64/cpu.h>

enum { EOI = 0xb0 };

static inline void apic_set(unsigned r, uint32_t v)
{
	(void)r;
	(void)v;
}

void apic_send(uint32_t apic_id, uint8_t vector);
void apic_timer(uint64_t ns);

#endif
