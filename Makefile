# Makefile - the whole tree, one make.  `make help` lists the targets.
# SPDX-License-Identifier: BSD-2-Clause

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

all: kernel libos-minimal libos-posix steward tools ## build the kernel, both libOSes, the steward and the tools

include build/toolchain.mk
include exokernel/subdir.mk
-include exokernel/libexo/subdir.mk
-include libos-minimal/subdir.mk
-include libos-posix/subdir.mk
-include steward/subdir.mk
-include build/image.mk
-include apps/subdir.mk
-include tests/subdir.mk

run: setup lua-iso ## build the Lua example's ISO and boot it
	@./exo-build.sh run $(OUT)/apps/lua/lua.iso

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

clean: ## remove what was built (third-party builds and sources are kept)
	rm -rf $(OUT)/kernel $(OUT)/lib $(OUT)/apps $(OUT)/tests $(OUT)/tools

distclean: ## remove everything under build/out
	rm -rf $(OUT)

.PHONY: all run help clean distclean
