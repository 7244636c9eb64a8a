# subdir.mk - functions that newlib lacks, from Debian's musl, compiled against our headers.
# SPDX-License-Identifier: BSD-2-Clause
#
# Only what needs nothing of musl's inside: no stdio, no locale, no system call of its own.  Where
# newlib has the function too, this one is taken (build/newlib/replace.sh): it is nearer to what
# programs know from Linux.

MUSL_KEY := $(shell awk '$$1 == "musl" { print substr($$4, 1, 16) }' build/sources.txt)
MUSL_DIR := $(OUT)/musl-$(MUSL_KEY)
MUSL_PATCHES := $(sort $(wildcard build/musl/patches/*.patch))
MUSL_OUT := $(OUT)/lib/libmusl
LIBMUSL  := $(OUT)/lib/libmusl.a

# Mathematics with long doubles: the 80-bit format, much of it by the processor's own instructions.
MUSL_SRC := $(addprefix math/, \
            $(addsuffix .s,$(addprefix x86_64/,__invtrigl acosl asinl atan2l atanl ceill exp2l expl \
            expm1l floorl log10l log1pl log2l logl truncl)) \
            $(addsuffix .c,$(addprefix x86_64/,fabsl fmodl llrint llrintf llrintl lrint lrintf lrintl remainderl remquol rintl \
            sqrtl)) \
            $(addsuffix .c,acoshl asinhl atanhl cbrtl copysignl coshl cosl erfl exp10l fdiml \
            fmal fmaxl fminl frexpl hypotl ilogbl ldexpl lgammal llroundl logbl lroundl modf modff modfl \
            nearbyintl nextafterl nexttoward nexttowardf nexttowardl powl roundl scalblnl scalbnl \
            cbrtf fdim fdimf ilogb ilogbf llround llroundf lround lroundf nextafter nextafterf \
            signgam sincosl tgamma sinhl sinl tanhl tanl tgammal __cos __cosl __sin __sinl __tanl __expo2 __polevll \
            __rem_pio2l __rem_pio2_large __fpclassifyl __signbitl __math_invalidl))

MUSL_SRC += $(addsuffix .c, \
            $(addprefix search/,hsearch insque lsearch tdelete tdestroy tfind tsearch twalk) \
            $(addprefix regex/,fnmatch glob regcomp regexec tre-mem) \
            $(addprefix crypt/,crypt crypt_blowfish crypt_des crypt_md5 crypt_r crypt_sha256 \
            crypt_sha512 encrypt) \
            $(addprefix prng/,__rand48_step __seed48 drand48 lcong48 lrand48 mrand48 seed48 srand48) \
            $(addprefix misc/,a64l fmtmsg realpath) legacy/ulimit ipc/ftok \
            $(addprefix string/,memmem strcasestr strverscmp wcswcs) \
            $(addprefix complex/,cacoshl cacosl casinhl catanhl ccoshl ccosl cexpl conjl cpowl cprojl csinhl csinl ctanhl ctanl) \
            locale/strfmon time/getdate internal/intscan internal/floatscan stdio/vfscanf)

MUSL_OBJ := $(patsubst %,$(MUSL_OUT)/%.o,$(basename $(MUSL_SRC)))

# Its own style of C; names of its insides stay inside.
MUSLFLAGS := -nostdinc -iquote build/musl/include -iquote $(MUSL_DIR)/src/internal \
             -iquote $(MUSL_DIR)/arch/generic -include build/musl/inside.h \
             -isystem libos-posix/include -isystem build/newlib/include \
             -isystem $(OUT)/newlib/include -isystem $(shell $(CC) -print-file-name=include) \
             -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -D_GNU_SOURCE= -std=gnu99 -w -O2 -g0 -fPIE \
             -fno-builtin -fexcess-precision=standard -frounding-math -fno-strict-aliasing \
             -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
             -fno-omit-frame-pointer -fno-common -ffunction-sections -fdata-sections -march=x86-64-v2

$(MUSL_DIR)/unpacked: build/source.sh $(wildcard build/musl/include/*.h) $(MUSL_PATCHES)
	@rm -rf $(@D)
	@mkdir -p $(@D)
	@tarball=$$(build/source.sh musl) && tar -xf "$$tarball" -C $(@D) --strip-components=1
	@cd $(@D)/src/internal && rm $(notdir $(wildcard build/musl/include/*.h))	# ours stand in
	@for p in $(MUSL_PATCHES); do patch -s -d $(@D) -p1 < $$p || exit; done
	@touch $@

$(MUSL_SRC:%=$(MUSL_DIR)/src/%): $(MUSL_DIR)/unpacked ;

define musl_rule
$(MUSL_OUT)/$(basename $(1)).o: $(MUSL_DIR)/src/$(1) build/musl/subdir.mk | $$(NEWLIB)
	@mkdir -p $$(@D)
	@echo '  CC    musl $(1)'
	$$(Q)$$(CC) $$(if $$(filter %.s,$$<),,$$(MUSLFLAGS) -MMD -MP) -c -o $$@ $$<
endef
$(foreach f,$(MUSL_SRC),$(eval $(call musl_rule,$(f))))

# Under a name of its own: libos-posix/libc/maths.c.
$(MUSL_OUT)/math/tgamma.o: MUSLFLAGS += -Dtgamma=__px_tgamma
$(MUSL_OUT)/misc/realpath.o: MUSLFLAGS += -D__strchrnul=strchrnul -DSYMLOOP_MAX=40

$(LIBMUSL): $(MUSL_OBJ)
	@echo '  AR    $@'
	$(Q)$(AR) qcsD $@.$$$$ $(filter %.o,$^) && mv $@.$$$$ $@

-include $(MUSL_OBJ:.o=.d)
