/* boot.h - what only runs before the first environment does.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The folder's code and data lie in the image's init part, which becomes free
 * frames when boot is over.
 */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include <core/frame.h>
#include <exo/archive.h>
#include <exo/map.h>
#include <exo/start.h>
#include <stdbool.h>
#include <x86_64/cpu.h>

extern char kernel_start[], rodata_start[], data_start[], init_start[], init_data_start[],
	kernel_end[];
extern uint64_t boot_cr3, boot_tsc;

/* It cannot be: one sentence why, and off. */
void refuse(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* machine.c: the boot loader's information. */
struct machine {
	uint64_t load; /* physical address of kernel_start */
	bool pvh;
	uint64_t rsdp;                   /* physical address of the ACPI root pointer, 0: search */
	uint64_t archive, archive_bytes; /* physical; where the loader put it */
	uint64_t ram_frames;             /* usable RAM in all */
	char command_line[512];          /* PVH only */
	uint32_t regions;
	struct exo_extent region[EXO_START_RAM_MAX]; /* usable, not yet taken; ascending */
};
extern struct machine machine;
void machine_read(uint32_t magic, uint32_t info, uint32_t load);

/* Do the first n characters, or all up to the end of both, agree? */
static inline bool same(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b)
			return false;
		if (!*a)
			break;
	}
	return true;
}

/* Physical memory in the boot mapping, the low 4 GiB only. */
static inline void *low(uint64_t physical)
{
	return (void *)(DIRECT_MAP + physical);
}

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t lo, hi;

	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (uint64_t)hi << 32 | lo;
}

CONTROL_REGISTER(0)
CONTROL_REGISTER(4)

static inline void cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	__asm__ volatile("cpuid"
			 : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
			 : "0"(leaf), "2"(sub));
}

static inline bool on_hypervisor(void)
{
	uint32_t r[4];

	cpuid(1, 0, r);
	return r[2] >> 31;
}

/* Take n consecutive cleared frames for good. */
exo_pfn_t boot_frames(uint64_t n);
exo_pfn_t boot_frames_below(uint64_t n, exo_pfn_t end); /* 0 if there are none */
uint64_t boot_frames_left(void);

/* acpi.c */
struct machine_cpus {
	uint32_t count;
	uint32_t apic_id[EXO_CPU_MAX]; /* the boot CPU's wherever firmware lists it */
	uint64_t lapic, ioapic;        /* physical */
	uint32_t second_ioapic;        /* first interrupt of another I/O APIC, 0: none */
	bool reduced;                  /* hardware-reduced ACPI */
	uint32_t serial_gsi;           /* where ISA interrupt 4 arrives */
	uint16_t serial_flags;
};
extern struct machine_cpus machine_cpus;
void acpi_read(void);

/* apic.c */
void apic_init_cpu(void); /* this CPU's local APIC, registers mapped */

/* Route a global interrupt to a CPU; edge or level as the flags of a MADT
 * override say (ACPI 6.4, table 5.26), 0: as ISA does. */
void ioapic_route(uint32_t gsi, uint8_t vector, uint32_t cpu_apic_id, uint16_t flags);

/* cpu.c */
void cpu_require(void); /* refuse CPUs below the baseline; choose features */
void idt_build(void);   /* the one for all of them */
void cpu_area(uint32_t number, uint32_t apic_id); /* allocate and map one */
void cpu_setup(uint32_t number);                  /* on that CPU: registers, descriptors, MSRs */
void cpu_log(void);                               /* one line: which optional features are on */

/* tables.c */
void tables_separate(void); /* from now on environments see no more of the kernel than its entry */
extern const char entry_start[], entry_end[];
extern const uint64_t separate_start[], separate_end[]; /* what is patched for that */
bool cpu_leaks(void);
void tables_build(void); /* kernel_root: direct map, image, device windows */
void tables_map(uint64_t va, uint64_t physical, uint64_t bytes, uint64_t flags);
void frames_build(void); /* the frame table, all absent */

/* clock.c, smp.c, devices.c, load.c */
void clock_start(void);
void smp_start(void);
void devices_probe(void);
uint32_t fwcfg_read(const char *name, char *buf, uint32_t size); /* bytes; 0: there is none */
uint32_t fwcfg_cpus(void);                                       /* 0: nobody to ask */
void load_first(void);

void boot_switch(uint64_t cr3, uint64_t stack, void (*go)(void)) __attribute__((noreturn));

#endif
