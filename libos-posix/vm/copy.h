/* copy.h - copies between the libOS and memory a program named, which may not be there.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A fault that px_fault cannot serve ends the copy, not the program.  Never inside px_enter.
 */
#ifndef PX_COPY_H
#define PX_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Copy n bytes.  Returns how many of them, at the end, were NOT copied: 0 if all is well. */
size_t px_copy_from(void *to, const void *user, size_t n);
size_t px_copy_to(void *user, const void *from, size_t n);

/* Zero n bytes.  Returns how many were not. */
size_t px_clear_to(void *user, size_t n);

/* Copy a string, at most `room` bytes with its zero.  Returns its length; `room` if no zero was
 * among them; -EFAULT. */
ssize_t px_string_from(char *to, const char *user, size_t room);

/* For the upcall: if the instruction at pc is one of the above, where to go on instead, else 0. */
uintptr_t px_copy_recover(uintptr_t pc);

#endif
