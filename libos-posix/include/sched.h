/* sched.h - policies and priorities, CPUs, giving way.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SCHED_H
#define _PX_SCHED_H

#include <sys/features.h>
#include <sys/sched.h>
#include <sys/types.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_getparam(pid_t, struct sched_param *);
int sched_setparam(pid_t, const struct sched_param *);
int sched_getscheduler(pid_t);
int sched_setscheduler(pid_t, int, const struct sched_param *);
int sched_rr_get_interval(pid_t, struct timespec *);
int sched_yield(void);

#if __GNU_VISIBLE
#define SCHED_BATCH         3
#define SCHED_IDLE          5
#define SCHED_RESET_ON_FORK 0x40000000

#define CPU_SETSIZE 1024
#define __NCPUBITS  64

typedef struct {
	unsigned long __bits[CPU_SETSIZE / __NCPUBITS];
} cpu_set_t;

#define __PX_CPU_IN(cpu, bytes) ((unsigned long)(cpu) / 8 < (bytes))
#define __PX_CPU_WORD(cpu, set) (((unsigned long *)(set))[(cpu) / __NCPUBITS])
#define __PX_CPU_BIT(cpu)       (1ul << (cpu) % __NCPUBITS)

#define CPU_ZERO_S(bytes, set) ((void)__builtin_memset((set), 0, (bytes)))
#define CPU_SET_S(cpu, bytes, set)                                                                 \
	((void)(__PX_CPU_IN(cpu, bytes) ? __PX_CPU_WORD(cpu, set) |= __PX_CPU_BIT(cpu) : 0))
#define CPU_CLR_S(cpu, bytes, set)                                                                 \
	((void)(__PX_CPU_IN(cpu, bytes) ? __PX_CPU_WORD(cpu, set) &= ~__PX_CPU_BIT(cpu) : 0))
#define CPU_ISSET_S(cpu, bytes, set)                                                               \
	(__PX_CPU_IN(cpu, bytes) && (__PX_CPU_WORD(cpu, set) & __PX_CPU_BIT(cpu)) != 0)
#define CPU_COUNT_S(bytes, set)    __sched_cpucount((bytes), (set))
#define CPU_EQUAL_S(bytes, a, b)   (__builtin_memcmp((a), (b), (bytes)) == 0)
#define CPU_AND_S(bytes, to, a, b) __sched_cpuop((bytes), (to), (a), (b), '&')
#define CPU_OR_S(bytes, to, a, b)  __sched_cpuop((bytes), (to), (a), (b), '|')
#define CPU_XOR_S(bytes, to, a, b) __sched_cpuop((bytes), (to), (a), (b), '^')

#define CPU_ZERO(set)       CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_SET(cpu, set)   CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_CLR(cpu, set)   CPU_CLR_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set) CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_COUNT(set)      CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(a, b)     CPU_EQUAL_S(sizeof(cpu_set_t), a, b)
#define CPU_AND(to, a, b)   CPU_AND_S(sizeof(cpu_set_t), to, a, b)
#define CPU_OR(to, a, b)    CPU_OR_S(sizeof(cpu_set_t), to, a, b)
#define CPU_XOR(to, a, b)   CPU_XOR_S(sizeof(cpu_set_t), to, a, b)

#define CPU_ALLOC_SIZE(cpus) (((cpus) + __NCPUBITS - 1) / __NCPUBITS * sizeof(unsigned long))
#define CPU_ALLOC(cpus)      __sched_cpualloc(cpus)
#define CPU_FREE(set)        __sched_cpufree(set)

int __sched_cpucount(size_t, const cpu_set_t *);
void __sched_cpuop(size_t, cpu_set_t *, const cpu_set_t *, const cpu_set_t *, int);
cpu_set_t *__sched_cpualloc(size_t);
void __sched_cpufree(cpu_set_t *);

int sched_getcpu(void);
int getcpu(unsigned int *, unsigned int *);
int sched_getaffinity(pid_t, size_t, cpu_set_t *);
int sched_setaffinity(pid_t, size_t, const cpu_set_t *);
#endif

#ifdef __cplusplus
}
#endif

#endif
