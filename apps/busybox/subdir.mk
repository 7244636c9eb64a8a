# subdir.mk - BusyBox, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause

BUSYBOX_OUT  := $(OUT)/apps/busybox
BUSYBOX_SRC  := $(BUSYBOX_OUT)/source
BUSYBOX_ROOT := $(shell find apps/busybox/root -type f)
# What its objects are compiled against: its makefile finds which of them a header concerns.
BUSYBOX_HEADERS := $(shell find libos-posix/include build/newlib/include -name '*.h')

$(BUSYBOX_OUT)/source.done: $(OUT)/apps/busybox.source
	@rm -rf $(BUSYBOX_OUT) && mkdir -p $(BUSYBOX_SRC)
	@echo '  TAR   busybox'
	$(Q)tar -xf "$$(build/source.sh busybox)" -C $(BUSYBOX_SRC) --strip-components=1
	@touch $@

# Everything off, then what our list names on, then what that implies.
$(BUSYBOX_OUT)/config: $(BUSYBOX_OUT)/source.done apps/busybox/config
	@echo '  CONF  busybox'
	@rm -rf $(BUSYBOX_OUT)/made && mkdir -p $(BUSYBOX_OUT)/made
	$(Q){ $(MAKE) -s -j1 -C $(BUSYBOX_SRC) O=$(abspath $(BUSYBOX_OUT))/made allnoconfig && \
		awk 'NR == FNR { if (!/^#/) for (i = 1; i <= NF; i++) on["CONFIG_" $$i]; next } \
			$$1 == "#" && ($$2 in on) { print $$2 "=y"; next } { print }' apps/busybox/config \
			$(BUSYBOX_OUT)/made/.config > $@.part && cp $@.part $(BUSYBOX_OUT)/made/.config && \
		yes '' | $(MAKE) -s -j1 -C $(BUSYBOX_OUT)/made oldconfig; } < /dev/null > $@.log 2>&1 || { tail -n 20 $@.log; exit 1; }
	$(Q)cp $(BUSYBOX_OUT)/made/.config $@ && rm -r $(BUSYBOX_OUT)/made $@.part

# $(1) target or host, $(2) its compiler
define busybox_rules
$(BUSYBOX_OUT)/$(1)/done: $(BUSYBOX_OUT)/config $(3)
	@echo '  MAKE  busybox ($(1))'
	@mkdir -p $$(@D)
	@cmp -s $$< $$(@D)/.config || cp $$< $$(@D)/.config
	$$(Q){ $$(MAKE) -s -j1 -C $$(BUSYBOX_SRC) O=$$(abspath $$(@D)) outputmakefile silentoldconfig && \
		$$(MAKE) -s -j2 -C $$(@D) CC='$(2)' AR=gcc-ar HOSTCC=$$(HOSTCC) SKIP_STRIP=y busybox busybox.links; } \
		< /dev/null > $$(@D)/log 2>&1 || { tail -n 20 $$(@D)/log; exit 1; }
	@touch $$@
endef
$(eval $(call busybox_rules,target,$(abspath build/exo-cc),$(EXO_CC_FLAGS) $(BUSYBOX_HEADERS) | libos-posix))
$(eval $(call busybox_rules,host,$(HOSTCC)))

$(BUSYBOX_OUT)/busybox: $(BUSYBOX_OUT)/target/done
	$(Q)cp $(@D)/target/busybox $@
$(BUSYBOX_OUT)/busybox-host: $(BUSYBOX_OUT)/host/done
	$(Q)cp $(@D)/host/busybox $@
# The root directory: the program and a link for each applet, beside our scripts.
$(BUSYBOX_OUT)/root.done: $(BUSYBOX_OUT)/busybox $(BUSYBOX_ROOT)
	@rm -rf $(@D)/root && cp -r apps/busybox/root $(@D)/root && mkdir -p $(@D)/root/bin
	$(Q)strip -o $(@D)/root/bin/busybox $<
	$(Q)while read -r name; do ln -sf busybox $(@D)/root/bin/$${name##*/} || exit; done < $(@D)/target/busybox.links
	@touch $@
$(BUSYBOX_OUT)/busybox.iso: $(BUSYBOX_OUT)/root.done | exo-posix
	@echo '  IMAGE $@'
	$(Q)EXO_MADE=1 ./exo-build.sh $(@D)/busybox --rootfs $(@D)/root --env PATH=/bin --env HOME=/root --env TERM=linux --arg sh -o $@

busybox: $(BUSYBOX_OUT)/root.done ## BusyBox from Debian's source, for libos-posix
busybox-host: $(BUSYBOX_OUT)/busybox-host
busybox-iso: $(BUSYBOX_OUT)/busybox.iso
run-busybox: setup busybox-iso ## BusyBox's shell on the console
	@./exo-build.sh run $(BUSYBOX_OUT)/busybox.iso --keys
.PHONY: busybox busybox-host busybox-iso run-busybox
