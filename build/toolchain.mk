# toolchain.mk - compilers and flags, one place for all of them.
# SPDX-License-Identifier: BSD-2-Clause

CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
HOSTCC  ?= gcc
AR      := gcc-ar
OUT     := build/out
Q       := $(if $(V),,@)

WARN    := -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wpointer-arith -Wvla -Werror
INCLIB  := -Iexokernel/abi -Iexokernel/lib

# Ring 0: no vector registers, no red zone, top 2 GiB.
KCFLAGS := $(WARN) $(INCLIB) -Iexokernel -DEXO_KERNEL -O2 -g -ffreestanding -mcmodel=kernel \
           -mgeneral-regs-only -mno-red-zone -mfsgsbase -mpku -mxsave -mfxsr -fno-pic -fno-pie -fno-stack-protector \
           -fcf-protection=none -fno-asynchronous-unwind-tables -fno-omit-frame-pointer \
           -fno-strict-aliasing -fno-common -ffunction-sections -fdata-sections \
           -ffile-prefix-map='$(CURDIR)=.'

# Ring 3 without a C library: libexo and libos-minimal.
UCFLAGS := $(WARN) $(INCLIB) -Iexokernel/libexo/include -O2 -g -ffreestanding -fPIE \
           -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
           -fno-omit-frame-pointer -fno-common -ffunction-sections -fdata-sections \
           -march=x86-64-v2 -ffile-prefix-map='$(CURDIR)=.'
