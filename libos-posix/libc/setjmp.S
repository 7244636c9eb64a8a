/* setjmp.S - the names of setjmp that do not touch the signal mask.
 * SPDX-License-Identifier: BSD-2-Clause
 */
	.section .text.setjmp, "ax", @progbits
	.globl	_setjmp, _longjmp
	.type	_setjmp, @function
	.type	_longjmp, @function
_setjmp:
	jmp	setjmp
_longjmp:
	jmp	longjmp
	.section .note.GNU-stack, "", @progbits
