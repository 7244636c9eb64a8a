/* switch.S - from one thread's registers to another's.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Who goes away by itself leaves on its stack what a function must keep, and above that where it goes
 * on; the address of it is the context (px_thread.sp):
 *
 *     0 MXCSR, x87 control word    8 r15  16 r14  24 r13  32 r12  40 rbx  48 rbp    56 rip
 */

	.macro	keep
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	sub	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	mov	%rsp, (%rdi)
	.endm

	.section .text.px_switch, "ax", @progbits
	.globl	px_switch, px_switch_in, px_switch_call
	.type	px_switch, @function
	.type	px_switch_in, @function
	.type	px_switch_call, @function
px_switch:				/* void px_switch(uint64_t *from, uint64_t to) */
	keep
	mov	%rsi, %rsp
restore:
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	add	$8, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret
	.size	px_switch, . - px_switch

px_switch_in:				/* _Noreturn void px_switch_in(uint64_t to) */
	mov	%rdi, %rsp
	jmp	restore
	.size	px_switch_in, . - px_switch_in

px_switch_call:				/* void px_switch_call(uint64_t *from, uint64_t stack, fn) */
	keep
	mov	%rsi, %rsp
	xor	%ebp, %ebp
	call	*%rdx
	ud2
	.size	px_switch_call, . - px_switch_call

	/* The context lies in buf, which stays as it is while the caller goes on; whoever goes on
	 * with it takes the stack from there too. */
	.section .text.px_context_save, "ax", @progbits
	.globl	px_context_save
	.type	px_context_save, @function
px_context_save:			/* int px_context_save(uint64_t buf[10]) */
	stmxcsr	(%rdi)
	fnstcw	4(%rdi)
	mov	%r15, 8(%rdi)
	mov	%r14, 16(%rdi)
	mov	%r13, 24(%rdi)
	mov	%r12, 32(%rdi)
	mov	%rbx, 40(%rdi)
	mov	%rbp, 48(%rdi)
	lea	again(%rip), %rax
	mov	%rax, 56(%rdi)
	lea	8(%rsp), %rax
	mov	%rax, 64(%rdi)
	mov	(%rsp), %rax
	mov	%rax, 72(%rdi)
	xor	%eax, %eax
	ret
again:	pop	%rcx			/* rsp = buf + 64 */
	pop	%rdx
	mov	%rcx, %rsp
	mov	$1, %eax
	jmp	*%rdx
	.size	px_context_save, . - px_context_save

	/* What a new thread's context goes on with: rbx = function, r12 = its argument. */
	.section .text.px_switch_begin, "ax", @progbits
	.globl	px_switch_begin
	.type	px_switch_begin, @function
px_switch_begin:
	mov	%r12, %rdi
	xor	%ebp, %ebp
	call	*%rbx
	ud2
	.size	px_switch_begin, . - px_switch_begin

	.section .note.GNU-stack, "", @progbits
