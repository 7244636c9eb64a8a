/* host.h - what the host tools share: errors, whole files, text that is quoted.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef HOST_H
#define HOST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define PAGE       4096ull
#define PAGE_UP(n) (((n) + PAGE - 1) & ~(PAGE - 1))

/* Bytes in memory.  What read_file gives may be changed: the file is not. */
struct blob {
	uint8_t *data;
	size_t size;
};

extern const char *tool; /* name before each message */

/* Say what is wrong on stderr and end with status 1 (2: called wrongly).
 * Nothing half-written stays behind. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

void *need(void *p); /* dies of NULL: out of memory */
void *zalloc(size_t n);

struct blob read_file(const char *path);

/* Written beside the target and renamed when complete. */
void write_file(const char *path, struct blob b, unsigned int mode);

/* Does the file hold n bytes at offset? */
static inline bool holds(const struct blob *b, uint64_t offset, uint64_t n)
{
	return n <= b->size && offset <= b->size - n;
}

#endif
