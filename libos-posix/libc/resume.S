/* resume.S - go on with the general registers of a struct exo_frame.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/upcall.h>

	.section .text.px_resume, "ax", @progbits
	.globl	px_resume
	.type	px_resume, @function
px_resume:				/* void px_resume(const struct exo_frame *f) */
	mov	%rdi, %rsp		/* its end is what iretq takes */
	mov	EXO_F_RAX(%rsp), %rax
	mov	EXO_F_RBX(%rsp), %rbx
	mov	EXO_F_RCX(%rsp), %rcx
	mov	EXO_F_RDX(%rsp), %rdx
	mov	EXO_F_RSI(%rsp), %rsi
	mov	EXO_F_RDI(%rsp), %rdi
	mov	EXO_F_RBP(%rsp), %rbp
	mov	EXO_F_R8(%rsp), %r8
	mov	EXO_F_R8+8(%rsp), %r9
	mov	EXO_F_R8+16(%rsp), %r10
	mov	EXO_F_R8+24(%rsp), %r11
	mov	EXO_F_R8+32(%rsp), %r12
	mov	EXO_F_R8+40(%rsp), %r13
	mov	EXO_F_R8+48(%rsp), %r14
	mov	EXO_F_R15(%rsp), %r15
	add	$EXO_F_RIP, %rsp
	iretq
	.size	px_resume, . - px_resume
	.section .note.GNU-stack, "", @progbits
