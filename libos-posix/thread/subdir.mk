# subdir.mk - threads of POSIX and C11, and who runs when.
# SPDX-License-Identifier: BSD-2-Clause

PX_SRC   += $(addprefix $(PX)/thread/,aio.c aio_calls.c atfork.c attr.c barrier.c c11.c cancel.c cond.c cpu.c cpuset.c create.c end.c ending.c forked.c key.c lock.c \
            mutex.c mutexattr.c once.c policy.c ran.c rwlock.c sched.c self.c sem.c sem_named.c stack.c switch.S timer.c word.c zeroed.c)
