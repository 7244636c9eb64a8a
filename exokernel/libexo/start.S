/* start.S - the program's first instructions and its mark.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/version.h>

/* Identifies a program for this system, and for which version of the contract. */
	.section .exo.abi, "a"
	.balign	4
	.long	EXO_ABI_VERSION

/* START upcall of activation 0: rdx = struct exo_start *, rsp undefined. */
	.section .text.exo.start, "ax"
	.globl	_start
	.type	_start, @function
_start:
	lea	boot_stack_top(%rip), %rsp
	xor	%ebp, %ebp		/* ends a walk along frame pointers */
	mov	%rdx, %rbx
	call	xo_relocate
	mov	%rbx, %rdi
	call	xo_begin
	ud2
	.size	_start, . - _start

	.bss
	.balign	64
	.skip	16384
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
