# heap.mk - malloc is Doug Lea's, from the copy that Debian's libffi source carries.
# SPDX-License-Identifier: BSD-2-Clause

HEAP_KEY := $(shell awk '$$1 == "libffi" { print substr($$4, 1, 16) }' build/sources.txt)
HEAP_SRC := $(OUT)/dlmalloc-$(HEAP_KEY)/dlmalloc.c
PX_HEAP  := $(PX_OUT)/$(PX)/vm/heap.o

# Two changes.  What marks a block as ours is compared before it is followed as a pointer, so that a
# pointer which is none ends in a message and SIGABRT.  There is one heap only.
# A mapping of its own is only for blocks after the first (as from 2.8.4 on): the lowest address that a
# block can have is noted when the heap is made, and a mapping made before it may lie lower.
$(HEAP_SRC): build/source.sh $(PX)/vm/heap.mk
	@mkdir -p $(@D)
	@tarball=$$(build/source.sh libffi) && \
		tar -xf "$$tarball" -O --wildcards '*/src/dlmalloc.c' | \
		sed -e 's/((M)->magic == mparams.magic)/((M) == gm)/' \
		    -e 's/use_mmap(m) && nb >= mparams.mmap_threshold)/use_mmap(m) \&\& nb >= mparams.mmap_threshold \&\& m->topsize != 0)/' > $@.$$$$ && mv $@.$$$$ $@

$(PX_HEAP): $(HEAP_SRC)
$(PX_HEAP): PXCFLAGS += -isystem $(dir $(HEAP_SRC)) -Os -fno-strict-aliasing
