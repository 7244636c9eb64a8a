/* event.c - time, sleep and event bits.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <mini/event.h>

exo_ns_t mini_now(void)
{
	return xo_now();
}

uint64_t mini_wall_ns(void)
{
	return xo_wall_ns();
}

void mini_sleep(exo_ns_t ns)
{
	exo_ns_t end = xo_now() + ns;

	while (xo_now() < end)
		exo_sleep(0, end, EXO_SLOT_NONE, 0);
}

uint64_t mini_wait(uint64_t mask, exo_ns_t deadline)
{
	struct exo_activation *a = xo_self();
	uint64_t bits;

	while (!(bits = xo_events_take(a, mask)))
		if (exo_sleep(mask, deadline, EXO_SLOT_NONE, 0) == 0 && deadline &&
		    xo_now() >= deadline)
			break;
	return bits;
}

long mini_notify(uint32_t cpu, uint64_t bits)
{
	return exo_notify(EXO_SLOT_NONE, cpu, bits);
}
