/* pci.c - looking at PCI functions, by configuration mechanism #1.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * PCI Local Bus Specification 3.0, sections 3.2.2.3.2 and 6.
 */
#include <boot/boot.h>
#include <boot/seed.h>

#define ADDRESS       0xcf8
#define VALUE         0xcfc
#define ENABLE        0x80000000u
#define FUNCTIONS     0x700u  /* the function's number, ... */
#define DEVICES       0xff00u /* the device's and the function's */
#define BUSES         256
#define BRIDGE        1
#define MULTIFUNCTION 0x80

uint32_t pci_read(uint32_t at, uint32_t reg)
{
	outl(ADDRESS, at | reg);
	return inl(VALUE);
}

void pci_write(uint32_t at, uint32_t reg, uint32_t v)
{
	outl(ADDRESS, at | reg);
	outl(VALUE, v);
}

bool pci_each(bool (*look)(uint32_t at, uint32_t id))
{
	bool reached[BUSES] = {true}; /* a bridge's bus has a higher number than its own */

	outl(ADDRESS, ENABLE);
	if (inl(ADDRESS) != ENABLE)
		return false;
	for (uint32_t at = ENABLE; at < ENABLE + (BUSES << 16); at += 0x100) {
		uint32_t id = reached[at >> 16 & 0xff] ? pci_read(at, 0) : ~0u, kind;

		if (!reached[at >> 16 & 0xff])
			at |= DEVICES;
		else if (id == ~0u && !(at & FUNCTIONS))
			at |= FUNCTIONS; /* without function 0 there are no others */
		if (id == ~0u)
			continue;
		kind = pci_read(at, 0x0c) >> 16 & 0xff;
		if ((kind & ~MULTIFUNCTION) == BRIDGE)
			reached[pci_read(at, 0x18) >> 8 & 0xff] = true;
		if (look(at, id))
			return true;
		if (!(kind & MULTIFUNCTION) && !(at & FUNCTIONS))
			at |= FUNCTIONS;
	}
	return false;
}

uint64_t pci_bar(uint32_t at, uint32_t n)
{
	uint32_t bar = n < 6 ? pci_read(at, 0x10 + 4 * n) : 1;
	uint64_t address = bar & ~0xfu;

	if (bar & 1)
		return 0; /* ports, not memory */
	if ((bar & 6) == 4 && n < 5)
		address |= (uint64_t)pci_read(at, 0x14 + 4 * n) << 32;
	return address;
}
