# subdir.mk - the steward: the first environment of an image of several.
# SPDX-License-Identifier: BSD-2-Clause

ST       := steward
ST_OUT   := $(OUT)/lib/steward.d
ST_SRC   := $(wildcard $(ST)/*.c) exokernel/lib/pool.c
ST_OBJ   := $(ST_SRC:%.c=$(ST_OUT)/%.o)
STEWARD  := $(OUT)/lib/steward

$(ST_OUT)/%.o: %.c $(ST)/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(MINICFLAGS) -mgeneral-regs-only -MMD -MP -c -o $@ $<

$(STEWARD): $(ST_OBJ) $(CRT0) $(LIBMINI) $(LIBEXO) $(USER_LD)
	@echo '  LD    $@'
	$(Q)$(CC) $(ULDFLAGS) -o $@.$$$$ $(CRT0) $(ST_OBJ) $(LIBMINI) $(LIBEXO) && mv $@.$$$$ $@

steward: $(STEWARD) ## the first environment of an image of several

# Its pure parts are tested on the host.
ST_UNIT  := $(foreach cc,gcc clang,$(foreach t,book lines list policy screen,$(OUT)/tests/unit/$(cc)/tests/unit/test_$(t).o))
$(ST_UNIT): UNIT_MORE := -I$(ST)

-include $(ST_OBJ:.o=.d)
.PHONY: steward
