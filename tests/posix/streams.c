/* streams.c - what stdio does between a program and its files.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

static void show(const char *what, FILE *f)
{
	printf("%s: at %ld eof %d error %d errno %d\n", what, ftell(f), feof(f) != 0,
	       ferror(f) != 0, errno);
	errno = 0;
}

static void content(const char *path)
{
	FILE *f = fopen(path, "r");
	int c;

	printf("  [");
	while (f && (c = getc(f)) != EOF)
		printf(c >= 32 && c < 127 ? "%c" : "\\%o", c);
	printf("]\n");
	if (f)
		fclose(f);
}

static void positions(void)
{
	FILE *f = fopen("px-s", "w+");
	char b[20];
	fpos_t p;

	printf("%d\n", fputs("hello world\nsecond line\n", f) >= 0);
	show("written", f);
	fseek(f, 6, SEEK_SET);
	printf("%c", getc(f));
	fgetpos(f, &p);
	printf("%s", fgets(b, 20, f));
	show("read", f);
	fseek(f, 0, SEEK_CUR);
	fputs("THIRD", f);
	show("overwritten", f);
	fsetpos(f, &p);
	printf("%s", fgets(b, 4, f));
	printf(" %d %d", ungetc('Z', f), getc(f));
	ungetc('Q', f);
	show(" pushed back", f);
	fseek(f, 0, SEEK_END);
	printf("%d\n", getc(f));
	show("end", f);
	printf("%d %d\n", ungetc(EOF, f), ungetc('x', f));
	show("after the end", f);
	printf("%c %d\n", getc(f), getc(f));
	printf("%d\n", fseek(f, -1, SEEK_SET));
	show("bad seek", f);
	printf("%d\n", fseek(f, 5, 77));
	show("bad whence", f);
	printf("%d\n", fseek(f, 30, SEEK_SET));
	putc('!', f);
	rewind(f);
	show("rewound", f);
	printf("%zu", fread(b, 4, 3, f));
	printf(" %zu", fread(b, 0, 3, f));
	printf(" %zu", fread(b, 1, 100 > sizeof(b) ? sizeof(b) : 100, f));
	show("", f);
	fclose(f);
	content("px-s");
}

static void modes(void)
{
	static const char *const m[] = {"r",  "w", "a",  "r+", "w+", "a+", "rx",
					"wx", "q", "rb", "rt", "re", ""};
	FILE *f;

	for (size_t i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
		errno = 0;
		f = fopen("px-m", m[i]);
		printf("%s: %d %d", m[i], f != NULL, errno);
		if (f) {
			errno = 0;
			printf(" put %d e%d", fputc('x', f), errno);
			errno = 0;
			fseek(f, 0, SEEK_SET);
			printf(" get %d e%d at %ld flags %x", fgetc(f), errno, ftell(f),
			       fcntl(fileno(f), F_GETFL) & (O_ACCMODE | O_APPEND));
			fclose(f);
		}
		printf("\n");
	}
	content("px-m");
	f = fopen("px-m", "a+");
	fprintf(f, "END");
	rewind(f);
	printf("%c", getc(f));
	fseek(f, 0, SEEK_CUR);
	fprintf(f, "MORE");
	printf(" %ld\n", ftell(f));
	fclose(f);
	content("px-m");
	errno = 0;
	printf("%d %d\n", fopen("/no/such", "r") == NULL, errno);
	errno = 0;
	printf("%d %d\n", fopen("/tmp", "w") == NULL, errno);
	errno = 0;
	f = fopen("/tmp", "r");
	if (f) {
		printf("%d", fgetc(f));
		printf(" %d %d\n", ferror(f) != 0, errno);
		fclose(f);
	}
	f = fdopen(77, "r");
	printf("%d %d\n", f == NULL, errno);
	f = fdopen(open("px-m", O_RDONLY), "w");
	printf("%d %d\n", f == NULL, errno);
	f = freopen("px-m", "r", fopen("/dev/null", "w"));
	printf("%d %c\n", f != NULL, getc(f));
	f = freopen(NULL, "r", f);
	printf("%d\n", f ? getc(f) : -2);
	if (f)
		fclose(f);
}

static void memory(void)
{
	char b[10] = "abcdefghi", *p = NULL;
	wchar_t *w = NULL;
	size_t n = 0, room = 0;
	FILE *f = fmemopen(b, sizeof(b), "r+");

	printf("%c%c", getc(f), getc(f));
	fseek(f, 0, SEEK_CUR);
	fputs("XY", f);
	fflush(f);
	printf(" %s %ld\n", b, ftell(f));
	fseek(f, 0, SEEK_END);
	printf("%ld", ftell(f));
	errno = 0;
	printf(" %d", fputs("longer than it is", f) >= 0);
	printf(" %d\n", fflush(f));
	fclose(f);
	f = fmemopen(b, 5, "w");
	printf("%d", fprintf(f, "12"));
	fclose(f);
	printf(" %s\n", b);
	f = fmemopen(b, sizeof(b), "a+");
	fputs("Z", f);
	fclose(f);
	printf("%s\n", b);
	f = fmemopen(NULL, 20, "w+");
	fputs("inner", f);
	rewind(f);
	printf("%s\n", fgets(b, 10, f));
	fclose(f);
	f = open_memstream(&p, &n);
	fprintf(f, "%d-%s", 42, "grow");
	fflush(f);
	printf("%s %zu", p, n);
	for (int i = 0; i < 1000; i++)
		fputs("0123456789", f);
	fclose(f);
	printf(" %zu %c\n", n, p[9000]);
	free(p);
	p = NULL;
	f = open_wmemstream(&w, &n);
	fwprintf(f, L"w%d", 7);
	fclose(f);
	printf("%zu %ls\n", n, w);
	free(w);
	p = NULL;
	f = fmemopen("line one\nline two\n\nlast", 23, "r");
	for (ssize_t r; (r = getline(&p, &room, f)) >= 0;)
		printf("%zd:%s|", r, p);
	printf(" %d\n", feof(f) != 0);
	rewind(f);
	for (ssize_t r; (r = getdelim(&p, &room, 'e', f)) >= 0;)
		printf("%zd:%s|", r, p);
	printf("\n");
	fclose(f);
	free(p);
	printf("%d", asprintf(&p, "%s-%d", "as", 12));
	printf(" %s\n", p);
	free(p);
	dprintf(1, "%s %d\n", "direct", 1);
	printf("%d", snprintf(b, 4, "%s", "abcdef"));
	printf(" %s %d %d\n", b, snprintf(NULL, 0, "%d", 12345), snprintf(b, 1, "x"));
}

static ssize_t cookie_read(void *c, char *b, size_t n)
{
	int *left = c;

	if (*left <= 0)
		return 0;
	if (n > 3)
		n = 3;
	memset(b, 'a' + *left, n);
	--*left;
	return (ssize_t)n;
}

static ssize_t cookie_write(void *c, const char *b, size_t n)
{
	printf("<%.*s>", (int)n, b);
	(void)c;
	return (ssize_t)n;
}

static int cookie_close(void *c)
{
	printf("closed %d\n", *(int *)c);
	return 0;
}

static void buffers(void)
{
	cookie_io_functions_t io = {cookie_read, cookie_write, NULL, cookie_close};
	int left = 3, c;
	char own[64], b[10];
	FILE *f = fopencookie(&left, "r", io);

	while ((c = getc(f)) != EOF)
		putchar(c);
	fclose(f);
	f = fopencookie(&left, "w", io);
	fflush(f);
	setvbuf(f, NULL, _IONBF, 0);
	fputs("xyz", f);
	fclose(f);
	f = fopen("px-b", "w+");
	setvbuf(f, own, _IOFBF, 16);
	fputs("0123456789abcdefghijklmnop", f);
	printf("%zu %d %d", __fbufsize(f), __flbf(f) != 0, __fwriting(f) != 0);
	printf("\n");
	fflush(f);
	content("px-b");
	printf("%d", ftruncate(fileno(f), 4));
	rewind(f);
	printf(" %s\n", fgets(b, 10, f));
	fclose(f);
	printf("%d\n", fclose(fopen("/dev/null", "w")));
	f = fopen("/dev/full", "w");
	if (f) {
		errno = 0;
		printf("%d", fputs("x", f) >= 0);
		printf(" %d", fflush(f));
		printf(" %d %d", errno, ferror(f) != 0);
		clearerr(f);
		printf(" %d", ferror(f) != 0);
		fputs("y", f);
		printf(" %d\n", fclose(f));
	}
	printf("%d %d\n", fputc_unlocked('u', stdout), puts("") >= 0);
	printf("%d\n", fgets_unlocked(b, 10, stdin) == NULL);
	printf("%d %d\n", getchar(), feof(stdin) != 0);
	printf("%d\n", fflush(stdin));
	errno = 0;
	printf("%d %d\n", fputc('x', stdin), errno);
}

static void files(void)
{
	char name[] = "/tmp/px-XXXXXX", bad[] = "/tmp/px-XXX", suffix[] = "/tmp/px-XXXXXX.c",
	     dir[] = "/tmp/pd-XXXXXX";
	char b[L_tmpnam], w[] = "1";
	int fd = mkstemp(name);
	struct stat s;
	FILE *f;

	fstat(fd, &s);
	printf("%d %o %zu\n", fd >= 0, (unsigned int)s.st_mode, strlen(name));
	close(fd);
	errno = 0;
	printf("%d", mkstemp(bad));
	printf(" %d %d\n", errno, strcmp(bad, "/tmp/px-XXX"));
	fd = mkstemps(suffix, 2);
	printf("%d %s\n", fd >= 0, suffix + strlen(suffix) - 2);
	printf("%d\n", mkdtemp(dir) == dir);
	stat(dir, &s);
	printf("%o\n", (unsigned int)s.st_mode);
	printf("%d\n", rename(name, suffix));
	printf("%d %d\n", remove(suffix), remove(dir));
	errno = 0;
	printf("%d", remove("/tmp/none"));
	printf(" %d\n", errno);
	f = tmpfile();
	fputs("temp", f);
	rewind(f);
	printf("%s\n", fgets(b, sizeof(b), f));
	fclose(f);
	printf("%d %.5s\n", tmpnam(b) == b, b);
	printf("%zu %zu %d\n", fwrite(w, 1, 0, stdout), fwrite("ok\n", 1, 3, stdout), P_tmpdir[0]);
	printf("%d %d %d %d\n", BUFSIZ, FOPEN_MAX, FILENAME_MAX, TMP_MAX);
	printf("%d %d\n", EOF, L_tmpnam);
}

int main(void)
{
	positions();
	modes();
	memory();
	buffers();
	files();
	remove("px-s");
	remove("px-m");
	remove("px-b");
	return 0;
}
