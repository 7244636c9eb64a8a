/* arithmetic.h - what an expression of a shell comes to.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_ARITHMETIC_H
#define PX_ARITHMETIC_H

#include <stdbool.h>

/* False: it is none, or divides by 0. */
bool px_arithmetic(const char *text, long *value);

#endif
