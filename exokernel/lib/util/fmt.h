/* fmt.h - formatted text without a C library.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef UTIL_FMT_H
#define UTIL_FMT_H

#include <stdarg.h>
#include <stddef.h>

typedef void fmt_put(void *context, char c);

/* Format like printf(3), character by character through put: %% %c %s %d %i
 * %u %x %X %p, length l ll z (and none), flags - and 0, width and precision
 * (of %s) as digits or *.  An unknown conversion is written as it stands. */
void fmt_vprint(fmt_put *put, void *context, const char *format, va_list args);

/* The same into buf, always ended by a zero byte if size > 0.  Returns the
 * length the whole text would have. */
size_t fmt_vstring(char *buf, size_t size, const char *format, va_list args);
size_t fmt_string(char *buf, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
