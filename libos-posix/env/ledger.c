/* ledger.c - what the steward asks back (libexo/ledger.h).
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * In the environment that has the image's CPUs.  Slices are shortened at once, and may grow again;
 * what lies in memory on loan is moved, or lost (vm/loan.c), and then all of it is given back by
 * saying so.
 */
#include <env/arena.h>
#include <env/wait.h>
#include <exo/cap.h>
#include <libexo/cpu.h>
#include <libexo/ledger.h>
#include <libexo/start.h>
#include <vm/loan.h>

void px_ledger_look(void)
{
	uint64_t present = px_arena->sched.present | 1;
	struct xo_ledger_request r;
	bool asked = xo_ledger_asked(&r);

	xo_ledger_slices();
	for (uint32_t n = 0; n < xo_cpus(); n++)
		if (present >> n & 1)
			xo_cpu_bind(n, EXO_SLOT_NONE, n);
	if (asked && r.kind == XO_LEDGER_FRAMES && px_loan_back)
		px_loan_back(r.deadline);
	if (asked)
		xo_ledger_answer(&r);
}
