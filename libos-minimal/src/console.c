/* console.c - formatted output, and input that waits.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/error.h>
#include <libexo/console.h>
#include <mini/console.h>
#include <mini/cpu.h>
#include <mini/event.h>
#include <util/fmt.h>

static struct mini_lock lock;

/* Text on its way to the ring, so that not each character is a call. */
struct line {
	size_t n;
	char text[240];
};

static void put(void *context, char c)
{
	struct line *l = context;

	l->text[l->n++] = c;
	if (l->n == sizeof(l->text)) {
		xo_console_write(l->text, l->n);
		l->n = 0;
	}
}

void mini_printf(const char *format, ...)
{
	struct line line;
	va_list args;

	line.n = 0;
	va_start(args, format);
	mini_lock(&lock);
	fmt_vprint(put, &line, format, args);
	xo_console_write(line.text, line.n);
	mini_unlock(&lock);
	va_end(args);
}

void mini_write(const void *data, size_t n)
{
	mini_lock(&lock);
	xo_console_write(data, n);
	mini_unlock(&lock);
}

size_t mini_read(void *data, size_t n)
{
	size_t got;

	while (!(got = xo_console_read(data, n)) && n)
		mini_wait(EXO_EVENT_CONSOLE_IN, 0);
	return got;
}

const char *mini_error(long error)
{
	switch (-error) {
#define EXO_ERROR(name, value, text)                                                               \
	case value:                                                                                \
		return text;
#include <exo/error.def>
#undef EXO_ERROR
	}
	return "no error";
}
