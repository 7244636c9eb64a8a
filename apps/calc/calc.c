/* calc.c - a calculator: reads expressions from the console, one a line, and prints their values.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/calc/calc.c -lm --run
 *
 *     2 * (3 + 4) ^ 2        numbers, + - * / % ^, parentheses
 *     r = sqrt(2)            names keep values; pi, e and "_", the last value, are there
 *     sin(pi / 6) + r
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
} functions[] = {{"sqrt", sqrt}, {"exp", exp}, {"ln", log},   {"log", log10},   {"sin", sin},
		 {"cos", cos},   {"tan", tan}, {"abs", fabs}, {"floor", floor}, {"round", round}};
enum { FUNCTIONS = sizeof(functions) / sizeof(functions[0]), NAMES = 64 };

static struct {
	char name[16];
	double value;
} names[NAMES] = {{"_", 0}, {"pi", 3.14159265358979323846}, {"e", 2.71828182845904523536}};

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

static double *variable(const char *name, int make)
{
	for (int i = 0; i < NAMES; i++) {
		if (make && !names[i].name[0])
			strcpy(names[i].name, name);
		if (strcmp(names[i].name, name) == 0)
			return &names[i].value;
	}
	fail(make ? "no room for more names" : "no such name");
	return NULL;
}

static void read_name(char name[16])
{
	size_t n = 0;

	while ((isalnum((unsigned char)*at) || *at == '_') && n < 15)
		name[n++] = *at++;
	name[n] = 0;
}

static double sum(void);

static double in_parentheses(void)
{
	double value;

	at++;
	value = sum();
	if (peek() != ')')
		fail("expected )");
	at++;
	return value;
}

static double atom(void)
{
	char c = peek(), name[16], *end;
	double value;

	if (c == '(')
		return in_parentheses();
	if (isalpha((unsigned char)c) || c == '_') {
		read_name(name);
		if (peek() != '(')
			return *variable(name, 0);
		for (int i = 0; i < FUNCTIONS; i++)
			if (strcmp(functions[i].name, name) == 0)
				return functions[i].call(in_parentheses());
		fail("no such function");
	}
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

	if (peek() == '-') {
		at++;
		return -power();
	}
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

/* NAME = SUM, or SUM alone, which is the value of "_". */
static void line(void)
{
	char name[16];
	double value;

	peek();
	read_name(name);
	if (!isalpha((unsigned char)name[0]) || peek() != '=') {
		at = start;
		strcpy(name, "_");
	} else {
		at++;
	}
	value = sum();
	if (peek())
		fail("expected an operator");
	*variable(name, 1) = value;
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
