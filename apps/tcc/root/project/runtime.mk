# runtime.mk - what tcc links to every program, from its source.
# SPDX-License-Identifier: BSD-2-Clause
../usr/lib/tcc/libtcc1.a: libtcc1.o alloca86_64.o va_list.o
	tcc -ar rcs $@ $^
%.o: %.c
	tcc -w -c -o $@ $<
%.o: %.S
	tcc -w -c -o $@ $<
