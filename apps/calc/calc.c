/* calc.c - a calculator: reads expressions from the console, one a line, and prints their values.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/calc/calc.c -lm --run        and then, on the console: 2 * (3 + 4) ^ 2
 *
 * It knows numbers, + - * / % ^, parentheses, functions like sqrt(2), pi, e, and _, the last value.
 *
 * RUN: < input
 */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	double (*call)(double);
} functions[] = {{"sqrt", sqrt},   {"exp", exp},   {"ln", log},     {"log", log10},
		 {"sin", sin},     {"cos", cos},   {"tan", tan},    {"abs", fabs},
		 {"floor", floor}, {"ceil", ceil}, {"round", round}};

static struct {
	const char *name;
	double value;
} names[] = {{"_", 0}, {"pi", 3.14159265358979323846}, {"e", 2.71828182845904523536}};

static const char *start, *at; /* the line, and where reading it has come to */
static jmp_buf wrong;

static void fail(const char *why)
{
	printf("%*s^ %s\n", (int)(at - start), "", why);
	longjmp(wrong, 1);
}

static char peek(void)
{
	while (isspace((unsigned char)*at))
		at++;
	return *at;
}

static double sum(void);

static double parentheses(void)
{
	double value;

	if (peek() != '(')
		fail("expected (");
	at++;
	value = sum();
	if (peek() != ')')
		fail("expected )");
	at++;
	return value;
}

static double named(void)
{
	const char *name = at;
	size_t n;

	while (isalnum((unsigned char)*at) || *at == '_')
		at++;
	n = (size_t)(at - name);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == n && memcmp(names[i].name, name, n) == 0)
			return names[i].value;
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (strlen(functions[i].name) == n && memcmp(functions[i].name, name, n) == 0)
			return functions[i].call(parentheses());
	at = name;
	fail("no such name");
	return 0;
}

static double atom(void)
{
	char c = peek(), *end;
	double value;

	if (c == '(')
		return parentheses();
	if (isalpha((unsigned char)c) || c == '_')
		return named();
	value = strtod(at, &end);
	if (end == at)
		fail("expected a number");
	at = end;
	return value;
}

/* ^ binds more than a sign before it, and from the right. */
static double power(void)
{
	double value;

	if (peek() == '-')
		return at++, -power();
	value = atom();
	return peek() == '^' ? (at++, pow(value, power())) : value;
}

static double product(void)
{
	double value = power(), right;

	for (char op; (op = peek()) && strchr("*/%", op);) {
		at++;
		right = power();
		if (op != '*' && right == 0)
			fail("division by zero");
		value = op == '*' ? value * right : op == '/' ? value / right : fmod(value, right);
	}
	return value;
}

static double sum(void)
{
	double value = product();

	for (char op; (op = peek()) == '+' || op == '-';) {
		at++;
		value = op == '+' ? value + product() : value - product();
	}
	return value;
}

static void line(void)
{
	double value = sum();

	if (peek())
		fail("expected an operator");
	names[0].value = value;
	printf("%.12g\n", value);
}

int main(void)
{
	static char text[512];

	while (fgets(text, sizeof(text), stdin)) {
		start = at = text;
		if (peek() && *at != '#' && !setjmp(wrong))
			line();
	}
	return 0;
}
