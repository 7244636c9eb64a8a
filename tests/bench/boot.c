/* boot.c - how far it is from the kernel's entry to a libOS's main.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The same source for both libOSes; it prints below them, through libexo.
 */
#include <libexo/console.h>
#include <libexo/start.h>

static void print(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	xo_console_write(text, n);
}

int main(void)
{
	char digits[24], *p = digits + sizeof(digits);
	uint32_t low, high;
	uint64_t ticks;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	ticks = ((uint64_t)high << 32 | low) - xo_info->tsc_entry;
	*--p = '\0';
	do
		*--p = (char)('0' + ticks % 10);
	while (ticks /= 10);
	print("bench entry_to_main ");
	print(p);
	print(" ticks\n");
	return 0;
}
