/* sum2.c - the sum of a table, times 2.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sum.h"

long sum2(const int *v, int n)
{
	long s = 0;

	while (n--)
		s += (long)v[n] * 2;
	return s;
}
