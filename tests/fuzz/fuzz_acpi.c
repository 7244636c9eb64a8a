/* fuzz_acpi.c - fuzz target: ACPI tables.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Tables of any bytes and lengths, with checksums that are right.  The oracle goes through the list
 * of CPUs again, in its own way; of the rest, that nothing outside the tables is read.
 */
#include "fuzz_boot.h"

#include <boot/acpi.c>

#define RSDP   0xf0000
#define TABLES 0xabcd1000
#define STEP   0x1000
#define MOST   8

struct machine machine;
struct power_config power_config;

static struct {
	uint8_t bytes[STEP - POISON];
	uint32_t length;
} laid[MOST];
static unsigned int count;

uint32_t fwcfg_cpus(void)
{
	return 0;
}

/* A table, its length a lie or not; its checksum is right if its bytes are all there. */
static void make(struct input *in, unsigned int i, bool wide_root)
{
	static const char signature[4][5] = {"APIC", "FACP", "DSDT", "RSDT"};
	uint8_t *b = laid[i].bytes, sum = 0, kind = i ? (uint8_t)get_below(in, 3) : 3;
	uint32_t n = (uint32_t)get_below(in, sizeof(laid[i].bytes) / 4) + 1;

	memset(b, 0, sizeof(laid[i].bytes));
	for (uint32_t k = 0; k < n; k++)
		b[k] = (uint8_t)get_bytes(in, 1);
	if (!i)
		n = 36 + (wide_root ? 8 : 4) * (MOST - 1);
	if (n < 36 && n > 8)
		n = 36; /* less is no table, and nobody looks behind the header for it */
	n = n < 36 ? 36 : n;
	memcpy(b, signature[kind], 4);
	memcpy(b + 4, &n, 4);
	for (unsigned int k = 1; !i && k < MOST; k++) {
		uint64_t at = TABLES + k * STEP;

		memcpy(b + 36 + (k - 1) * (wide_root ? 8 : 4), &at, wide_root ? 8 : 4);
	}
	if (kind == 1 && n > 44) { /* a DSDT that there is */
		uint32_t at = TABLES + (1 + b[40] % (MOST - 1)) * STEP;

		memcpy(b + 40, &at, 4);
	}
	if (kind == 2 && n >= 64 && b[50] & 1) { /* what is looked for, near the end */
		uint32_t at = n - 16 + b[51] % 8;

		memcpy(b + at, "_S5_\x12", n - at < 5 ? n - at : 5);
		for (uint32_t k = at + 5; k < n; k++)
			b[k] = b[52 + k % 4] & 1 ? 0x0a : b[52 + k % 4];
		b[at + 5] |= b[51] & 8 ? 0xc0 : 0;
	}
	b[9] = 0;
	for (uint32_t k = 0; k < n; k++)
		sum += b[k];
	b[9] = (uint8_t)-sum;
	laid[i].length = n;
	lay(TABLES + i * STEP, b, n);
}

/* Entries of kind 0 in the MADT's own terms: kind, length, ..., number, flags. */
static void check_cpus(void)
{
	uint32_t n = 0;

	for (unsigned int i = 1; i < MOST; i++) {
		const uint8_t *b = laid[i].bytes;

		if (memcmp(b, "APIC", 4) || laid[i].length < 44)
			continue;
		for (uint32_t at = 44; at + 2 <= laid[i].length;) {
			uint32_t bytes = b[at + 1];

			if (bytes < 2 || at + bytes > laid[i].length)
				break;
			if (b[at] == 0 && bytes >= 8 && b[at + 4] & 1 && b[at + 3] != 255 &&
			    n < EXO_CPU_MAX)
				must(n < machine_cpus.count &&
				     machine_cpus.apic_id[n++] == b[at + 3]);
			at += bytes;
		}
	}
	must(n == machine_cpus.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	uint8_t rsdp[36] = "RSD PTR ";
	uint64_t root = TABLES;
	bool wide_root = get_below(&in, 2);

	memory_begin();
	memset(&machine, 0, sizeof(machine));
	memset(&power_config, 0, sizeof(power_config));
	machine_cpus = (struct machine_cpus){.lapic = 0xfee00000, .ioapic = 0xfec00000};
	rsdp[15] = wide_root ? 2 : 0;
	memcpy(rsdp + (wide_root ? 24 : 16), &root, wide_root ? 8 : 4);
	lay(RSDP, rsdp, sizeof(rsdp));
	for (count = 0; count < MOST; count++)
		make(&in, count, wide_root);
	acpi_read();
	check_cpus();
	must(!power_config.sleep.address || power_config.sleep.space <= 1);
	must(!power_config.reset.address || power_config.reset.space <= 1);
	memory_end();
	return 0;
}
