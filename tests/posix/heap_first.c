/* heap_first.c - what is allocated first is large, and lies lower or higher than what comes after
 * it. SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	char *large = malloc(10 << 20), *small[100], *other = malloc(3 << 20);

	for (int i = 0; i < 100; i++)
		small[i] = calloc(1, (size_t)i * 50 + 1);
	memset(large, 1, 10 << 20);
	memset(other, 2, 3 << 20);
	large = realloc(large, 20 << 20);
	printf("%d %d %d\n", large[0], large[(10 << 20) - 1], other[(3 << 20) - 1]);
	free(other);
	for (int i = 0; i < 100; i++)
		free(small[i]);
	large = realloc(large, 1 << 10);
	printf("%d %d\n", large[0], large[1023]);
	free(large);
	return 0;
}
