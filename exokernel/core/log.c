/* log.c - kernel messages and panic.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/log.h>
#include <core/power.h>
#include <util/fmt.h>
#include <x86_64/cpu.h>
#include <x86_64/serial.h>

#define CHANNEL 0xe9

bool log_channel;

static void put(void *context, char c)
{
	(void)context;
	log_channel ? outb(CHANNEL, c) : serial_put(c);
}

static void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fmt_vprint(put, NULL, format, args);
	va_end(args);
}

void log_line(const char *kind, const char *format, ...)
{
	va_list args;

	print(log_channel ? "exo: %s " : "exokernel: %s ", kind);
	va_start(args, format);
	fmt_vprint(put, NULL, format, args);
	va_end(args);
	print("\n");
}

static void print_registers(const struct trap *t)
{
	print("  trap %lu code %lx rip %lx rsp %lx rflags %lx cr2 %lx\n"
	      "  rax rbx rcx rdx rsi rdi rbp r8 ... r15:\n",
	      t->kind, t->code, t->rip, t->rsp, t->rflags, read_cr2());
	for (const uint64_t *r = &t->rax; r <= &t->r15; r++)
		print(" %016lx%s", *r, (r - &t->rax) % 5 == 4 ? "\n" : "");
}

void panic(const struct trap *t, const char *format, ...)
{
	const uint64_t *bp = __builtin_frame_address(0);
	va_list args;

	va_start(args, format);
	print(log_channel ? "exo: panic CPU %u: " : "exokernel: panic, CPU %u: ",
	      this_cpu()->number);
	fmt_vprint(put, NULL, format, args);
	print("\n");
	va_end(args);
	if (t) {
		print_registers(t);
		log_line("pc", "%lx", t->rip);
		bp = (const uint64_t *)t->rbp;
	}
	while ((uint64_t)bp / CPU_AREA_BYTES == (uint64_t)this_cpu() / CPU_AREA_BYTES &&
	       (uint64_t)bp % 8 == 0 && bp[1] >= KERNEL_VIRT) {
		log_line("pc", "%lx", bp[1] - 1);
		if (bp[0] <= (uint64_t)bp)
			break;
		bp = (const uint64_t *)bp[0];
	}
	power_off();
}
