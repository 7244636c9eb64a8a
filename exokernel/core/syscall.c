/* syscall.c - from registers to typed arguments.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/calls.h>
#include <core/lock.h>
#include <core/slice.h>
#include <core/trap.h>
#include <exo/error.h>
#include <exo/syscall.h>

#define THUNK(name, ...)                                                                           \
	static long call_##name(struct env *self, const struct trap *t)                            \
	{                                                                                          \
		(void)t;                                                                           \
		return sys_##name(self, ##__VA_ARGS__);                                            \
	}
#define EXO_CALL0(nr, name)                   THUNK(name)
#define EXO_CALL1(nr, name, A, a)             THUNK(name, (A)t->rdi)
#define EXO_CALL2(nr, name, A, a, B, b)       THUNK(name, (A)t->rdi, (B)t->rsi)
#define EXO_CALL3(nr, name, A, a, B, b, C, c) THUNK(name, (A)t->rdi, (B)t->rsi, (C)t->rdx)
#define EXO_CALL4(nr, name, A, a, B, b, C, c, D, d)                                                \
	THUNK(name, (A)t->rdi, (B)t->rsi, (C)t->rdx, (D)t->r10)
#define EXO_CALL5(nr, name, A, a, B, b, C, c, D, d, E, e)                                          \
	THUNK(name, (A)t->rdi, (B)t->rsi, (C)t->rdx, (D)t->r10, (E)t->r8)
#define EXO_CALL6(nr, name, A, a, B, b, C, c, D, d, E, e, F, f)                                    \
	THUNK(name, (A)t->rdi, (B)t->rsi, (C)t->rdx, (D)t->r10, (E)t->r8, (F)t->r9)
#include <exo/syscalls.def>
#include <exo/undef.h>

#define ENTRY(nr, name, ...) [nr] = call_##name,
#define EXO_CALL0            ENTRY
#define EXO_CALL1            ENTRY
#define EXO_CALL2            ENTRY
#define EXO_CALL3            ENTRY
#define EXO_CALL4            ENTRY
#define EXO_CALL5            ENTRY
#define EXO_CALL6            ENTRY
static long (*const table[EXO_SYS_END])(struct env *, const struct trap *) = {
#include <exo/syscalls.def>
#include <exo/undef.h>
};

long sys_null(struct env *self)
{
	(void)self;
	return 0;
}

static __attribute__((noinline)) long serve(struct cpu *cpu, struct trap *t, uint64_t nr)
{
	uint64_t below;
	long r;

	/* Also on a mispredicted path the index stays inside the table. */
	__asm__("cmp %2, %1; sbb %0, %0" : "=r"(below) : "r"(nr), "i"(EXO_SYS_END) : "cc");
	if (nr >= EXO_SYS_END || !table[nr & below])
		return -EXO_E_NOSYS;
	lock();
	r = table[nr & below](cpu->env, t);
	if (cpu->due) {
		t->rax = r;
		slice_check(t);
		unlock();
		trap_return(t);
	}
	unlock();
	return r;
}

long syscall(struct trap *t)
{
	struct cpu *cpu = this_cpu();
	uint64_t nr = t->rax;

	cpu->info->calls++;
	if (nr == EXO_SYS_null)
		return 0; /* needs no lock; it is there to be measured */
	return serve(cpu, t, nr);
}
