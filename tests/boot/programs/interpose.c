/* interpose.c - a program with an allocator of its own: the library must use it too.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char pool[1 << 22] __attribute__((aligned(64)));
static size_t used;
static int strangers;

static int mine(const void *p)
{
	return (const char *)p >= pool && (const char *)p < pool + sizeof(pool);
}

void *malloc(size_t n)
{
	size_t *p = (size_t *)(pool + used);

	n = (n + 15) & ~(size_t)15;
	if (used + n + 16 > sizeof(pool))
		return NULL;
	p[0] = n;
	used += n + 16;
	return p + 2;
}

void free(void *p)
{
	if (p && !mine(p))
		strangers++;
}

void *calloc(size_t n, size_t size)
{
	void *p = malloc(n * size);

	return p ? memset(p, 0, n * size) : NULL;
}

void *realloc(void *old, size_t n)
{
	void *p = malloc(n);

	if (p && old) {
		size_t bytes = ((size_t *)old)[-2];

		memcpy(p, old, bytes < n ? bytes : n);
		free(old);
	}
	return p;
}

int main(void)
{
	char *s = strdup("text"), *line = NULL, text[] = "one\ntwo\n";
	size_t n = 0;
	FILE *f;

	printf("strdup %d\n", mine(s));
	free(s);
	f = fmemopen(text, strlen(text), "r");
	if (getline(&line, &n, f) > 0)
		printf("getline %d %s", mine(line), line);
	fclose(f);
	free(line);
	if (asprintf(&s, "%d %s", 42, "x") > 0)
		printf("asprintf %d %s\n", mine(s), s);
	free(s);
	f = open_memstream(&s, &n);
	fprintf(f, "%0100d", 7);
	fclose(f);
	printf("open_memstream %d %zu\n", mine(s), n);
	free(s);
	printf("%d of somebody else\n", strangers);
	return 0;
}
