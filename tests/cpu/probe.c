/* probe.c - print what the kernel found out about the machine: devices, time.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/console.h>
#include <libexo/map.h>
#include <libexo/start.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <stddef.h>
#include <util/fmt.h>

#define LOOKS       20000
#define STACK_BYTES 4096
#define SLICE_NS    1000000
#define ACT_VA      0x600000000000

static char stacks[EXO_CPU_MAX][STACK_BYTES] __attribute__((aligned(64)));
static struct xo_begin begins[EXO_CPU_MAX];
static exo_pfn_t next_frame;

/* The latest time any CPU has seen, and how often one of them saw an earlier one after that. */
static exo_ns_t latest;
static uint32_t backward, finished;

static void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void print(const char *format, ...)
{
	char line[128];
	va_list args;
	size_t n;

	va_start(args, format);
	n = fmt_vstring(line, sizeof(line), format, args);
	va_end(args);
	xo_console_write(line, n < sizeof(line) ? n : sizeof(line) - 1);
}

static _Noreturn void end(uint32_t status)
{
	xo_console_flush();
	exo_env_stop(EXO_SLOT_NONE, status);
	__builtin_trap();
}

void exo_upcall(struct exo_frame *f, uint64_t kind, uint64_t addr)
{
	print("upcall %lu at %lx: %lx\n", kind, f->rip, addr);
	end(1);
}

static void look(void)
{
	for (int i = 0; i < LOOKS; i++) {
		exo_ns_t before = __atomic_load_n(&latest, __ATOMIC_SEQ_CST), now = xo_now();

		if (now < before)
			__atomic_fetch_add(&backward, 1, __ATOMIC_SEQ_CST);
		while (now > before &&
		       !__atomic_compare_exchange_n(&latest, &before, now, false, __ATOMIC_SEQ_CST,
						    __ATOMIC_SEQ_CST))
			;
	}
	__atomic_fetch_add(&finished, 1, __ATOMIC_SEQ_CST);
}

static void look_and_sleep(void *arg)
{
	(void)arg;
	look();
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

static exo_pfn_t new_frame(void *context)
{
	(void)context;
	if (exo_frame_alloc(EXO_SLOT_MEMORY, next_frame, 1) != 1)
		return 0;
	return next_frame++;
}

static void give_frame(void *context, exo_pfn_t pfn)
{
	(void)context;
	exo_frame_free(EXO_SLOT_MEMORY, pfn, 1);
}

/* Let CPU n look at the clock too. */
static long start_cpu(uint32_t n)
{
	const struct xo_space space = {
		.tables = {.next = new_frame, .give = give_frame, .cap = EXO_SLOT_MEMORY}};
	exo_va_t va = ACT_VA + 2 * n * EXO_PAGE_SIZE;
	exo_pfn_t pfn = new_frame(NULL);
	long r;

	if (!pfn || !new_frame(NULL))
		return -1;
	r = xo_map_run(&space, va, pfn, 2, EXO_PROT_READ | EXO_PROT_WRITE, EXO_SLOT_MEMORY);
	if (r)
		return r;
	begins[n] = (struct xo_begin){.sp = (uint64_t)stacks[n] + STACK_BYTES,
				      .activation = (struct exo_activation *)va,
				      .fn = look_and_sleep};
	xo_activation_init(begins[n].activation, n, stacks[n] + STACK_BYTES, 0);
	return xo_activation_start(&begins[n], EXO_SLOT_MEMORY, pfn, n, 0, SLICE_NS);
}

static void clocks(void)
{
	const struct exo_extent *most = &xo_start->ram[0];

	for (uint32_t i = 1; i < xo_start->ram_count; i++)
		if (xo_start->ram[i].count > most->count)
			most = &xo_start->ram[i];
	next_frame = most->first;
	for (uint32_t n = 1; n < xo_info->cpus; n++)
		if (start_cpu(n)) {
			print("CPU %u does not start\n", n);
			end(1);
		}
	look();
	while (__atomic_load_n(&finished, __ATOMIC_SEQ_CST) < xo_info->cpus)
		__asm__ volatile("pause");
	print("clock cpus %u backward %u\n", xo_info->cpus, backward);
}

void exo_main(struct exo_start *start)
{
	(void)start;
	print("wall %lu\n", xo_wall_ns() / 1000000000);
	for (uint32_t i = 0; i < xo_info->devices; i++) {
		const struct exo_device *d = &xo_info->device[i];

		print("device kind %u id %u address %lx irq %u version %u\n", d->kind, d->id,
		      d->address, d->irq, d->version);
	}
	clocks();
	end(0);
}
