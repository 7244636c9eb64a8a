/* scanf.c - formatted input: musl's reader on newlib's streams, and on strings.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <libc/scan.h>
#include <stdarg.h>
#include <stdio.h>

int __px_scan(struct px_scan *restrict, const char *restrict, va_list);

int vfscanf(FILE *restrict f, const char *restrict format, va_list args)
{
	struct px_scan s = {.file = f, .rpos = f};
	int r;

	flockfile(f);
	r = __px_scan(&s, format, args);
	funlockfile(f);
	return r;
}

int vsscanf(const char *restrict text, const char *restrict format, va_list args)
{
	struct px_scan s = {.at = text, .rpos = text};

	return __px_scan(&s, format, args);
}

int vscanf(const char *restrict format, va_list args)
{
	return vfscanf(stdin, format, args);
}

int fscanf(FILE *restrict f, const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = vfscanf(f, format, args);
	va_end(args);
	return r;
}

int scanf(const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = vfscanf(stdin, format, args);
	va_end(args);
	return r;
}

int sscanf(const char *restrict text, const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = vsscanf(text, format, args);
	va_end(args);
	return r;
}
