/* assert.c - words a program ends with, as on Linux.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <assert.h>
#include <env/process.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char *program_invocation_short_name;
void __stack_chk_fail(void);

void __assert_func(const char *file, int line, const char *function, const char *text)
{
	fprintf(stderr, "%s: %s:%d: %s%sAssertion `%s' failed.\n", program_invocation_short_name,
		file, line, function ? function : "", function ? ": " : "", text);
	fflush(stderr);
	abort();
}

void __assert(const char *file, int line, const char *text)
{
	__assert_func(file, line, NULL, text);
}

/* Nothing of the broken stack is trusted: no stdio, no handlers. */
_Noreturn void __stack_chk_fail(void)
{
	static const char text[] = "*** stack smashing detected ***: terminated\n";

	px_print(text, sizeof(text) - 1);
	px_stop(128 + SIGABRT);
}
