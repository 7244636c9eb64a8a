/* default.c - the end by a signal.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/process.h>
#include <libexo/crash.h>
#include <signal/signals.h>
#include <util/fmt.h>

/* Those that Linux would write a core file for. */
#define CRASHES                                                                                    \
	(PX_SIG_FAULTS | PX_SIG(SIGABRT) | PX_SIG(SIGQUIT) | PX_SIG(SIGXCPU) | PX_SIG(SIGXFSZ))

/* process/exit.c: let f go on with the end of its process.  False: it is the first, or the only. */
extern bool px_process_crash(struct exo_frame *f, int signal) PX_SIGNALS_IF_USED;

void px_signal_end(int number)
{
	if (PX_SIG(number) & (px_guest ? PX_SIG(SIGABRT) : CRASHES))
		px_crash(number); /* of other processes, where they crash themselves */
	px_stop_by(number);
}

/* The kind of an upcall says nothing of the reason. */
static void report(int number, const struct exo_frame *f)
{
	struct exo_frame where = *f;
	char text[32];

	where.kind = 0;
	px_print(text, fmt_string(text, sizeof(text), "crash: signal %d\n", number));
	xo_crash_report(&where, px_print);
}

void px_signal_end_at(int number, struct exo_frame *f)
{
	if (PX_SIG(number) & CRASHES)
		report(number, f);
	if (!px_process_crash || !px_process_crash(f, number))
		px_stop_by(number);
}
