/* json.c - reads JSON and prints it indented, or says where it is wrong.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/json/json.c --rootfs apps/json/root --arg menu.json --run
 *
 * RUN: menu.json
 * RUN: wrong.json
 * RUN: < root/menu.json
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text, *at;
enum { DEEPEST = 100 };

static void fail(const char *why)
{
	int line = 1;
	char *begin = text;

	for (char *p = text; p < at; p++)
		if (*p == '\n') {
			line++;
			begin = p + 1;
		}
	fflush(stdout);
	fprintf(stderr, "\n%d:%d: %s\n", line, (int)(at - begin) + 1, why);
	exit(1);
}

static char peek(void)
{
	at += strspn(at, " \t\r\n");
	return *at;
}

static void expect(char c, const char *why)
{
	if (peek() != c)
		fail(why);
	at++;
}

static void new_line(int depth)
{
	printf("\n%*s", depth * 2, "");
}

static void string(void)
{
	char *begin = at;

	expect('"', "expected a string");
	for (; *at != '"'; at++) {
		if ((unsigned char)*at < ' ')
			fail("a string does not end");
		if (*at == '\\' && !strchr("\"\\/bfnrtu", *++at))
			fail("no such escape");
		if (*at == 'u' && at[-1] == '\\' && strspn(at + 1, "0123456789abcdefABCDEF") < 4)
			fail("\\u wants four digits");
	}
	at++;
	printf("%.*s", (int)(at - begin), begin);
}

/* Printed as it was written: not every number is a double. */
static void number(void)
{
	char *end = at;

	strtod(at, &end);
	if (end == at || !(isdigit((unsigned char)*at) || *at == '-'))
		fail("expected a value");
	printf("%.*s", (int)(end - at), at);
	at = end;
}

static void value(int depth);

/* An object's members or an array's: the same, but for the names. */
static void list(int depth, char close)
{
	int count = 0;

	putchar(*at++);
	while (peek() != close) {
		if (count++) {
			expect(',', close == '}' ? "expected , or }" : "expected , or ]");
			putchar(',');
		}
		new_line(depth + 1);
		if (close == '}') {
			peek();
			string();
			expect(':', "expected :");
			printf(": ");
		}
		value(depth + 1);
	}
	at++;
	if (count)
		new_line(depth);
	putchar(close);
}

static void value(int depth)
{
	static const char *const words[] = {"true", "false", "null"};
	char c = peek();

	if (depth > DEEPEST)
		fail("too deep");
	for (int i = 0; i < 3; i++)
		if (strncmp(at, words[i], strlen(words[i])) == 0) {
			at += strlen(words[i]);
			printf("%s", words[i]);
			return;
		}
	if (c == '{' || c == '[')
		list(depth, c == '{' ? '}' : ']');
	else if (c == '"')
		string();
	else
		number();
}

int main(int argc, char **argv)
{
	FILE *f = argc > 1 ? fopen(argv[1], "r") : stdin;
	size_t size = 0;

	if (!f || getdelim(&text, &size, 0, f) < 0) {
		perror(argc > 1 ? argv[1] : "json");
		return 1;
	}
	at = text;
	value(0);
	if (peek())
		fail("more than one value");
	printf("\n");
	return 0;
}
