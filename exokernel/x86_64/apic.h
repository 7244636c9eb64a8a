/* apic.h - local and I/O APICs (SDM vol. 3, chapter 11; 82093AA datasheet).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_APIC_H
#define X86_64_APIC_H

#include <stdint.h>

void apic_init_cpu(void);			/* this CPU's local APIC, registers mapped */
void apic_send(uint32_t apic_id, uint8_t vector);
void apic_startup(uint32_t apic_id, uint32_t command);	/* raw interrupt command: INIT, start-up */
void apic_eoi(void);
uint32_t apic_id(void);

/* One interrupt at time `ns` (0: none). */
void apic_timer(uint64_t ns);

extern uint64_t apic_tick_mult;	/* timer ticks (TSC ticks in deadline mode) per ns, 32.32 */
uint32_t apic_ticks(void);		/* what is left of the running count */
void apic_count(uint32_t ticks);

/* Route a global interrupt to a CPU; edge or level as the flags of a MADT
 * override say (ACPI 6.4, table 5.26), 0: as ISA does. */
void ioapic_route(uint32_t gsi, uint8_t vector, uint32_t cpu_apic_id, uint16_t flags);

#endif
