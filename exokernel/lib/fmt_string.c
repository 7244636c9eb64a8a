/* fmt_string.c - formatted text into memory.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <util/fmt.h>

struct string {
	char *buf;
	size_t size, length;
};

static void put_string(void *context, char c)
{
	struct string *s = context;

	if (s->length + 1 < s->size)
		s->buf[s->length] = c;
	s->length++;
}

size_t fmt_vstring(char *buf, size_t size, const char *format, va_list args)
{
	struct string s = {buf, size, 0};

	fmt_vprint(put_string, &s, format, args);
	if (size > 0)
		buf[s.length < size ? s.length : size - 1] = 0;
	return s.length;
}

size_t fmt_string(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	size_t n;

	va_start(args, format);
	n = fmt_vstring(buf, size, format, args);
	va_end(args);
	return n;
}
