/* apic.c - setting up a local APIC, and the one interrupt route there is.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <boot/boot.h>
#include <x86_64/apic.h>

#define MASKED       (1u << 16)
#define TSC_DEADLINE (2u << 17)
#define DIVIDE_BY_1  0xb

void apic_init_cpu(void)
{
	bool deadline = cpu_features & EXO_FEATURE_TSC_DEADLINE;

	apic_set(TPR, 0);
	apic_set(LVT_LINT0, MASKED);
	apic_set(LVT_LINT1, 4u << 8); /* NMI */
	apic_set(LVT_ERROR, MASKED);
	apic_set(DIVIDE, DIVIDE_BY_1);
	apic_set(LVT_TIMER, VECTOR_TIMER | (deadline ? TSC_DEADLINE : 0));
	apic_set(SVR, 0x100 | VECTOR_SPURIOUS);
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
