# subdir.mk - zlib and its own test programs, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause

ZLIB_OUT   := $(OUT)/apps/zlib
ZLIB_SRC   := $(ZLIB_OUT)/source
ZLIB_CORE  := adler32 compress crc32 deflate gzclose gzlib gzread gzwrite infback inffast inflate inftrees \
              trees uncompr zutil
ZLIB_TESTS := example minigzip infcover
ZLIB_FLAGS := -O2 -w -D_LARGEFILE64_SOURCE=1 -DHAVE_HIDDEN -DHAVE_UNISTD_H -DHAVE_STDARG_H -I$(ZLIB_SRC)

$(ZLIB_OUT)/source.done: $(OUT)/apps/zlib.source
	@rm -rf $(ZLIB_OUT) && mkdir -p $(ZLIB_SRC)
	@echo '  TAR   zlib'
	$(Q)tar -xf "$$(build/source.sh zlib)" -C $(ZLIB_SRC) --strip-components=1
	@touch $@

# $(1) target or host, $(2) its compiler, $(3) what that depends on
define zlib_rules
$(ZLIB_OUT)/$(1)/%.o: $(ZLIB_OUT)/source.done apps/zlib/subdir.mk $(3)
	@mkdir -p $$(@D)
	@echo '  CC    zlib/$$*.c ($(1))'
	$$(Q)$(2) $$(ZLIB_FLAGS) -MD -MP -c -o $$@ $$(firstword $$(wildcard $$(ZLIB_SRC)/$$*.c $$(ZLIB_SRC)/test/$$*.c))
$(ZLIB_TESTS:%=$(ZLIB_OUT)/$(1)/%): %: %.o $(ZLIB_CORE:%=$(ZLIB_OUT)/$(1)/%.o)
	@echo '  LD    $$@'
	$$(Q)$(2) -o $$@ $$^
endef
$(eval $(call zlib_rules,target,build/exo-cc,$(EXO_CC_FLAGS) | $(NEWLIB) libos-posix))
$(eval $(call zlib_rules,host,$(HOSTCC)))

-include $(wildcard $(ZLIB_OUT)/target/*.d)

zlib: $(ZLIB_TESTS:%=$(ZLIB_OUT)/target/%) ## zlib's test programs from Debian's source, for libos-posix
zlib-host: $(ZLIB_TESTS:%=$(ZLIB_OUT)/host/%)
.PHONY: zlib zlib-host
