# image.mk - the tools that make images, what GRUB contributes, and set-up.
# SPDX-License-Identifier: BSD-2-Clause

# Set-up comes before everything else of a goal that must work on a bare machine: make remakes a
# file that it includes first, then starts over with all tools there.
ifneq ($(filter run run-% test test-% bench ci,$(MAKECMDGOALS)),)
include $(OUT)/setup.mk
endif
$(OUT)/setup.mk: build/packages.txt build/setup.sh
	@mkdir -p $(@D)
	@build/setup.sh
	@echo '# Nothing that build/packages.txt lists was missing after build/setup.sh.' > $@

setup: ## install what is missing from Debian (build/packages.txt)
	@build/setup.sh

HOST_OUT    := $(OUT)/tools
HOSTCFLAGS  := $(WARN) $(INCLIB) -Ilibos-posix -D_GNU_SOURCE -O2 -march=x86-64-v2
EXO_IMAGE   := $(HOST_OUT)/exo-image
EXO_RUN     := $(HOST_OUT)/exo-run
EXO_NAMES   := $(HOST_OUT)/exo-names
IMAGE_SRC   := $(addprefix build/tools/,exo-image.c host.c sha256.c elf_file.c program.c shared.c root.c \
               pack.c embed.c extract.c iso9660.c inspect.c ram.c \
               shares.c description.c settle.c images.c inspect_images.c) \
               $(addprefix exokernel/lib/,archive.c crc32c.c settings.c)
RUN_SRC     := $(addprefix build/tools/,exo-run.c verdict.c host.c)
NAMES_SRC   := $(addprefix build/tools/,exo-names.c elf_file.c host.c)

$(HOST_OUT)/%.o: %.c build/image.mk build/toolchain.mk
	@mkdir -p $(@D)
	@echo '  CC    $< (host)'
	$(Q)$(HOSTCC) $(HOSTCFLAGS) -MMD -MP -c -o $@ $<

# What others may run or read at any time is made under a name that no other process uses, and
# renamed: it is whole, this one or the one before.
$(EXO_IMAGE): $(IMAGE_SRC:%.c=$(HOST_OUT)/%.o)
	@echo '  LD    $@'
	$(Q)$(HOSTCC) -o $@.$$$$ $^ && mv $@.$$$$ $@
$(EXO_RUN): $(RUN_SRC:%.c=$(HOST_OUT)/%.o)
	@echo '  LD    $@'
	$(Q)$(HOSTCC) -o $@.$$$$ $^ && mv $@.$$$$ $@
$(EXO_NAMES): $(NAMES_SRC:%.c=$(HOST_OUT)/%.o)
	@echo '  LD    $@'
	$(Q)$(HOSTCC) -o $@.$$$$ $^ && mv $@.$$$$ $@

-include $(patsubst %.c,$(HOST_OUT)/%.d,$(IMAGE_SRC) $(RUN_SRC) $(NAMES_SRC))

# GRUB without a menu, cut to what finds and starts a kernel.  Both parts are the same for every
# image, so they are made once; the dates inside are fixed.
GRUB_OUT    := $(OUT)/grub
GRUB_DATE   := 315532800
GRUB_LOAD   := multiboot2 /exo/kernel\nmodule2 /exo/archive\nboot\n

$(GRUB_OUT)/bios.img: build/image.mk
	@mkdir -p $(@D)
	@echo '  GRUB  $@'
	$(Q)printf '$(GRUB_LOAD)' > $(@D)/bios.cfg
	$(Q)grub-mkimage -O i386-pc-eltorito -p /exo -c $(@D)/bios.cfg -o $@.$$$$ biosdisk iso9660 multiboot2 && \
	  mv $@.$$$$ $@

$(GRUB_OUT)/bootx64.efi: build/image.mk
	@mkdir -p $(@D)
	@echo '  GRUB  $@'
	$(Q)printf 'search.file /exo/kernel root\n$(GRUB_LOAD)' > $(@D)/efi.cfg
	$(Q)grub-mkimage -O x86_64-efi -p /exo -c $(@D)/efi.cfg -o $@.$$$$ iso9660 multiboot2 search_fs_file && \
	  mv $@.$$$$ $@

# A FAT file system just large enough; a fixed serial number.
$(GRUB_OUT)/efi.img: $(GRUB_OUT)/bootx64.efi
	@echo '  FAT   $@'
	$(Q)new=$@.$$$$ && cp $< $$new.efi && touch -d @$(GRUB_DATE) $$new.efi && \
	  export SOURCE_DATE_EPOCH=$(GRUB_DATE) && \
	  truncate -s $$(($$(stat -c %s $<) / 1024 + 17))K $$new && \
	  mformat -i $$new -N 0 -T $$(($$(stat -c %s $$new) / 512)) -h 2 -s 32 -c 1 -r 1 -L 4 :: && \
	  mmd -i $$new ::/EFI ::/EFI/BOOT && \
	  mcopy -m -i $$new $$new.efi ::/EFI/BOOT/BOOTX64.EFI && \
	  rm $$new.efi && mv $$new $@

# What images carry: without symbols, which stay beside in exokernel.elf.
$(OUT)/kernel/exokernel: $(OUT)/kernel/exokernel.elf
	$(Q)strip -s -o $@.$$$$ $< && mv $@.$$$$ $@

# The compiler and its companions by all their names.
$(OUT)/bin.done: build/toolbin.sh build/exo-cc
	$(Q)build/toolbin.sh $(OUT)
	@touch $@

IMAGE_BASE  := $(EXO_IMAGE) $(EXO_RUN) $(GRUB_OUT)/bios.img $(GRUB_OUT)/efi.img \
               $(OUT)/kernel/exokernel
TEST_DEPS   += exo-minimal exo-posix exo-pack

tools: $(EXO_IMAGE) $(EXO_RUN) ## the host tools: exo-image, exo-run
exo-tools: tools
exo-base: $(IMAGE_BASE)
exo-minimal: $(IMAGE_BASE) libos-minimal libexo $(OUT)/bin.done
exo-none: $(IMAGE_BASE) libexo $(OUT)/bin.done
exo-posix: $(IMAGE_BASE) libos-posix libexo $(OUT)/bin.done
exo-pack: exo-minimal steward

# The example of several images: what images/example.conf names, and the image of all of it.
EXAMPLES    := $(OUT)/images
example: exo-posix exo-pack ## images/example.conf: build what it names, pack all of it
	@mkdir -p $(EXAMPLES)
	$(Q)export EXO_MADE=yes && ./exo-build.sh --no-prove apps/calc/calc.c -lm -o $(EXAMPLES)/calc.elf > $(EXAMPLES)/log && \
	  ./exo-build.sh --no-prove apps/pager/main.c --libos minimal -o $(EXAMPLES)/pager.elf > $(EXAMPLES)/log && \
	  ./exo-build.sh pack images/example.conf -o $(EXAMPLES)/example.iso
run-example: setup example ## boot the example of several images
	@./exo-build.sh run $(EXAMPLES)/example.iso

.PHONY: example run-example
.PHONY: setup tools exo-tools exo-base exo-none exo-minimal exo-posix exo-pack
