# subdir.mk - lbzip2, bzip2 with threads, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause

LBZIP2_OUT  := $(OUT)/apps/lbzip2
LBZIP2_SRC  := $(LBZIP2_OUT)/source
LBZIP2_CONF := --disable-dependency-tracking --disable-silent-rules CFLAGS=-O2

$(LBZIP2_OUT)/source.done: $(OUT)/apps/lbzip2.source
	@rm -rf $(LBZIP2_OUT) && mkdir -p $(LBZIP2_SRC)
	@echo '  TAR   lbzip2'
	$(Q)tar -xf "$$(build/source.sh lbzip2)" -C $(LBZIP2_SRC) --strip-components=1
	@touch $@

# $(1) target or host, $(2) what configure is told of it
define lbzip2_rules
$(LBZIP2_OUT)/$(1)/done: $(LBZIP2_OUT)/source.done apps/lbzip2/subdir.mk $(3)
	@echo '  MAKE  lbzip2 ($(1))'
	@rm -rf $$(@D) && mkdir -p $$(@D)
	$$(Q)( cd $$(@D) && ../source/configure $$(LBZIP2_CONF) $(2) && $$(MAKE) -s -j2 ) \
		< /dev/null > $$(@D).log 2>&1 || { tail -n 20 $$(@D).log; exit 1; }
	@touch $$@
endef
$(eval $(call lbzip2_rules,target,--host=x86_64-exo-elf CC=$(abspath build/exo-cc),$(EXO_CC_FLAGS) | libos-posix))
# Its copy of gnulib is older than the C library, which it does not know without these.
$(eval $(call lbzip2_rules,host,CC=$(HOSTCC) CPPFLAGS="-D_IO_ftrylockfile -D_IO_IN_BACKUP=0x100"))

lbzip2: $(LBZIP2_OUT)/target/done ## lbzip2, for libos-posix (for make test-long)
lbzip2-host: $(LBZIP2_OUT)/host/done
.PHONY: lbzip2 lbzip2-host
