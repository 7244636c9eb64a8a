/* ktry.S - call a function that an exception may end.
 * SPDX-License-Identifier: BSD-2-Clause
 */
	.text
	.globl	kt_try_asm, kt_try_back
	.type	kt_try_asm, @function
kt_try_asm:				/* int kt_try_asm(fn, arg, uint64_t *save_sp) */
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdx
	mov	%rsp, (%rdx)
	mov	%rdi, %rax
	mov	%rsi, %rdi
	call	*%rax
	mov	$-1, %eax
kt_try_back:				/* the upcall comes here with rsp as saved, eax = vector */
	pop	%rdx
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret

	.globl	kt_null_asm
	.type	kt_null_asm, @function
kt_null_asm:
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rsi			/* out */
	push	%rdi
	mov	$0x1111111111111111, %rbx
	mov	$0x2222222222222222, %rbp
	mov	$0x3333333333333333, %r12
	mov	$0x4444444444444444, %r13
	mov	$0x5555555555555555, %r14
	mov	$0x6666666666666666, %r15
	xor	%eax, %eax		/* EXO_SYS_null */
	popfq
	syscall
	pushfq
	cld
	push	%rcx
	push	%r9
	push	%r8
	push	%r10
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%rbp
	push	%rbx
	mov	%rsp, %rsi
	mov	14*8(%rsp), %rdi
	mov	$14, %ecx
	rep movsq
	mov	%rsi, %rsp
	add	$8, %rsp		/* out */
	pushq	$0x202
	popfq
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret

	.globl	kt_ud2_asm
	.type	kt_ud2_asm, @function
kt_ud2_asm:
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rsi
	mov	%rdi, %rax
	imul	$2, %rax, %rbx
	imul	$3, %rax, %rcx
	imul	$4, %rax, %rdx
	imul	$5, %rax, %rsi
	imul	$6, %rax, %rdi
	imul	$7, %rax, %rbp
	imul	$8, %rax, %r8
	imul	$9, %rax, %r9
	imul	$10, %rax, %r10
	imul	$11, %rax, %r11
	imul	$12, %rax, %r12
	imul	$13, %rax, %r13
	imul	$14, %rax, %r14
	imul	$15, %rax, %r15
	ud2
	push	%rax
	mov	8(%rsp), %rax
	pop	(%rax)
	mov	%rbx, 8(%rax)
	mov	%rcx, 16(%rax)
	mov	%rdx, 24(%rax)
	mov	%rsi, 32(%rax)
	mov	%rdi, 40(%rax)
	mov	%rbp, 48(%rax)
	mov	%r8, 56(%rax)
	mov	%r9, 64(%rax)
	mov	%r10, 72(%rax)
	mov	%r11, 80(%rax)
	mov	%r12, 88(%rax)
	mov	%r13, 96(%rax)
	mov	%r14, 104(%rax)
	mov	%r15, 112(%rax)
	pop	%rsi
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret

	.section .note.GNU-stack, "", @progbits
