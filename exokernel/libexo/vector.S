/* vector.S - call C that may use vector registers from code that must not.
 * SPDX-License-Identifier: BSD-2-Clause
 */

	.section .text.xo_vector_call, "ax"
	.globl	xo_vector_call
	.type	xo_vector_call, @function
xo_vector_call:				/* long xo_vector_call(long (*fn)(void *), void *arg) */
	push	%rbp
	mov	%rsp, %rbp
	push	%rbx
	push	%r12			/* rbx, r12 at -8, -16 from rbp */
	mov	%rdi, %rbx
	mov	%rsi, %r12
	mov	xo_vector_bytes(%rip), %eax
	sub	%rax, %rsp
	and	$-64, %rsp		/* the save area is 64-byte aligned */
	cmpb	$0, xo_has_xsave(%rip)
	je	1f

	/* XRSTOR wants the header's other 56 bytes to be zero (SDM vol. 1,
	 * section 13.8); XSAVE writes only the first 8. */
	xor	%eax, %eax
	lea	512(%rsp), %rdi
	mov	$8, %ecx
	rep stosq
	mov	$-1, %eax
	mov	$-1, %edx
	xsave64	(%rsp)
	jmp	2f
1:	fxsave64 (%rsp)

2:	fninit
	ldmxcsr	clean_mxcsr(%rip)
	mov	%r12, %rdi
	call	*%rbx
	mov	%rax, %rbx

	cmpb	$0, xo_has_xsave(%rip)
	je	3f
	mov	$-1, %eax
	mov	$-1, %edx
	xrstor64 (%rsp)
	jmp	4f
3:	fxrstor64 (%rsp)

4:	mov	%rbx, %rax
	mov	-8(%rbp), %rbx
	mov	-16(%rbp), %r12
	leave
	ret
	.size	xo_vector_call, . - xo_vector_call

	/* rdi = save area: xo_vector_bytes, 64-byte aligned, zero at first */
	.section .text.xo_vector_save, "ax"
	.globl	xo_vector_save
	.type	xo_vector_save, @function
xo_vector_save:
	cmpb	$0, xo_has_xsave(%rip)
	je	1f
	mov	$-1, %eax
	mov	$-1, %edx
	xsave64	(%rdi)
	ret
1:	fxsave64 (%rdi)
	ret
	.size	xo_vector_save, . - xo_vector_save

	.section .text.xo_vector_restore, "ax"
	.globl	xo_vector_restore
	.type	xo_vector_restore, @function
xo_vector_restore:
	cmpb	$0, xo_has_xsave(%rip)
	je	1f
	mov	$-1, %eax
	mov	$-1, %edx
	xrstor64 (%rdi)
	ret
1:	fxrstor64 (%rdi)
	ret
	.size	xo_vector_restore, . - xo_vector_restore

	.section .rodata.clean_mxcsr, "a"
	.balign	4
clean_mxcsr:
	.long	0x1f80			/* as after reset: all exceptions masked */

	.section .note.GNU-stack, "", @progbits
