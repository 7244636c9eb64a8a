/* upcall.S - enter C from an upcall, and resume without a call.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The contract is exo/upcall.h.  An upcall that finds the processor between
 * xo_resume_begin and xo_resume_end starts the resume again from the frame, so
 * this range reads nothing but the frame and leaves it as it is; from
 * xo_resume_commit on rsp is all it needs to find it.
 */
#include <exo/upcall.h>
#include <libexo/upcall.h>

#define UP_START 1			/* EXO_UP_START */

	.section .text.exo.resume, "ax"
	.globl	xo_upcall_entry
	.type	xo_upcall_entry, @function
xo_upcall_entry:			/* rdi = frame, rsi = kind, rdx = addr, rsp = its stack */
	xor	%ebp, %ebp		/* ends a walk along frame pointers */
	cmp	$UP_START, %rsi
	je	begin
	mov	%rdi, %rbx
	call	exo_upcall
	mov	%rbx, %rsp		/* frames lie in the activation's first page */
	mov	%rbx, %rdi
	and	$-EXO_PAGE_SIZE, %rdi
	jmp	bases

	.globl	xo_resume
	.type	xo_resume, @function
xo_resume:				/* rdi = activation */
	mov	EXO_A_DEPTH(%rdi), %eax
	dec	%eax
	imul	$EXO_F_SIZE, %rax, %rax
	lea	XO_A_FRAMES(%rdi, %rax), %rsp

	/* FS and GS base and PKRU come first: restoring them twice does no
	 * harm, and the frame of an upcall that arrives here has them. */
bases:					/* rdi = activation, rsp = frame[depth - 1] */
	rdfsbase %rax
	cmp	EXO_F_FSBASE(%rsp), %rax
	je	1f
	mov	EXO_F_FSBASE(%rsp), %rax
	wrfsbase %rax
1:	rdgsbase %rax
	cmp	EXO_F_GSBASE(%rsp), %rax
	je	2f
	mov	EXO_F_GSBASE(%rsp), %rax
	wrgsbase %rax
2:	cmpb	$0, xo_has_pku(%rip)
	je	xo_resume_begin
	xor	%ecx, %ecx
	rdpkru
	cmp	EXO_F_PKRU(%rsp), %eax
	je	xo_resume_begin
	mov	EXO_F_PKRU(%rsp), %eax
	xor	%edx, %edx
	wrpkru

	.globl	xo_resume_begin, xo_resume_commit, xo_resume_end
xo_resume_begin:
	mov	EXO_F_RBX(%rsp), %rbx
	mov	EXO_F_RCX(%rsp), %rcx
	mov	EXO_F_RDX(%rsp), %rdx
	mov	EXO_F_RSI(%rsp), %rsi
	mov	EXO_F_RBP(%rsp), %rbp
	mov	EXO_F_R8+0(%rsp), %r8
	mov	EXO_F_R8+8(%rsp), %r9
	mov	EXO_F_R8+16(%rsp), %r10
	mov	EXO_F_R8+24(%rsp), %r11
	mov	EXO_F_R8+32(%rsp), %r12
	mov	EXO_F_R8+40(%rsp), %r13
	mov	EXO_F_R8+48(%rsp), %r14
	mov	EXO_F_R15(%rsp), %r15
	decl	EXO_A_DEPTH(%rdi)
xo_resume_commit:
	mov	EXO_F_RDI(%rsp), %rdi
	mov	EXO_F_RAX(%rsp), %rax
	lea	EXO_F_RIP(%rsp), %rsp
	iretq
xo_resume_end:

begin:					/* rdx = struct xo_begin * */
	mov	XO_BEGIN_SP(%rdx), %rsp
	mov	XO_BEGIN_ACTIVATION(%rdx), %rax
	wrgsbase %rax
	mov	XO_BEGIN_ARG(%rdx), %rdi
	call	*XO_BEGIN_FN(%rdx)
	ud2
	.size	xo_upcall_entry, . - xo_upcall_entry

	.section .note.GNU-stack, "", @progbits
