# subdir.mk - ported programs bring their own recipe.
# SPDX-License-Identifier: BSD-2-Clause

-include $(wildcard apps/*/subdir.mk)
