# subdir.mk - Lua 5.1 and its authors' test suite for it, both from Debian's source packages.
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian has no source with the suite of a later Lua; this one came with another package.

LUA51_OUT   := $(OUT)/apps/lua51
LUA51_CORE  := lapi lcode ldebug ldo ldump lfunc lgc llex lmem lobject lopcodes lparser lstate lstring \
               ltable ltm lundump lvm lzio lauxlib lbaselib ldblib liolib lmathlib loslib ltablib \
               lstrlib loadlib linit lua
LUA51_FLAGS := -std=gnu99 -O2 -w -DLUA_USE_POSIX

$(LUA51_OUT)/source.done: $(OUT)/apps/lua51.source $(OUT)/apps/lua51-tests.source
	@rm -rf $(@D)/source && mkdir -p $(@D)/source
	@echo '  TAR   lua51'
	$(Q)tar -xf "$$(build/source.sh lua51)" -C $(@D)/source --strip-components=1
	$(Q)tar -xf "$$(build/source.sh lua51-tests)" -C $(@D)/source --strip-components=1
	@touch $@

$(LUA51_OUT)/target/%.o: $(LUA51_OUT)/source.done apps/lua51/subdir.mk $(EXO_CC_FLAGS) | $(NEWLIB)
	@mkdir -p $(@D)
	@echo '  CC    lua51/$*.c'
	$(Q)build/exo-cc $(LUA51_FLAGS) -MD -MP -c -o $@ $(LUA51_OUT)/source/src/$*.c
$(LUA51_OUT)/host/%.o: $(LUA51_OUT)/source.done apps/lua51/subdir.mk
	@mkdir -p $(@D)
	@echo '  CC    lua51/$*.c (host)'
	$(Q)$(HOSTCC) $(LUA51_FLAGS) -c -o $@ $(LUA51_OUT)/source/src/$*.c

$(LUA51_OUT)/lua51: $(LUA51_CORE:%=$(LUA51_OUT)/target/%.o) | libos-posix
	@echo '  LD    $@'
	$(Q)build/exo-cc -o $@ $^ -lm
$(LUA51_OUT)/lua51-host: $(LUA51_CORE:%=$(LUA51_OUT)/host/%.o)
	@echo '  LD    $@'
	$(Q)$(HOSTCC) -o $@ $^ -lm

-include $(LUA51_CORE:%=$(LUA51_OUT)/target/%.d)

lua51: $(LUA51_OUT)/lua51 $(LUA51_OUT)/lua51-host ## Lua 5.1 and its test suite (for make test-long)
.PHONY: lua51
