/* registers.S - registers of getcontext and its like (POSIX.1-2004).
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * What a call keeps is saved, the return address, and the arguments for makecontext; of the
 * floating-point state the two control words (System V ABI, AMD64, section 3.2.1).
 */
#include <signal/context.h>

#define R(n) (PX_UC_GREGS + 8 * (n))(%rdi)	/* as REG_* in sys/ucontext.h number them */

	.macro	keep
	mov	%r8, R(0)
	mov	%r9, R(1)
	mov	%r12, R(4)
	mov	%r13, R(5)
	mov	%r14, R(6)
	mov	%r15, R(7)
	mov	%rdi, R(8)
	mov	%rsi, R(9)
	mov	%rbp, R(10)
	mov	%rbx, R(11)
	mov	%rdx, R(12)
	movq	$0, R(13)			/* what it returns then */
	mov	%rcx, R(14)
	lea	8(%rsp), %rax
	mov	%rax, R(15)
	mov	(%rsp), %rax
	mov	%rax, R(16)
	lea	PX_UC_FP(%rdi), %rax
	mov	%rax, PX_UC_FPREGS(%rdi)
	fnstcw	(%rax)
	stmxcsr	PX_UC_MXCSR(%rax)
	.endm

	.section .text.px_context, "ax", @progbits
	.globl	getcontext, setcontext, swapcontext, px_context_return
	.type	getcontext, @function
	.type	setcontext, @function
	.type	swapcontext, @function
getcontext:				/* rdi = where to */
	keep
	jmp	px_context_left
	.size	getcontext, . - getcontext

swapcontext:				/* rdi = where to, rsi = what to go on with */
	keep
	push	%rsi
	call	px_context_swapped
	jmp	load
	.size	swapcontext, . - swapcontext

setcontext:				/* rdi = what to go on with */
	push	%rdi
	call	px_context_taken
load:
	pop	%rdi
	mov	PX_UC_FPREGS(%rdi), %rax
	fldcw	(%rax)
	ldmxcsr	PX_UC_MXCSR(%rax)
	mov	R(15), %rsp
	push	R(16)
	mov	R(0), %r8
	mov	R(1), %r9
	mov	R(4), %r12
	mov	R(5), %r13
	mov	R(6), %r14
	mov	R(7), %r15
	mov	R(9), %rsi
	mov	R(10), %rbp
	mov	R(11), %rbx
	mov	R(12), %rdx
	mov	R(13), %rax
	mov	R(14), %rcx
	mov	R(8), %rdi
	ret
	.size	setcontext, . - setcontext

	.type	px_context_return, @function
px_context_return:
	mov	%rbx, %rdi
	call	px_context_over
	.size	px_context_return, . - px_context_return

	.section .note.GNU-stack, "", @progbits
