/* console.h - text out, bytes in.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MINI_CONSOLE_H
#define MINI_CONSOLE_H

#include <stddef.h>

/* Like printf(3), with what util/fmt.h knows.  One call's text stays together,
 * whatever other CPUs print. */
void mini_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Write n bytes. */
void mini_write(const void *data, size_t n);

/* Read at least one and at most n typed bytes, sleeping until there are some.
 * Only on CPU 0: that is where the console's events go. */
size_t mini_read(void *data, size_t n);

/* The text of an error -EXO_E_name that a call returned. */
const char *mini_error(long error);

#endif
