# subdir.mk - XZ Utils, unmodified, from Debian's source package, with threads.
# SPDX-License-Identifier: BSD-2-Clause

XZ_OUT   := $(OUT)/apps/xz
XZ_SRC   := $(XZ_OUT)/source
XZ_TESTS := bcj_exact_size block_header check filter_flags hardware index index_hash lzip_decoder \
            memlimit stream_flags vli
XZ_CONF  := --disable-shared --disable-nls --disable-doc --disable-scripts --disable-dependency-tracking \
            --disable-silent-rules --enable-threads=posix CFLAGS=-O2

$(XZ_OUT)/source.done: $(OUT)/apps/xz.source
	@rm -rf $(XZ_OUT) && mkdir -p $(XZ_SRC)
	@echo '  TAR   xz'
	$(Q)tar -xf "$$(build/source.sh xz)" -C $(XZ_SRC) --strip-components=1
	@touch $@

# $(1) target or host, $(2) what configure is told of it
define xz_rules
$(XZ_OUT)/$(1)/done: $(XZ_OUT)/source.done apps/xz/subdir.mk $(3)
	@echo '  MAKE  xz ($(1))'
	@rm -rf $$(@D) && mkdir -p $$(@D)
	$$(Q)( cd $$(@D) && ../source/configure $$(XZ_CONF) $(2) && $$(MAKE) -s -j2 && \
		$$(MAKE) -s -j2 -C tests $$(XZ_TESTS:%=test_%) ) < /dev/null > $$(@D).log 2>&1 || { tail -n 20 $$(@D).log; exit 1; }
	@touch $$@
endef
$(eval $(call xz_rules,target,--host=x86_64-exo-elf CC=$(abspath build/exo-cc),$(EXO_CC_FLAGS) | libos-posix))
$(eval $(call xz_rules,host,CC=$(HOSTCC)))

xz: $(XZ_OUT)/target/done ## XZ Utils, for libos-posix (for make test-long)
xz-host: $(XZ_OUT)/host/done
.PHONY: xz xz-host
