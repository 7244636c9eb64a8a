/* main.c - boot, in order.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <boot/boot.h>
#include <boot/seed.h>
#include <core/clock.h>
#include <core/console.h>
#include <core/init.h>
#include <core/log.h>
#include <core/map.h>
#include <exo/version.h>
#include <x86_64/apic.h>
#include <x86_64/serial.h>

void boot_main(uint32_t magic, uint32_t loader_info, uint32_t load) __attribute__((noreturn));

/* COM1: 115200 8N1, FIFOs on, no interrupts. */
static void serial_init(void)
{
	outb(INTERRUPTS, 0);
	outb(LINE, 0x80);
	outb(DATA, 1);
	outb(INTERRUPTS, 0);
	outb(LINE, 3);
	outb(FIFO, 0xc7);  /* interrupts at 14 bytes or a pause: fewer, with much input */
	outb(MODEM, 0x0b); /* OUT2 gates the interrupt */
}

static void banner(void)
{
	static const char text[] = "exokernel " EXO_RELEASE "\n";

	if (machine.pvh && log_channel)
		return; /* nobody but our own tools is watching, and nothing came before us */
	for (const char *p = text; *p; p++)
		serial_put(*p);
}

/* The boot CPU becomes number 0, wherever the tables list it. */
static void sort_cpus(void)
{
	uint32_t r[4], own;

	cpuid(1, 0, r);
	own = r[1] >> 24;
	if (!machine_cpus.count)
		machine_cpus.count = 1;
	for (uint32_t i = 0; i < machine_cpus.count; i++)
		if (machine_cpus.apic_id[i] == own)
			machine_cpus.apic_id[i] = machine_cpus.apic_id[0];
	machine_cpus.apic_id[0] = own;
}

static void make_info(void)
{
	info = direct(boot_frames(EXO_INFO_FRAMES));
	info->magic = EXO_INFO_MAGIC;
	info->version = EXO_ABI_VERSION;
	info->size = sizeof(*info);
	info->features = cpu_features;
	info->tsc_entry = boot_tsc;
	info->pfn = direct_pfn(info);
}

/* On the final tables and the boot CPU's own stack. */
static void boot_rest(void)
{
	cpu_setup(0);
	clock_start();
	frames_build();
	smp_start();
	devices_probe();
	seed_make();
	info->cpus = cpu_count;
	info->pfn_end = frames_end;
	info->frame_table = direct_pfn(frames);
	load_first();
	outb(0x21, 0xff); /* the old interrupt controllers stay silent */
	outb(0xa1, 0xff);
	ioapic_route(machine_cpus.serial_gsi, VECTOR_SERIAL, this_cpu()->apic_id,
		     machine_cpus.serial_flags);
	console_interrupt();
	log_line("log", "%s, %u CPU%s, %lu KiB RAM, %lu KiB the kernel's, TSC %lu MHz (source %u)",
		 EXO_RELEASE, cpu_count, cpu_count > 1 ? "s" : "", info->frames_ram * 4,
		 info->frames_kernel * 4, info->tsc_hz / 1000000, info->clock);
	cpu_log();
	init_over((exo_va_t)init_start,
		  (machine.load + (init_start - kernel_start)) / EXO_PAGE_SIZE,
		  (machine.load + (kernel_end - kernel_start)) / EXO_PAGE_SIZE);
}

void boot_main(uint32_t magic, uint32_t loader_info, uint32_t load)
{
	serial_init();
	log_channel = inb(0xe9) == 0xe9;
	machine_read(magic, loader_info, load);
	banner();
	cpu_require();
	acpi_read();
	sort_cpus();
	tables_build(); /* first: it maps the RAM that nothing was taken from yet */
	make_info();
	idt_build();
	for (uint32_t i = 0; i < machine_cpus.count; i++)
		cpu_area(i, machine_cpus.apic_id[i]);
	boot_switch(kernel_root * EXO_PAGE_SIZE, CPU_AREA(0) + CPU_STACK_TOP, boot_rest);
}
