# subdir.mk - Lua 5.4, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause

LUA_OUT  := $(OUT)/apps/lua
LUA_CORE := lapi lcode lctype ldebug ldo ldump lfunc lgc llex lmem lobject lopcodes lparser \
            lstate lstring ltable ltm lundump lvm lzio lauxlib lbaselib lcorolib ldblib liolib \
            lmathlib loadlib loslib lstrlib ltablib lutf8lib linit lua
LUA_FLAGS := -std=gnu99 -O2 -DLUA_COMPAT_5_3 -DLUA_USE_POSIX
LUA_ROOT := $(shell find apps/lua/root -type f)

$(LUA_OUT)/source.done: build/sources.txt apps/lua/subdir.mk
	@mkdir -p $(LUA_OUT)/source
	@echo '  TAR   lua'
	$(Q)tar -xf "$$(build/source.sh lua)" -C $(LUA_OUT)/source --strip-components=1
	@touch $@

$(LUA_OUT)/target/%.o: $(LUA_OUT)/source.done build/exo-cc | $(NEWLIB)
	@mkdir -p $(@D)
	@echo '  CC    lua/$*.c'
	$(Q)build/exo-cc $(LUA_FLAGS) -MD -MP -c -o $@ $(LUA_OUT)/source/src/$*.c
$(LUA_OUT)/host/%.o: $(LUA_OUT)/source.done
	@mkdir -p $(@D)
	@echo '  CC    lua/$*.c (host)'
	$(Q)$(HOSTCC) $(LUA_FLAGS) -c -o $@ $(LUA_OUT)/source/src/$*.c

$(LUA_OUT)/lua: $(LUA_CORE:%=$(LUA_OUT)/target/%.o) $(LIBPXSO) $(CRT1) $(USER_LD)
	@echo '  LD    $@'
	$(Q)build/exo-cc -o $@ $(filter $(LUA_OUT)/target/%,$^) -lm
$(LUA_OUT)/lua-host: $(LUA_CORE:%=$(LUA_OUT)/host/%.o)
	@echo '  LD    $@'
	$(Q)$(HOSTCC) -o $@ $^ -lm
$(LUA_OUT)/lua.iso: $(LUA_OUT)/lua $(LUA_ROOT) | exo-posix
	@echo '  IMAGE $@'
	$(Q)EXO_MADE=1 ./exo-build.sh $< --rootfs apps/lua/root --arg demo.lua -o $@

-include $(LUA_CORE:%=$(LUA_OUT)/target/%.d)

lua: $(LUA_OUT)/lua ## Lua 5.4 from Debian's source, for libos-posix
lua-host: $(LUA_OUT)/lua-host
lua-iso: $(LUA_OUT)/lua.iso
.PHONY: lua lua-host lua-iso
