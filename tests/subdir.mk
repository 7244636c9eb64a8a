# subdir.mk - tests, checks and benchmarks.
# SPDX-License-Identifier: BSD-2-Clause

UNIT_DIR   := $(OUT)/tests/unit
UNIT_FLAGS := $(WARN) $(INCLIB) -Itests/unit -Ibuild/tools \
              -Iexokernel/libexo/include -O1 -g -fsanitize=address,undefined \
              -fno-sanitize-recover=all -fno-omit-frame-pointer
UNIT_TESTS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
# What is tested: an archive, of which each test takes what it calls.
XO_STRING  := $(wildcard exokernel/libexo/string/*.c)
UNIT_SRC   := $(wildcard exokernel/lib/*.c) $(XO_STRING) exokernel/libexo/settings.c \
              build/tools/sha256.c $(addprefix build/tools/,shares.c description.c settle.c)

# One set of programs for each compiler: what one of them lets pass, the other may not.
define unit_rules
UNIT_BIN += $(UNIT_TESTS:%=$(UNIT_DIR)/$(1)/%)
$(UNIT_TESTS:%=$(UNIT_DIR)/$(1)/%): $(UNIT_DIR)/$(1)/%: $(UNIT_DIR)/$(1)/tests/unit/%.o \
	$(UNIT_DIR)/$(1)/tested.a
	@echo '  LD    $$@'
	$$(Q)$(1) $(UNIT_FLAGS) $$^ -lcmocka -o $$@
$(UNIT_DIR)/$(1)/%.o: %.c tests/subdir.mk build/toolchain.mk
	@mkdir -p $$(@D)
	@echo '  CC    $$< ($(1), sanitized)'
	$$(Q)$(1) $(UNIT_FLAGS) $$(UNIT_MORE) -MMD -MP -c $$< -o $$@
$(UNIT_DIR)/$(1)/tested.a: $(UNIT_SRC:%.c=$(UNIT_DIR)/$(1)/%.o)
	@rm -f $$@
	$$(Q)$(AR) qcsD $$@ $$^
# libexo's memcpy and its like stand beside the host's, under other names
$(XO_STRING:%.c=$(UNIT_DIR)/$(1)/%.o): UNIT_MORE := -fno-builtin \
	$(foreach f,$(notdir $(XO_STRING:.c=)),-D$(f)=xo_$(f))
-include $(patsubst %.c,$(UNIT_DIR)/$(1)/%.d,$(UNIT_SRC) $(UNIT_TESTS:%=tests/unit/%.c))
endef
$(foreach cc,gcc clang,$(eval $(call unit_rules,$(cc))))

# A suite is an executable that prints "ok NAME" or "not ok NAME" for each of its tests.
BOOT_SUITES   := $(wildcard tests/boot/*.sh tests/cpu/*.sh)
KERNEL_SUITES := $(wildcard tests/kernel/*.sh)
POSIX_SUITES  := $(wildcard tests/posix/*.sh)
PORTS_SUITES  := $(wildcard tests/ports/*.sh)
# A fragment beside them says what must be built first (TEST_DEPS += ...).
-include $(wildcard tests/*/subdir.mk)

CONFORMANCE_SUITES := tests/conformance/functions.sh tests/conformance/run.sh
test: $(UNIT_BIN) $(SIZE_BIN) $(TEST_DEPS) fuzz-build ## all tests; ends with "N passed, N failed"
	@tests/run tests/check/tree.sh tests/unit/run tests/check/bites.sh tests/prove/run.sh tests/fuzz/run.sh \
		$(KERNEL_SUITES) $(POSIX_SUITES) $(CONFORMANCE_SUITES) $(BOOT_SUITES) $(PORTS_SUITES)
test-unit: $(UNIT_BIN) ## host tests of pure C, under sanitizers, with gcc and clang
	@tests/run tests/unit/run
test-kernel: $(TEST_DEPS) ## each kernel call, kept to its contract and attacked, on libexo alone
	@tests/run $(KERNEL_SUITES)
test-posix: $(TEST_DEPS) ## the same C programs here and on Linux, outputs compared
	@tests/run $(POSIX_SUITES)
test-conformance: libos-posix kernel ## the whole Open POSIX Test Suite, and docs/posix.md
	@tests/conformance/functions.sh && CONFORMANCE_TIMEOUT=900 tests/conformance/run.sh all
test-boot: $(TEST_DEPS) ## images by every boot way: pass, fail, hang or died
	@tests/run $(BOOT_SUITES)
test-ports: $(TEST_DEPS) ## programs from Debian's sources here and on Linux, outputs compared
	@tests/run $(PORTS_SUITES)
LONG_SUITES   := $(wildcard tests/long/*.sh)
test-long: test fuzz-build ## all tests, then random inputs, the worlds of prove at length and further ported programs
	@SUITE_TIMEOUT=3600 tests/run $(LONG_SUITES)

# Programs whose size is checked; the POSIX one if its libOS has been built already.
SIZE_OUT := $(OUT)/tests/size
SIZE_BIN := $(SIZE_OUT)/hello-minimal $(if $(wildcard $(OUT)/lib/static.done),$(SIZE_OUT)/hello-posix)
$(SIZE_OUT)/hello-minimal: apps/hello-minimal/main.c $(LIBMINI) $(LIBEXO) $(CRT0) $(USER_LD)
	@mkdir -p $(@D)
	$(Q)build/exo-cc --libos minimal -Os $< -o $@
$(SIZE_OUT)/hello-posix: apps/hello/hello.c $(wildcard $(OUT)/lib/static.done) $(USER_LD)
	@mkdir -p $(@D)
	$(Q)build/exo-cc --libos posix -static -Os $< -o $@

# The kernel comes first because its dependency lists say what ring 0 consists of.
check: kernel $(SIZE_BIN) ## layers, words, formatting, size budgets, contract, documents
	@build/check/run
size: kernel ## lines of ring 0 and libos-minimal, file by file
	@build/check/check-size table
format: ## format the C files as `make check` wants them
	clang-format -i $$(build/check/sources c exokernel libos-minimal libos-posix build/tools \
		tests steward apps)
abi-golden: ## take the contract as it is for the golden one
	build/check/check-abi print >$(OUT)/abi.golden
	mv $(OUT)/abi.golden tests/abi/abi.golden
docs: libos-posix ## write the generated documents
	tests/conformance/functions.sh print >$(OUT)/posix.md
	mv $(OUT)/posix.md docs/posix.md
	build/check/check-docs print >$(OUT)/abi.md
	mv $(OUT)/abi.md docs/abi.md

.PHONY: test test-unit test-kernel test-posix test-conformance test-boot test-ports test-long check size format abi-golden docs
