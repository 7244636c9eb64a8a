/* entry.S - what a program that imports libos-posix.so has of its own: its marks and its entry.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <abi.h>
#include <exo/version.h>

/* Tells the tools that this is a program for this system. */
	.section .exo.abi, "a"
	.balign	4
	.long	EXO_ABI_VERSION

	.section .note.exo, "a", @note
	.balign	4
	.long	2f - 1f, 4f - 3f, PX_NOTE_TYPE
1:	.asciz	"exo"
2:	.balign	4
3:	.long	EXO_ABI_VERSION, PX_ABI_VERSION
4:

/* The loader calls it like main, when everything is relocated. */
	.section .text.exo.start, "ax"
	.globl	_start
	.type	_start, @function
_start:
	jmp	main
	.size	_start, . - _start

	.section .note.GNU-stack, "", @progbits
