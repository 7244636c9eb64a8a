/* crash.h - the last words of a program that cannot go on.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef LIBEXO_CRASH_H
#define LIBEXO_CRASH_H

#include <exo/upcall.h>
#include <stddef.h>

/* What code an address lies in, and how far into it: "program", or NULL if it is none.  A libOS
 * that loads programs defines the name itself and tells "libos" from them; in the last line above
 * the program's offsets have no name. */
const char *xo_place(uint64_t pc, uint64_t *offset);

/* Say through print what happened in `frame`, where, the registers and the
 * callers found by frame pointers.  The last line is
 *
 *     backtrace: +0xPC +0xCALLER ...
 *
 * as offsets from the program's base: the interrupted instruction, then for each caller
 * the last byte of its call instruction, so that each can be looked up as it is.  For
 * a frame of kind 0, made up by a program that ends itself, it is the only one.  Reads the
 * program's memory only where it is mapped.  General registers only. */
void xo_crash_report(const struct exo_frame *frame, void (*print)(const void *text, size_t n));

/* The exception's name, "page fault" ..., for vectors 0..31. */
const char *xo_exception_name(unsigned vector);

#endif
