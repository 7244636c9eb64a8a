/* program.h - the application: where it lies, how it begins and ends.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * There are two forms.  With the libOS linked into it, the linker says all this (static.c); an
 * application that imports libos-posix.so is found in the image and loaded (load.c).
 */
#ifndef PX_PROGRAM_H
#define PX_PROGRAM_H

#include <exo/archive.h>
#include <exo/types.h>
#include <libexo/map.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void px_hook(void);

struct px_hooks {
	px_hook **first;
	size_t count;
};

struct px_program {
	int (*main)(int argc, char **argv, char **env);
	struct px_hooks preinit, init, fini;
	const void *tls; /* thread-local variables as they begin... */
	size_t tls_file; /* ...so many bytes, then zeros... */
	size_t tls_bytes, tls_align;
};

extern struct px_program px_program;

/* What the kernel started: "program", or "libos" if the program is loaded by it. */
extern const char px_self_name[];

/* Fill px_program.  Runs before there is a thread: no errno, nothing thread-local.  Ends the
 * process with one sentence if it cannot. */
void px_program_init(const struct exo_archive *archive, uint32_t image);

/* Make the main stack, with room for so much, and the first thread; returns the top of the stack.
 */
uintptr_t px_start_stack(uint64_t bytes);
#define PX_STACK_BYTES (8ull << 20)

/* Go on there with `first`, which does not return. */
_Noreturn void px_start(uintptr_t sp, void (*first)(void));

/* On the main stack, with thread-local variables in place: what the program does before main, and
 * main. */
_Noreturn void px_run(void);

/* Make [from, to) read-only, whole pages. */
void px_seal(exo_va_t from, exo_va_t to);

#endif
