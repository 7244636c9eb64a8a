# subdir.mk - System V's shared objects.
# SPDX-License-Identifier: BSD-2-Clause

PX_SRC   += $(addprefix $(PX)/ipc/,msg.c object.c sem.c shm.c)
