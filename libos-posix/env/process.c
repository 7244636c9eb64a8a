/* process.c - ending, waiting, complaining.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/process.h>
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/console.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <string.h>
#include <unistd.h>

static exo_ns_t waited;

void px_print(const void *text, size_t n)
{
	xo_console_write(text, n);
}

static void sentence(const char *a, const char *b)
{
	static const char head[] = "libos-posix: ";

	px_print(head, sizeof(head) - 1);
	px_print(a, strlen(a));
	px_print(b, strlen(b));
	px_print("\n", 1);
}

void px_missing_line(const char *what)
{
	sentence(what, " is not available (ENOSYS)");
}

_Noreturn void px_stop(int status)
{
	xo_console_flush();
	for (;;)
		exo_env_stop(EXO_SLOT_NONE, (uint32_t)status & 0xff);
}

_Noreturn void px_die(const char *why)
{
	sentence(why, "");
	px_stop(127);
}

_Noreturn void _exit(int status)
{
	px_stop(status);
}

uint64_t px_wait(uint64_t mask, exo_ns_t deadline)
{
	exo_ns_t from = xo_now();

	exo_sleep(mask, deadline);
	waited += xo_now() - from;
	return xo_events_take(xo_self(), mask);
}

exo_ns_t px_waited(void)
{
	return waited;
}
