/* fmt.c - formatted text without a C library.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <util/fmt.h>

/* Where the text goes, and one conversion's flags, width and precision (-1: none). */
struct spec {
	fmt_put *put;
	void *context;
	int left, zero, wide;
	long width, precision;
};

static void pad(const struct spec *f, char c, long n)
{
	while (n-- > 0)
		f->put(f->context, c);
}

/* Sign (or 0) and n bytes of text, filled up to the width. */
static void put_field(const struct spec *f, char sign, const char *text, long n)
{
	long rest = f->width - n - !!sign;

	if (!f->left && !f->zero)
		pad(f, ' ', rest);
	if (sign)
		f->put(f->context, sign);
	if (!f->left && f->zero)
		pad(f, '0', rest);
	while (n-- > 0)
		f->put(f->context, *text++);
	if (f->left)
		pad(f, ' ', rest);
}

static void put_text(const struct spec *f, const char *s)
{
	long n = 0;

	if (!s)
		s = "(null)";
	while ((f->precision < 0 || n < f->precision) && s[n])
		n++;
	put_field(f, 0, s, n);
}

static void put_number(const struct spec *f, char letter, unsigned long v)
{
	const char *digits = letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	int negative = (letter == 'd' || letter == 'i') && (long)v < 0;
	unsigned base = letter == 'd' || letter == 'i' || letter == 'u' ? 10 : 16;
	char buf[24], *p = buf + sizeof(buf);

	v = negative ? -v : v;
	do
		*--p = digits[v % base];
	while (v /= base);
	if (letter == 'p') {
		*--p = 'x';
		*--p = '0';
	}
	put_field(f, negative ? '-' : 0, p, buf + sizeof(buf) - p);
}

/* Each argument fills eight bytes of its own, whatever its type (System V ABI for x86-64, section
 * 3.5.7); of a narrower one the rest is undefined.  One copy of this code, since it is long. */
static unsigned long __attribute__((noinline)) next(va_list *args)
{
	return va_arg(*args, unsigned long);
}

static const char *__attribute__((noinline)) get_count(const char *s, va_list *args, long *count)
{
	*count = 0;
	if (*s == '*') {
		*count = (int)next(args);
		return s + 1;
	}
	while (*s >= '0' && *s <= '9')
		*count = *count * 10 + (*s++ - '0');
	return s;
}

/* What stands between % and the conversion letter; returns where that is. */
static const char *get_spec(const char *s, va_list *args, struct spec *f)
{
	f->left = f->zero = f->wide = 0;
	f->precision = -1;
	for (; *s == '-' || *s == '0'; s++)
		*(*s == '-' ? &f->left : &f->zero) = 1;
	s = get_count(s, args, &f->width);
	if (f->width < 0) {
		f->left = 1;
		f->width = -f->width;
	}
	if (*s == '.')
		s = get_count(s + 1, args, &f->precision);
	for (; *s == 'l' || *s == 'z'; s++)
		f->wide = 1;
	return s;
}

/* Write one conversion; 0 if it is unknown. */
static int convert(const struct spec *f, char letter, va_list *args)
{
	unsigned long v;
	char c;

	switch (letter) {
	case '%':
		f->put(f->context, letter);
		return 1;
	case 'c':
		c = (char)next(args);
		put_field(f, 0, &c, 1);
		return 1;
	case 's':
		put_text(f, (const char *)next(args));
		return 1;
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'p':
		v = next(args);
		if (!f->wide && letter != 'p')
			v = letter == 'd' || letter == 'i' ? (unsigned long)(int)v : (unsigned)v;
		put_number(f, letter, v);
		return 1;
	}
	return 0;
}

void fmt_vprint(fmt_put *put, void *context, const char *format, va_list args)
{
	struct spec f = {.put = put, .context = context};
	const char *s;
	va_list ap;

	/* a va_list parameter may be an array that decayed: &args would not be a va_list * */
	va_copy(ap, args);
	for (; *format; format++) {
		if (*format != '%') {
			put(context, *format);
			continue;
		}
		s = get_spec(format + 1, &ap, &f);
		if (*s && convert(&f, *s, &ap))
			format = s;
		else
			put(context, '%');
	}
	va_end(ap);
}
