# subdir.mk - benchmarks on libexo alone, and `main` of either libOS.
# SPDX-License-Identifier: BSD-2-Clause

BENCH_OUT := $(OUT)/tests/bench
BENCH_KIT := $(addprefix $(BENCH_OUT)/,bench.o peer.o)
BENCH_BIN := $(addprefix $(BENCH_OUT)/,micro.elf longest.elf arena.elf)
bench: $(OUT)/kernel/exokernel $(EXO_IMAGE) $(BENCH_BIN) ## costs in guest instructions (BENCH=PART,...: tests/bench/run.sh tells which)
	@tests/bench/run.sh $(BENCH)
profile: $(OUT)/kernel/exokernel ## IMAGE=... [SYMBOLS=...] [FUNCTION=...]: the guest instructions of each function
	@tests/bench/profile.sh $(IMAGE) $(if $(FUNCTION),$(or $(SYMBOLS),$(IMAGE).dbg) $(FUNCTION),$(SYMBOLS))
$(BENCH_OUT)/micro.elf: $(BENCH_OUT)/switch.o
$(BENCH_OUT)/longest.elf: $(addprefix $(BENCH_OUT)/,longest_map.o longest_env.o longest_slice.o longest_chain.o longest_revoke.o)
$(BENCH_OUT)/arena.elf: $(addprefix $(BENCH_OUT)/,arena_segment.o arena_server.o arena_trouble.o)
$(BENCH_BIN): $(BENCH_OUT)/%.elf: $(BENCH_OUT)/%.o $(BENCH_KIT) $(CRT0) $(LIBEXO) $(USER_LD)
	@echo '  LD    $@'
	$(Q)$(CC) $(ULDFLAGS) -o $@ $(CRT0) $(filter %.o,$(filter-out $(CRT0),$^)) $(LIBEXO)
$(BENCH_OUT)/%.o: tests/bench/%.c tests/bench/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(XOCFLAGS) -MMD -MP -c -o $@ $<

TEST_DEPS += $(addprefix $(BENCH_OUT)/,longest.elf arena.elf) # tests/cpu/longest.sh, arena.sh
-include $(wildcard $(BENCH_OUT)/*.d)
.PHONY: bench profile
