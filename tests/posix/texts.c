/* texts.c - the words of the library: errors, signals, complaints.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN: texts
 * RUN: err
 * RUN: error
 * RUN: assert
 * ENDS: by a signal
 */
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <error.h>
#include <fmtmsg.h>
#include <grp.h>
#include <libgen.h>
#include <libintl.h>
#include <monetary.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void numbers(void)
{
	char b[60];

	for (int i = -1; i < 136; i++)
		printf("%d %s\n", i, strerror(i));
	for (int i = -1; i < 67; i++)
		printf("%d %s %s\n", i, strsignal(i), sigabbrev_np(i) ? sigabbrev_np(i) : "-");
	printf("%s %s\n", strerrorname_np(ENOENT), strerrordesc_np(ENOENT));
	printf("%s\n", strerror_r(2, b, sizeof(b)));
	printf("%s\n", strerror_r(2222, b, sizeof(b)));
	printf("%s\n", strerror_r(2222, b, 8));
	psignal(SIGSEGV, "here");
	psignal(SIGINT, NULL);
	psignal(99, "what");
	errno = ENOSPC;
	perror("perror");
	perror(NULL);
}

static void paths(void)
{
	static const char *const p[] = {"/usr/lib", "/usr/", "usr",      "/",    ".",
					"..",       "",      "//a//b//", "a/b/", "///"};

	for (size_t i = 0; i < sizeof(p) / sizeof(p[0]); i++) {
		char a[30], b[30];

		strcpy(a, p[i]);
		strcpy(b, p[i]);
		printf("[%s] [%s]", dirname(a), basename(b));
	}
	printf(" %s %s\n", dirname(NULL), basename(NULL));
}

static void strings(void)
{
	char b[40] = "a,b,,c", *s = b, *p;

	while ((p = strsep(&s, ",")))
		printf("<%s>", p);
	printf("%s %s\n", strchrnul("abc", 'x'), strcasestr("Hello World", "WORLD"));
	printf("%d %d %d %d\n", strverscmp("a9", "a10") < 0, strverscmp("1.010", "1.09") < 0,
	       strverscmp("000", "00") < 0, strverscmp("x", "x"));
	printf("%s %s\n", (char *)memmem("abcdef", 6, "cd", 2), (char *)memrchr("abcabc", 'b', 6));
	printf("%zu %s\n", strnlen("hello", 3), strndupa("hello", 2));
	printf("%s %ld\n", l64a(123456789), a64l("/.zz"));
	printf("%d %d %d\n", ffs(0x50), ffsl(1l << 40), ffsll(0));
	printf("%s\n", stpcpy(stpcpy(b, "one"), "two") - 6);
	printf("%s\n", (char *)mempcpy(b, "xyz", 4) - 4);
	printf("%.5s\n", (char *)memccpy(b, "hello", 'l', 5) - 3);
	swab("abcdef", b, 6);
	printf("%.6s\n", b);
	printf("%d %d\n", strcoll("a", "b") < 0, strncasecmp("ABC", "abd", 2));
	printf("%s|", strtok(strcpy(b, "  x y"), " "));
	printf("%s\n", strtok(NULL, " "));
	printf("%s %s %s\n", gettext("message"), ngettext("one", "many", 2), textdomain(NULL));
	printf("%d %s\n", (int)strfmon(b, sizeof(b), "%n %i", 1234.567, 89.0), b);
	{
		int dec, sign;

		printf("%s", ecvt(123.456, 5, &dec, &sign));
		printf(" %d %d %s", dec, sign, fcvt(-0.00123, 4, &dec, &sign));
		printf(" %d %d %s\n", dec, sign, gcvt(1e10, 4, b));
	}
}

static void users(void)
{
	struct passwd *p = getpwuid(0);
	struct group *g = getgrgid(0);

	printf("%s %s %d %d %s\n", p->pw_name, p->pw_dir, (int)p->pw_uid, (int)p->pw_gid,
	       p->pw_passwd);
	printf("%s %d\n", g->gr_name, (int)g->gr_gid);
	printf("%d %d\n", getpwnam("nobody-at-all") == NULL, getgrnam("no-group") == NULL);
	printf("%d\n", getpwnam("root")->pw_uid);
}

static void bye(void)
{
	printf("bye\n");
}

static void on(int status, void *a)
{
	printf("on_exit %d %s\n", status, (char *)a);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	dup2(1, 2);
	if (!strcmp(argv[1], "texts")) {
		numbers();
		paths();
		strings();
		users();
	} else if (!strcmp(argv[1], "err")) {
		program_invocation_short_name = "prog";
		errno = EACCES;
		warn("warn %d", 1);
		warnx("warnx %s", "x");
		warn(NULL);
		warnx(NULL);
		atexit(bye);
		on_exit(on, "arg");
		err(3, "at the %s", "end");
	} else if (!strcmp(argv[1], "error")) {
		program_invocation_name = "/bin/prog";
		error(0, ENOENT, "one %d", 1);
		error(0, 0, "two");
		error_at_line(0, EPERM, "file.c", 12, "three");
		error_at_line(0, 0, NULL, 12, "four");
		printf("%u\n", error_message_count);
		quick_exit(5);
	} else {
		program_invocation_short_name = "prog";
		printf("not seen: what is in a buffer is lost with an assertion");
#line 7 "texts.c"
		assert(argc == 2);
		assert(!"reached");
	}
	return 0;
}
