/* cpu.h - the processor: instructions, and what the kernel keeps for each CPU.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_CPU_H
#define X86_64_CPU_H

/* The address space above the environments. */
#define KERNEL_VIRT   0xffffffff80000000
#define DIRECT_MAP    0xffff800000000000 /* all RAM, writable, never executable */
#define WINDOW        0xffffffffc0000000 /* device registers and the CPUs' areas */
#define WINDOW_LAPIC  (WINDOW + 0x0000)
#define WINDOW_IOAPIC (WINDOW + 0x1000)
#define WINDOW_IDT    (WINDOW + 0x10000) /* read only */
#define CPU_AREA(n)   (WINDOW + 0x200000 + (n)*CPU_AREA_BYTES)

/* One CPU's area: struct cpu, and its stacks with unmapped pages between.
 * Aligned, so any stack pointer of a CPU leads to its struct cpu; what entry
 * needs before it could switch page tables is this area and .entry. */
#define CPU_AREA_BYTES   0x10000
#define CPU_STRUCT_PAGES 1
#define CPU_IST_PAGE     3 /* emergency stacks: two of half a page, */
#define CPU_DEBUG_PAGE   4 /* and one, since ring 3 can be in its handler all the time */
#define CPU_STACK_PAGE   6 /* and 7 */
#define CPU_STACK_TOP    0x8000

/* Selectors; the user ones are in exo/types.h. */
#define KERNEL_CS    0x08
#define KERNEL_SS    0x10
#define SYSRET_BASE  0x1b /* SYSRET loads SS from +8, CS from +16 */
#define TSS_SELECTOR 0x30

/* Offsets into struct cpu for entry.S. */
#define CPU_USER_RSP   0
#define CPU_STACK      8
#define CPU_USER_CR3   16
#define CPU_KERNEL_CR3 24

/* Interrupt vectors. */
#define VECTOR_TIMER    0x40
#define VECTOR_WAKE     0x41 /* look at what there is to run */
#define VECTOR_FLUSH    0x42 /* flush the TLB, acknowledge */
#define VECTOR_SERIAL   0x44
#define VECTOR_SPURIOUS 0xff

#define CR0    0x80010033ul /* PG WP NE ET MP PE: vector registers are never trapped */
#define CR0_WP (1ul << 16)

#define CR4_PAE        (1ul << 5)
#define CR4_MCE        (1ul << 6)
#define CR4_OSFXSR     (1ul << 9)
#define CR4_OSXMMEXCPT (1ul << 10)
#define CR4_UMIP       (1ul << 11)
#define CR4_FSGSBASE   (1ul << 16)
#define CR4_OSXSAVE    (1ul << 18)
#define CR4_SMEP       (1ul << 20)
#define CR4_SMAP       (1ul << 21)
#define CR4_PKE        (1ul << 22)

#define TRAP_STUB_BYTES 16
#define TRAP_CS         144 /* offset in struct trap */

#define MSR_APIC_BASE         0x1b
#define MSR_PRED_CMD          0x49
#define MSR_ARCH_CAPABILITIES 0x10a
#define MSR_SYSENTER_CS       0x174
#define MSR_TSC_DEADLINE      0x6e0
#define MSR_EFER              0xc0000080
#define MSR_STAR              0xc0000081
#define MSR_LSTAR             0xc0000082
#define MSR_SFMASK            0xc0000084
#define MSR_GS_BASE           0xc0000101
#define MSR_KERNEL_GS         0xc0000102

#define RFLAGS_FIXED 0x2
#define RFLAGS_IF    0x200
#define RFLAGS_USER  0x240dd5 /* what ring 3 may choose: CF PF AF ZF SF TF DF OF AC ID */

#ifndef __ASSEMBLER__
#include <exo/info.h>
#include <exo/upcall.h>
#include <stdbool.h>
#include <stddef.h>

struct env;
struct act;

/* What entry pushes: the tail of struct exo_frame from rax on. */
struct trap {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t kind, code;
	uint64_t rip, cs, rflags, rsp, ss;
};
_Static_assert(sizeof(struct trap) == EXO_F_SIZE - EXO_F_RAX, "trap is the tail of exo_frame");
_Static_assert(offsetof(struct trap, cs) == TRAP_CS, "entry.S");

struct cpu {
	uint64_t user_rsp;
	uint64_t stack;
	uint64_t user_cr3, kernel_cr3; /* if the kernel has page tables of its own */
	uint32_t number;
	uint32_t apic_id;
	/* Under the kernel lock; all but slice[] and slices changed by this CPU only. */
	struct env *env; /* running, or NULL when idle */
	struct act *act;
	const struct exo_frame *from; /* `act` goes on in its call by these registers; NULL: by the
					 trap */
	struct env *loaded;      /* whose page tables are in CR3, or NULL */
	struct act *vector;      /* whose vector state is in the registers, or NULL */
	uint32_t turn;           /* slice being served */
	uint32_t slices;         /* slots of slice[] that have ever been filled: 0 .. slices - 1 */
	bool grace;              /* its end was announced; next time by force */
	bool due;                /* look at slice_check before the call returns */
	uint64_t until;          /* ns: end of its slice; 0: nobody waits */
	uint64_t timer;          /* ns the timer is set to; 0: off */
	uint64_t account;        /* whose environment ran here last */
	struct exo_slice *slice; /* [EXO_SLICE_MAX] */
	/* What turn_look found: bits of slots in which somebody could run, and in which `act` does;
	 * the next deadline; nothing has changed since. */
	uint64_t ready[2], mine[2];
	uint64_t next;
	bool looked;
	struct exo_cpu_info *info;
	/* Asked of this CPU by others. */
	volatile uint32_t flush; /* 1: flush the TLB; cleared when done */
	volatile uint32_t started;
	uint64_t gdt[8];
	uint32_t tss[26];
};
_Static_assert(offsetof(struct cpu, user_rsp) == CPU_USER_RSP, "entry.S");
_Static_assert(offsetof(struct cpu, stack) == CPU_STACK, "entry.S");
_Static_assert(offsetof(struct cpu, user_cr3) == CPU_USER_CR3, "entry.S");
_Static_assert(offsetof(struct cpu, kernel_cr3) == CPU_KERNEL_CR3, "entry.S");
_Static_assert(sizeof(struct cpu) <= CPU_STRUCT_PAGES * EXO_PAGE_SIZE, "area");

/* An interrupt gate (SDM vol. 3, figure 6-8). */
struct gate {
	uint64_t low, high;
};
extern uint32_t cpu_count;    /* CPUs 0 .. cpu_count - 1 run */
extern uint32_t cpu_features; /* EXO_FEATURE_* */

static inline struct cpu *cpu_of(uint32_t n)
{
	return (struct cpu *)CPU_AREA((uint64_t)n);
}

static inline struct cpu *this_cpu(void)
{
	uint64_t sp;

	__asm__("mov %%rsp, %0" : "=r"(sp));
	return (struct cpu *)(sp & ~(CPU_AREA_BYTES - 1ul));
}

static inline void *direct(uint64_t pfn)
{
	return (void *)(DIRECT_MAP + (pfn << EXO_PAGE_SHIFT));
}

static inline uint64_t direct_pfn(const void *p)
{
	return ((uint64_t)p - DIRECT_MAP) >> EXO_PAGE_SHIFT;
}

static inline void outb(uint16_t port, uint8_t v)
{
	__asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
	uint8_t v;

	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline void outw(uint16_t port, uint16_t v)
{
	__asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port));
}

static inline void outl(uint16_t port, uint32_t v)
{
	__asm__ volatile("outl %0, %w1" : : "a"(v), "Nd"(port));
}

static inline uint32_t inl(uint16_t port)
{
	uint32_t v;

	__asm__ volatile("inl %w1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline void wrmsr(uint32_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)));
}

#define rdtsc() __builtin_ia32_rdtsc()

#define CONTROL_REGISTER(n)                                                                        \
	static inline uint64_t read_cr##n(void)                                                    \
	{                                                                                          \
		uint64_t v;                                                                        \
		__asm__ volatile("mov %%cr" #n ", %0" : "=r"(v));                                  \
		return v;                                                                          \
	}                                                                                          \
	static inline void write_cr##n(uint64_t v)                                                 \
	{                                                                                          \
		__asm__ volatile("mov %0, %%cr" #n : : "r"(v) : "memory");                         \
	}
CONTROL_REGISTER(2)
CONTROL_REGISTER(3)

static inline void invlpg(uint64_t va)
{
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

/* entry.S */
void trap_return(struct trap *t) __attribute__((noreturn));
void call_return(const struct exo_frame *f, long result) __attribute__((noreturn));
void syscall_entry(void);
int vector_load(const void *area, uint32_t mask); /* 0, or 1 if the area was malformed */
extern const char trap_stubs[];
#endif
#endif
