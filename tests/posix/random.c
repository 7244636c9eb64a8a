/* random.c - generators give the very numbers of Linux; sorting keeps the order of equals.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
	int key, order;
	char more[40];
};
struct pair {
	short key;
	short order;
};

static int by_item(const void *a, const void *b)
{
	return ((const struct item *)a)->key - ((const struct item *)b)->key;
}

static int by_pair(const void *a, const void *b)
{
	return ((const struct pair *)a)->key - ((const struct pair *)b)->key;
}

static int counted(const void *a, const void *b, void *n)
{
	++*(int *)n;
	return *(const int *)a - *(const int *)b;
}

static int ints(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static int strings(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void visit(const void *node, VISIT v, int depth)
{
	if (v == postorder || v == leaf)
		printf(" %s", *(char *const *)node);
	(void)depth;
}

static void generators(void)
{
	static char states[5][256];
	static const size_t sizes[] = {8, 32, 64, 128, 256};
	unsigned int seed = 42;
	unsigned short x[3] = {1, 2, 3}, c[7] = {1, 2, 3, 4, 5, 6, 7};
	struct random_data d = {0};
	int r;

	printf("%d\n", RAND_MAX);
	for (int i = 0; i < 5; i++)
		printf("%d ", rand());
	srand(0);
	printf("%d ", rand());
	srand(1);
	printf("%d ", rand());
	srand(12345);
	for (int i = 0; i < 1000; i++)
		rand();
	printf("%d %ld\n", rand(), random());
	srandom(4000000000u);
	printf("%ld %ld\n", random(), random());
	for (int i = 0; i < 5; i++)
		printf("%d ", rand_r(&seed));
	printf("%u\n", seed);
	for (int i = 0; i < 5; i++) {
		char *old = initstate(i + 7, states[i], sizes[i]);

		printf("%d:", i > 0 ? old == states[i - 1] : 2);
		for (int j = 0; j < 70; j++)
			r = (int)random();
		printf(" %d %ld\n", r, random());
	}
	for (int i = 4; i >= 0; i--) {
		setstate(states[i]);
		printf("%ld %ld\n", random(), random());
	}
	errno = 0;
	printf("%d %d\n", initstate(1, states[0], 7) == NULL, errno);
	initstate_r(3, states[3], 128, &d);
	random_r(&d, &r);
	printf("%d\n", r);
	printf("%.17g %ld %ld\n", drand48(), lrand48(), mrand48());
	srand48(-5);
	printf("%.17g %ld %ld\n", drand48(), lrand48(), mrand48());
	printf("%.17g %ld %ld %d\n", erand48(x), nrand48(x), jrand48(x), x[0]);
	lcong48(c);
	printf("%.17g %ld\n", drand48(), lrand48());
	printf("%d\n", seed48(x)[1]);
}

static void sorting(void)
{
	static struct item items[500];
	static struct pair pairs[1000];
	static int numbers[3000];
	int n = 0, key = 77;
	unsigned long sum = 0;

	srand(7);
	for (int i = 0; i < 500; i++)
		items[i] = (struct item){rand() % 10, i, "x"};
	for (int i = 0; i < 1000; i++)
		pairs[i] = (struct pair){(short)(rand() % 5), (short)i};
	for (int i = 0; i < 3000; i++)
		numbers[i] = rand() % 1000;
	qsort(items, 500, sizeof(items[0]), by_item);
	qsort(pairs, 1000, sizeof(pairs[0]), by_pair);
	for (int i = 0; i < 500; i++)
		sum = sum * 31 + (unsigned long)(items[i].key * 1000 + items[i].order);
	for (int i = 0; i < 1000; i++)
		sum = sum * 31 + (unsigned long)(pairs[i].key * 1000 + pairs[i].order);
	printf("%lu\n", sum);
	qsort_r(numbers, 3000, sizeof(int), counted, &n);
	for (int i = 0; i < 3000; i++)
		sum = sum * 31 + (unsigned long)numbers[i];
	printf("%lu %d\n", sum, n);
	printf("%d\n", bsearch(&key, numbers, 3000, sizeof(int), ints) != NULL);
	qsort(numbers, 0, sizeof(int), ints);
	qsort(numbers, 1, sizeof(int), ints);
}

static void searching(void)
{
	static char *words[] = {"pear", "fig", "apple", "plum", "fig", "kiwi", "date", "cherry"};
	static int list[10] = {5, 3};
	struct node {
		struct node *next, *prev;
		int n;
	} a = {.n = 1}, b = {.n = 2}, c = {.n = 3};
	void *root = NULL;
	size_t n = 2;
	int k = 9;
	ENTRY e = {"one", "uno"}, *f;

	for (int i = 0; i < 8; i++) {
		char **p = tsearch(words[i], &root, strings);

		printf(" %d", *p == words[i]);
	}
	twalk(root, visit);
	printf(" %d", tfind("fig", &root, strings) != NULL);
	tdelete("fig", &root, strings);
	tdelete("none", &root, strings);
	printf(" %d;", tfind("fig", &root, strings) != NULL);
	twalk(root, visit);
	printf("\n");
	printf("%d", *(int *)lsearch(&k, list, &n, sizeof(int), ints));
	printf(" %zu %d\n", n, lfind(&(int){77}, list, &n, sizeof(int), ints) == NULL);
	insque(&a, NULL);
	insque(&b, &a);
	insque(&c, &a);
	printf("%d %d %d\n", a.next->n, a.next->next->n, b.prev->n);
	remque(&c);
	printf("%d\n", a.next->n);
	hcreate(30);
	hsearch(e, ENTER);
	e = (ENTRY){"two", "due"};
	hsearch(e, ENTER);
	e.data = "zwei";
	f = hsearch(e, ENTER);
	printf("%s", (char *)f->data);
	e.key = "one";
	f = hsearch(e, FIND);
	printf(" %s", (char *)f->data);
	e.key = "three";
	printf(" %d\n", hsearch(e, FIND) == NULL);
	hdestroy();
}

int main(void)
{
	generators();
	sorting();
	searching();
	return 0;
}
