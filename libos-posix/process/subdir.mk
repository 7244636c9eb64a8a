# subdir.mk - processes: fork, exec, wait, groups, sessions.
# SPDX-License-Identifier: BSD-2-Clause

PX_SRC   += $(addprefix $(PX)/process/,exec.c execl.c exit.c fork.c guest.c host.c job.c login.c priority.c record.c session.c spawn.c spawn_attr.c \
            spawn_file.c usage.c wait.c walk.c words.c)
