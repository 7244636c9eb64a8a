/* corners.c - what other people's test programs found: corners of the library, each once wrong.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdio.h>

static jmp_buf env;

static void jumps(void)
{
	static volatile int last = -1;
	int value = setjmp(env);

	printf("setjmp %d after %d\n", value, last);
	last++;
	if (last < 4)
		longjmp(env, last); /* 0 is 1 */
}

int main(void)
{
	jumps();
	return 0;
}
