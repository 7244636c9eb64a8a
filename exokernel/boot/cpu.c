/* cpu.c - what a CPU must have, what it may have, and setting one up.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The one place where optional features are chosen; docs/status.md lists those
 * that no emulator here can run.
 */
#include <boot/boot.h>
#include <core/info.h>
#include <core/log.h>
#include <core/map.h>
#include <util/fmt.h>
#include <x86_64/apic.h>
#include <x86_64/vector.h>

#define XCR0_WANTED 0xe7ul /* x87 SSE AVX AVX-512; PKRU is kept in the frame, not here */
#define XCR0_AVX512 0xe0ul

struct feature {
	const char *name;
	uint32_t leaf;
	uint8_t reg, bit; /* eax ebx ecx edx: 0 .. 3 */
	uint32_t flag;
};

/* x86-64-v2 (x86-64 psABI, section 3.1.1) plus NX, FSGSBASE and an APIC. */
static const struct feature required[] = {
	{"APIC", 1, 3, 9, 0},
	{"SSE3", 1, 2, 0, 0},
	{"SSSE3", 1, 2, 9, 0},
	{"CMPXCHG16B", 1, 2, 13, 0},
	{"SSE4.1", 1, 2, 19, 0},
	{"SSE4.2", 1, 2, 20, 0},
	{"POPCNT", 1, 2, 23, 0},
	{"LAHF", 0x80000001, 2, 0, 0},
	{"SYSCALL", 0x80000001, 3, 11, 0},
	{"NX", 0x80000001, 3, 20, 0},
	{"FSGSBASE", 7, 1, 0, 0},
};

static const struct feature optional[] = {
	{"SMEP", 7, 1, 7, EXO_FEATURE_SMEP},
	{"SMAP", 7, 1, 20, EXO_FEATURE_SMAP},
	{"UMIP", 7, 2, 2, EXO_FEATURE_UMIP},
	{"PKU", 7, 2, 3, EXO_FEATURE_PKU},
	{"XSAVE", 1, 2, 26, EXO_FEATURE_XSAVE},
	{"RDRAND", 1, 2, 30, EXO_FEATURE_RDRAND},
	{"RDSEED", 7, 1, 18, EXO_FEATURE_RDSEED},
	{"TSC deadline", 1, 2, 24, EXO_FEATURE_TSC_DEADLINE},
	{"invariant TSC", 0x80000007, 3, 8, EXO_FEATURE_INVARIANT_TSC},
	{"IBPB", 7, 3, 26, EXO_FEATURE_IBPB},
	{"IBPB", 0x80000008, 1, 12, EXO_FEATURE_IBPB}, /* AMD's bit */
	{"VERW", 7, 3, 10, EXO_FEATURE_MD_CLEAR},
};

static bool has(const struct feature *f)
{
	uint32_t r[4];

	cpuid(f->leaf & 0x80000000, 0, r);
	if (r[0] < f->leaf)
		return false;
	cpuid(f->leaf, 0, r);
	return r[f->reg] >> f->bit & 1;
}

/* QEMU's emulator reads the stack of ring 3's IRETQ as if in ring 0 (seen in
 * 7.2), which SMAP then refuses; real processors do not.  The kernel never uses a
 * user address, so nothing hangs on SMAP. */
static bool on_tcg(void)
{
	uint32_t r[4];

	if (!on_hypervisor())
		return false;
	cpuid(0x40000000, 0, r);
	return same((const char *)&r[1], "TCGTCGTCGTCG", 12);
}

/* Can ring 3 find out what is mapped for ring 0 alone (Meltdown)?  Intel's say so if not: bit 0 of
 * MSR 10AH (SDM vol. 4). */
bool cpu_leaks(void)
{
	uint32_t r[4];

	cpuid(0, 0, r);
	if (r[1] == 0x68747541 || r[1] == 0x6f677948) /* Auth(enticAMD), Hygo(nGenuine) */
		return false;
	if (r[0] < 7)
		return true;
	cpuid(7, 0, r);
	return !(r[3] >> 29 & 1) || !(rdmsr(MSR_ARCH_CAPABILITIES) & 1);
}

void cpu_require(void)
{
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++)
		if (!has(&required[i]))
			refuse("this CPU lacks %s, which the baseline x86-64-v2 with NX and "
			       "FSGSBASE has",
			       required[i].name);
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		if (has(&optional[i]))
			cpu_features |= optional[i].flag;
	if (on_tcg())
		cpu_features &= ~EXO_FEATURE_SMAP;
}

void cpu_area(uint32_t number, uint32_t apic)
{
	uint64_t area = CPU_AREA((uint64_t)number),
		 data = EXO_PTE_PRESENT | EXO_PTE_WRITE | EXO_PTE_NOEXEC;
	exo_pfn_t pfn = boot_frames(CPU_STRUCT_PAGES), slices = boot_frames(1);
	struct cpu *cpu = direct(pfn);

	tables_map(area, pfn * EXO_PAGE_SIZE, CPU_STRUCT_PAGES * EXO_PAGE_SIZE, data);
	tables_map(area + CPU_IST_PAGE * EXO_PAGE_SIZE, boot_frames(2) * EXO_PAGE_SIZE,
		   2 * EXO_PAGE_SIZE, data);
	tables_map(area + CPU_STACK_PAGE * EXO_PAGE_SIZE, boot_frames(2) * EXO_PAGE_SIZE,
		   2 * EXO_PAGE_SIZE, data);
	cpu->stack = area + CPU_STACK_TOP;
	cpu->user_cr3 = cpu->kernel_cr3 = kernel_root * EXO_PAGE_SIZE;
	cpu->number = number;
	cpu->apic_id = apic;
	cpu->slice = direct(slices);
	info->slice_table[number] = slices;
	cpu->info = (struct exo_cpu_info *)((char *)info + EXO_INFO_CPUS_AT) + number;
	cpu->info->apic_id = apic;
}

static void descriptors(struct cpu *cpu)
{
	static const uint64_t gdt[] = {0, 0x00af9b000000ffff, 0x00cf93000000ffff,
				       0, 0x00cff3000000ffff, 0x00affb000000ffff};
	uint64_t tss = (uint64_t)cpu->tss, ist = (uint64_t)cpu + CPU_IST_PAGE * EXO_PAGE_SIZE;
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) gdtr = {sizeof(cpu->gdt) - 1, (uint64_t)cpu->gdt},
				  idtr = {256 * sizeof(struct gate) - 1, WINDOW_IDT};
	uint64_t stacks[] = {cpu->stack, ist + EXO_PAGE_SIZE / 2, ist + EXO_PAGE_SIZE,
			     (uint64_t)cpu + (CPU_DEBUG_PAGE + 1) * EXO_PAGE_SIZE};

	for (size_t i = 0; i < sizeof(gdt) / sizeof(gdt[0]); i++)
		cpu->gdt[i] = gdt[i];
	cpu->gdt[TSS_SELECTOR / 8] = (sizeof(cpu->tss) - 1) | (tss & 0xffffff) << 16 |
				     0x89ul << 40 | (tss >> 24 & 0xff) << 56;
	cpu->gdt[TSS_SELECTOR / 8 + 1] = tss >> 32;
	__builtin_memcpy(&cpu->tss[1], &stacks[0], 8);  /* RSP0 */
	__builtin_memcpy(&cpu->tss[9], &stacks[1], 24); /* IST1 to IST3 */
	cpu->tss[25] = sizeof(cpu->tss) << 16;          /* no port map: every port faults */
	__asm__ volatile("lgdt %0; lidt %1; ltr %w2; lldt %w3"
			 :
			 : "m"(gdtr), "m"(idtr), "r"(TSS_SELECTOR), "r"(0));
	__asm__ volatile("mov %w0, %%ss; mov %w1, %%ds; mov %w1, %%es; mov %w1, %%fs; mov %w1, %%gs"
			 :
			 : "r"(KERNEL_SS), "r"(0));
}

/* #BP and #OF may be raised by INT3 and INTO; #DF, NMI, #MC and #DB must not
 * rely on the stack they find. */
void idt_build(void)
{
	exo_pfn_t pfn = boot_frames(1);
	struct gate *idt = direct(pfn);

	tables_map(WINDOW_IDT, pfn * EXO_PAGE_SIZE, EXO_PAGE_SIZE,
		   EXO_PTE_PRESENT | EXO_PTE_NOEXEC);
	for (int i = 0; i < 256; i++) {
		uint64_t at = (uint64_t)trap_stubs + i * TRAP_STUB_BYTES;
		uint64_t ist = i == 8 ? 1 : i == 2 || i == 18 ? 2 : i == 1 ? 3 : 0;
		uint64_t type = i == 3 || i == 4 ? 0xee : 0x8e;

		idt[i].low = (at & 0xffff) | (uint64_t)KERNEL_CS << 16 | ist << 32 | type << 40 |
			     (at >> 16 & 0xffff) << 48;
		idt[i].high = at >> 32;
	}
}

static void vector_setup(void)
{
	uint32_t r[4];
	uint64_t x = 3;

	if (cpu_features & EXO_FEATURE_XSAVE) {
		cpuid(0xd, 0, r);
		x = (r[0] | (uint64_t)r[3] << 32) & XCR0_WANTED;
		if ((x & XCR0_AVX512) != XCR0_AVX512)
			x &= ~XCR0_AVX512;
		__asm__ volatile("xsetbv" : : "c"(0), "a"((uint32_t)x), "d"(0));
		cpuid(0xd, 0, r);
		info->vector_bytes = r[1];
		vector_mask = x;
	} else {
		info->vector_bytes = 512;
	}
	info->xcr0 = x;
}

void cpu_setup(uint32_t number)
{
	struct cpu *cpu = cpu_of(number);
	uint64_t base = rdmsr(MSR_APIC_BASE),
		 cr4 = CR4_PAE | CR4_MCE | CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_FSGSBASE;

	descriptors(cpu);
	if (cpu_features & EXO_FEATURE_SMEP)
		cr4 |= CR4_SMEP;
	if (cpu_features & EXO_FEATURE_SMAP)
		cr4 |= CR4_SMAP;
	if (cpu_features & EXO_FEATURE_UMIP)
		cr4 |= CR4_UMIP;
	if (cpu_features & EXO_FEATURE_PKU)
		cr4 |= CR4_PKE;
	if (cpu_features & EXO_FEATURE_XSAVE)
		cr4 |= CR4_OSXSAVE;
	write_cr4(cr4);
	write_cr0(CR0);
	vector_setup();
	wrmsr(MSR_STAR, (uint64_t)SYSRET_BASE << 48 | (uint64_t)KERNEL_CS << 32);
	wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
	wrmsr(MSR_SFMASK, 0x257fd5); /* all a user can set is clear inside */
	wrmsr(MSR_SYSENTER_CS, 0);   /* SYSENTER faults, whatever ran here before */
	__asm__ volatile("mov %0, %%dr7" : : "r"(0x400ul));
	wrmsr(MSR_GS_BASE, 0);
	wrmsr(MSR_KERNEL_GS, (uint64_t)cpu);
	if (base & 1 << 10) /* x2APIC mode: back to registers in memory, by way of off */
		wrmsr(MSR_APIC_BASE, base & ~0xc00ul);
	wrmsr(MSR_APIC_BASE, (base & ~0x400ul) | 0x800);
	apic_init_cpu();
	cpu->info->running = 1;
}

void cpu_log(void)
{
	char text[160] = "";
	size_t n = 0;

	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		if (cpu_features & optional[i].flag)
			n += fmt_string(text + n, sizeof(text) - n, " %s", optional[i].name);
	log_line("log", "on:%s; %s page tables", text,
		 cpu_features & EXO_FEATURE_SEPARATE ? "separate" : "common");
}
