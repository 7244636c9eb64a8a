/* exit.h - how a program ends.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MINI_EXIT_H
#define MINI_EXIT_H

#include <exo/upcall.h>

/* Write out the console and stop, on all CPUs, with status & 255.  Returning from
 * main does the same. */
_Noreturn void mini_exit(int status);

/* Report what happened in frame, then exit with 128 + the number that Linux
 * gives the exception's cause (segmentation fault 11, divide error 8 ...). */
_Noreturn void mini_crash(const struct exo_frame *frame);

#endif
