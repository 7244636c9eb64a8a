/* sum3.c - the sum of a table, times 3.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sum.h"

long sum3(const int *v, int n)
{
	long s = 0;

	while (n--)
		s += (long)v[n] * 3;
	return s;
}
