/* test_boot.c - what boot loader and firmware say: memory that wraps or overlaps, tables that end
 * early. SPDX-License-Identifier: BSD-2-Clause
 */
#include "unit.h"

#include "fuzz_boot.h"

#include <boot/acpi.c>
#include <boot/machine.c>

#define INFO 0x10000
#define MAP  0x20000
#define LOAD 0x200000
#define ROOT 0xabcd1000

bool log_channel;
char kernel_start[0x3000], kernel_end[1];
struct power_config power_config;

void log_line(const char *kind, const char *format, ...)
{
	(void)kind, (void)format;
}

void power_off(void)
{
	abort();
}

uint32_t fwcfg_cpus(void)
{
	return 0;
}

static int begin(void **state)
{
	(void)state;
	memory_begin();
	memset(&machine, 0, sizeof(machine));
	memset(&power_config, 0, sizeof(power_config));
	machine_cpus = (struct machine_cpus){.lapic = 0xfee00000, .ioapic = 0xfec00000};
	return 0;
}

static int end(void **state)
{
	(void)state;
	memory_end();
	return 0;
}

static void read_lines(const uint64_t (*line)[3], uint32_t lines, uint64_t archive, uint64_t bytes)
{
	struct pvh_info p = {.magic = PVH_MAGIC,
			     .version = 1,
			     .modules = 1,
			     .module_list = MAP - 0x1000,
			     .map = MAP,
			     .map_entries = lines};
	uint64_t module[4] = {archive, bytes};

	lay(INFO, &p, sizeof(p));
	lay(MAP - 0x1000, module, sizeof(module));
	lay(MAP, line, lines * sizeof(*line));
	machine_read(0, INFO, LOAD);
}

static void expect(uint32_t i, uint64_t first, uint64_t count)
{
	assert_true(i < machine.regions);
	assert_int_equal(machine.region[i].first, first);
	assert_int_equal(machine.region[i].count, count);
}

/* Lines that begin within the last page of all numbers, or end there. */
static void wraps(void **state)
{
	static const uint64_t line[][3] = {{0x400000, 0x100000, RAM},
					   {UINT64_MAX - 100, 0x10000, RAM},
					   {UINT64_MAX - 0xfff, 0x2000, RAM}};

	(void)state;
	read_lines(line, 3, 0, 0);
	assert_int_equal(machine.regions, 1);
	expect(0, 0x400, 0x100);
}

/* What is not usable reaches to the end of all numbers. */
static void taken_to_the_end(void **state)
{
	static const uint64_t line[][3] = {{0x400000, 0x100000, RAM},
					   {0x480000, UINT64_MAX - 0x480000, 2}};

	(void)state;
	read_lines(line, 2, 0, 0);
	assert_int_equal(machine.regions, 1);
	expect(0, 0x400, 0x80);
}

/* A line over two others takes their place: they stay in order. */
static void overlapping(void **state)
{
	static const uint64_t line[][3] = {{0x500000, 0x10000, RAM},
					   {0x600000, 0x10000, RAM},
					   {0x480000, 0x200000, RAM},
					   {0x400000, 0x1000, RAM}};

	(void)state;
	read_lines(line, 4, 0, 0);
	assert_int_equal(machine.regions, 2);
	expect(0, 0x400, 1);
	expect(1, 0x480, 0x200);
}

/* An archive where boot cannot see it is none. */
static void far_archive(void **state)
{
	static const uint64_t line[][3] = {{0x400000, 0x100000, RAM}};

	(void)state;
	read_lines(line, 1, 0x450000, UINT64_MAX - 0x1000);
	assert_int_equal(machine.archive_bytes, 0);
	expect(0, 0x400, 0x100);
}

static void lay_table(uint64_t at, uint8_t *b, uint32_t n)
{
	uint8_t sum = 0;

	memcpy(b + 4, &n, 4);
	for (uint32_t i = 0; i < n; i++)
		sum += b[i];
	b[9] = (uint8_t)(b[9] - sum);
	lay(at, b, n);
}

static void lay_root(void)
{
	uint8_t rsdp[36] = "RSD PTR ", root[40] = "RSDT";
	uint32_t at = ROOT, table = ROOT + 0x1000;

	memcpy(rsdp + 16, &at, 4);
	memcpy(root + 36, &table, 4);
	lay(0xf0000, rsdp, sizeof(rsdp));
	lay_table(ROOT, root, sizeof(root));
}

/* A list of CPUs of nothing but its header, and one whose last entry is cut. */
static void short_madt(void **state)
{
	uint8_t bare[36] = "APIC", cut[44 + 8 + 4] = "APIC";

	(void)state;
	lay_root();
	lay_table(ROOT + 0x1000, bare, sizeof(bare));
	acpi_read();
	assert_int_equal(machine_cpus.count, 0);
	assert_int_equal(machine_cpus.lapic, 0xfee00000);
	memory_end();

	lay_root();
	memcpy(cut + 44, "\0\10\0\7\1\0\0\0\0\4\0\11", 12); /* the second has no flags */
	lay_table(ROOT + 0x1000, cut, sizeof(cut));
	acpi_read();
	assert_int_equal(machine_cpus.count, 1);
	assert_int_equal(machine_cpus.apic_id[0], 7);
}

/* Registers and DSDT that a short table has no room for are not there. */
static void short_fadt(void **state)
{
	uint8_t fadt[116] = "FACP", dsdt[64] = "DSDT";
	uint32_t at = ROOT + 0x2000;

	(void)state;
	lay_root();
	memcpy(fadt + 40, &at, 4);
	fadt[113] = 4; /* it has a reset register, it says */
	lay_table(ROOT + 0x1000, fadt, sizeof(fadt));
	memcpy(dsdt + 51, "_S5_\x12\xff\x00\x00\x00\x00\x0a\x0a\x0a", 13);
	lay_table(ROOT + 0x2000, dsdt, sizeof(dsdt));
	acpi_read();
	assert_int_equal(power_config.reset.address, 0);
}

/* A table that would reach beyond 4 GiB. */
static void table_at_the_end(void **state)
{
	uint32_t length = 1 << 20, at = (uint32_t)(MEMORY - 64);
	uint8_t rsdp[36] = "RSD PTR ";

	(void)state;
	memcpy(rsdp + 16, &at, 4);
	lay(0xf0000, rsdp, sizeof(rsdp));
	memcpy((char *)DIRECT_MAP + at + 4, &length, 4);
	acpi_read();
	at = (uint32_t)(MEMORY - 4);
	memcpy((char *)DIRECT_MAP + 0xf0010, &at, 4);
	machine.rsdp = 0;
	acpi_read();
	memset((char *)DIRECT_MAP + MEMORY - 64, 0, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(wraps, begin, end),
		cmocka_unit_test_setup_teardown(taken_to_the_end, begin, end),
		cmocka_unit_test_setup_teardown(overlapping, begin, end),
		cmocka_unit_test_setup_teardown(far_archive, begin, end),
		cmocka_unit_test_setup_teardown(short_madt, begin, end),
		cmocka_unit_test_setup_teardown(short_fadt, begin, end),
		cmocka_unit_test_setup_teardown(table_at_the_end, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
