/* streams.c - writes to both standard streams, every byte there is.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char all[256];

	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	for (int i = 0; i < 100; i++) {
		fprintf(stdout, "out %d\n", i);
		fwrite(all, 1, sizeof(all), stdout);
		fprintf(stderr, "error %d\n", i);
		fwrite(all, 1, sizeof(all), stderr);
	}
	fflush(stdout);
	dup2(2, 1);
	printf("now among errors\n");
	fflush(stdout);
	if (argc > 1)
		abort();
	return 0;
}
