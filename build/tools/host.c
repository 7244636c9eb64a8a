/* host.c - errors and whole files for the host tools.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *tool = "exo-image";

static char *unfinished; /* file to remove if we end before it is complete */

static _Noreturn void end(int status, const char *format, va_list args)
{
	fprintf(stderr, "%s: ", tool);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	if (unfinished)
		unlink(unfinished);
	exit(status);
}

_Noreturn void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end(1, format, args);
}

_Noreturn void usage_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end(2, format, args);
}

void *need(void *p)
{
	if (!p)
		die("out of memory");
	return p;
}

void *zalloc(size_t n)
{
	return need(calloc(1, n ? n : 1));
}

struct blob read_file(const char *path)
{
	struct blob b = {NULL, 0};
	struct stat st;
	int f = open(path, O_RDONLY | O_CLOEXEC);

	if (f < 0 || fstat(f, &st) < 0)
		die("cannot read %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		die("cannot read %s: not a regular file", path);
	b.size = st.st_size;
	if (b.size) {
		b.data = mmap(NULL, b.size, PROT_READ | PROT_WRITE, MAP_PRIVATE, f, 0);
		if (b.data == MAP_FAILED)
			die("cannot read %s: %s", path, strerror(errno));
	}
	close(f);
	return b;
}

static int write_all(int f, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t k = write(f, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		p += k;
		n -= k;
	}
	return 0;
}

void write_file(const char *path, struct blob b, unsigned int mode)
{
	mode_t mask = umask(0);
	char *part;
	int f;

	umask(mask);
	if (asprintf(&part, "%s.XXXXXX", path) < 0)
		die("out of memory");
	f = mkostemp(part, O_CLOEXEC);
	if (f < 0)
		die("cannot write %s: %s", path, strerror(errno));
	unfinished = part;
	if (write_all(f, b.data, b.size) < 0 || fchmod(f, mode & ~mask) < 0 || close(f) < 0 ||
	    rename(part, path) < 0)
		die("cannot write %s: %s", path, strerror(errno));
	unfinished = NULL;
	free(part);
}
