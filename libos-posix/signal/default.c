/* default.c - what signals do that have no handler.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/process.h>
#include <libexo/crash.h>
#include <signal/signals.h>
#include <util/fmt.h>

/* Those that Linux would write a core file for. */
#define CRASHES                                                                                    \
	(PX_SIG_FAULTS | PX_SIG(SIGABRT) | PX_SIG(SIGQUIT) | PX_SIG(SIGXCPU) | PX_SIG(SIGXFSZ))

void px_signal_end(int number, const struct exo_frame *f)
{
	char text[32];

	if (!(PX_SIG(number) & CRASHES))
		px_stop_by(number);
	if (!f)
		px_crash(number);
	px_print(text, fmt_string(text, sizeof(text), "crash: signal %d\n", number));
	xo_crash_report(f, px_print);
	px_stop_by(number);
}

/* Nobody could let the only process go on. */
void px_signal_stop(int number)
{
	(void)number;
}
