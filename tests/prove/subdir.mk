# subdir.mk - the kernel's own C on the host: small worlds gone through whole, ranges, fuzzing.
# SPDX-License-Identifier: BSD-2-Clause

PROVE_DIR   := $(OUT)/tests/prove
PROVE_INC   := -Itests/prove/machine $(INCLIB) -Iexokernel
# The shadow of the contract's headers lies before them; libc's syscall() is another one.
PROVE_FLAGS := $(WARN) -Wno-unknown-attributes $(PROVE_INC) -Dsyscall=kernel_syscall -g -fno-strict-aliasing -fno-pie \
               -fno-omit-frame-pointer
PROVE_LINK  := -no-pie -Wl,--wrap=frame_become -Wl,-T,tests/prove/machine/state.ld
PROVE_SAN   := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
# What is proved, as it is; the rest of the kernel is hw.c.
PROVE_CORE  := $(addprefix exokernel/core/,cap.c account.c frame.c env.c map.c call.c slice.c turn.c \
               upcall.c syscall.c) $(addprefix exokernel/x86_64/,mmu.c trap.c vector.c)
PROVE_SRC   := $(filter-out tests/prove/ranges.c,$(wildcard tests/prove/*.c))

# $(1): name, $(2): compiler, $(3): flags, $(4): those of the kernel's files alone (their variables
# stand side by side, without room between them that a sanitizer watches)
define prove_rules
PROVE_BIN += $(PROVE_DIR)/$(1)/prove
$(1)_OBJ := $(PROVE_CORE:exokernel/%.c=$(PROVE_DIR)/$(1)/kernel/%.o) \
            $(PROVE_SRC:tests/prove/%.c=$(PROVE_DIR)/$(1)/%.o)
$(PROVE_DIR)/$(1)/prove: $$($(1)_OBJ) tests/prove/machine/state.ld
	@echo '  LD    $$@'
	$$(Q)$(2) $(3) $(PROVE_LINK) $$($(1)_OBJ) -o $$@
$(PROVE_DIR)/$(1)/kernel/%.o: exokernel/%.c tests/prove/subdir.mk build/toolchain.mk
	@mkdir -p $$(@D)
	@echo '  CC    $$< ($(1))'
	$$(Q)$(2) $(PROVE_FLAGS) $(3) $(4) -ffreestanding -MMD -MP -c $$< -o $$@
$(PROVE_DIR)/$(1)/%.o: tests/prove/%.c tests/prove/subdir.mk build/toolchain.mk
	@mkdir -p $$(@D)
	@echo '  CC    $$< ($(1))'
	$$(Q)$(2) $(PROVE_FLAGS) $(3) -MMD -MP -c $$< -o $$@
-include $$($(1)_OBJ:.o=.d)
endef
$(eval $(call prove_rules,fast,gcc,-O2))
$(eval $(call prove_rules,gcc,gcc,$(PROVE_SAN),--param asan-globals=0))
$(eval $(call prove_rules,clang,clang,$(PROVE_SAN),-mllvm -asan-globals=0))

# What hw_keep keeps of the kernel's variables is those that begin as 0.
$(PROVE_DIR)/fast/prove: $(PROVE_DIR)/fast/zeros
$(PROVE_DIR)/fast/zeros: $(fast_OBJ)
	$(Q)if nm $(filter $(PROVE_DIR)/fast/kernel/%,$^) | grep ' [dD] '; then \
		echo 'these variables of the kernel begin as something else than 0' >&2; exit 1; fi
	$(Q)touch $@

PROVE_SECONDS ?= 300
prove-build: $(PROVE_BIN) $(PROVE_DIR)/ranges
prove: prove-build ## small worlds of the kernel's own C, all states to a depth (PROVE=long: deeper)
	@PROVE=$(or $(PROVE),all) PROVE_SECONDS=$(PROVE_SECONDS) tests/prove/run.sh
prove-mutants: $(PROVE_DIR)/fast/prove ## mistakes put into the kernel: each must be found there
	@tests/prove/mutants.sh
$(PROVE_DIR)/ranges: tests/prove/ranges.c exokernel/core/cap.h
	@mkdir -p $(@D)
	@echo '  LD    $@'
	$(Q)gcc $(PROVE_FLAGS) -O2 -no-pie $< -o $@
prove-flags:
	@echo '$(PROVE_FLAGS)'
prove-link:
	@echo '$(PROVE_LINK)'
.PHONY: prove prove-build prove-mutants prove-flags prove-link

TEST_DEPS += $(PROVE_DIR)/fast/prove $(PROVE_DIR)/ranges

# The same worlds and model under the fuzz target `calls` (tests/fuzz).
$(eval $(call prove_rules,fuzz,clang,$(PROVE_SAN) -fsanitize=fuzzer-no-link,-mllvm -asan-globals=0))
PROVE_BIN := $(filter-out $(PROVE_DIR)/fuzz/prove,$(PROVE_BIN))
PROVE_FUZZ_OBJ := $(filter-out $(PROVE_DIR)/fuzz/main.o $(PROVE_DIR)/fuzz/explore.o,$(fuzz_OBJ))
$(OUT)/tests/fuzz/calls: tests/fuzz/fuzz_calls.c tests/fuzz/fuzz.h tests/prove/explore.c $(PROVE_FUZZ_OBJ) tests/fuzz/subdir.mk
	@mkdir -p $(@D)
	@echo '  FUZZ  calls'
	$(Q)$(fuzz_cc_calls) -o $@
prove-fuzz-flags:
	@echo '$(PROVE_FLAGS) $(PROVE_SAN) -fsanitize=fuzzer-no-link -mllvm -asan-globals=0 -ffreestanding'
.PHONY: prove-fuzz-flags
