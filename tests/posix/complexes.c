/* complexes.c - complex functions of long double.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <complex.h>
#include <signal.h>
#include <stdio.h>

int main(void)
{
	volatile long double complex z = 1.0L + 2.0L * I;
	long double complex r[] = {cacoshl(z), cacosl(z), casinhl(z), catanhl(z),  ccoshl(z),
				   ccosl(z),   cexpl(z),  conjl(z),   cpowl(z, z), cprojl(z),
				   csinhl(z),  csinl(z),  ctanhl(z),  ctanl(z)};
	siginfo_t info = {.si_signo = SIGUSR1};

	for (unsigned int i = 0; i < sizeof(r) / sizeof(r[0]); i++)
		printf("%u %.12Lg %.12Lg\n", i, creall(r[i]), cimagl(r[i]));
	psiginfo(&info, "signal");
	return 0;
}
