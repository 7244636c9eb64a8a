/* others.c - only other threads than the first write to a stream, and it is flushed at the end.
 * SPDX-License-Identifier: BSD-2-Clause
 * FORMS: static
 */
#include <pthread.h>
#include <stdio.h>

static void *writes(void *name)
{
	printf("by %s\n", (char *)name);
	return NULL;
}

int main(void)
{
	pthread_t t;

	for (int i = 0; i < 2; i++) {
		pthread_create(&t, NULL, writes, i ? "the second" : "the first");
		pthread_join(t, NULL);
	}
	return 0;
}
