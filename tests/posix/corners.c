/* corners.c - what other people's test programs found: corners of the library, each once wrong.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

static jmp_buf env;

static void jumps(void)
{
	static volatile int last = -1;
	int value = setjmp(env);

	printf("setjmp %d after %d\n", value, last);
	last++;
	if (last < 4)
		longjmp(env, last); /* 0 is 1 */
}

static void positions(void)
{
	printf("%1$-10s|%1$8s|%2$8.3f|%2$-8.2f|%3$05d|%3$+d|%4$#lx|%4$20ld|%2$e\n", "text", 3.14159,
	       42, 123456789012L);
	printf("%2$*1$s|%2$-*1$s|%2$.*3$s|\n", 8, "hello", 2);
	printf("%3$*1$.*2$f|%1$d\n", 10, 3, 3.14159);
	printf("%4$d %3$-*1$.*2$f|\n", 10, 3, 3.14159, 9);
}

static void hexadecimal(void)
{
	wchar_t wide[32];

	printf("%.1La %.0La %.3La %La\n", 1.999L, 15.9L, 0xf.fffp3L, 1.999L);
	printf("%.0a %.0a %.1a\n", 1.5, 2.5, 1.999);
	swprintf(wide, 32, L"%.1La", 1.999L);
	printf("%ls\n", wide);
}

static void numbers(void)
{
	static const char *texts[] = {"0x",    "-0x",     "0xg",      "-0x1p",
				      "0x1p+", "infinit", "nan(12)x", "1e+"};
	char *end;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		printf("%s: %g", texts[i], strtod(texts[i], &end));
		printf(" %td,", end - texts[i]);
		printf(" %Lg", strtold(texts[i], &end));
		printf(" %td\n", end - texts[i]);
	}
}

static void parts(double x)
{
	double whole, rest = modf(x, &whole);
	float wholef, restf = modff((float)x, &wholef);

	printf("modf %g: %g %g, %g %g\n", x, whole, rest, wholef, restf);
}

/* The number stays, though a lower one is free. */
static void numbers_of_streams(void)
{
	FILE *f = fopen("/tmp/corners", "w");
	int old = fileno(f);

	close(0);
	f = freopen("/dev/null", "w", f);
	printf("freopen %d\n", f && fileno(f) == old);
	f = freopen("/no/such", "r", f);
	printf("freopen %d, then %d\n", f != NULL, dup(1));
	unlink("/tmp/corners");
}

static void real(const char *name)
{
	char *r = realpath(name, NULL);

	printf("%s -> %s %s\n", name, r ? r : "-", r ? "" : strerror(errno));
	free(r);
}

/* In full, and in the order of their numbers. */
static void names(void)
{
	static const char *all[] = {"a",     "l",    "//tmp//corner.d/./a/..",
				    "m/",    "loop", "none",
				    "f1/",   "",     "/",
				    "///..", "f1/x", "a/none/x"};
	struct dirent **found;
	int n;

	mkdir("/tmp/corner.d", 0700);
	chdir("/tmp/corner.d");
	mkdir("a", 0700);
	symlink("a", "l");
	symlink("loop", "loop");
	symlink("/tmp/corner.d/l/../l", "m");
	for (const char **f = (const char *[]){"f1", "f10", "f9", NULL}; *f; f++)
		fclose(fopen(*f, "w"));
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		real(all[i]);
	puts(canonicalize_file_name("m"));
	n = scandir(".", &found, NULL, versionsort);
	for (int i = 0; i < n; i++) {
		puts(found[i]->d_name);
		remove(found[i]->d_name);
	}
	rmdir("/tmp/corner.d");
	printf("%d %d\n", HOST_NAME_MAX, getgroups(-1, NULL));
}

int main(void)
{
	jumps();
	names();
	positions();
	hexadecimal();
	numbers();
	parts(NAN);
	parts(-INFINITY);
	parts(-2.5);
	numbers_of_streams();
	return 0;
}
