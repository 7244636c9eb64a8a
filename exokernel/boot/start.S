/* start.S - from a boot loader's 32-bit hands to boot_main in 64 bits; the
 * way up of the other CPUs.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Entered by multiboot2 (Multiboot2 Specification 2.0, section 3.3) or PVH
 * (Xen's pvh.h): 32-bit protected mode, paging off, no stack.  A multiboot2
 * loader may have put the image elsewhere than where it was linked for, so
 * addresses are relative to %ebp, the physical address of kernel_start.
 */
#include <exo/types.h>
#include <x86_64/cpu.h>

#define P(symbol) (symbol - KERNEL_VIRT)(%ebp)
#define COM1 0x3f8

	.section .multiboot2, "a"
	.balign	8
header:	.long	0xe85250d6, 0, header_end - header, -(0xe85250d6 + (header_end - header))
	.balign	8
	.short	6, 0				/* modules on page boundaries */
	.long	8
	.balign	8
	.short	10, 0				/* may be moved: anywhere below 2 GiB, preferably low */
	.long	24, 0x100000, 0x7fffffff, 4096, 1
	.balign	8
	.short	0, 0
	.long	8
header_end:

	.section .note.pvh, "a", @note
	.balign	4
	.long	4, 4, 18			/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.long	start_pvh - KERNEL_VIRT + 0x100000

	.text
	.code32
start_pvh:
	xor	%eax, %eax
	.globl	start32
start32:
	cli
	cld
	mov	%eax, %edi			/* who loaded us: multiboot2's magic, or 0 */
	mov	%ebx, %esi			/* and what it has to say */
	mov	4(%ebx), %edx			/* borrow a word of that as a stack to learn our address */
	lea	8(%ebx), %esp
	call	1f
1:	pop	%ebp
	sub	$(1b - KERNEL_VIRT), %ebp
	mov	%edx, 4(%ebx)
	rdtsc
	mov	%eax, P(boot_tsc)
	mov	%edx, P(boot_tsc + 4)

	mov	$0x80000001, %eax		/* 64-bit mode and no-execute, or there is no going on */
	cpuid
	mov	%esi, %ebx
	and	$(1 << 29 | 1 << 20), %edx
	cmp	$(1 << 29 | 1 << 20), %edx
	jne	refuse

	/* Tables for the way up: the low 4 GiB at 0 and at DIRECT_MAP in 2 MiB
	 * pages, the image (at most 2 MiB) at KERNEL_VIRT in 4 KiB pages. */
	lea	P(boot_pd), %eax
	mov	$0x83, %ebx
	mov	$2048, %ecx
1:	mov	%ebx, (%eax)
	add	$0x200000, %ebx
	add	$8, %eax
	loop	1b
	lea	P(boot_pd + 3), %eax
	lea	P(boot_pdpt), %ebx
	mov	$4, %ecx
1:	mov	%eax, (%ebx)
	add	$4096, %eax
	add	$8, %ebx
	loop	1b
	lea	P(boot_pdpt + 3), %eax
	mov	%eax, P(boot_pml4)
	mov	%eax, P(boot_pml4 + 256 * 8)
	lea	P(boot_pt_kernel), %eax
	lea	3(%ebp), %ebx
	mov	$512, %ecx
1:	mov	%ebx, (%eax)
	add	$4096, %ebx
	add	$8, %eax
	loop	1b
	lea	P(boot_pt_kernel + 3), %eax
	mov	%eax, P(boot_pd_kernel)
	lea	P(boot_pd_kernel + 3), %eax
	mov	%eax, P(boot_pdpt_kernel + 510 * 8)
	lea	P(boot_pdpt_kernel + 3), %eax
	mov	%eax, P(boot_pml4 + 511 * 8)
	lea	P(boot_pml4), %eax
	mov	%eax, P(boot_cr3)

	lea	P(boot_stack_top), %esp
	lea	P(boot_gdt), %eax
	mov	%eax, P(boot_gdtr + 2)
	lgdt	P(boot_gdtr)
	push	$8
	lea	P(start64), %eax
	push	%eax
	lea	P(boot_pml4), %eax

/* Paging and long mode on, with the tables at %eax; returns far. */
long_mode:
	mov	%eax, %cr3
	mov	%cr4, %eax
	or	$0x20, %eax			/* PAE */
	mov	%eax, %cr4
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$0x901, %eax			/* SCE, LME, NXE */
	wrmsr
	mov	$0x80010033, %eax		/* PG WP NE ET MP PE */
	mov	%eax, %cr0
	lret

refuse:	lea	P(refuse_text), %esi
1:	mov	$COM1 + 5, %dx
	in	%dx, %al
	test	$0x20, %al
	jz	1b
	lodsb
	test	%al, %al
	jz	2f
	mov	$COM1, %dx
	out	%al, %dx
	mov	$0xe9, %dx
	out	%al, %dx
	jmp	1b
2:	mov	$0xe9, %dx			/* where our tools listen, end the run: a triple fault */
	in	%dx, %al
	cmp	$0xe9, %al
	jne	3f
	lidt	P(refuse_text)
	int3
3:	hlt
	jmp	3b
refuse_text:
	.asciz	"exo: refuse this CPU has no 64-bit mode or no no-execute pages\n"

	.code64
start64:
	movabs	$boot_stack_top, %rsp
	mov	%edi, %edi
	mov	%esi, %esi
	mov	%ebp, %edx
	xor	%ebp, %ebp
	movabs	$boot_main, %rax
	call	*%rax

/* void boot_switch(uint64_t cr3, uint64_t stack, void (*go)(void)): leave the
 * boot tables and the boot stack. */
	.globl	boot_switch
boot_switch:
	mov	%rdi, %cr3
	mov	%rsi, %rsp
	xor	%ebp, %ebp
	push	%rbp
	jmp	*%rdx

/* The page another CPU starts in, in real mode at its beginning (SDM vol. 3,
 * section 9.4); copied below 640 KiB, the values at its end filled in. */
	.globl	ap_page, ap_page_end, ap_cr3, ap_far, ap_stack, ap_tables
	.code16
ap_page:
	cli
	cld
	mov	%cs, %ax
	mov	%ax, %ds
	lgdtl	ap_gdtr - ap_page
	mov	ap_cr3 - ap_page, %eax
	mov	%eax, %cr3
	mov	$0x20, %eax
	mov	%eax, %cr4
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$0x901, %eax
	wrmsr
	mov	$0x80010033, %eax
	mov	%eax, %cr0
	ljmpl	*(ap_far - ap_page)
	.code64
	.globl	ap_start64
ap_start64:
	lea	ap_page(%rip), %rbx
	mov	ap_stack - ap_page(%rbx), %rsp
	mov	ap_tables - ap_page(%rbx), %rax
	movabs	$ap_main, %rcx
	movabs	$1f, %rdx
	jmp	*%rdx				/* out of this page, then out of its tables */
1:	mov	%rax, %cr3
	xor	%ebp, %ebp
	push	%rbp
	jmp	*%rcx
	.balign	8
	.globl	ap_gdt, ap_gdtr
ap_gdt:	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
ap_gdtr: .short	23
	.long	0				/* address of ap_gdt */
ap_cr3:	.long	0
ap_far:	.long	0				/* address of ap_start64 */
	.short	8
	.balign	8
ap_stack: .quad	0
ap_tables: .quad 0
ap_page_end:

	.data
	.balign	8
boot_gdt: .quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
boot_gdtr: .short 23
	.quad	0
	.globl	boot_cr3
	.balign	8
boot_cr3: .quad	0
	.globl	boot_tsc
boot_tsc: .quad	0

	.bss
	.balign	4096
boot_pml4:	.skip 4096
boot_pdpt:	.skip 4096
boot_pdpt_kernel: .skip 4096
boot_pd_kernel:	.skip 4096
boot_pt_kernel:	.skip 4096
boot_pd:	.skip 4 * 4096
boot_stack:	.skip 8192
boot_stack_top:
	.section .note.GNU-stack, "", @progbits
