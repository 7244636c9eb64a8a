# subdir.mk - tests, checks and benchmarks.
# SPDX-License-Identifier: BSD-2-Clause

UNIT_DIR   := $(OUT)/tests/unit
UNIT_FLAGS := $(WARN) $(INCLIB) -Itests/unit -O1 -g -fsanitize=address,undefined \
              -fno-sanitize-recover=all -fno-omit-frame-pointer
UNIT_LIB   := $(wildcard exokernel/lib/*.c)
UNIT_TESTS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))

# One set of programs for each compiler: what one of them lets pass, the other may not.
define unit_rules
UNIT_BIN += $(UNIT_TESTS:%=$(UNIT_DIR)/$(1)/%)
$(UNIT_TESTS:%=$(UNIT_DIR)/$(1)/%): $(UNIT_DIR)/$(1)/%: $(UNIT_DIR)/$(1)/%.o \
	$(UNIT_LIB:exokernel/lib/%.c=$(UNIT_DIR)/$(1)/lib/%.o)
	$(1) $(UNIT_FLAGS) $$^ -lcmocka -o $$@
$(UNIT_DIR)/$(1)/%.o: tests/unit/%.c tests/subdir.mk build/toolchain.mk
	@mkdir -p $$(@D)
	$(1) $(UNIT_FLAGS) -MMD -MP -c $$< -o $$@
$(UNIT_DIR)/$(1)/lib/%.o: exokernel/lib/%.c tests/subdir.mk build/toolchain.mk
	@mkdir -p $$(@D)
	$(1) $(UNIT_FLAGS) -MMD -MP -c $$< -o $$@
endef
$(foreach cc,gcc clang,$(eval $(call unit_rules,$(cc))))
-include $(wildcard $(UNIT_DIR)/*/*.d $(UNIT_DIR)/*/lib/*.d)

test-unit: $(UNIT_BIN) ## host tests of pure C, under sanitizers, with gcc and clang
	tests/run tests/unit/run

FUZZ_SECONDS ?= 10
fuzz: $(UNIT_DIR)/fuzz_archive ## random archives against their checks, for FUZZ_SECONDS
	@mkdir -p $(UNIT_DIR)/corpus
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=32768 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix=$(UNIT_DIR)/ $(UNIT_DIR)/corpus
$(UNIT_DIR)/fuzz_archive: tests/unit/fuzz_archive.c tests/unit/oracle.h tests/unit/sample.h \
	exokernel/lib/archive.c exokernel/lib/crc32c.c
	@mkdir -p $(@D)
	clang $(UNIT_FLAGS) -fsanitize=fuzzer $(filter %.c,$^) -o $@

.PHONY: test-unit fuzz
