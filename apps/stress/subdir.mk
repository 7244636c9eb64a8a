# subdir.mk - stress, processes that work, allocate and write, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause

STRESS_OUT   := $(OUT)/apps/stress
STRESS_SRC   := $(STRESS_OUT)/source
STRESS_FLAGS := -O2 -w -I$(STRESS_OUT)

# It asks its config.h, which autoconf would make, for nothing but its name.
$(STRESS_OUT)/source.done: $(OUT)/apps/stress.source
	@rm -rf $(STRESS_OUT) && mkdir -p $(STRESS_SRC)
	@echo '  TAR   stress'
	$(Q)tar -xf "$$(build/source.sh stress)" -C $(STRESS_SRC) --strip-components=1
	@printf '#define PACKAGE "stress"\n#define VERSION "1.0.7"\n' > $(STRESS_OUT)/config.h
	@touch $@

$(STRESS_OUT)/stress: $(STRESS_OUT)/source.done apps/stress/subdir.mk $(EXO_CC_FLAGS) | $(NEWLIB) libos-posix
	@echo '  CC    stress'
	$(Q)build/exo-cc $(STRESS_FLAGS) -o $@ $(STRESS_SRC)/src/stress.c -lm
$(STRESS_OUT)/stress-host: $(STRESS_OUT)/source.done apps/stress/subdir.mk
	@echo '  CC    stress (host)'
	$(Q)$(HOSTCC) $(STRESS_FLAGS) -o $@ $(STRESS_SRC)/src/stress.c -lm

stress: $(STRESS_OUT)/stress ## the load generator stress, for libos-posix (for make test-long)
stress-host: $(STRESS_OUT)/stress-host
.PHONY: stress stress-host
