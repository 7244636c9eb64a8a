# subdir.mk - libos-posix, and the C library it stands on.
# SPDX-License-Identifier: BSD-2-Clause

PX       := libos-posix
PX_OUT   := $(OUT)/lib/libos-posix
PX_SRC   := $(addprefix $(PX)/, \
            $(addprefix env/,arguments.c ledger.c random.c start.c static.c thread.c upcall.c) \
            $(addprefix time/,alarm.c calendar.c clock.c itimer.c notify.c set.c sleep.c timer.c))
include $(PX)/vm/subdir.mk
include $(PX)/fs/subdir.mk
include $(PX)/thread/subdir.mk
include $(PX)/libc/subdir.mk
include $(PX)/process/subdir.mk
include $(PX)/signal/subdir.mk
include $(PX)/ipc/subdir.mk
PX_SRC   += $(PX_LIBC)
PX_OBJ   := $(addprefix $(PX_OUT)/,$(addsuffix .o,$(basename $(PX_SRC))))
LIBPX    := $(OUT)/lib/libos-posix.a

# newlib's headers instead of the host's; no vector registers, because much of
# this can run inside an upcall; no stack protector, because it starts before
# there is a value to protect with.
PXCFLAGS := $(WARN) -nostdinc -isystem $(PX)/include -isystem build/newlib/include \
            -isystem $(OUT)/newlib/include -isystem $(shell $(CC) -print-file-name=include) \
            -I$(PX) $(INCLIB) -Iexokernel/libexo/include \
            -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -D_GNU_SOURCE -g -fPIE \
            -fno-builtin -fno-stack-protector -fcf-protection=none \
            -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -fno-common \
            -ffunction-sections -fdata-sections -march=x86-64-v2 \
            -ffile-prefix-map='$(CURDIR)=.'

NEWLIB   := $(OUT)/newlib.done
NEWLIB_PARTS := $(shell find build/newlib -type f ! -name replace.sh) build/sources.txt
$(NEWLIB): $(NEWLIB_PARTS)
	@mkdir -p $(@D)
	@build/newlib/build.sh
	@touch $@

include build/musl/subdir.mk
include $(PX)/vm/heap.mk

$(PX_OUT)/%.o: %.c $(PX)/subdir.mk build/toolchain.mk | $(NEWLIB)
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(PXCFLAGS) $(PXSPEED) $(PXREGS) -MMD -MP -c -o $@ $<

$(PX_OUT)/%.o: %.S $(PX)/subdir.mk build/toolchain.mk | $(NEWLIB)
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(PXCFLAGS) $(PXREGS) -MMD -MP -c -o $@ $<

# Small, because every image carries it; what is called all the time is fast instead, but without
# padding inside of functions.
PX_FAST  := env/alloc env/arena env/wait signal/deliver signal/mask signal/raise signal/send signal/take thread/cond thread/create thread/end thread/mutex thread/sched \
            thread/word fd/io fd/pipe fd/queue fd/table fs/mem_file fs/path time/clock \
            vm/fault vm/frames vm/pages vm/tree
PXSPEED  := -Os
$(PX_FAST:%=$(PX_OUT)/$(PX)/%.o): PXSPEED := -O2 -fno-align-jumps -fno-align-loops -fno-align-labels

PXREGS   := -mgeneral-regs-only
$(PX_LIBC_DOUBLE:%=$(PX_OUT)/$(PX)/libc/%.o): PXREGS :=

$(LIBPX): $(PX_OBJ) $(LIBMUSL) $(NEWLIB) build/newlib/replace.sh
	@echo '  AR    $@'
	$(Q)$(AR) qcsD $@.$$$$ $(PX_OBJ) && mv $@.$$$$ $@
	$(Q)build/newlib/replace.sh $@ $(LIBMUSL)

# The same as one shared library.  Its application is not linked into it: it loads one.
PX_LOAD  := $(addprefix $(PX_OUT)/$(PX)/env/,begin.o execute.o load.o load_bind.o load_check.o load_map.o symbols.o \
            load_tables.o)
PX_SHARED := $(PX_OUT)/shared.a
LIBPXSO  := $(OUT)/lib/libos-posix.so
CRT1     := $(OUT)/lib/crt1.o

$(PX_SHARED): $(filter-out %/static.o,$(PX_OBJ)) $(PX_LOAD)
	$(Q)$(AR) qcsD $@.$$$$ $^ && mv $@.$$$$ $@

$(LIBPXSO): $(PX_SHARED) $(LIBPX) $(LIBMUSL) $(LIBEXO) $(CRT0) $(USER_LD) build/shared.sh \
            $(PX)/interpose.list
	@echo '  LD    $@'
	$(Q)build/shared.sh $@ $(CRT0) $(PX_SHARED) $(LIBMUSL) $(OUT)/newlib/lib/libc.a \
		$(OUT)/newlib/lib/libm.a -- $(LIBEXO)

# For static links: with a program's own names kept apart from what the library calls.
PX_STATIC := $(OUT)/lib/static.done
$(PX_STATIC): $(LIBPX) $(LIBMUSL) $(LIBEXO) $(OUT)/tools/exo-names build/static.sh $(PX)/interpose.list
	@echo '  NAMES $(OUT)/lib/static'
	$(Q)build/static.sh $(OUT)/tools/exo-names $(OUT)/lib/static $(LIBPX) $(LIBMUSL) \
		$(OUT)/newlib/lib/libc.a $(OUT)/newlib/lib/libm.a -- $(LIBEXO)
	@touch $@

$(CRT1): $(PX_OUT)/$(PX)/env/entry.o
	$(Q)cp $< $@.$$$$ && mv $@.$$$$ $@

newlib: $(NEWLIB) ## the C library (built once, about a minute)
libos-posix: $(LIBPX) $(LIBPXSO) $(PX_STATIC) $(CRT1) libexo ## the POSIX libOS

-include $(PX_OBJ:.o=.d) $(PX_LOAD:.o=.d) $(PX_OUT)/$(PX)/env/entry.d
.PHONY: newlib libos-posix

# The unit tests compile what is pure C in here for the host; what its headers lack, newlib's have.
PX_UNIT := $(foreach cc,gcc clang,$(foreach t,root copy tree slab content names,\
	$(OUT)/tests/unit/$(cc)/tests/unit/test_$(t).o))
$(PX_UNIT): UNIT_MORE := -I$(PX) -D_GNU_SOURCE -idirafter $(OUT)/newlib/include
$(PX_UNIT): | $(NEWLIB)
