/* enter.S - the registers around a handler.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Offsets of registers are those of REG_* in sys/ucontext.h.
 */
#include <signal/scene.h>

#define R(n) (PX_SCENE_GREGS + 8 * (n))(%rsp)

	.section .text.px_signal_here, "ax", @progbits
	.globl	px_signal_here, px_scene_resume
	.type	px_signal_here, @function
	.type	px_scene_resume, @function
px_signal_here:				/* void px_signal_here(int number) */
	lea	8(%rsp), %rax
	mov	(%rsp), %rcx
	sub	$PX_SCENE_ROOM + PX_SCENE_FP, %rsp
	and	$-64, %rsp
	pushf
	pop	R(17)
	mov	%rax, R(15)
	mov	%rcx, R(16)
	mov	%rbp, R(10)
	mov	%rbx, R(11)
	mov	%r12, R(4)
	mov	%r13, R(5)
	mov	%r14, R(6)
	mov	%r15, R(7)
	xor	%eax, %eax		/* what a call need not keep is nobody's, and left as it is */
	mov	%rax, R(18)
	mov	%rax, R(19)
	mov	%rax, R(20)
	mov	%rax, R(21)
	mov	%rax, R(22)
	fxsave64 PX_SCENE_ROOM(%rsp)	/* the upper halves of ymm are nobody's at a call */
	mov	%rsp, %rsi
	call	px_signals_here
	fxrstor64 PX_SCENE_ROOM(%rsp)
	mov	%rsp, %rdi
px_scene_resume:			/* rdi = scene, the lowest thing on its stack */
	mov	%rdi, %rsp
	mov	R(0), %r8
	mov	R(1), %r9
	mov	R(2), %r10
	mov	R(3), %r11
	mov	R(4), %r12
	mov	R(5), %r13
	mov	R(6), %r14
	mov	R(7), %r15
	mov	R(8), %rdi
	mov	R(9), %rsi
	mov	R(10), %rbp
	mov	R(11), %rbx
	mov	R(12), %rdx
	mov	R(13), %rax
	mov	R(14), %rcx
	iretq
	.size	px_signal_here, . - px_signal_here

	.section .text.px_scene_begin, "ax", @progbits
	.globl	px_scene_begin
	.type	px_scene_begin, @function
px_scene_begin:				/* rdi = scene */
	mov	%rdi, %rsp
	mov	xo_vector_bytes(%rip), %eax
	lea	64(%rax), %eax
	sub	%rax, %rsp
	and	$-64, %rsp
	xor	%eax, %eax		/* XRSTOR wants the header's other bytes to be zero (SDM vol. 1, 13.8) */
	mov	%rax, 512(%rsp)
	mov	%rax, 520(%rsp)
	mov	%rax, 528(%rsp)
	mov	%rax, 536(%rsp)
	mov	%rax, 544(%rsp)
	mov	%rax, 552(%rsp)
	mov	%rax, 560(%rsp)
	mov	%rax, 568(%rsp)
	mov	%rsp, %rsi
	xor	%ebp, %ebp
	call	px_signal_perform
	ud2
	.size	px_scene_begin, . - px_scene_begin

	.section .note.GNU-stack, "", @progbits
