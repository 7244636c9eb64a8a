/* abi.h - which programs this libOS can carry.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Assembly includes this too.  A program that imports libos-posix.so carries a note with the
 * number it was linked for, so what changed since is refused in words, not found out by crashing.
 */
#ifndef PX_ABI_H
#define PX_ABI_H

/* Raise it whenever a program compiled before could misunderstand this libOS: a type, a number or
 * the meaning of an exported name changed.  New names need nothing: they are bound by name. */
#define PX_ABI_VERSION 1

/* The note of such a program: owner "exo", then EXO_ABI_VERSION and PX_ABI_VERSION. */
#define PX_NOTE_TYPE 1

#define PX_LIBRARY "libos-posix.so"

/* What the application is called in the image's archive. */
#define PX_APPLICATION "application"

#endif
