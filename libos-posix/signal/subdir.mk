# subdir.mk - signals.
# SPDX-License-Identifier: BSD-2-Clause

PX_SRC   += $(addprefix $(PX)/signal/,action.c altstack.c context.c default.c deliver.c enter.S jump.c kill.c mask.c \
            raise.c registers.S scene.c send.c set.c signalfd.c signame.c stop.c take.c wait.c)
