/* stdio.c - streams on files, memory and nothing.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void from_file(void)
{
	char line[64], *more = NULL;
	size_t room = 0;
	FILE *f = fopen("text", "r");
	long n;
	int c;

	while (fgets(line, sizeof(line), f))
		printf("%zu:%s", strlen(line), line);
	printf("\n%d %d %d\n", feof(f) != 0, ferror(f) != 0, getc(f));
	rewind(f);
	while ((n = getline(&more, &room, f)) >= 0)
		printf("%ld,", n);
	printf("%ld\n", n);
	free(more);
	printf("%d %ld", fseek(f, -5, SEEK_END), ftell(f));
	c = getc(f);
	printf(" %c %d %c\n", c, ungetc('#', f), getc(f));
	printf("%zu", fread(line, 3, 10, f));
	printf(" %d\n", fseek(f, -1, SEEK_SET));
	printf("%d\n", errno);
	fclose(f);
	printf("%d", fopen("missing", "r") == NULL);
	printf(" %d", errno);
	printf(" %d", fopen("dir/none/x", "w") == NULL);
	printf(" %d", errno);
	errno = 0;
	printf(" %d", fopen("text", "zzz") == NULL);
	printf(" %d\n", errno);
}

static void in_memory(void)
{
	char buffer[64] = "in place";
	char *out = NULL;
	size_t size = 0;
	FILE *f = fmemopen(buffer, sizeof(buffer), "r+");
	char word[16];

	printf("%d", fscanf(f, "%15s", word));
	printf(" %s", word);
	fseek(f, 0, SEEK_SET);
	fputs("IN", f);
	fclose(f);
	printf(" %s\n", buffer);
	f = open_memstream(&out, &size);
	for (int i = 0; i < 1000; i++)
		fprintf(f, "%d ", i);
	fflush(f);
	printf("%zu %.20s\n", size, out);
	fclose(f);
	free(out);
}

static void buffers(void)
{
	char own[BUFSIZ];
	FILE *f = fopen("text", "r");

	printf("%d", setvbuf(f, own, _IOFBF, sizeof(own)));
	printf(" %d", fgetc(f));
	printf(" %d\n", fileno(f) > 2);
	fclose(f);
	printf("%d %d\n", fputc('!', stdout), puts("put") >= 0);
	fwrite("three", 1, 5, stdout);
	putchar('\n');
	fprintf(stdout, "%s", "");
	printf("%d\n", fclose(stdin));
}

int main(void)
{
	from_file();
	in_memory();
	buffers();
	return 0;
}
