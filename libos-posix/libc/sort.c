/* sort.c - qsort as on Linux: a merge sort, which leaves equal elements in their order.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Without memory for a copy the heap does it in place.  Large elements are sorted by pointers and
 * then moved once each.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LARGE 32 /* bytes of an element from which on pointers are sorted */
#define SMALL 1024

typedef int order_fn(const void *, const void *, void *);

struct sort {
	order_fn *compare;
	void *argument;
	size_t size; /* of what is moved */
	int indirect;
	char *room;
};

static int order(const struct sort *s, const char *a, const char *b)
{
	if (s->indirect)
		return s->compare(*(void *const *)(const void *)a, *(void *const *)(const void *)b,
				  s->argument);
	return s->compare(a, b, s->argument);
}

static void move(char *to, const char *from, size_t size)
{
	if (size == 8)
		memcpy(to, from, 8);
	else if (size == 4)
		memcpy(to, from, 4);
	else
		memcpy(to, from, size);
}

static void merge_sort(const struct sort *s, char *base, size_t n)
{
	size_t size = s->size, n1 = n / 2, n2 = n - n1;
	char *a = base, *b = base + n1 * size, *to = s->room;

	if (n <= 1)
		return;
	merge_sort(s, a, n1);
	merge_sort(s, b, n2);
	for (; n1 && n2; to += size) {
		if (order(s, a, b) <= 0) {
			move(to, a, size);
			a += size;
			n1--;
		} else {
			move(to, b, size);
			b += size;
			n2--;
		}
	}
	memcpy(to, a, n1 * size);
	memcpy(base, s->room, (n - n2) * size);
}

/* Each cycle of the order that the pointers say is moved through one spare element. */
static void put_in_order(char *base, size_t n, size_t size, char **from, char *spare)
{
	for (size_t i = 0; i < n; i++) {
		size_t j = i, next;

		if (from[i] == base + i * size)
			continue;
		memcpy(spare, base + i * size, size);
		for (; (next = (size_t)(from[j] - base) / size) != i; j = next) {
			memcpy(base + j * size, base + next * size, size);
			from[j] = base + j * size;
		}
		memcpy(base + j * size, spare, size);
		from[j] = base + j * size;
	}
}

static void swap(char *a, char *b, size_t size)
{
	while (size--) {
		char c = *a;

		*a++ = *b;
		*b++ = c;
	}
}

static void sift(const struct sort *s, char *base, size_t i, size_t n)
{
	for (size_t child; (child = 2 * i + 1) < n; i = child) {
		char *c = base + child * s->size;

		if (child + 1 < n && order(s, c, c + s->size) < 0) {
			child++;
			c += s->size;
		}
		if (order(s, base + i * s->size, c) >= 0)
			return;
		swap(base + i * s->size, c, s->size);
	}
}

static void heap_sort(const struct sort *s, char *base, size_t n)
{
	for (size_t i = n / 2; i--;)
		sift(s, base, i, n);
	for (size_t end = n; end > 1;) {
		swap(base, base + --end * s->size, s->size);
		sift(s, base, 0, end);
	}
}

void qsort_r(void *base, size_t n, size_t size, order_fn *compare, void *argument)
{
	struct sort s = {compare, argument, size, size > LARGE, NULL};
	size_t bytes;
	char small[SMALL], *room = small, **from;
	int before = errno;

	if (s.indirect)
		bytes = 2 * n * sizeof(char *) + size;
	else
		bytes = n * size;
	if (bytes > SMALL)
		room = malloc(bytes);
	errno = before;
	if (!room) {
		s.indirect = 0;
		heap_sort(&s, base, n);
		return;
	}
	s.room = room;
	if (s.indirect) {
		from = (char **)(void *)room + n;
		for (size_t i = 0; i < n; i++)
			from[i] = (char *)base + i * size;
		s.size = sizeof(char *);
		merge_sort(&s, (char *)from, n);
		put_in_order(base, n, size, from, (char *)(from + n));
	} else {
		merge_sort(&s, base, n);
	}
	if (room != small)
		free(room);
}

static int plain(const void *a, const void *b, void *function)
{
	return (*(int (**)(const void *, const void *))function)(a, b);
}

void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	qsort_r(base, n, size, plain, &compare);
}
