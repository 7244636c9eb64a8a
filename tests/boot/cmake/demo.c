/* demo.c - says what CMake found.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <math.h>
#include <stdio.h>

double part(double x);

int main(void)
{
	printf("%d %d %d %d %g\n", HAVE_STRDUP, HAVE_NO_SUCH, HAVE_UNISTD_H, HAVE_WINDOWS_H,
	       part(sqrt(2)));
	return 3;
}
