# subdir.mk - the Tiny C Compiler, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause

TCC_OUT   := $(OUT)/apps/tcc
TCC_SRC   := $(TCC_OUT)/source
TCC_FLAGS := -O1 -w -DONE_SOURCE=1 -DTCC_TARGET_X86_64 -I$(TCC_OUT)/made -I$(TCC_SRC)
# Where it looks, and finds what exo-cc does.
TCC_HERE  := -DCONFIG_TCCDIR='"/usr/lib/tcc"' -DCONFIG_TCC_LIBPATHS='"{B}:/usr/lib"' \
             -DCONFIG_TCC_SYSINCLUDEPATHS='"{B}/include:/usr/include/posix:/usr/include/more:/usr/include/newlib"'

$(TCC_OUT)/source.done: $(OUT)/apps/tcc.source
	@rm -rf $(TCC_OUT) && mkdir -p $(TCC_SRC) $(TCC_OUT)/made
	@echo '  TAR   tcc'
	$(Q)tar -xf "$$(build/source.sh tcc)" -C $(TCC_SRC)
	@echo '#define TCC_VERSION "'$$(cat $(TCC_SRC)/VERSION)'"' > $(TCC_OUT)/made/config.h
	@touch $@

$(TCC_OUT)/tcc: $(TCC_OUT)/source.done apps/tcc/subdir.mk $(EXO_CC_FLAGS) | $(NEWLIB) libos-posix
	@echo '  CC    tcc'
	$(Q)build/exo-cc $(TCC_FLAGS) $(TCC_HERE) -o $@ $(TCC_SRC)/tcc.c -lm
$(TCC_OUT)/tcc-host: $(TCC_OUT)/source.done apps/tcc/subdir.mk
	@echo '  CC    tcc (host)'
	$(Q)$(HOSTCC) $(TCC_FLAGS) -DCONFIG_TRIPLET='"x86_64-linux-gnu"' -o $@ $(TCC_SRC)/tcc.c -lm -ldl

# What it needs of a root directory: headers, its runtime's source, its tests and our project.
$(TCC_OUT)/root.done: $(TCC_OUT)/source.done $(NEWLIB) $(shell find apps/tcc/root -type f) $(BUSYBOX_HEADERS)
	@rm -rf $(TCC_OUT)/root && cp -r apps/tcc/root $(TCC_OUT)/root && mkdir -p $(TCC_OUT)/root/usr/include
	$(Q)cp -r $(TCC_SRC)/include $(TCC_OUT)/root/usr/lib/tcc
	$(Q)cp -rL $(OUT)/newlib/include $(TCC_OUT)/root/usr/include/newlib
	$(Q)cp -r build/newlib/include $(TCC_OUT)/root/usr/include/more
	$(Q)cp -r libos-posix/include $(TCC_OUT)/root/usr/include/posix
	$(Q)cp $(addprefix $(TCC_SRC)/lib/,libtcc1.c alloca86_64.S va_list.c) $(TCC_OUT)/root/project
	$(Q)cp -r $(TCC_SRC)/tests/tests2 $(TCC_OUT)/root/tests
	$(Q)$(AR) rc $(TCC_OUT)/root/usr/lib/libc.a
	@touch $@

tcc: $(TCC_OUT)/tcc $(TCC_OUT)/root.done ## the Tiny C Compiler, for libos-posix (for make test-long)
tcc-host: $(TCC_OUT)/tcc-host
.PHONY: tcc tcc-host
