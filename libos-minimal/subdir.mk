# subdir.mk - libos-minimal: the libOS to read first.
# SPDX-License-Identifier: BSD-2-Clause

MINI     := libos-minimal
MINI_OUT := $(OUT)/lib/libos-minimal
MINI_SRC := $(addprefix $(MINI)/src/,begin.c console.c frames.c pages.c upcall.c event.c cpu.c)
MINI_OBJ := $(MINI_SRC:%.c=$(MINI_OUT)/%.o)
LIBMINI  := $(OUT)/lib/libos-minimal.a

# Everything here may run inside an upcall, hence no vector registers; programs
# themselves may use them.
MINICFLAGS := $(UCFLAGS) -Oz -I$(MINI)/include
$(MINI_OUT)/%.o: %.c $(MINI)/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(MINICFLAGS) -mgeneral-regs-only -MMD -MP -c -o $@ $<

$(LIBMINI): $(MINI_OBJ)
	@echo '  AR    $@'
	$(Q)$(AR) qcsD $@.$$$$ $^ && mv $@.$$$$ $@

libos-minimal: $(LIBMINI) libexo ## the minimal libOS

-include $(MINI_OBJ:.o=.d)
.PHONY: libos-minimal
