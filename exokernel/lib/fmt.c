/* fmt.c - formatted text without a C library.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <util/fmt.h>

struct output {
	fmt_put *put;
	void *context;
};

/* One conversion's flags, width and precision (-1: none). */
struct spec {
	int left, zero, wide;
	long width, precision;
};

static void pad(const struct output *o, char c, long n)
{
	while (n-- > 0)
		o->put(o->context, c);
}

static void put_text(const struct output *o, const struct spec *f, const char *s)
{
	long n = 0;

	if (!s)
		s = "(null)";
	while ((f->precision < 0 || n < f->precision) && s[n])
		n++;
	pad(o, ' ', f->left ? 0 : f->width - n);
	for (long i = 0; i < n; i++)
		o->put(o->context, s[i]);
	pad(o, ' ', f->left ? f->width - n : 0);
}

static void put_number(const struct output *o, const struct spec *f, const char *prefix,
		       unsigned long v, unsigned base, const char *digits)
{
	char buf[24];
	long n = 0, rest = f->width;

	do
		buf[n++] = digits[v % base];
	while (v /= base);
	rest -= n;
	for (const char *s = prefix; *s; s++)
		rest--;
	if (!f->left && !f->zero)
		pad(o, ' ', rest);
	while (*prefix)
		o->put(o->context, *prefix++);
	if (!f->left && f->zero)
		pad(o, '0', rest);
	while (n > 0)
		o->put(o->context, buf[--n]);
	pad(o, ' ', f->left ? rest : 0);
}

static const char *get_count(const char *s, va_list *args, long *count)
{
	*count = 0;
	if (*s == '*') {
		*count = va_arg(*args, int);
		return s + 1;
	}
	while (*s >= '0' && *s <= '9')
		*count = *count * 10 + (*s++ - '0');
	return s;
}

/* What stands between % and the conversion letter; returns where that is. */
static const char *get_spec(const char *s, va_list *args, struct spec *f)
{
	*f = (struct spec){.precision = -1};
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
static int convert(const struct output *o, const struct spec *f, char letter, va_list *args)
{
	static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	long v;

	switch (letter) {
	case '%':
		o->put(o->context, '%');
		return 1;
	case 'c':
		pad(o, ' ', f->left ? 0 : f->width - 1);
		o->put(o->context, (char)va_arg(*args, int));
		pad(o, ' ', f->left ? f->width - 1 : 0);
		return 1;
	case 's':
		put_text(o, f, va_arg(*args, const char *));
		return 1;
	case 'd':
	case 'i':
		v = f->wide ? va_arg(*args, long) : va_arg(*args, int);
		put_number(o, f, v < 0 ? "-" : "",
			   v < 0 ? 0ul - (unsigned long)v : (unsigned long)v, 10, lower);
		return 1;
	case 'u':
	case 'x':
	case 'X':
		v = f->wide ? va_arg(*args, long) : (long)va_arg(*args, unsigned);
		put_number(o, f, "", (unsigned long)v, letter == 'u' ? 10 : 16,
			   letter == 'X' ? upper : lower);
		return 1;
	case 'p':
		put_number(o, f, "0x", (unsigned long)va_arg(*args, void *), 16, lower);
		return 1;
	}
	return 0;
}

void fmt_vprint(fmt_put *put, void *context, const char *format, va_list args)
{
	struct output o = {put, context};
	struct spec f;
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
		if (*s && convert(&o, &f, *s, &ap))
			format = s;
		else
			put(context, '%');
	}
	va_end(ap);
}

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
