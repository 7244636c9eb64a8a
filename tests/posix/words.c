/* words.c - words as a shell reads them: wordexp().
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: shared
 * ALSO: sh
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wordexp.h>

static void show(const char *text, int flags)
{
	wordexp_t w = {0};
	int r = wordexp(text, &w, flags);

	printf("%s: %d", text, r);
	for (size_t i = 0; !r && i < w.we_wordc; i++)
		printf(" [%s]", w.we_wordv[i]);
	puts("");
	if (!r)
		wordfree(&w);
}

static void put(const char *name)
{
	close(open(name, O_CREAT | O_WRONLY, 0600));
}

static void appending(void)
{
	wordexp_t w = {.we_offs = 2};

	printf("%d", wordexp("one two", &w, WRDE_DOOFFS));
	printf(" %d", wordexp("three", &w, WRDE_DOOFFS | WRDE_APPEND));
	printf(" %d", wordexp("(", &w, WRDE_DOOFFS | WRDE_APPEND) == WRDE_BADCHAR);
	printf(" %zu %d %d", w.we_wordc, w.we_wordv[0] == NULL, w.we_wordv[1] == NULL);
	for (size_t i = 0; w.we_wordv[2 + i]; i++)
		printf(" [%s]", w.we_wordv[2 + i]);
	printf(" %d", wordexp("four", &w, WRDE_DOOFFS | WRDE_REUSE));
	printf(" %zu [%s]\n", w.we_wordc, w.we_wordv[2]);
	wordfree(&w);
}

int main(void)
{
	static const char *const texts[] = {
		"",
		"   ",
		"one",
		" one  two\tthree ",
		"'a b' \"c d\" e\\ f",
		"a'b'\"c\"d",
		"''",
		"\"\"",
		"$A",
		"\"$A\"",
		"'$A'",
		"${A}x",
		"$B",
		"\"$B\"",
		"x$NONE",
		"$NONE",
		"\"$NONE\"",
		"${#B}",
		"${NONE:-other}",
		"${NONE-a b}",
		"\"${NONE-a b}\"",
		"${EMPTY:-was empty}",
		"${EMPTY-not}",
		"${A:+set}",
		"${NONE:+set}",
		"${A:=no}",
		"${NEW:=fresh}",
		"$NEW",
		"${P#*/}",
		"${P##*/}",
		"${P%/*}",
		"${P%%/*}",
		"${P%nothing}",
		"${P##'*'}",
		"$((1 + 2 * 3))",
		"$(((1+2)*3))",
		"$((12 / 2 - -1))",
		"$((1 +))",
		"$((1/0))",
		"w*",
		"'w'*",
		"w\\*",
		"w?",
		"[ab]*",
		"nothing*",
		"\"w*\"",
		"\"$STAR\"",
		"d/*",
		"~",
		"~/x",
		"a~",
		"'~'",
		"\\~",
		"~nobody-of-that-name",
		"a|b",
		"a&b",
		"a;b",
		"a<b",
		"a>b",
		"(a",
		"a)",
		"{a",
		"a\nb",
		"'a|b'",
		"a\\|b",
		"'open",
		"\"open",
		"$(open",
		"${open",
		"$((1",
		"${NONE:-\"it's\"}",
		"${NONE:-'}'}",
		"${NONE:-\"}\"}",
		"a\\",
		"$",
		"a$",
		"\"$\"",
		"${}",
		"back\\\nslash",
		"\"a\\$b\\\"c\\x\"",
		"$A$A",
		"a\"$EMPTY\"b",
	};

	setenv("A", "value", 1);
	setenv("B", " two  words ", 1);
	setenv("EMPTY", "", 1);
	setenv("P", "usr/share/doc", 1);
	setenv("STAR", "w*", 1);
	setenv("HOME", "/home/of us", 1);
	mkdir("d", 0755);
	put("w1"), put("w2"), put("d/in it"), put("b c");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		show(texts[i], WRDE_NOCMD);
	show("$NONE", WRDE_UNDEF);
	show("${A}", WRDE_UNDEF);
	show("$(echo x)", WRDE_NOCMD);
	show("`echo x`", WRDE_NOCMD);
	setenv("IFS", ":", 1);
	setenv("L", "a:b::c d:", 1);
	show("$L", 0);
	show("\"$L\"", 0);
	unsetenv("IFS");
	fflush(stdout);
	show("x$(echo a b)y", 0);
	show("\"$(echo a b)\"", 0);
	show("`echo c  d`", 0);
	show("$(echo \"it's\")", 0);
	show("\"$(echo \"it's\")\"", 0);
	show("$(echo \"a)b\")", 0);
	show("$(echo \"a)'b\" c)", 0);
	show("$(echo 'x\"y' z)", 0);
	show("$(echo \"open)", WRDE_NOCMD);
	show("$(echo \"$(echo \"c)\")\" e)", WRDE_NOCMD);
	appending();
	unlink("w1"), unlink("w2"), unlink("d/in it"), unlink("b c"), rmdir("d");
	return 0;
}
