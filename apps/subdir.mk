# subdir.mk - ported programs bring their own recipe; what their recipes share.
# SPDX-License-Identifier: BSD-2-Clause

# Third-party programs take long to compile, so their objects depend on two small files that
# change only when what they say does: the pinned line of the source, the compiler's own options.
$(OUT)/apps/%.source: build/sources.txt
	@mkdir -p $(@D)
	@grep '^$* ' $< | cmp -s - $@ || grep '^$* ' $< > $@
EXO_CC_FLAGS := $(OUT)/apps/exo-cc.flags
$(EXO_CC_FLAGS): build/exo-cc
	@mkdir -p $(@D)
	@build/exo-cc --exo-flags > $@.$$$$; cmp -s $@.$$$$ $@ && rm $@.$$$$ || mv $@.$$$$ $@

-include $(wildcard apps/*/subdir.mk)
