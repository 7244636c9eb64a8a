# subdir.mk - exotop's arithmetic is tested on the host.
# SPDX-License-Identifier: BSD-2-Clause

$(foreach cc,gcc clang,$(OUT)/tests/unit/$(cc)/tests/unit/test_look.o): UNIT_MORE := -Iapps/exotop
