/* sum.h - sums of a table.
 * SPDX-License-Identifier: BSD-2-Clause
 */
long sum1(const int *v, int n);
long sum2(const int *v, int n);
long sum3(const int *v, int n);
long sum4(const int *v, int n);
long sum5(const int *v, int n);
long sum6(const int *v, int n);
