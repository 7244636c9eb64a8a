/* ktest.h - a kit for tests of the kernel that use libexo and nothing else.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A program is the kit and one list of tests.  Each prints "ok NAME" or "not
 * ok NAME" (after a line for each expectation that did not hold); the program
 * ends with status 0 if all were ok, else 1.
 */
#ifndef KTEST_H
#define KTEST_H

#include <exo/cap.h>
#include <exo/env.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/map.h>
#include <libexo/start.h>
#include <libexo/string.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <stdbool.h>

#define KT_RW        (EXO_PROT_READ | EXO_PROT_WRITE)
#define KT_RX        (EXO_PROT_READ | EXO_PROT_EXEC)
#define KT_NS_PER_MS 1000000ull

struct ktest {
	const char *name;
	void (*run)(void);
	uint32_t cpus; /* skipped on machines with fewer */
};

/* The program's tests, ended by an entry without name. */
extern const struct ktest ktests[];

void kt_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Note a failure of the current test if ok is false; returns ok. */
bool kt_check(bool ok, const char *text, const char *where, int line);
bool kt_check_equal(long got, long want, const char *text, const char *where, int line);

#define KT_OK(condition)  kt_check(condition, #condition, __FILE__, __LINE__)
#define KT_EQ(got, want)  kt_check_equal((long)(got), (long)(want), #got, __FILE__, __LINE__)
#define KT_ERR(got, name) KT_EQ(got, -EXO_E_##name)

/* Frames, never given back by the kit; 0 if there are none left. */
exo_pfn_t kt_frames(uint64_t count);
exo_pfn_t kt_frame(void);

/* Addresses nobody uses, on a boundary of 2 MiB so that no table is there yet
 * (`with_tables`: map and unmap something, so that it is). */
exo_va_t kt_va(uint64_t pages);
exo_va_t kt_va_tables(uint64_t pages);

/* Zeroed memory. */
void *kt_pages(uint64_t pages);

/* One operation on the own address space. */
long kt_map(exo_va_t va, exo_pfn_t pfn, uint32_t pages, uint32_t prot);
long kt_op(uint8_t kind, exo_va_t va, exo_pfn_t pfn, uint32_t count, uint32_t prot, exo_cap_t cap);
long kt_unmap(exo_va_t va, uint32_t pages);
extern const struct xo_space kt_space;

/* A slot that is empty, each time another one. */
exo_cap_t kt_slot(void);

/* Call fn(arg); if an exception ends it, return its vector, else -1.  The
 * frame at the exception is left in *kt_frame_of() of this activation. */
int kt_try(void (*fn)(void *), void *arg);
struct exo_frame *kt_caught_frame(void);

/* Access one byte: -1, or the vector of the exception. */
int kt_try_read(exo_va_t va);
int kt_try_write(exo_va_t va);
int kt_try_call(exo_va_t va);

/* Called first for every upcall, if set; returns true if it has dealt with it. */
extern bool (*kt_hook)(struct exo_frame *frame, uint64_t kind, uint64_t addr);

/* Run fn(arg) in a further activation, on CPU `cpu`.  Each CPU once per program. */
long kt_start_cpu(uint32_t cpu, void (*fn)(void *), void *arg);

#define KT_CHILD_TABLES 32

/* An environment that shares the program's image, stacks and activation at the
 * same addresses, and so can run any of its functions. */
struct kt_child {
	exo_cap_t slot; /* ENV, in our table */
	exo_pfn_t object, slots, root, act_pfn;
	struct exo_activation *act; /* as we see it and as it sees it */
	struct xo_begin begin;
	exo_pfn_t table[KT_CHILD_TABLES]; /* frames of its page tables */
	uint32_t tables;
};

/* Make it, with a MEMORY capability over everything and nothing else, up to activation_init. */
bool kt_child_make(struct kt_child *c, void (*fn)(void *), void *arg);
/* The same, of the frames and in the slot that it had before it was ended. */
bool kt_child_again(struct kt_child *c, void (*fn)(void *), void *arg);
/* Bind its activation 0 and a slice of `cpu`, slot at (0 is ours on CPU 0). */
long kt_child_start(struct kt_child *c, uint32_t cpu, uint32_t at);
/* Let it run up to where it waits to be called, in slot `at` of CPU 0, and take that slice away. */
void kt_child_opens(const struct kt_child *c, uint32_t at);
/* Does it wait to be called? */
bool kt_child_serves(const struct kt_child *c);
/* Wait at most a few seconds for its end.  Returns its status, 0 if it still lives. */
uint64_t kt_child_wait(const struct kt_child *c);
/* Stop it if necessary and take it apart. */
void kt_child_end(struct kt_child *c);
/* All of it: run fn(arg) in a child on this CPU, return its status. */
uint64_t kt_child_run(void (*fn)(void *), void *arg);

/* For children: stop with a status. */
_Noreturn void kt_exit(uint32_t status);

/* What was given at boot as NAME=NUMBER (QEMU: -fw_cfg name=opt/exo/settings,file=...). */
uint64_t kt_setting(const char *name, uint64_t otherwise);

static inline uint32_t kt_cpus(void)
{
	return xo_info->cpus;
}

/* What CPU capabilities range over, from 0 on. */
static inline uint64_t kt_slices(void)
{
	return EXO_SLICE_OF(0, EXO_SLICE_MAX);
}

static inline void kt_pause(void)
{
	__asm__ volatile("pause");
}

/* kinfo.c: what the kernel exposes of a frame, of a slot of a CPU's slice vector, of a CPU. */
const volatile struct exo_frame_state *kt_state(exo_pfn_t pfn);
const volatile struct exo_slice *kt_slice(uint32_t cpu, uint32_t slot);
const volatile struct exo_cpu_info *kt_counters(uint32_t cpu);
/* Wait until the CPU does not serve this slot: one that was emptied is left a little later on
 * another CPU.  False after some seconds. */
bool kt_left(uint32_t cpu, uint32_t slot);

/* Take back all that an account of ours (slot `account`: LIMIT and CHARGE; its object) has:
 * environments and accounts made in it are taken apart, its frames are free. */
void kt_account_empty(exo_cap_t account, exo_pfn_t object);

/* audit/: do all tables of who owns what agree with each other?  Done after each test; says what
 * does not. */
bool kt_audit(void);

/* Wait until *word is at least `value`; false after some seconds. */
bool kt_reaches(const uint32_t *word, uint32_t value);

/* ktry.S: the null call with `flags` set and all registers filled; afterwards out has
 * rbx rbp r12 r13 r14 r15, rdi rsi rdx r10 r8 r9 rcx, the flags. */
#define KT_REGISTERS 14
long kt_null_asm(uint64_t flags, uint64_t *out);
/* ktry.S: fill rax rbx rcx rdx rsi rdi rbp r8 .. r15 with i, 2 * i, 3 * i ..., execute an
 * invalid instruction of two bytes, and store them to v in this order. */
void kt_ud2_asm(uint64_t i, uint64_t *v);
#define KT_UD2_R12 11

int kt_try_asm(void (*fn)(void *), void *arg, uint64_t *save_sp);
extern const char kt_try_back[];

#endif
