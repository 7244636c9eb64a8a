/* memory.c - the stack grows, thread-local variables and constants are where they belong.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static __thread int zero_tls;
static __thread int set_tls = 42;
static __thread struct {
	char c[3];
} odd_tls = {"ab"};
static __thread char aligned_tls[100] __attribute__((aligned(256))) = "aligned";
static _Alignas(4096) char page[8192];
static const char *const table[] = {"relocated", "pointers"};

__attribute__((noinline)) static uint64_t down(int n)
{
	volatile char room[1000];

	memset((char *)room, n, sizeof(room));
	return n ? down(n - 1) + (unsigned char)room[500] : 1;
}

__attribute__((noinline)) static int large_frame(void)
{
	volatile char room[3 << 20];

	room[0] = 1;
	room[sizeof(room) - 1] = 2;
	return room[0] + room[sizeof(room) - 1];
}

int main(void)
{
	printf("%d %d %s %s %d\n", zero_tls, set_tls, odd_tls.c, aligned_tls,
	       (int)((uintptr_t)aligned_tls % 256));
	zero_tls = set_tls++;
	printf("%d %d\n", zero_tls, set_tls);
	printf("%d %d\n", (int)((uintptr_t)page % 4096), page[4096]);
	printf("%s %s\n", table[0], table[1]);
	printf("%llu\n", (unsigned long long)down(6000));
	printf("%d\n", large_frame());
	return 0;
}
