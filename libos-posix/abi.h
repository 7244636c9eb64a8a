/* abi.h - which programs this libOS can carry.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Assembly includes this too.  A program that imports libos-posix.so carries the number
 * it was linked for, so what changed since is refused in words, not found out by crashing.
 */
#ifndef PX_ABI_H
#define PX_ABI_H

/* Raise it whenever a program compiled before could misunderstand this libOS: a type, a number or
 * the meaning of an exported name changed.  New names need nothing: they are bound by name. */
#define PX_ABI_VERSION 1

/* Where: a symbol of the program, EXO_ABI_VERSION and PX_ABI_VERSION as 32-bit numbers. */
#define PX_ABI_MARK "__exo_abi"

#define PX_LIBRARY "libos-posix.so"

/* What the application is called in the image's archive. */
#define PX_APPLICATION "application"

#endif
