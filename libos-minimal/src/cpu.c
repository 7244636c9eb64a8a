/* cpu.c - further CPUs, locks between them, and what each has for itself.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Activation n runs on CPU n, in slot 0 of its slice vector.
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <libexo/string.h>
#include <libexo/upcall.h>
#include <mini/cpu.h>
#include <mini/fault.h>
#include <mini/frames.h>
#include <mini/pages.h>

#define SLICE_NS          10000000
#define ACTIVATION_FRAMES 2

/* What a CPU begins with. */
static struct {
	struct xo_begin begin;
	void (*fn)(void *);
	void *arg;
} cpus[EXO_CPU_MAX];

uint32_t mini_cpus(void)
{
	return xo_info->cpus;
}

uint32_t mini_cpu(void)
{
	return xo_self()->index;
}

static void run(void *cpu)
{
	uint64_t i = (uint64_t)cpu;

	mini_locals_init();
	cpus[i].fn(cpus[i].arg);
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

long mini_start_cpu(uint32_t cpu, void (*fn)(void *), void *arg)
{
	struct exo_activation *a;
	char *stack, *upcalls;
	exo_pfn_t pfn;
	long r;

	if (cpu >= mini_cpus() || cpu == 0 || cpus[cpu].fn)
		return -EXO_E_INVAL;
	pfn = mini_frames_take(&(struct mini_want){.count = ACTIVATION_FRAMES});
	a = (struct exo_activation *)mini_va(ACTIVATION_FRAMES);
	stack = mini_alloc(MINI_STACK_PAGES);
	upcalls = mini_alloc(EXO_FRAME_DEPTH * xo_upcall_stack_bytes / EXO_PAGE_SIZE);
	if (!pfn || !stack || !upcalls)
		return -EXO_E_LIMIT;
	r = mini_map_pages((exo_va_t)a, pfn, ACTIVATION_FRAMES, EXO_PROT_READ | EXO_PROT_WRITE);
	if (r)
		return r;
	memset(a, 0, ACTIVATION_FRAMES * EXO_PAGE_SIZE);
	xo_activation_init(a, cpu, upcalls, xo_upcall_stack_bytes);
	cpus[cpu].fn = fn;
	cpus[cpu].arg = arg;
	cpus[cpu].begin = (struct xo_begin){
		.sp = (uint64_t)stack + MINI_STACK_PAGES * EXO_PAGE_SIZE,
		.activation = a,
		.fn = run,
		.arg = (void *)(uint64_t)cpu,
	};
	return xo_activation_start(&cpus[cpu].begin, EXO_SLOT_MEMORY, pfn, cpu, 0, SLICE_NS);
}

void mini_lock(struct mini_lock *lock)
{
	struct exo_activation *a = xo_self();
	const void *open = NULL;

	__atomic_fetch_add(&a->critical, 1, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&lock->owner, &open, a, false, __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED)) {
		open = NULL;
		__asm__ volatile("pause");
	}
}

void mini_unlock(struct mini_lock *lock)
{
	struct exo_activation *a = xo_self();

	__atomic_store_n(&lock->owner, NULL, __ATOMIC_RELEASE);
	if (__atomic_sub_fetch(&a->critical, 1, __ATOMIC_RELEASE) ||
	    !__atomic_load_n(&a->pending, __ATOMIC_ACQUIRE))
		return;
	__atomic_store_n(&a->pending, 0, __ATOMIC_RELEASE);
	mini_events_deliver();
}

extern char __tdata_start[] __attribute__((visibility("hidden")));
extern char __tdata_end[] __attribute__((visibility("hidden")));
extern char __tbss_end[] __attribute__((visibility("hidden")));
extern const uint64_t __tls_align __attribute__((visibility("hidden")));

void mini_locals_init(void)
{
	uint64_t bytes = (__tbss_end - __tdata_start + __tls_align - 1) & -__tls_align;
	uint64_t pages = bytes / EXO_PAGE_SIZE + 2;
	char *end;

	if (!bytes)
		return;
	end = mini_alloc(pages);
	if (!end)
		return;
	/* The variables end where FS points, at a page's begin and so aligned
	 * for all; the word there is its own address (System V ABI, TLS variant II). */
	end += (pages - 1) * EXO_PAGE_SIZE;
	memcpy(end - bytes, __tdata_start, __tdata_end - __tdata_start);
	*(void **)end = end;
	__asm__ volatile("wrfsbase %0" : : "r"(end));
}
