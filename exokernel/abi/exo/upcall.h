/* upcall.h - activations: how the kernel enters an environment.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * An environment has an activation for each CPU it runs on: two frames of its
 * own memory, wired, that the kernel writes through its own mapping.  An
 * upcall saves the interrupted registers in frame[depth], raises depth and
 * enters `entry` with
 *
 *     rdi = address of that saved frame      rsp = its upcall_sp
 *     rsi = kind (enum exo_upcall)           everything else undefined,
 *     rdx = the frame's addr                 direction flag clear
 *
 * FS and GS base, PKRU and vector registers are still the interrupted ones.  The
 * data segment selectors are nobody's: they become 0 whenever a CPU changes hands.
 * The environment goes on by itself, without a call: it restores the registers
 * from frame[depth - 1] in code lying in [resume_begin, resume_end), lowers
 * depth there (the instruction that does it ends at resume_commit), and ends
 * in iretq.  An upcall that arrives inside this range finds the registers half
 * restored, so the kernel takes frame[depth - 1] (or frame[depth], past
 * resume_commit) as what was interrupted: the resume is started again.
 *
 * Of the frames an exception takes at most the last but one; the last is there
 * to put the activation down when its slice ends.  Asynchronous upcalls (all but
 * exceptions) are held back while `critical` is set or half of the frames
 * are in use: they only raise `pending`, and no number of them stops anybody.
 *
 * What the kernel reads here it reads once and checks; what does not make
 * sense stops the environment with EXO_STOP_UPCALL.
 */
#ifndef EXO_UPCALL_H
#define EXO_UPCALL_H

#include <exo/types.h>

/* Byte offsets for assembly; checked against the structures below. */
#define EXO_F_UPCALL_SP		0
#define EXO_F_ADDR		8
#define EXO_F_FSBASE		16
#define EXO_F_GSBASE		24
#define EXO_F_PKRU		32
#define EXO_F_RAX		40
#define EXO_F_RBX		48
#define EXO_F_RCX		56
#define EXO_F_RDX		64
#define EXO_F_RSI		72
#define EXO_F_RDI		80
#define EXO_F_RBP		88
#define EXO_F_R8		96
#define EXO_F_R15		152
#define EXO_F_KIND		160
#define EXO_F_CODE		168
#define EXO_F_RIP		176
#define EXO_F_SIZE		216
#define EXO_A_DEPTH		24

#ifndef __ASSEMBLER__

enum exo_upcall {
	EXO_UP_START = 1,	/* first entry of the activation; no frame; rdx = its start argument */
	EXO_UP_SLICE_BEGIN = 2,	/* a slice begins; the frame was interrupted when the last one ended */
	EXO_UP_SLICE_END = 3,	/* the slice is over: yield within the grace, or be made to */
	EXO_UP_EVENT = 4,	/* event bits were set while running */
	EXO_UP_REVOKE = 5,	/* reserved: something is asked back */
	EXO_UP_EXCEPTION = 32,	/* + vector 0..31 (SDM vol. 3, table 6-1); addr: CR2 for a page fault (14), else rip */
};

#define EXO_EVENT_ALARM		(1ull << 63)	/* event bit: the time of the alarm call has come */

/* Bits of exo_activation.want: asynchronous upcalls that are taken.  Without
 * SLICE_BEGIN the kernel resumes the interrupted frame itself; without
 * SLICE_END the slice just ends; without EVENT the bits are only set. */
#define EXO_WANT_SLICE_BEGIN	0x1
#define EXO_WANT_SLICE_END	0x2
#define EXO_WANT_EVENT		0x4

/* Saved registers.  From rax on this is also what the kernel's own entry
 * code pushes, so an upcall copies it in one go. */
struct exo_frame {
	uint64_t upcall_sp;	/* set by the environment: stack for an upcall that saves here */
	uint64_t addr;		/* fault address or argument */
	uint64_t fsbase, gsbase;
	uint64_t pkru;
	uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t kind;		/* enum exo_upcall */
	uint64_t code;		/* the processor's error code, or 0 */
	uint64_t rip, cs, rflags, rsp, ss;	/* what iretq takes */
};

struct exo_activation {
	uint32_t version;	/* EXO_ABI_VERSION, set by the environment */
	uint32_t want;		/* EXO_WANT_*, set by the environment */
	uint64_t entry;		/* upcall entry */
	uint64_t self;		/* address of this structure in the environment */
	uint32_t depth;		/* frames in use: 0 .. EXO_FRAME_DEPTH */
	uint32_t critical;	/* not 0: asynchronous upcalls are held back */
	uint32_t pending;	/* EXO_WANT_* bits the kernel held back; cleared by the environment */
	uint32_t index;		/* which activation this is; for the environment's use */
	uint64_t event;		/* bits set by notify; cleared by the environment, atomically */
	uint64_t resume_begin, resume_commit, resume_end;
	uint64_t user[7];	/* the environment's own */
	struct exo_frame frame[EXO_FRAME_DEPTH];
	/* At offset EXO_PAGE_SIZE: the XSAVE area (SDM vol. 1, section 13.4),
	 * valid while another environment has the CPU. */
};

_Static_assert(sizeof(struct exo_frame) == EXO_F_SIZE, "abi");
_Static_assert(__builtin_offsetof(struct exo_frame, pkru) == EXO_F_PKRU, "abi");
_Static_assert(__builtin_offsetof(struct exo_frame, rax) == EXO_F_RAX, "abi");
_Static_assert(__builtin_offsetof(struct exo_frame, rdi) == EXO_F_RDI, "abi");
_Static_assert(__builtin_offsetof(struct exo_frame, r15) == EXO_F_R15, "abi");
_Static_assert(__builtin_offsetof(struct exo_frame, rip) == EXO_F_RIP, "abi");
_Static_assert(__builtin_offsetof(struct exo_activation, depth) == EXO_A_DEPTH, "abi");
_Static_assert(sizeof(struct exo_activation) <= EXO_PAGE_SIZE, "abi");

#endif
#endif
