/* abort.c - the end by SIGABRT.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/process.h>
#include <libexo/crash.h>
#include <signal.h>
#include <signal/signals.h>
#include <stdlib.h>
#include <util/fmt.h>

void px_crash(int number)
{
	struct exo_frame f = {.kind = 0};
	char text[32];

	px_print(text, fmt_string(text, sizeof(text), "crash: signal %d\n", number));
	__asm__("lea 0(%%rip), %0" : "=r"(f.rip));
	f.rbp = (uintptr_t)__builtin_frame_address(0);
	f.rsp = f.rbp;
	f.addr = f.rip;
	xo_crash_report(&f, px_print);
	px_stop_by(number);
}

void abort(void)
{
	if (px_signal_abort)
		px_signal_abort();
	px_crash(SIGABRT);
}
