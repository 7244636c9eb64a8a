/* misc.c - the rest of the library: conversions, jumps, atomics, atexit, environment, walks.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * RUN: all
 * RUN: quick
 * RUN: abort
 * RUN: exit
 * ENDS: by a signal
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <iconv.h>
#include <inttypes.h>
#include <limits.h>
#include <malloc.h>
#include <setjmp.h>
#include <signal.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include <wordexp.h>

static jmp_buf plain;
static sigjmp_buf masked;

static void convert(const char *to, const char *from, const char *text, size_t n)
{
	char out[64], *in = (char *)text, *o = out;
	size_t left = n, room = sizeof(out), r;
	iconv_t c = iconv_open(to, from);

	printf("%s <- %s: ", to, from);
	if (c == (iconv_t)-1) {
		printf("no %d\n", errno);
		return;
	}
	errno = 0;
	r = iconv(c, &in, &left, &o, &room);
	printf("%zd e%d left %zu:", (ssize_t)r, errno, left);
	for (char *p = out; p < o; p++)
		printf(" %02x", (unsigned char)*p);
	printf("\n");
	iconv_close(c);
}

static void iconvs(void)
{
	convert("UTF-8", "ISO-8859-1", "a\xe4z", 3);
	convert("ISO-8859-1", "UTF-8", "a\xc3\xa4", 3);
	convert("UTF-16LE", "UTF-8", "a\xe2\x82\xac", 4);
	convert("UTF-8", "UTF-16BE", "\0a\x20\xac", 4);
	convert("UTF-8", "UTF-8", "\xc3", 1);
	convert("UTF-8", "UTF-8", "a\xff", 2);
	convert("ASCII", "UTF-8", "a\xc3\xa4", 3);
	convert("UCS-4LE", "UTF-8", "a", 1);
	convert("utf8", "latin1", "\xe9", 1);
	convert("UTF-32BE", "UTF-8", "\xf0\x9f\x98\x80", 4);
	convert("nothing", "UTF-8", "a", 1);
	convert("UTF-8", "CP1252", "\x80", 1);
	convert("ISO-8859-15", "UTF-8", "\xe2\x82\xac", 3);
}

static void jumps(void)
{
	volatile int n = 0;
	int r = setjmp(plain);

	printf("setjmp %d\n", r);
	if (n++ < 2)
		longjmp(plain, n == 1 ? 0 : 5);
	n = 0;
	r = sigsetjmp(masked, 1);
	printf("sigsetjmp %d\n", r);
	if (n++ < 1)
		siglongjmp(masked, 3);
}

static void atomics(void)
{
	_Atomic int a = 5;
	atomic_long b = ATOMIC_VAR_INIT(3);
	atomic_flag f = ATOMIC_FLAG_INIT;
	int expected = 7;

	atomic_fetch_add(&a, 2);
	printf("%d", atomic_load(&a));
	printf(" %d", atomic_compare_exchange_strong(&a, &expected, 9));
	printf(" %d %ld", a, atomic_exchange(&b, 11));
	printf(" %ld %d", b, atomic_flag_test_and_set(&f));
	printf(" %d %zu\n", atomic_flag_test_and_set(&f), alignof(max_align_t));
	printf("%s\n", _Generic(1.0f, float : "float", default : "other"));
}

static void numbers(void)
{
	static const char *const s[] = {"12",
					"-12",
					" +7",
					"0x1f",
					"010",
					"9223372036854775807",
					"9223372036854775808",
					"-9223372036854775809",
					"zz",
					"",
					"1e3",
					"99999999999",
					"-1",
					"2147483648"};
	char *e;

	for (size_t i = 0; i < sizeof(s) / sizeof(s[0]); i++) {
		errno = 0;
		printf("%s: %d %ld", s[i], atoi(s[i]), strtol(s[i], &e, 0));
		printf(" e%d [%s]", errno, e);
		errno = 0;
		printf(" %lu e%d %ld %lld %jd\n", strtoul(s[i], NULL, 10), errno,
		       strtol(s[i], NULL, 36), atoll(s[i]), strtoimax(s[i], NULL, 16));
	}
	errno = 0;
	printf("%ld %d\n", strtol("1", NULL, 1), errno);
	printf("%d %d\n", div(-7, 2).quot, div(-7, 2).rem);
	printf("%ld %lld %jd\n", labs(-5), lldiv(-9, 4).rem, imaxabs(-3));
	printf("%.17g %.17g %.9g\n", strtod("0.1", NULL), strtod("1e-400", NULL),
	       strtof("3.4e39", NULL));
	printf("%.20Lg %.20Lg\n", strtold("0.1", NULL), strtold("1e4000", NULL));
	printf("%.17g %.17g\n", strtod("nan(3)", &e), strtod("-inf", NULL));
	printf("%.17g %.17g %.17g\n", strtod("2.2250738585072011e-308", NULL),
	       strtod("9007199254740993", NULL), strtod("1.7976931348623159e308", NULL));
}

static void memory(void)
{
	void *p, *q = NULL;

	printf("%d", posix_memalign(&q, 3, 10));
	printf(" %d", posix_memalign(&q, 64, 10));
	printf(" %d", (int)((uintptr_t)q % 64));
	free(q);
	p = aligned_alloc(256, 512);
	printf(" %d %d\n", (int)((uintptr_t)p % 256), malloc_usable_size(p) >= 512);
	free(p);
	errno = 0;
	p = reallocarray(NULL, SIZE_MAX / 2, 4);
	printf("%d %d\n", p == NULL, errno);
	printf("%d\n", calloc(SIZE_MAX / 2, 3) == NULL);
	p = malloc(0);
	printf("%d\n", p != NULL);
	free(p);
	free(NULL);
}

static void environment(void)
{
	static char own[] = "OWN=1";
	char b[256];

	printf("%s %s\n", getenv("GREETING"), getenv("NONE") ? "?" : "none");
	printf("%d", setenv("A", "1", 0));
	printf("%d", setenv("A", "2", 0));
	printf(" %s", getenv("A"));
	printf("%d", setenv("A", "3", 1));
	printf(" %s", getenv("A"));
	errno = 0;
	printf(" %d %d", setenv("A=B", "x", 1), errno);
	errno = 0;
	printf(" %d %d", setenv("", "x", 1), errno);
	putenv(own);
	own[4] = '7';
	printf(" %s", getenv("OWN"));
	printf(" %d %d\n", unsetenv("A"), getenv("A") == NULL);
	clearenv();
	printf("%d\n", getenv("GREETING") == NULL);
	printf("%zu %s\n", confstr(_CS_PATH, b, sizeof(b)), b);
}

static int seen(const char *path, const struct stat *s, int type, struct FTW *f)
{
	static int n;

	n++;
	return strstr(path, "deep/file") ? 42 : 0;
	(void)s;
	(void)type;
	(void)f;
}

static void walks(void)
{
	glob_t g;
	wordexp_t w;

	printf("nftw %d\n", nftw(".", seen, 10, FTW_PHYS));
	printf("%d", glob("dir*/*", GLOB_MARK, NULL, &g));
	for (size_t i = 0; i < g.gl_pathc; i++)
		printf(" %s", g.gl_pathv[i]);
	globfree(&g);
	printf(" %d", glob("nothing*", 0, NULL, &g));
	printf(" %d", glob("nothing*", GLOB_NOCHECK, NULL, &g));
	printf(" %s\n", g.gl_pathv[0]);
	(void)w;
}

static void system_names(void)
{
	struct utsname u;
	struct rusage r;
	struct rlimit l;
	struct tms t;

	printf("%d", uname(&u));
	printf(" %s %d\n", u.machine, u.release[0] != 0);
	printf("%d", getrusage(RUSAGE_SELF, &r));
	printf(" %d\n", r.ru_utime.tv_sec < 1000);
	printf("%d", getrlimit(RLIMIT_NOFILE, &l));
	printf(" %d\n", l.rlim_cur >= 256);
	errno = 0;
	printf("%d %d\n", getrlimit(99, &l), errno);
	printf("%d %d\n", times(&t) != (clock_t)-1, clock() >= 0);
	printf("%d\n", system(NULL) == 0 || 1);
}

static void last(void)
{
	printf("last\n");
}

static void first(void)
{
	printf("first\n");
	atexit(last);
}

static void quick(void)
{
	printf("quick\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (!strcmp(argv[1], "quick")) {
		atexit(first);
		at_quick_exit(quick);
		quick_exit(300);
	}
	if (!strcmp(argv[1], "abort")) {
		printf("not written?\n");
		fflush(stdout);
		abort();
	}
	if (!strcmp(argv[1], "exit")) {
		atexit(first);
		printf("no newline");
		return 257;
	}
	iconvs();
	jumps();
	atomics();
	numbers();
	memory();
	environment();
	walks();
	system_names();
	return 0;
}
