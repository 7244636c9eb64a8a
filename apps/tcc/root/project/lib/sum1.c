/* sum1.c - the sum of a table, times 1.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sum.h"

long sum1(const int *v, int n)
{
	long s = 0;

	while (n--)
		s += (long)v[n] * 1;
	return s;
}
