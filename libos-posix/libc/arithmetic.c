/* arithmetic.c - what an expression of a shell comes to: + - * / % and brackets.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <libc/arithmetic.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST 50

static const char *skip(const char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

static long sum(const char **p, bool *good, int depth);

static long factor(const char **p, bool *good, int depth)
{
	char sign, *end;
	long v;

	*p = skip(*p);
	sign = **p;
	if (depth > DEEPEST) {
		*good = false;
	} else if (sign == '-' || sign == '+') {
		++*p;
		v = factor(p, good, depth + 1);
		return sign == '-' ? (long)(0ul - (unsigned long)v) : v;
	} else if (sign == '(') {
		++*p;
		v = sum(p, good, depth + 1);
		*p = skip(*p);
		*good = *good && **p == ')';
		*p += *good;
		return v;
	} else if (isdigit((unsigned char)sign)) {
		v = strtol(*p, &end, 0);
		*p = end;
		return v;
	} else if (isalpha((unsigned char)sign) || sign == '_') {
		size_t n = strspn(
			*p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
		char *name = strndup(*p, n);
		const char *value = name ? getenv(name) : NULL;

		v = value ? strtol(value, NULL, 0) : 0;
		free(name);
		*p += n;
		return v;
	}
	*good = false;
	return 0;
}

static long product(const char **p, bool *good, int depth)
{
	unsigned long v = (unsigned long)factor(p, good, depth);

	for (*p = skip(*p); *good && **p && strchr("*/%", **p); *p = skip(*p)) {
		char how = *(*p)++;
		long by = factor(p, good, depth);

		if (how == '*')
			v *= (unsigned long)by;
		else if (!by)
			*good = false;
		else if (by == -1) /* the one that the processor may refuse */
			v = how == '/' ? 0 - v : 0;
		else
			v = (unsigned long)(how == '/' ? (long)v / by : (long)v % by);
	}
	return (long)v;
}

static long sum(const char **p, bool *good, int depth)
{
	unsigned long v = (unsigned long)product(p, good, depth);

	for (*p = skip(*p); *good && (**p == '+' || **p == '-'); *p = skip(*p)) {
		bool minus = *(*p)++ == '-';
		unsigned long by = (unsigned long)product(p, good, depth);

		v = minus ? v - by : v + by;
	}
	return (long)v;
}

bool px_arithmetic(const char *text, long *value)
{
	bool good = true;

	*value = sum(&text, &good, 0);
	return good && !*skip(text);
}
