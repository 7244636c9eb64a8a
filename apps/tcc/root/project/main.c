/* main.c - what the library says of the table.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sum.h"
#include "table.h"
#include <stdio.h>
#define N (sizeof(table) / sizeof(table[0]))
int main(void)
{
	printf("%ld %ld %ld\n", sum1(table, N), sum3(table, N), sum6(table, N));
	return 0;
}
