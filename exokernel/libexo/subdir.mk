# subdir.mk - libexo: the user side of the ABI, for both libOSes.
# SPDX-License-Identifier: BSD-2-Clause

XO       := exokernel/libexo
XO_OUT   := $(OUT)/lib/libexo
XO_SRC   := $(addprefix $(XO)/,begin.c activation.c cpu.c stacks.c time.c console.c map.c tables.c frames.c pages.c \
            settings.c crash.c place.c ledger.c reclaim.c ring.c steward.c \
            upcall.S vector.S $(addprefix string/,memcpy.c memmove.c memset.c \
            memcmp.c strlen.c strcmp.c)) \
            $(addprefix exokernel/lib/,fmt.c fmt_string.c settings.c archive.c crc32c.c chacha.c)
XO_OBJ   := $(addprefix $(XO_OUT)/,$(addsuffix .o,$(basename $(XO_SRC))))

# Runs inside upcalls too, hence no vector registers; small, because every program carries it.
XOCFLAGS := $(UCFLAGS) -Os -mgeneral-regs-only -mcrc32

# How programs are linked; $(CC) $(ULDFLAGS) crt0.o objects libOS.a libexo.a
USER_LD  := build/user.ld
ULDFLAGS := -nostdlib -static-pie -Wl,-T,$(USER_LD) -Wl,-z,text -Wl,-z,noexecstack \
            -Wl,-z,max-page-size=4096 -Wl,--gc-sections -Wl,--build-id=none
CRT0     := $(OUT)/lib/crt0.o
LIBEXO   := $(OUT)/lib/libexo.a

$(XO_OUT)/%.o: %.c $(XO)/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(XOCFLAGS) -MMD -MP -c -o $@ $<

$(XO_OUT)/%.o: %.S $(XO)/subdir.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(XOCFLAGS) -MMD -MP -c -o $@ $<

$(CRT0): $(XO_OUT)/$(XO)/start.o
	$(Q)cp $< $@.$$$$ && mv $@.$$$$ $@

$(LIBEXO): $(XO_OBJ)
	@echo '  AR    $@'
	$(Q)$(AR) qcsD $@.$$$$ $^ && mv $@.$$$$ $@

libexo: $(LIBEXO) $(CRT0) ## the user side of the ABI

-include $(XO_OBJ:.o=.d) $(XO_OUT)/$(XO)/start.d
.PHONY: libexo
