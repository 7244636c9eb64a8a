# subdir.mk - the program of tests/cpu/devices.sh.
# SPDX-License-Identifier: BSD-2-Clause

CPU_OUT := $(OUT)/tests/cpu
$(CPU_OUT)/probe.elf: $(CPU_OUT)/probe.o $(CRT0) $(LIBEXO) $(USER_LD)
	@echo '  LD    $@'
	$(Q)$(CC) $(ULDFLAGS) -o $@ $(CRT0) $< $(LIBEXO)
$(CPU_OUT)/%.o: tests/cpu/%.c tests/cpu/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(XOCFLAGS) -MMD -MP -c -o $@ $<

TEST_DEPS += $(CPU_OUT)/probe.elf
-include $(wildcard $(CPU_OUT)/*.d)
