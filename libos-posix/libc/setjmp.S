/* setjmp.S - setjmp and longjmp; a longjmp with 0 makes setjmp return 1.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The signal mask is not touched.  jmp_buf: rbx, rbp, r12 to r15, the caller's rsp, where it goes on.
 */
	.section .text.setjmp, "ax", @progbits
	.globl	setjmp, _setjmp, longjmp, _longjmp
	.type	setjmp, @function
	.type	_setjmp, @function
	.type	longjmp, @function
	.type	_longjmp, @function
setjmp:
_setjmp:
	mov	%rbx, (%rdi)
	mov	%rbp, 8(%rdi)
	mov	%r12, 16(%rdi)
	mov	%r13, 24(%rdi)
	mov	%r14, 32(%rdi)
	mov	%r15, 40(%rdi)
	lea	8(%rsp), %rdx
	mov	%rdx, 48(%rdi)
	mov	(%rsp), %rdx
	mov	%rdx, 56(%rdi)
	xor	%eax, %eax
	ret
	.size	setjmp, . - setjmp
longjmp:
_longjmp:
	mov	%esi, %eax
	cmp	$1, %eax
	adc	$0, %eax
	mov	(%rdi), %rbx
	mov	8(%rdi), %rbp
	mov	16(%rdi), %r12
	mov	24(%rdi), %r13
	mov	32(%rdi), %r14
	mov	40(%rdi), %r15
	mov	48(%rdi), %rsp
	jmp	*56(%rdi)
	.size	longjmp, . - longjmp
	.section .note.GNU-stack, "", @progbits
