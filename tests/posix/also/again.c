/* again.c - a program that begins itself again and again.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argc;
	execv(argv[0], argv);
	return 9;
}
