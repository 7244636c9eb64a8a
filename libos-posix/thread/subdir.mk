# subdir.mk - threads of POSIX and C11, and who runs when.
# SPDX-License-Identifier: BSD-2-Clause

PX_SRC   += $(addprefix $(PX)/thread/,attr.c barrier.c c11.c cancel.c cond.c cpu.c create.c end.c key.c lock.c \
            mutex.c mutexattr.c once.c policy.c ran.c rwlock.c sched.c self.c sem.c stack.c switch.S timer.c word.c zeroed.c)
