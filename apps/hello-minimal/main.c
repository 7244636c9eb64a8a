/* main.c - hello on libos-minimal.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The smallest program worth the name: it prints its arguments and ends.
 */
#include <mini/mini.h>

int main(int argc, char **argv)
{
	mini_printf("hello from libos-minimal\n");
	for (int i = 1; i < argc; i++)
		mini_printf("argument %d: %s\n", i, argv[i]);
	return 0;
}
