/* acpi.c - the little that is needed of the ACPI tables: CPUs, interrupt
 * routing, and how to switch off.  No AML is interpreted.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ACPI 6.4, chapter 5.  Firmware is trusted about as far as its checksums and
 * lengths reach.
 */
#include <boot/boot.h>
#include <core/log.h>
#include <core/power.h>

#define SEEN (1ul << 32) /* physical memory in the boot mapping */

struct table {
	char signature[4];
	uint32_t length;
	uint8_t revision, checksum;
	char oem[18];
	uint32_t creator, creator_revision;
} __attribute__((packed));

struct machine_cpus machine_cpus = {.lapic = 0xfee00000, .ioapic = 0xfec00000, .serial_gsi = 4};

static uint64_t get(const void *table, unsigned offset, unsigned bytes)
{
	uint64_t v = 0;

	__builtin_memcpy(&v, (const char *)table + offset, bytes);
	return v;
}

/* The same of a table that may end before. */
static uint64_t field(const struct table *t, unsigned offset, unsigned bytes)
{
	return offset + bytes <= t->length ? get(t, offset, bytes) : 0;
}

static const struct table *table_at(uint64_t physical)
{
	const struct table *t = low(physical);
	uint8_t sum = 0;

	if (!physical || physical > SEEN - sizeof(*t) || t->length < sizeof(*t) ||
	    t->length > 1 << 20 || t->length > SEEN - physical)
		return NULL;
	for (uint32_t i = 0; i < t->length; i++)
		sum += ((const uint8_t *)t)[i];
	return sum ? NULL : t;
}

static uint64_t search_rsdp(uint64_t from, uint64_t to)
{
	for (; from < to; from += 16)
		if (same(low(from), "RSD PTR ", 8))
			return from;
	return 0;
}

static void read_madt(const struct table *t)
{
	const uint8_t *p = (const uint8_t *)t + 44, *end = (const uint8_t *)t + t->length;
	struct machine_cpus *m = &machine_cpus;

	if (p > end)
		return;
	m->lapic = get(t, 36, 4);
	for (; p + 2 <= end && p[1] >= 2 && p + p[1] <= end; p += p[1]) {
		if (p[0] == 0 && p[1] >= 8 && p[4] & 1 && p[3] != 0xff && m->count < EXO_CPU_MAX)
			m->apic_id[m->count++] = p[3];
		else if (p[0] == 1 && p[1] >= 12 && get(p, 8, 4) == 0)
			m->ioapic = get(p, 4, 4);
		else if (p[0] == 1 && p[1] >= 12)
			m->second_ioapic = get(p, 8, 4);
		else if (p[0] == 2 && p[1] >= 10 && p[3] == 4) {
			m->serial_gsi = get(p, 4, 4);
			m->serial_flags = get(p, 8, 2);
		}
	}
}

/* \_S5_ is a package whose first two elements are the sleep types of "off";
 * it has the same few encodings everywhere, so a search finds it. */
static void search_s5(const struct table *dsdt)
{
	const uint8_t *p = (const uint8_t *)dsdt + sizeof(*dsdt);
	const uint8_t *end = (const uint8_t *)dsdt + dsdt->length - 13;

	for (; p < end; p++) {
		if (!same((const char *)p, "_S5_", 4) || p[4] != 0x12)
			continue;
		p += 5;
		p += (*p >> 6) + 2; /* package length, number of elements */
		for (int i = 0; i < 2; i++) {
			if (*p == 0x0a)
				p++; /* byte prefix; 0 and 1 have opcodes of their own */
			power_config.s5[i] = *p++;
		}
		return;
	}
}

static struct power_register get_register(const struct table *fadt, unsigned offset)
{
	struct power_register r = {.space = field(fadt, offset, 1),
				   .address = field(fadt, offset + 4, 8)};

	if (r.space > 1)
		r.address = 0;
	return r;
}

static void read_fadt(const struct table *t)
{
	const struct table *dsdt = table_at(field(t, 140, 8) ? field(t, 140, 8) : field(t, 40, 4));

	power_config.pm1[0] = field(t, 64, 4);
	power_config.pm1[1] = field(t, 68, 4);
	if (field(t, 112, 4) & 1 << 10) {
		power_config.reset = get_register(t, 116);
		power_config.reset_value = field(t, 128, 1);
	}
	if (field(t, 112, 4) & 1 << 20) {
		machine_cpus.reduced = true;
		power_config.sleep = get_register(t, 244);
		power_config.pm1[0] = power_config.pm1[1] = 0;
	}
	if (dsdt)
		search_s5(dsdt);
}

void acpi_read(void)
{
	const struct table *root, *t;
	unsigned entry = 4;

	if (!machine.rsdp)
		machine.rsdp = search_rsdp(get(low(0x40e), 0, 2) << 4,
					   (get(low(0x40e), 0, 2) << 4) + 1024);
	if (!machine.rsdp)
		machine.rsdp = search_rsdp(0xe0000, 0x100000);
	if (machine.rsdp) {
		const char *rsdp = low(machine.rsdp);

		if (rsdp[15] >= 2 && get(rsdp, 24, 8))
			entry = 8;
		root = table_at(entry == 8 ? get(rsdp, 24, 8) : get(rsdp, 16, 4));
		if (!root && entry == 8) {
			entry = 4; /* the long form lies where boot cannot see it */
			root = table_at(get(rsdp, 16, 4));
		}
		for (unsigned at = sizeof(*root); root && at + entry <= root->length; at += entry) {
			t = table_at(get(root, at, entry));
			if (t && same(t->signature, "APIC", 4))
				read_madt(t);
			else if (t && same(t->signature, "FACP", 4))
				read_fadt(t);
		}
	}
	if (!machine_cpus.count) /* QEMU's microvm without ACPI still says how many CPUs it has */
		for (uint32_t n = fwcfg_cpus(); machine_cpus.count < n; machine_cpus.count++)
			machine_cpus.apic_id[machine_cpus.count] = machine_cpus.count;
}
