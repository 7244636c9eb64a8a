/* inside.h - words that musl's sources use among themselves, read before each of them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MUSL_INSIDE_H
#define MUSL_INSIDE_H

#define weak                   __attribute__((__weak__))
#define hidden                 __attribute__((__visibility__("hidden")))
#define weak_alias(old, new)   weak_alias_1(old, new)
#define weak_alias_1(old, new) extern __typeof(old) new __attribute__((__weak__, __alias__(#old)))

#define CHARCLASS_NAME_MAX 14

/* Patterns look at bytes where the locale has no longer characters: libos-posix/libc/string.c. */
#define mbtowc __px_mbtowc

#endif
