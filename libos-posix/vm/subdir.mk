# subdir.mk - the memory part of libos-posix.
# SPDX-License-Identifier: BSD-2-Clause

PX_SRC += $(addprefix $(PX)/vm/,advice.c brk.c copy.S fault.c file.c frames.c heap.c large.c \
          inherit.c loan.c madvise.c map.c owned.c pages.c region.c remap.c tree.c)
PX_SRC += $(addprefix $(PX)/libc/,mallinfo.c malloc.c malloc_r.c)
