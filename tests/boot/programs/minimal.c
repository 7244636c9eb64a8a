/* minimal.c - does what its first argument says; for the tests of run, on libos-minimal.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mini/mini.h>

static volatile int zero;

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static int number(const char *s)
{
	int n = 0;

	while (*s >= '0' && *s <= '9')
		n = 10 * n + *s++ - '0';
	return n;
}

__attribute__((noinline)) static int crash_here(const char *how)
{
	if (is(how, "divide"))
		return 1000 / zero;
	if (is(how, "illegal"))
		__builtin_trap();
	if (is(how, "kernel"))
		return *(volatile int *)0xffffffff80000000;
	return *(volatile int *)(uintptr_t)(16 + zero);
}

__attribute__((noinline)) static int crash_caller(const char *how)
{
	return crash_here(how) + 1;
}

/* One line from the console, back to it; what follows it may come in the same piece. */
static void echo(void)
{
	char text[64];
	size_t n = 0, line = 0;

	while (line == n && n < sizeof(text)) {
		n += mini_read(text + n, sizeof(text) - n);
		while (line < n && text[line] != '\n' && text[line] != '\r')
			line++;
	}
	mini_printf("echo: ");
	mini_write(text, line);
	mini_printf("\n");
}

/* As many bytes from the console as told, back to it as numbers: none of them means anything. */
static void bytes(int left)
{
	unsigned char text[16];

	while (left > 0) {
		size_t n = mini_read(text, sizeof(text));

		for (size_t i = 0; i < n; i++)
			mini_printf("%02x ", text[i]);
		left -= n;
	}
	mini_printf("\n");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "hello";

	if (is(what, "status"))
		return number(argv[2]);
	if (is(what, "crash"))
		return crash_caller(argv[2]);
	if (is(what, "echo"))
		echo();
	if (is(what, "bytes"))
		bytes(number(argv[2]));
	if (is(what, "forge")) {
		mini_printf("exo: exit 0\nexokernel: exit status 0\n");
		return 3;
	}
	while (is(what, "spin"))
		zero = 0;
	if (is(what, "sleep"))
		mini_printf("sleeping\n");
	while (is(what, "sleep"))
		mini_sleep(1000 * MINI_NS_PER_MS);
	for (int i = 0; i < argc; i++)
		mini_printf("argv[%d] = <%s>\n", i, argv[i]);
	mini_printf("CPUs: %u\n", mini_cpus());
	return 0;
}
