/* boot.c - how far it is from the kernel's entry to a libOS's main.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The same source for both libOSes; it prints below them, through libexo.
 */
#include <libexo/console.h>
#include <libexo/start.h>
#include <util/fmt.h>

int main(void)
{
	uint32_t low, high;
	char line[64];

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	xo_console_write(line, fmt_string(line, sizeof(line), "bench entry_to_main %lu ticks\n",
					  ((uint64_t)high << 32 | low) - xo_info->tsc_entry));
	return 0;
}
