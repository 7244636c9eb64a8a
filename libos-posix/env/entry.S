/* entry.S - what a program that imports libos-posix.so has of its own: its marks and its entry.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <abi.h>
#include <exo/version.h>

/* Tells the tools that this is a program for this system, and the loader which libOS it was linked
 * for; exported for that. */
	.section .exo.abi, "a"
	.globl	__exo_abi
	.type	__exo_abi, @object
	.balign	8
__exo_abi:
	.long	EXO_ABI_VERSION, PX_ABI_VERSION
	.size	__exo_abi, . - __exo_abi

/* The loader calls it like main, when everything is relocated. */
	.section .text.exo.start, "ax"
	.globl	_start
	.type	_start, @function
_start:
	jmp	main
	.size	_start, . - _start

	.section .note.GNU-stack, "", @progbits
