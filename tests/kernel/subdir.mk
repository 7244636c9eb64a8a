# subdir.mk - programs that test the kernel on libexo alone.
# SPDX-License-Identifier: BSD-2-Clause

KT_OUT   := $(OUT)/tests/kernel
KT_NAMES := $(notdir $(basename $(shell grep -l '^const struct ktest ktests' tests/kernel/*.c)))
KT_BIN   := $(KT_NAMES:%=$(KT_OUT)/%.elf)
# Whatever has no tests is the kit.
KT_KIT   := $(filter-out $(KT_NAMES:%=$(KT_OUT)/%.o),$(patsubst tests/kernel/%.c,$(KT_OUT)/%.o,\
            $(wildcard tests/kernel/*.c tests/kernel/*/*.c))) $(KT_OUT)/ktry.o
# It reads the kernel's tables by the kernel's own declarations.
$(KT_OUT)/selftest.o $(KT_OUT)/audit/%.o $(KT_OUT)/model.o $(KT_OUT)/model/%.o: XOCFLAGS += -Iexokernel -Itests/kernel
# The scheduler that edf.c tries out is an application.
$(KT_OUT)/edf.o: XOCFLAGS += -Iapps/edf
$(KT_OUT)/edf.elf: $(KT_OUT)/scheduler.o
$(KT_OUT)/scheduler.o: apps/edf/edf.c tests/kernel/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(XOCFLAGS) -MMD -MP -c -o $@ $<

$(KT_OUT)/%.o: tests/kernel/%.c tests/kernel/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(XOCFLAGS) -MMD -MP -c -o $@ $<
$(KT_OUT)/%.o: tests/kernel/%.S tests/kernel/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(XOCFLAGS) -MMD -MP -c -o $@ $<
$(KT_BIN): $(KT_OUT)/%.elf: $(KT_OUT)/%.o $(KT_KIT) $(CRT0) $(LIBEXO) $(USER_LD)
	@echo '  LD    $@'
	$(Q)$(CC) $(ULDFLAGS) -o $@ $(CRT0) $(filter %.o,$(filter-out $(CRT0),$^)) $(LIBEXO)

TEST_DEPS += $(KT_BIN) $(EXO_IMAGE) $(OUT)/kernel/exokernel
-include $(wildcard $(KT_OUT)/*.d $(KT_OUT)/*/*.d)
