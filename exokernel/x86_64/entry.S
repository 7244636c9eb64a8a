/* entry.S - every way into the kernel and out of it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The stack the processor chose tells which CPU this is (cpu.h), so nothing
 * here depends on GS and no path cares whether it came before or after a
 * SWAPGS.  Only the system call, which arrives on the user's stack, borrows
 * it for two instructions.  Inside the kernel FS and GS base are the user's.
 */
#include <exo/types.h>
#include <exo/upcall.h>
#include <x86_64/cpu.h>

	.section .entry, "ax"
	.globl	entry_start
entry_start:

/* struct trap, lowest address last. */
.macro PUSH_REGS
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rbp
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%rbx
	push	%rax
.endm

/* Where kernel and environments have page tables of their own (boot/tables.c), the jump is made
 * a no-op at boot. */
.macro UNLESS_SEPARATE to
9:	jmp	\to
	.pushsection .separate, "a"
	.quad	9b
	.popsection
.endm

/* cr3 = that field of this CPU's area. */
.macro LOAD_CR3 field, scratch
	mov	%rsp, \scratch
	and	$~(CPU_AREA_BYTES - 1), \scratch
	mov	\field(\scratch), \scratch
	mov	\scratch, %cr3
.endm

/* Interrupts off, rcx = user rip, r11 = user rflags, flags masked by SFMASK. */
	.globl	syscall_entry
syscall_entry:
	swapgs
	mov	%rsp, %gs:CPU_USER_RSP
	mov	%gs:CPU_STACK, %rsp
	push	$EXO_USER_SS
	push	%gs:CPU_USER_RSP
	swapgs
	push	%r11
	push	$EXO_USER_CS
	push	%rcx
	push	$0
	push	$0
	PUSH_REGS
	UNLESS_SEPARATE 1f
	LOAD_CR3 CPU_KERNEL_CR3, %rax
1:	mov	%rsp, %rdi
	call	syscall				/* long syscall(struct trap *): rbx rbp r12-r15 kept */
	UNLESS_SEPARATE 1f
	LOAD_CR3 CPU_USER_CR3, %rcx
1:
	mov	136(%rsp), %rcx			/* rip */
	mov	152(%rsp), %r11			/* rflags */
	mov	160(%rsp), %rsp
	xor	%edi, %edi			/* what the kernel had there is not the user's business */
	xor	%esi, %esi
	xor	%edx, %edx
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	xor	%r10d, %r10d
	sysretq

/* void call_return(const struct exo_frame *, long): to one that waits in a call, which returns that.
 * Its registers come from its frame, which is its own to write at any time: each is read once. */
	.globl	call_return
call_return:
	mov	%rsi, %rax
	mov	%rdi, %r8
	mov	EXO_F_RIP(%r8), %rcx
	mov	EXO_F_RIP+16(%r8), %r11		/* rflags */
	mov	EXO_F_RIP+24(%r8), %r9		/* rsp */
	mov	EXO_F_RBX(%r8), %rbx
	mov	EXO_F_RBP(%r8), %rbp
	mov	EXO_F_R15-24(%r8), %r12
	mov	EXO_F_R15-16(%r8), %r13
	mov	EXO_F_R15-8(%r8), %r14
	mov	EXO_F_R15(%r8), %r15
	mov	EXO_F_RDI(%r8), %rdi
	mov	EXO_F_RSI(%r8), %rsi
	mov	EXO_F_RDX(%r8), %rdx
	mov	EXO_F_R8+16(%r8), %r10
	and	$RFLAGS_USER, %r11d
	or	$(RFLAGS_FIXED | RFLAGS_IF), %r11d
	mov	%rcx, %r8			/* non-canonical would fault in here; 0 faults there */
	shr	$47, %r8
	jz	1f
	xor	%ecx, %ecx
1:	UNLESS_SEPARATE 1f
	LOAD_CR3 CPU_USER_CR3, %r8
1:	mov	%r9, %rsp
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	sysretq

/* Vectors 0 .. 255, TRAP_STUB_BYTES each: error code (or 0), vector, common part. */
	.balign	TRAP_STUB_BYTES
	.globl	trap_stubs
trap_stubs:
	.set	i, 0
	.rept	256
	.balign	TRAP_STUB_BYTES
	.if !(i == 8 || (i >= 10 && i <= 14) || i == 17 || i == 21 || i == 29 || i == 30)
	push	$0
	.endif
	pushq	$i
	jmp	trap_common
	.set	i, i + 1
	.endr

trap_common:
	PUSH_REGS
	pushq	$RFLAGS_FIXED			/* the user's AC, NT and direction end here */
	popfq
	mov	%rsp, %rdi
	UNLESS_SEPARATE 1f
	testb	$3, TRAP_CS(%rsp)
	jz	trap_inside
	LOAD_CR3 CPU_KERNEL_CR3, %rax
1:	call	trap				/* void trap(struct trap *): may change what it returns to */
	mov	%rsp, %rdi
	.globl	trap_return
trap_return:
	mov	%rdi, %rsp
	UNLESS_SEPARATE trap_pop
	testb	$3, TRAP_CS(%rsp)
	jz	trap_pop
	LOAD_CR3 CPU_USER_CR3, %rax
trap_pop:
	pop	%rax
	pop	%rbx
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	pop	%rbp
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	add	$16, %rsp
	iretq

/* In ring 0, perhaps just before a change of tables or after one: go on with the same ones. */
trap_inside:
	mov	%cr3, %rbx
	LOAD_CR3 CPU_KERNEL_CR3, %rax
	call	trap
	mov	%rbx, %cr3
	jmp	trap_pop

	.globl	entry_end
entry_end:

/* void slice_run(void): leave the stack we are on, which may be an emergency
 * one, for an empty one with room for the struct trap at its top. */
	.globl	slice_run
slice_run:
	mov	%rsp, %rax
	and	$~(CPU_AREA_BYTES - 1), %rax
	mov	CPU_STACK(%rax), %rsp
	sub	$192, %rsp
	xor	%ebp, %ebp
	call	slice_loop

/* int vector_load(const void *area, uint32_t mask): XRSTOR what the user could
 * have scribbled over; the fault handler moves rip from 1 to 2 (trap.c). */
	.globl	vector_load, vector_fault, vector_fixup
vector_load:
	xor	%edx, %edx
	mov	%esi, %eax
	test	%eax, %eax
	jz	vector_fault_fx
vector_fault:
	xrstor64 (%rdi)
	xor	%eax, %eax
	ret
	.globl	vector_fault_fx
vector_fault_fx:
	fxrstor64 (%rdi)
	xor	%eax, %eax
	ret
vector_fixup:
	mov	$1, %eax
	ret

	.section .note.GNU-stack, "", @progbits
