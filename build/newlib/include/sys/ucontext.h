/* sys/ucontext.h - the machine context a signal handler is shown: Linux's on x86-64.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H

#include <sys/signal.h>

enum {
	REG_R8,
	REG_R9,
	REG_R10,
	REG_R11,
	REG_R12,
	REG_R13,
	REG_R14,
	REG_R15,
	REG_RDI,
	REG_RSI,
	REG_RBP,
	REG_RBX,
	REG_RDX,
	REG_RAX,
	REG_RCX,
	REG_RSP,
	REG_RIP,
	REG_EFL,
	REG_CSGSFS,
	REG_ERR,
	REG_TRAPNO,
	REG_OLDMASK,
	REG_CR2
};
#define NGREG 23

typedef long long greg_t;
typedef greg_t gregset_t[NGREG];

/* What FXSAVE stores (SDM vol. 1, section 10.5.1). */
struct _libc_fpstate {
	unsigned short cwd, swd, ftw, fop;
	unsigned long rip, rdp;
	unsigned int mxcsr, mxcr_mask;
	struct {
		unsigned short significand[4], exponent, __room[3];
	} _st[8];
	struct {
		unsigned int element[4];
	} _xmm[16];
	unsigned int __room[24];
};
typedef struct _libc_fpstate *fpregset_t;

typedef struct {
	gregset_t gregs;
	fpregset_t fpregs;
	unsigned long long __room[8];
} mcontext_t;

typedef struct ucontext_t {
	unsigned long uc_flags;
	struct ucontext_t *uc_link;
	stack_t uc_stack;
	mcontext_t uc_mcontext;
	sigset_t uc_sigmask;
	unsigned long __mask_room[15];
	struct _libc_fpstate __fpregs_mem;
	unsigned long long __room[4];
} ucontext_t;

#endif
