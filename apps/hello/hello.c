/* hello.c - the first program: it prints its arguments.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/hello/hello.c --arg world --run
 *
 * RUN: one two
 */
#include <stdio.h>

int main(int argc, char **argv)
{
	printf("Hello, world!\n");
	for (int i = 1; i < argc; i++)
		printf("argument %d: %s\n", i, argv[i]);
	return 0;
}
