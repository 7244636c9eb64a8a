/* test_copy.c - copies that meet missing memory end where it begins.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The host's SIGSEGV does what the libOS's page-fault upcall does.
 */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <vm/copy.h>

__asm__(".include \"libos-posix/vm/copy.S\"\n\t.text");

#define PAGE 4096

static unsigned char *page;   /* readable and writable; the next one is not there */
static unsigned char *sealed; /* readable only; the next one is not there */

static void fault(int n, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	uintptr_t pc = px_copy_recover((uintptr_t)u->uc_mcontext.gregs[REG_RIP]);

	(void)n, (void)info;
	if (!pc)
		_exit(99);
	u->uc_mcontext.gregs[REG_RIP] = (greg_t)pc;
}

static int setup(void **state)
{
	(void)state;
	page = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -1;
	sealed = page + 2 * PAGE;
	return mprotect(page + PAGE, PAGE, PROT_NONE) || mprotect(sealed, PAGE, PROT_READ) ||
	       mprotect(sealed + PAGE, PAGE, PROT_NONE);
}

/* cmocka sets a handler of its own before each test. */
static void watch(void)
{
	struct sigaction a = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};

	assert_int_equal(sigaction(SIGSEGV, &a, NULL), 0);
	assert_int_equal(sigaction(SIGBUS, &a, NULL), 0);
}

/* Every length, ending before and beyond the end of the page. */
static void lengths(void **state)
{
	unsigned char from[96], to[96];

	(void)state;
	watch();
	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (unsigned char)(i + 1);
	for (size_t there = 0; there <= 40; there++)
		for (size_t n = 0; n <= 80; n++) {
			size_t left = n > there ? n - there : 0;
			unsigned char *at = page + PAGE - there;

			memset(page, 0, PAGE);
			assert_int_equal(px_copy_to(at, from, n), left);
			assert_memory_equal(at, from, n - left);
			memset(to, 0, sizeof(to));
			assert_int_equal(px_copy_from(to, at, n), left);
			assert_memory_equal(to, from, n - left);
			assert_int_equal(to[n - left], 0);
			assert_int_equal(px_clear_to(at, n), left);
			for (size_t i = 0; i < n - left; i++)
				assert_int_equal(at[i], 0);
		}
}

static void nothing_there(void **state)
{
	static const uintptr_t wild[] = {0, 8, 0x800000000000, 0xffff800000000000, UINTPTR_MAX - 3};
	char to[32];

	(void)state;
	watch();
	for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		assert_int_equal(px_copy_from(to, (void *)wild[i], 20), 20);
		assert_int_equal(px_copy_to((void *)wild[i], to, 20), 20);
		assert_int_equal(px_string_from(to, (void *)wild[i], 20), -EFAULT);
		assert_int_equal(px_copy_from(to, (void *)wild[i], 0), 0);
	}
	assert_int_equal(px_copy_to(sealed, to, 9), 9);
	assert_int_equal(px_copy_from(to, sealed, 9), 0);
}

static void strings(void **state)
{
	char to[32];

	(void)state;
	watch();
	memcpy(page + PAGE - 6, "hello", 6);
	assert_int_equal(px_string_from(to, (char *)page + PAGE - 6, sizeof(to)), 5);
	assert_string_equal(to, "hello");
	assert_int_equal(px_string_from(to, (char *)page + PAGE - 6, 6), 5);
	assert_int_equal(px_string_from(to, (char *)page + PAGE - 6, 5), 5);
	assert_int_equal(px_string_from(to, (char *)page + PAGE - 6, 0), 0);
	page[PAGE - 1] = 'x';
	assert_int_equal(px_string_from(to, (char *)page + PAGE - 6, sizeof(to)), -EFAULT);
	assert_int_equal(px_copy_recover((uintptr_t)strings), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(strings),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
