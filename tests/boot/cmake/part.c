/* part.c - what is in the library.
 * SPDX-License-Identifier: BSD-2-Clause
 */
double part(double x);

double part(double x)
{
	return x * 2;
}
