# subdir.mk - GNU make, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause
#
# The package makes its configure script anew; config.h here is what that would write.

GNUMAKE_OUT   := $(OUT)/apps/gnumake
GNUMAKE_SRC   := $(GNUMAKE_OUT)/source
GNUMAKE_FILES := $(addprefix src/,ar arscan commands default dir expand file function getopt getopt1 guile hash \
                 implicit job load loadapi main misc output posixos read remake remote-stub rule signame \
                 strcache variable version vpath) lib/fnmatch lib/glob
GNUMAKE_FLAGS := -O1 -w -DHAVE_CONFIG_H -Iapps/gnumake -I$(GNUMAKE_OUT)/made -I$(GNUMAKE_SRC)/src

$(GNUMAKE_OUT)/source.done: $(OUT)/apps/gnumake.source
	@rm -rf $(GNUMAKE_OUT) && mkdir -p $(GNUMAKE_SRC) $(GNUMAKE_OUT)/made
	@echo '  TAR   gnumake'
	$(Q)tar -xf "$$(build/source.sh gnumake)" -C $(GNUMAKE_SRC) --strip-components=1
	$(Q)for h in glob fnmatch; do cp $(GNUMAKE_SRC)/lib/$$h.in.h $(GNUMAKE_OUT)/made/$$h.h || exit; done
	@touch $@

$(GNUMAKE_OUT)/target/%.o: $(GNUMAKE_OUT)/source.done apps/gnumake/subdir.mk apps/gnumake/config.h $(EXO_CC_FLAGS) | $(NEWLIB)
	@mkdir -p $(@D)
	@echo '  CC    gnumake/$*.c'
	$(Q)build/exo-cc $(GNUMAKE_FLAGS) -MD -MP -c -o $@ $(GNUMAKE_SRC)/$*.c
$(GNUMAKE_OUT)/host/%.o: $(GNUMAKE_OUT)/source.done apps/gnumake/subdir.mk apps/gnumake/config.h
	@mkdir -p $(@D)
	@echo '  CC    gnumake/$*.c (host)'
	$(Q)$(HOSTCC) $(GNUMAKE_FLAGS) -c -o $@ $(GNUMAKE_SRC)/$*.c
$(GNUMAKE_OUT)/make: $(GNUMAKE_FILES:%=$(GNUMAKE_OUT)/target/%.o) | libos-posix
	@echo '  LD    $@'
	$(Q)build/exo-cc -o $@ $^
$(GNUMAKE_OUT)/make-host: $(GNUMAKE_FILES:%=$(GNUMAKE_OUT)/host/%.o)
	@echo '  LD    $@'
	$(Q)$(HOSTCC) -o $@ $^

-include $(wildcard $(GNUMAKE_OUT)/target/*/*.d)

gnumake: $(GNUMAKE_OUT)/make ## GNU make, for libos-posix (for make test-long)
gnumake-host: $(GNUMAKE_OUT)/make-host
.PHONY: gnumake gnumake-host
