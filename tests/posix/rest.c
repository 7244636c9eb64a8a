/* rest.c - functions of the standard that nothing else here calls: each once.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: static
 */
#include "try.h"
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <fenv.h>
#include <inttypes.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <monetary.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>
#include <wordexp.h>

static FILE *file;

static void print(const char *format, ...)
{
	char text[100];
	va_list a, b;

	va_start(a, format);
	va_copy(b, a);
	vsnprintf(text, sizeof(text), format, b);
	va_end(b);
	printf("%s", text);
	va_copy(b, a);
	vsprintf(text, format, b);
	va_end(b);
	printf("%s", text);
	va_copy(b, a);
	vprintf(format, b);
	va_end(b);
	vfprintf(file, format, a);
	va_end(a);
}

static void scan(const char *format, ...)
{
	va_list a;

	va_start(a, format);
	printf("%d\n", vfscanf(file, format, a));
	va_end(a);
}

static void scan_text(const char *text, const char *format, ...)
{
	va_list a;

	va_start(a, format);
	printf("%d\n", vsscanf(text, format, a));
	va_end(a);
}

static void to_descriptor(const char *format, ...)
{
	va_list a;

	va_start(a, format);
	printf("%d\n", vdprintf(fileno(file), format, a));
	va_end(a);
}

static void stdio(void)
{
	char word[20] = "", buffer[BUFSIZ];
	int n = 0;

	file = fopen("rest", "w+");
	setbuf(file, buffer);
	print("%d %s %c %g\n", 12, "words", 'x', 2.5);
	TRY(fseeko(file, 0, SEEK_SET));
	scan("%d %19s", &n, word);
	printf("%d %s\n", n, word);
	printf("%lld\n", (long long)ftello(file));
	scan_text("77 seventy", "%d %19s", &n, word);
	printf("%d %s\n", n, word);
	TRY(fseeko(file, (off_t)1 << 40, SEEK_SET));
	printf("%lld\n", (long long)ftello(file));
	TRY(fseeko(file, -1, SEEK_SET));
	rewind(file);
	printf("%c", getc_unlocked(file));
	printf("%c\n", getc_unlocked(file));
	fflush(file);
	fseeko(file, 0, SEEK_END);
	TRY(putc_unlocked('y', file));
	fflush(file);
	to_descriptor("%d and %d\n", 1, 2);
	TRY(ftrylockfile(file));
	flockfile(file);
	funlockfile(file);
	funlockfile(file);
	fclose(file);
	freopen("rest", "r", stdin);
	printf("%c", getchar_unlocked());
	printf("%c\n", getchar());
	TRY(unlink("rest"));
	TRY(putchar_unlocked('z'));
	putchar('\n');
	printf("%s %d\n", ctermid(NULL), ctermid(word) == word);
}

static void wide_print(const wchar_t *format, ...)
{
	wchar_t text[50];
	va_list a, b;

	va_start(a, format);
	va_copy(b, a);
	printf("%d", vswprintf(text, 50, format, b));
	va_end(b);
	printf(" %ls", text);
	va_copy(b, a);
	printf(" %d", vswprintf(text, 3, format, b) < 0);
	va_end(b);
	printf(" %d\n", vfwprintf(file, format, a));
	va_end(a);
}

static void wide_scan(const wchar_t *text, const wchar_t *format, ...)
{
	va_list a;

	va_start(a, format);
	printf("%d\n", vswscanf(text, format, a));
	va_end(a);
}

static void wide(void)
{
	const wchar_t *from = L"aä€𝄞", *end;
	const char *bytes = "aä€𝄞", *byte;
	wchar_t w[40] = L"", *stop;
	char b[40] = "";
	mbstate_t s = {0};
	int n = 0;

	setlocale(LC_ALL, "C.UTF-8");
	file = fopen("rest", "w+");
	wide_print(L"%d %ls\n", 5, L"größer");
	fclose(file);
	unlink("rest");
	wide_scan(L"12 zwölf", L"%d %ls", &n, w);
	printf("%d %ls\n", n, w);
	printf("%td\n", wcpcpy(w, L"kopie") - w);
	printf("%td\n", wcpncpy(w, L"abc", 5) - w);
	printf("%d %d\n", wcscasecmp(L"ÄB", L"äb"), wcscasecmp(L"a", L"B") < 0);
	wcscpy(w, L"eins");
	printf("%ls\n", wcscat(w, L"zwei"));
	printf("%ls\n", wcsncat(w, L"dreizehn", 4));
	printf("%ls %ls %d\n", wcschr(w, L'z'), wcsrchr(w, L'e'), wcschr(w, L'Q') == NULL);
	printf("%d %d %d\n", wcscoll(L"a", L"b") < 0, wcsncmp(L"abX", L"abY", 2),
	       wcsnlen(w, 3) == 3);
	stop = wcsdup(L"kopiert");
	printf("%ls\n", stop);
	free(stop);
	printf("%ls\n", wcsncpy(w, L"12345678", 9));
	printf("%ls\n", wcspbrk(w, L"54"));
	printf("%g\n", wcstof(L"2.5x", &stop));
	printf("%ls\n", stop);
	printf("%Lg %g\n", wcstold(L"1e3", NULL), wcstod(L"-0x10", NULL));
	printf("%jd %lld %lu %ju\n", wcstoimax(L"-12", NULL, 10), wcstoll(L"0777", NULL, 0),
	       wcstoul(L"ff", NULL, 16), wcstoumax(L"zz", NULL, 36));
	printf("%zu\n", wcsxfrm(NULL, L"abc", 0));
	printf("%td %d\n", wmemchr(from, L'€', 3) - from, wmemcmp(L"ab", L"ac", 2) < 0);
	wmemcpy(w, L"abcdef", 7);
	wmemmove(w + 1, w, 5);
	printf("%ls\n", w);
	end = from;
	printf("%zu", wcsnrtombs(b, &end, 3, sizeof(b), &s));
	printf(" %s %td\n", b, end - from);
	end = from;
	printf("%zu", wcsrtombs(b, &end, sizeof(b), &s));
	printf(" %s %d\n", b, end == NULL);
	byte = bytes;
	printf("%zu", mbsnrtowcs(w, &byte, 6, 40, &s));
	printf(" %td\n", byte - bytes);
	printf("%d %zu %d\n", mbtowc(w, "ä", 3), wcrtomb(b, L'€', &s), mbtowc(NULL, NULL, 0));
	printf("%d%d%d%d%d%d%d%d%d%d%d%d\n", iswalnum(L'ä') != 0, iswblank(L' ') != 0,
	       iswcntrl(7) != 0, iswdigit(L'7') != 0, iswgraph(L'ß') != 0, iswlower(L'Ä') != 0,
	       iswprint(L'€') != 0, iswpunct(L'!') != 0, iswspace(L'\n') != 0, iswupper(L'Ä') != 0,
	       iswxdigit(L'f') != 0, iswxdigit(L'g') != 0);
}

static void locales(void)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", NULL), u = newlocale(LC_ALL_MASK, "C.UTF-8", NULL),
		 copy = duplocale(u);
	struct tm tm = {.tm_year = 120, .tm_mon = 1, .tm_mday = 29, .tm_wday = 6};
	char text[60] = "";
	wchar_t w[20];

	printf("%d\n", newlocale(LC_ALL_MASK, "xx_YY", NULL) == NULL);
	printf("%s %s\n", nl_langinfo_l(DAY_1, c), nl_langinfo_l(CODESET, u));
	for (const char *p = "a1 \n!Zf\x7f"; *p; p++) {
		int i = (unsigned char)*p;

		printf("%d%d%d%d%d%d%d%d%d%d%d%d %c%c\n", !!isalnum_l(i, c), !!isalpha_l(i, c),
		       !!isblank_l(i, c), !!iscntrl_l(i, c), !!isdigit_l(i, c), !!isgraph_l(i, c),
		       !!islower_l(i, c), !!isprint_l(i, c), !!ispunct_l(i, c), !!isspace_l(i, c),
		       !!isupper_l(i, c), !!isxdigit_l(i, c),
		       isalpha_l(i, c) ? tolower_l(i, c) : '-',
		       isalpha_l(i, c) ? toupper_l(i, c) : '-');
	}
	setlocale(LC_ALL, "C.UTF-8");
	for (const wchar_t *p = L"ä7 \n?Ä€"; *p; p++)
		printf("%d%d%d%d%d%d%d%d%d%d%d%d %x %x\n", !!iswalnum_l(*p, u), !!iswalpha_l(*p, u),
		       !!iswblank_l(*p, u), !!iswcntrl_l(*p, u), !!iswdigit_l(*p, u),
		       !!iswgraph_l(*p, u), !!iswlower_l(*p, u), !!iswprint_l(*p, u),
		       !!iswpunct_l(*p, u), !!iswspace_l(*p, u), !!iswupper_l(*p, u),
		       !!iswxdigit_l(*p, u), towlower_l(*p, u), towupper_l(*p, u));
	printf("%d %x\n", !!iswctype_l(L'x', wctype_l("alpha", u), u),
	       towctrans_l(L'x', wctrans_l("toupper", u), u));
	printf("%d %d %d\n", strcasecmp_l("AB", "ab", c), strncasecmp_l("ABx", "aby", 2, c),
	       strcoll_l("a", "b", c) < 0);
	printf("%zu ", strxfrm_l(text, "abc", sizeof(text), c));
	printf("%s\n", text);
	printf("%zu ", strftime_l(text, sizeof(text), "%A %d %B %Y", &tm, c));
	printf("%s\n", text);
	printf("%s\n", strerror_l(ENOENT, c));
	printf("%zd ", strfmon_l(text, sizeof(text), c, "%n", 12.5));
	printf("%s\n", text);
	printf("%d %d %d\n", wcscasecmp_l(L"Ä", L"ä", u), wcsncasecmp_l(L"ÄX", L"äY", 1, u),
	       wcscoll_l(L"a", L"b", u) < 0);
	printf("%zu\n", wcsxfrm_l(w, L"abc", 20, c));
	freelocale(c);
	freelocale(u);
	freelocale(copy);
}

/* A function of float is that of double, to float's last digit but one. */
static void near(const char *name, float f, double d)
{
	if (!(fabs(f - d) <= 4e-7 * (fabs(d) + 1)))
		printf("%s: %.9g, not %.9g\n", name, f, d);
}

#define NEAR(fn, x)     near(#fn, fn##f(x), fn(x))
#define NEAR2(fn, x, y) near(#fn, fn##f(x, y), fn(x, y))

static void maths(void)
{
	fenv_t env;
	fexcept_t flags;
	int n = 0, m = 0;

	NEAR(acos, 0.25f), NEAR(acosh, 2.5f), NEAR(asinh, 1.5f), NEAR(atanh, 0.5f),
		NEAR(ceil, 1.25f);
	NEAR(cosh, 1.25f), NEAR(erfc, 0.5f), NEAR(expm1, 0.25f), NEAR(fabs, -1.5f),
		NEAR(sinh, 1.5f);
	NEAR(log1p, 0.5f), NEAR(logb, 100.f), NEAR(rint, 2.5f), NEAR(nearbyint, 3.5f),
		NEAR(trunc, -1.75f);
	NEAR(tgamma, 3.5f), NEAR(lgamma, 4.5f), NEAR(floor, -1.25f), NEAR(exp2, 3.5f),
		NEAR(log2, 10.f);
	NEAR2(atan2, 1.f, -2.f), NEAR2(hypot, 3.f, 4.f), NEAR2(fdim, 3.f, 1.f),
		NEAR2(fmax, 1.f, 2.f);
	NEAR2(fmin, 1.f, 2.f), NEAR2(remainder, 7.f, 4.f), NEAR2(copysign, 1.f, -2.f);
	NEAR2(ldexp, 1.5f, 4), NEAR2(scalbn, 1.5f, 3), NEAR2(scalbln, 1.5f, 3L),
		NEAR2(pow, 2.f, 0.5f);
	near("fma", fmaf(2, 3, 4), 10), near("frexp", frexpf(10, &n), frexp(10, &m));
	printf("%d %d\n", n, m);
	printf("%ld %ld %lld %lld\n", lrintf(2.5f), lroundf(2.5f), llrintf(-3.5f), llroundf(-3.5f));
	printf("%d %g %g\n", ilogbf(100), nextafterf(1, 2) - 1, (double)nexttowardf(1, 0) - 1);
	printf("%d%d%d%d%d\n", isgreaterequal(1., 1.), isless(1., 2.), islessequal(2., 1.),
	       islessgreater(1., 1.), isgreater(1., NAN));
	printf("%d\n", fegetenv(&env));
	feraiseexcept(FE_DIVBYZERO);
	printf("%d", fegetexceptflag(&flags, FE_ALL_EXCEPT));
	printf(" %d", feholdexcept(&env));
	printf(" %d\n", fetestexcept(FE_ALL_EXCEPT));
	feraiseexcept(FE_INEXACT);
	printf("%d", feupdateenv(&env));
	printf(" %d\n", fetestexcept(FE_ALL_EXCEPT) == (FE_DIVBYZERO | FE_INEXACT));
	feclearexcept(FE_ALL_EXCEPT);
	printf("%d", fesetexceptflag(&flags, FE_DIVBYZERO));
	printf(" %d\n", fetestexcept(FE_ALL_EXCEPT) == FE_DIVBYZERO);
	printf("%d", fesetenv(FE_DFL_ENV));
	printf(" %d %d\n", fetestexcept(FE_ALL_EXCEPT), fegetround() == FE_TONEAREST);
	printf("%jd %ld %lld\n", imaxdiv(17, 5).rem, ldiv(17, 5).quot, lldiv(-17, 5).rem);
	printf("%ld %g %lld %llu %ju\n", atol("12x"), atof("2.5"), strtoll("-9", NULL, 10),
	       strtoull("ff", NULL, 16), strtoumax("zz", NULL, 36));
}

static void handler(int n)
{
	(void)n;
}

static void ids(void)
{
	TRY(setregid(-1, 5));
	TRY(getegid());
	TRY(setegid(0));
	TRY(setreuid(-1, 7));
	TRY(geteuid());
	TRY(seteuid(9));
	TRY(seteuid(0));
	TRY(getuid());
	TRY(setreuid(3, 3));
	TRY(seteuid(0));
	TRY(getuid() == 3 && geteuid() == 3);
}

static void system_(void)
{
	posix_spawnattr_t a;
	struct sched_param p = {.sched_priority = 3};
	struct sigaction s;
	struct dirent entry, *e, **all;
	char text[200];
	sigset_t set;
	wordexp_t w;
	DIR *d;
	int fd = creat("rest", 0640), n = 0;

	TRY(fdatasync(fd));
	TRY(fpathconf(fd, _PC_NAME_MAX));
	TRY(fpathconf(999, _PC_NAME_MAX));
	TRY(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
	TRY(posix_fadvise(fd, 0, 0, 77) == EINVAL);
	printf("%d\n", ttyname_r(fd, text, sizeof(text)) == ENOTTY);
	close(fd);
	unlink("rest");
	sync();
	d = opendir("dir");
	while (readdir_r(d, &entry, &e) == 0 && e)
		n++;
	printf("%d\n", n > 3);
	TRY(closedir(d));
	n = scandir("dir", &all, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		printf("%s\n", all[i]->d_name);
		free(all[i]);
	}
	free(all);
	TRY(gethostname(text, sizeof(text)));
	printf("%d\n", *text != 0);
	TRY(getpriority(PRIO_PROCESS, 0));
	TRY(setpriority(PRIO_PROCESS, 0, 4));
	TRY(nice(3));
	TRY(getpriority(PRIO_PROCESS, getpid()));
	TRY(getpriority(PRIO_PROCESS, 99999999));
	TRY(setpriority(77, 0, 0));
	TRY(nice(100));
	signal(SIGUSR1, handler);
	TRY(siginterrupt(SIGUSR1, 1));
	sigaction(SIGUSR1, NULL, &s);
	printf("%d\n", (s.sa_flags & SA_RESTART) != 0);
	TRY(siginterrupt(SIGUSR1, 0));
	sigaction(SIGUSR1, NULL, &s);
	printf("%d\n", (s.sa_flags & SA_RESTART) != 0);
	posix_spawnattr_init(&a);
	TRY(posix_spawnattr_setschedparam(&a, &p));
	p.sched_priority = 0;
	TRY(posix_spawnattr_getschedparam(&a, &p));
	TRY(posix_spawnattr_setschedpolicy(&a, SCHED_RR));
	TRY(posix_spawnattr_getschedpolicy(&a, &n));
	printf("%d %d\n", p.sched_priority, n == SCHED_RR);
	TRY(posix_spawnattr_getsigdefault(&a, &set));
	printf("%d\n", sigismember(&set, SIGHUP));
	TRY(posix_spawnattr_destroy(&a));
	printf("%d\n", sockatmark(0) < 1);
	TRY(wordexp("a 'b c' \"d\" te*", &w, WRDE_NOCMD));
	for (size_t i = 0; i < w.we_wordc; i++)
		printf("[%s]\n", w.we_wordv[i]);
	wordfree(&w);
	printf("%s\n", stpncpy(text, "abc", 5) == text + 3 ? text : "no");
	printf("%s\n", strncat(text, "defgh", 2));
	printf("%td\n", (char *)memchr(text, 'c', 5) - text);
	ids();
}

int main(void)
{
	stdio();
	locales();
	wide();
	maths();
	system_();
	return 0;
}
