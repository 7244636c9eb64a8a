/* cpu.c - further CPUs, locks between them, and what each has for itself.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Activation n runs on the n-th CPU that the program was given, in the slot that is its there.
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/cpu.h>
#include <libexo/start.h>
#include <libexo/string.h>
#include <libexo/upcall.h>
#include <mini/cpu.h>
#include <mini/fault.h>
#include <mini/frames.h>
#include <mini/pages.h>

#define ACTIVATION_FRAMES 2

/* What an activation begins with. */
static struct {
	struct xo_begin begin;
	void (*fn)(void *);
	void *arg;
} begins[EXO_CPU_MAX];

uint32_t mini_cpus(void)
{
	return xo_cpus();
}

uint32_t mini_cpu(void)
{
	return xo_self()->index;
}

static void run(void *index)
{
	uint64_t i = (uint64_t)index;

	mini_locals_init();
	begins[i].fn(begins[i].arg);
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

long mini_activation(uint32_t index, void (*fn)(void *), void *arg, uint64_t stack_pages)
{
	uint64_t upcall_pages = EXO_FRAME_DEPTH * xo_upcall_stack_bytes / EXO_PAGE_SIZE;
	struct exo_activation *a;
	char *stacks;
	exo_pfn_t pfn;
	long r;

	if (!index || index >= EXO_CPU_MAX || begins[index].fn)
		return -EXO_E_INVAL;
	pfn = mini_frames_take(&(struct mini_want){.count = ACTIVATION_FRAMES});
	a = (struct exo_activation *)mini_va(ACTIVATION_FRAMES);
	stacks = mini_alloc(upcall_pages + stack_pages);
	if (!pfn || !stacks)
		return -EXO_E_LIMIT;
	r = mini_map_pages((exo_va_t)a, pfn, ACTIVATION_FRAMES, EXO_PROT_READ | EXO_PROT_WRITE);
	if (r)
		return r;
	memset(a, 0, ACTIVATION_FRAMES * EXO_PAGE_SIZE);
	xo_activation_init(a, index, stacks, xo_upcall_stack_bytes);
	begins[index].fn = fn;
	begins[index].arg = arg;
	begins[index].begin = (struct xo_begin){
		.sp = (uint64_t)stacks + (upcall_pages + stack_pages) * EXO_PAGE_SIZE,
		.activation = a,
		.fn = run,
		.arg = (void *)(uint64_t)index,
	};
	return exo_activation_bind(EXO_SLOT_NONE, index, EXO_SLOT_MEMORY, pfn,
				   (uint64_t)&begins[index].begin);
}

long mini_start_cpu(uint32_t cpu, void (*fn)(void *), void *arg)
{
	long r = -EXO_E_INVAL;

	if (cpu < mini_cpus())
		r = mini_activation(cpu, fn, arg, MINI_STACK_PAGES);
	return r ? r : xo_cpu_bind(cpu, EXO_SLOT_NONE, cpu);
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
