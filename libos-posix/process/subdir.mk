# subdir.mk - processes: fork, exec, wait, groups, sessions.
# SPDX-License-Identifier: BSD-2-Clause

PX_SRC   += $(addprefix $(PX)/process/,exit.c fork.c guest.c host.c record.c usage.c wait.c walk.c)
