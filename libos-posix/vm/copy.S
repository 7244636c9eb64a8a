/* copy.S - copies that end early where memory is missing.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Each instruction that touches what a program named stands in a table with the place where to go
 * on if it faults.  Whole words first; if one of them faults the bytes before the fault are still
 * copied, one by one, as a kernel would.  The string instructions keep rdi, rsi and rcx as far as
 * they came.  General registers only.
 */
	.set	EFAULT, 14

/* The instruction that follows may fault: go on at `to`. */
	.macro	may_fault to
	.pushsection .rodata.px_copy, "a"
	.long	771f - px_copy_table, \to - px_copy_table
	.popsection
771:
	.endm

	.section .rodata.px_copy, "a"
	.balign	8
px_copy_table:

	.section .text.px_copy, "ax"
	.globl	px_copy_from, px_copy_to
	.type	px_copy_from, @function
	.type	px_copy_to, @function
px_copy_from:				/* rdi = to, rsi = from, rdx = bytes */
px_copy_to:
	mov	%rdx, %rcx
	shr	$3, %rcx
	and	$7, %edx
	may_fault words
	rep movsq
	mov	%edx, %ecx
bytes:	may_fault done
	rep movsb
done:	mov	%rcx, %rax
	ret
words:	lea	(%rdx, %rcx, 8), %rcx
	jmp	bytes
	.size	px_copy_from, . - px_copy_from

	.globl	px_clear_to
	.type	px_clear_to, @function
px_clear_to:				/* rdi = to, rsi = bytes */
	xor	%eax, %eax
	mov	%rsi, %rcx
	shr	$3, %rcx
	and	$7, %esi
	may_fault clear_words
	rep stosq
	mov	%esi, %ecx
clear_bytes:
	may_fault done
	rep stosb
	jmp	done
clear_words:
	lea	(%rsi, %rcx, 8), %rcx
	jmp	clear_bytes
	.size	px_clear_to, . - px_clear_to

	.globl	px_string_from
	.type	px_string_from, @function
px_string_from:				/* rdi = to, rsi = from, rdx = room */
	xor	%eax, %eax
1:	cmp	%rdx, %rax
	je	3f
	may_fault 2f
	movzbl	(%rsi, %rax), %ecx
	mov	%cl, (%rdi, %rax)
	test	%cl, %cl
	je	3f
	inc	%rax
	jmp	1b
2:	mov	$-EFAULT, %rax
3:	ret
	.size	px_string_from, . - px_string_from

	/* rdi = pc */
	.globl	px_copy_recover
	.type	px_copy_recover, @function
px_copy_recover:
	lea	px_copy_table(%rip), %rdx
	lea	px_copy_table_end(%rip), %rsi
	mov	%rdx, %r8
1:	cmp	%rsi, %rdx
	je	2f
	movslq	(%rdx), %rax
	add	%r8, %rax
	cmp	%rdi, %rax
	je	3f
	add	$8, %rdx
	jmp	1b
2:	xor	%eax, %eax
	ret
3:	movslq	4(%rdx), %rax
	add	%r8, %rax
	ret
	.size	px_copy_recover, . - px_copy_recover

	.section .rodata.px_copy, "a"
px_copy_table_end:

	.section .note.GNU-stack, "", @progbits
