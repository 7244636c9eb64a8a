/* smp.c - waking the other CPUs (SDM vol. 3, section 8.4.4).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <boot/boot.h>
#include <core/clock.h>
#include <core/init.h>
#include <core/log.h>
#include <core/map.h>
#include <x86_64/apic.h>

#define INIT_COMMAND    0x4500
#define STARTUP_COMMAND 0x4600

extern char ap_page[], ap_page_end[], ap_gdt[], ap_gdtr[], ap_cr3[], ap_far[], ap_stack[],
	ap_tables[], ap_start64[];

void ap_main(void);

static void wait_ns(uint64_t ns)
{
	for (uint64_t end = clock_ns() + ns; clock_ns() < end;)
		__builtin_ia32_pause();
}

static void put32(char *page, const char *field, uint32_t v)
{
	__builtin_memcpy(page + (field - ap_page), &v, 4);
}

static void put64(char *page, const char *field, uint64_t v)
{
	__builtin_memcpy(page + (field - ap_page), &v, 8);
}

static bool start(struct cpu *cpu, exo_pfn_t page)
{
	put64(direct(page), ap_stack, cpu->stack);
	apic_startup(cpu->apic_id, INIT_COMMAND);
	wait_ns(20000);
	for (int attempt = 0; attempt < 2; attempt++) {
		apic_startup(cpu->apic_id, STARTUP_COMMAND | page);
		/* Ten seconds in the end: an emulator may not run it before. */
		for (int i = 0; i < (attempt ? 100000 : 2000) && !cpu->started; i++)
			wait_ns(attempt ? 100000 : 1000);
	}
	if (!cpu->started)
		apic_startup(cpu->apic_id, INIT_COMMAND); /* so that it never does */
	return cpu->started;
}

/* CPU numbers stay dense: an area whose CPU does not answer is used for the
 * next one in the list. */
void smp_start(void)
{
	exo_pfn_t page = boot_frames_below(1, 0xa0);
	uint32_t linear = page * EXO_PAGE_SIZE;

	if (machine_cpus.count < 2)
		return;
	if (!page) {
		log_line("log", "no frame below 640 KiB to start the other CPUs in");
		return;
	}
	__builtin_memcpy(direct(page), ap_page, ap_page_end - ap_page);
	put32(direct(page), ap_gdtr + 2, linear + (ap_gdt - ap_page));
	put32(direct(page), ap_cr3, boot_cr3);
	put32(direct(page), ap_far, linear + (ap_start64 - ap_page));
	put64(direct(page), ap_tables, kernel_root * EXO_PAGE_SIZE);
	for (uint32_t i = 1; i < machine_cpus.count; i++) {
		cpu_of(cpu_count)->apic_id = machine_cpus.apic_id[i];
		cpu_of(cpu_count)->info->apic_id = machine_cpus.apic_id[i];
		if (start(cpu_of(cpu_count), page))
			cpu_count++;
		else
			log_line("log", "the CPU with APIC number %u did not start",
				 machine_cpus.apic_id[i]);
	}
}

void ap_main(void)
{
	cpu_setup(this_cpu()->number);
	init_join();
}
