# subdir.mk - the kernel: one ELF, loadable by multiboot2 and PVH.
# SPDX-License-Identifier: BSD-2-Clause

KERNEL      := $(OUT)/kernel/exokernel.elf
KERNEL_C    := $(wildcard exokernel/core/*.c exokernel/x86_64/*.c exokernel/boot/*.c) \
               $(addprefix exokernel/lib/,fmt.c fmt_string.c archive.c crc32c.c chacha.c pool.c)
KERNEL_S    := $(wildcard exokernel/x86_64/*.S exokernel/boot/*.S)
KERNEL_OBJ  := $(patsubst exokernel/%.c,$(OUT)/kernel/%.o,$(KERNEL_C)) \
               $(patsubst exokernel/%.S,$(OUT)/kernel/%.S.o,$(KERNEL_S))

# What runs once, or seldom, is made small.
KERNEL_SMALL := $(filter $(OUT)/kernel/boot/% $(addprefix $(OUT)/kernel/,core/log.o core/power.o core/account.o \
               lib/fmt.o lib/fmt_string.o lib/archive.o lib/pool.o),$(KERNEL_OBJ))
$(filter %.o,$(KERNEL_SMALL)): KCFLAGS += -Os -mstringop-strategy=libcall

kernel: $(KERNEL) ## the kernel alone

$(OUT)/kernel/%.o: exokernel/%.c build/toolchain.mk exokernel/subdir.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(KCFLAGS) -MMD -MP -c $< -o $@

$(OUT)/kernel/%.S.o: exokernel/%.S build/toolchain.mk exokernel/subdir.mk
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(KCFLAGS) -MMD -MP -c $< -o $@

# What stays after boot must not need anything of what goes.
RESIDENT    := $(filter-out $(OUT)/kernel/boot/% %/fmt_string.o %/archive.o %/crc32c.o %/chacha.o %/pool.o,$(KERNEL_OBJ))
$(OUT)/kernel/resident.o: $(RESIDENT)
	$(Q)ld -r -o $@ $(RESIDENT)
	$(Q)if nm -u $@ | grep .; then echo 'the resident kernel needs these of boot' >&2; rm -f $@; exit 1; fi

$(KERNEL): $(KERNEL_OBJ) $(OUT)/kernel/resident.o exokernel/kernel.ld
	@echo '  LD    $@'
	$(Q)$(CC) -nostdlib -static -no-pie -Wl,-T,exokernel/kernel.ld -Wl,--gc-sections -Wl,-z,noexecstack \
	  -Wl,-z,max-page-size=4096 -Wl,--build-id=none -Wl,--no-warn-rwx-segments $(KERNEL_OBJ) -o $@.$$$$ && mv $@.$$$$ $@

-include $(KERNEL_OBJ:.o=.d)
.PHONY: kernel
