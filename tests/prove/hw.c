/* hw.c - the fake machine.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "hw.h"
#include "tlb.h"
#include "world.h"

#include <core/calls.h>
#include <core/console.h>
#include <core/info.h>
#include <core/lock.h>
#include <core/log.h>
#include <core/power.h>
#include <core/slice.h>
#include <core/trap.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <x86_64/apic.h>
#include <x86_64/mmu.h>
#include <x86_64/vector.h>

#define TABLE_END                                                                                  \
	0x210000000000ul /* the frame table ends here, before memory that is not there             \
			  */

#define VECTOR_WORD 32 /* of the area: where the one word of vector state is kept */
#define SLICES_KEPT 8  /* no plan fills more slots of a CPU */

enum { LEFT = 1, ENTERED, IDLE, AGAIN, OFF };

struct cpu hw_cpu[EXO_CPU_MAX], *hw_this = hw_cpu;
uint32_t cpu_count = EXO_CPU_MAX, cpu_features;
uint64_t hw_clock = 1000, hw_vector[EXO_CPU_MAX];
int hw_budget = 1;
uint32_t hw_poked;
struct trap *hw_trap;
const char *hw_wrong;
bool log_channel;
const char vector_fault[1], vector_fault_fx[1], vector_fixup[1];

extern const char idle_halt[]; /* core/slice.c */
extern char hw_static_start[], hw_static_end[];

static struct {
	struct trap trap[EXO_CPU_MAX];
} stacks;
static struct exo_info the_info;
struct exo_info *info = &the_info;
static struct exo_cpu_info cpu_info[EXO_CPU_MAX];
static struct exo_slice slices[EXO_CPU_MAX][EXO_SLICE_MAX];
static struct {
	void *at;
	size_t bytes;
} part[12 + EXO_CPU_MAX];
static int parts;
static jmp_buf out;
static bool held, idling, halted; /* halted: an interrupt came while the CPU waited for one */

void hw_blame(const char *text)
{
	if (!hw_wrong)
		hw_wrong = text;
}

static void add_part(void *at, size_t bytes)
{
	part[parts].at = at;
	part[parts++].bytes = bytes;
}

static void *map_at(uint64_t at, uint64_t bytes)
{
	void *p = mmap((void *)at, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p == MAP_FAILED) {
		perror("the fake machine's memory");
		exit(2);
	}
	return p;
}

void hw_make(uint64_t pages, uint64_t kept)
{
	uint64_t table = pages * sizeof(struct exo_frame_state);

	/* Frame 0 stays out: nothing may touch what a frame number of 0 leads to. */
	map_at(DIRECT_MAP + EXO_PAGE_SIZE, (pages - 1) * EXO_PAGE_SIZE);
	map_at(TABLE_END - ((table + EXO_PAGE_SIZE - 1) & -(uint64_t)EXO_PAGE_SIZE),
	       (table + EXO_PAGE_SIZE - 1) & -(uint64_t)EXO_PAGE_SIZE);
	frames = (struct exo_frame_state *)(TABLE_END - table);
	frames_end = pages;
	the_info.tsc_mult = 1ull << 32;

	for (uint32_t n = 0; n < EXO_CPU_MAX; n++) {
		hw_cpu[n].number = hw_cpu[n].apic_id = n;
		hw_cpu[n].info = &cpu_info[n];
		hw_cpu[n].stack = (uint64_t)(&stacks.trap[n] + 1);
		hw_cpu[n].slice = slices[n];
		add_part(slices[n], SLICES_KEPT * sizeof(slices[n][0]));
	}
	add_part((void *)(DIRECT_MAP + EXO_PAGE_SIZE), (kept - 1) * EXO_PAGE_SIZE);
	add_part(frames, table);
	add_part(hw_cpu, sizeof(hw_cpu));
	add_part(&stacks, sizeof(stacks));
	add_part(hw_static_start, (size_t)(hw_static_end - hw_static_start));
	add_part(&hw_poked, sizeof(hw_poked));
	add_part(&hw_clock, sizeof(hw_clock));
	add_part(hw_vector, sizeof(hw_vector));
	add_part(cpu_info, sizeof(cpu_info));
}

size_t hw_bytes(void)
{
	size_t n = 0;

	for (int i = 0; i < parts; i++)
		n += part[i].bytes;
	return n;
}

void hw_keep(void *to)
{
	for (int i = 0; i < parts; to = (char *)to + part[i].bytes, i++)
		memcpy(to, part[i].at, part[i].bytes);
}

void hw_put_back(const void *from)
{
	for (int i = 0; i < parts; from = (const char *)from + part[i].bytes, i++)
		memcpy(part[i].at, from, part[i].bytes);
}

bool hw_is(const void *kept)
{
	for (int i = 0; i < parts; kept = (const char *)kept + part[i].bytes, i++)
		if (part[i].at != &stacks && part[i].at != cpu_info && part[i].at != &hw_poked &&
		    memcmp(part[i].at, kept, part[i].bytes))
			return false;
	return true;
}

/* Let the CPU look for somebody to run until it has found one or has nothing to do. */
static enum hw_outcome leave(int why)
{
	volatile int next = why;

	while (next == LEFT || next == AGAIN) {
		if (next == AGAIN)
			lock();
		idling = false;
		next = _setjmp(out);
		if (!next)
			slice_loop();
	}
	held = false;
	return next == ENTERED ? HW_ENTERED : next == IDLE ? HW_IDLE : HW_OFF;
}

enum hw_outcome hw_call(uint32_t n, uint64_t nr, const uint64_t arg[6], long *result)
{
	struct trap *t = &stacks.trap[n];
	int why;

	hw_this = &hw_cpu[n];
	*t = (struct trap){.rax = nr,
			   .rdi = arg[0],
			   .rsi = arg[1],
			   .rdx = arg[2],
			   .r10 = arg[3],
			   .r8 = arg[4],
			   .r9 = arg[5],
			   .cs = EXO_USER_CS,
			   .ss = EXO_USER_SS};
	why = _setjmp(out);
	if (why) {
		*result = t->rax == nr ? 0 : (long)t->rax;
		return leave(why);
	}
	*result = syscall(t);
	t->rax = (uint64_t)*result;
	hw_trap = t;
	if (held)
		hw_blame("a call returned with the kernel lock held");
	return HW_RETURNED;
}

enum hw_outcome hw_interrupt(uint32_t n, uint8_t vector)
{
	struct trap *t = &stacks.trap[n];
	int why;

	hw_this = &hw_cpu[n];
	*t = (struct trap){.kind = vector, .cs = EXO_USER_CS, .ss = EXO_USER_SS};
	if (!hw_this->act) {
		halted = true;
		t->rip = (uint64_t)idle_halt; /* it has not waited yet: an NMI came first */
		trap(t);
		if (t->rip != (uint64_t)idle_halt + 1)
			hw_blame("a CPU goes back to waiting for an interrupt that came");
		halted = false;
		hw_this->info->since = hw_clock; /* as idle() does */
		return hw_look(n);
	}
	why = _setjmp(out);
	if (why)
		return leave(why);
	trap(t);
	hw_trap = t;
	if (held)
		hw_blame("an interrupt returned with the kernel lock held");
	return HW_RETURNED;
}

enum hw_outcome hw_look(uint32_t n)
{
	hw_this = &hw_cpu[n];
	lock();
	return leave(LEFT);
}

void lock(void)
{
	if (held)
		hw_blame("the kernel lock was taken twice");
	held = true;
	idling = false;
}

void unlock(void)
{
	if (!held)
		hw_blame("the kernel lock was released and not held");
	held = false;
	if (!hw_this->env &&
	    !halted) /* what comes next is an instruction that waits for an interrupt */
		_longjmp(out, idling ? IDLE : AGAIN);
}

void slice_run(void)
{
	if (!held)
		hw_blame("a CPU looked for somebody to run without the kernel lock");
	_longjmp(out, LEFT);
}

void trap_return(struct trap *t)
{
	if (held)
		hw_blame("ring 3 was entered with the kernel lock held");
	hw_trap = t;
	_longjmp(out, ENTERED);
}

void call_return(const struct exo_frame *f, long result)
{
	struct trap *t = (struct trap *)hw_this->stack - 1;

	memcpy(t, &f->rax, sizeof(*t));
	t->rax = (uint64_t)result;
	trap_return(t);
}

void power_end(enum exo_stop reason, uint32_t status)
{
	(void)reason;
	(void)status;
	_longjmp(out, OFF);
}

void panic(const struct trap *t, const char *format, ...)
{
	(void)t;
	hw_blame(format);
	_longjmp(out, OFF);
}

void log_line(const char *kind, const char *format, ...)
{
	(void)kind;
	(void)format;
}

void apic_send(uint32_t apic_id, uint8_t vector)
{
	struct cpu *sender = hw_this;

	if (apic_id >= EXO_CPU_MAX)
		hw_blame("an interrupt for a CPU that is not there");
	else if (vector == VECTOR_WAKE)
		hw_poked |= 1u << apic_id;
	else if (vector == VECTOR_FLUSH) {
		struct env *env = hw_cpu[apic_id].env;

		hw_this = &hw_cpu[apic_id]; /* who waits for the lock answers these, too */
		if (!shape.scheduled)       /* then whose tables are loaded runs */
			hw_this->env = hw_this->loaded;
		mmu_flush_requested();
		hw_this->env = env;
		hw_this = sender;
	}
}

/* As x86_64/apic.c: a timer that is set for earlier is left alone. */
void apic_timer(uint64_t ns)
{
	idling = true;
	if (ns && (!hw_this->timer || hw_this->timer > ns))
		hw_this->timer = ns;
}

void write_cr3(uint64_t v)
{
	(void)v;
	tlb_drop_all(hw_this->number);
}

void invlpg(uint64_t va)
{
	tlb_drop(hw_this->number, va);
}

void hw_vector_save(void *area)
{
	((uint64_t *)area)[VECTOR_WORD] = hw_vector[hw_this->number];
}

/* A clean state lies in the kernel's own constants. */
int vector_load(const void *area, uint32_t mask)
{
	uint64_t at = (uint64_t)area;

	(void)mask;
	hw_vector[hw_this->number] =
		at >= DIRECT_MAP && at < TABLE_END ? ((const uint64_t *)area)[VECTOR_WORD] : 0;
	return 0;
}

long sys_console_kick(struct env *self, exo_cap_t slot)
{
	(void)self;
	(void)slot;
	return 0;
}

long sys_machine(struct env *self, exo_cap_t slot, uint32_t how, uint32_t status)
{
	(void)self;
	(void)slot;
	(void)how;
	(void)status;
	return 0;
}

void console_interrupt(void)
{
}
