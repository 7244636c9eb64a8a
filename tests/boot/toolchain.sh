#!/bin/bash
# toolchain.sh - exo-cc and its companions as configure scripts, makefiles and CMake use them.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1
out=$top/build/out
bin=$("$exo" --print bin)
cc=$bin/exo-cc

# What --print prints.
for tool in cc ar ranlib nm strip objcopy ld pkg-config; do
	command=$("$exo" --print $tool)
	expect "--print $tool" 0 '[0-9]+\.[0-9]' bash -c "$command --version"
done
expect '--print host' 0 '^x86_64-exo-elf$' "$exo" --print host
expect '--print nonsense' 2 'can print: cc' "$exo" --print nonsense
expect '--print ar --libos' 2 'takes no --libos' "$exo" --print ar --libos posix
expect 'the names that configure looks for' 0 '' bash -c 'for t in gcc cc ar ranlib nm strip objcopy ld pkg-config
	do test -x "$0/x86_64-exo-elf-$t" || exit 1; done' "$bin"

# Questions.
expect '-dumpmachine' 0 '^x86_64-exo-elf$' "$cc" -dumpmachine
expect '-dumpversion' 0 '^[0-9]+$' "$cc" -dumpversion
expect '-v' 0 '^gcc version' "$cc" -v
expect '--version' 0 '^gcc|^exo' "$cc" --version
expect '-V, which gcc has not' 1 'unrecognized' "$cc" -V
expect 'which linker it is' 0 'GNU ld' bash -c "'$cc' -Wl,--version"
expect '-print-file-name of ours' 0 "^$out/sysroot/lib/libm.a$" "$cc" -print-file-name=libm.a
expect '-print-file-name of nobody' 0 '^libnothing.a$' "$cc" -print-file-name=libnothing.a
expect '-print-prog-name' 0 'ld$' "$cc" -print-prog-name=ld
expect '-print-search-dirs' 0 '^libraries: =' "$cc" -print-search-dirs
expect 'no system but ours' 0 '^(0|__exo__)$' bash -c "echo | '$cc' -dM -E - | grep -c '__linux\|__gnu_linux' || true"
expect 'which it names' 0 '__exo__ 1' bash -c "echo | '$cc' -dM -E -"

# Ways to say the same.
mkdir -p 'a dir/lib' && cd 'a dir' || exit 1
printf '#include <math.h>\n#include <stdio.h>\nint part(void);\nint main(void) { printf("%%d %%g\\n", part(), cos(0)); return 0; }\n' > main.c
echo 'int part(void) { return VALUE; }' > part.c
works() {	# NAME ARGUMENT...: it links, and what it links is a program
	local name=$1
	shift
	rm -f prog a.out
	"$cc" "$@" > out 2>&1 && [ -n "$("$exo_image" form prog)" ] && ok "$name" ||
		not_ok "$name" "$(tail -n 2 out | tr '\n' '|')"
}
works 'several sources' main.c part.c -DVALUE=5 -lm -o prog
works 'with values apart' -D VALUE=5 -I . -o prog -x c main.c part.c -x none -l m
works 'a joined -o' -DVALUE=5 main.c part.c -oprog
works 'options of dynamic linkers' -DVALUE=5 main.c part.c -rdynamic -pthread -lpthread -lrt -ldl -Wl,-soname,x \
	-Wl,-rpath,/usr/lib -Wl,-rpath -Wl,/opt -Wl,--as-needed -Wl,-O1 -Wl,-z,now -Wl,-Bsymbolic -fPIC -pie -o prog
works 'static' -static -DVALUE=5 main.c part.c -lm -o prog
works 'sources on standard input' -DVALUE=5 -o prog part.c -xc - < main.c
printf -- '-DVALUE=7\n"main.c" part.c\n-o prog -l\\m' > arguments
works 'arguments from a file' @arguments
"$cc" -DVALUE=5 -c part.c -o 'part one.o' -MD -MP -MF dep -MT target && "$bin/exo-ar" rcs lib/libpart.a 'part one.o' &&
	"$bin/exo-ranlib" lib/libpart.a
expect 'dependencies' 0 '^target: part.c' cat dep
works 'a library' main.c -Llib -lpart -o prog
works 'its directory apart' -L lib main.c -l part -o prog
works 'by its file' main.c -Llib -l:libpart.a -o prog
works 'an object with a space' main.c 'part one.o' -o prog
works 'debugging, sections, LTO' -g3 -flto -O3 -ffunction-sections -Wl,--gc-sections -DVALUE=5 main.c part.c -o prog
works 'any level of fortification' -O2 -D_FORTIFY_SOURCE=2 -DVALUE=5 main.c part.c -o prog
expect '-E' 0 'VALUE|return 5' "$cc" -DVALUE=5 -E part.c
expect '-S' 0 'part' "$cc" -DVALUE=5 -S -o - part.c
expect '-M' 0 '^part.o: part.c' "$cc" -M part.c
expect '-r' 0 '' "$cc" -r 'part one.o' -o both.o
expect '-shared' 1 'no shared libraries but the libOS' "$cc" -shared part.c -o libpart.so
expect 'a shared library' 1 'cannot be linked' "$cc" main.c libpart.so
expect "the host's libraries" 1 'no library -lz' "$cc" main.c part.c -DVALUE=1 -L/usr/lib/x86_64-linux-gnu -lz
expect "the host's headers" 1 'no-such-header|gnu/libc-version.h' bash -c \
	"echo '#include <gnu/libc-version.h>' | '$cc' -I/usr/include -fsyntax-only -xc -"
expect 'C++' 1 'C\+\+ is not supported' "$cc" -c x.cc
expect '-m32' 1 '64-bit' "$cc" -m32 -c part.c
cd ..

# pkg-config does not know the host's packages.
if command -v pkg-config > /dev/null; then
	mkdir pc && printf 'Name: own\nDescription: x\nVersion: 1.5\nLibs: -lown\nLibs.private: -lm\n' > pc/own.pc
	expect 'pkg-config: nothing of the host' 0 '^0$' bash -c "PKG_CONFIG_PATH=/usr/lib/pkgconfig '$bin/exo-pkg-config' --list-all | wc -l"
	expect 'pkg-config: ours' 0 '^-lown -lm' env EXO_PKG_CONFIG_PATH="$work/pc" "$bin/exo-pkg-config" --libs own
else
	echo "skipped: no pkg-config here"
fi

# From a tree with a space in its path.
mkdir 'a tree' && cp -r --parents "$top"/{build/{exo-cc,user.ld,newlib/include},libos-posix/{include,interpose.list},exokernel/{abi,lib,libexo/include}} 'a tree'
tree=$work/a\ tree$top
mkdir -p "$tree/build/out" && cp -a "$out/lib" "$tree/build/out/" && cp -aL "$out/newlib" "$tree/build/out/"
"$top/build/toolbin.sh" "$tree/build/out"	# names this tree's exo-cc: only its own is tried below
for form in '' -static; do
	expect "a tree with a space${form:+, $form}" 0 "a tree$top/build/user.ld" \
		"$tree/build/exo-cc" $form 'a dir/main.c' 'a dir/part one.o' -o prog -Wl,--verbose
	expect 'it is a program' 0 '^(static|shared)' "$exo_image" form prog
done

# A project with autoconf, one with a configure script of its own, one with CMake.
source=$("$top/build/source.sh" hello 2> err) || not_ok 'GNU hello: source' "$(last_words)"
mkdir 'GNU hello' && tar -xf "$source" -C 'GNU hello' --strip-components=1 && cd 'GNU hello' &&
	PATH=$bin:$PATH ./configure --host="$("$exo" --print host)" > ../log 2>&1 && PATH=$bin:$PATH make >> ../log 2>&1
expect 'GNU hello: configured and built' 0 '' test -x hello
expect 'GNU hello: made by the cross compiler' 0 'CC=.x86_64-exo-elf-gcc' grep '^CC=' config.log
expect 'GNU hello: no warning of the linker' 1 '' grep -i 'ld: warning' ../log
build 'GNU hello' ./hello -o hello.elf && boot 'GNU hello' 0 '^x yz$' hello.elf --timeout "$limit" -- -g 'x yz'
boot 'GNU hello: an error' 0 'extra operand: x' hello.elf --timeout "$limit" -- x
cd ..

source=$("$top/build/source.sh" zlib 2> err) || not_ok 'zlib: source' "$(last_words)"
mkdir zlib && tar -xf "$source" -C zlib --strip-components=1 && cd zlib &&
	CHOST=x86_64-exo-elf PATH=$bin:$PATH ./configure --static > ../log 2>&1 && PATH=$bin:$PATH make example >> ../log 2>&1
expect 'zlib: configured and built' 0 '^shared' "$exo_image" form example
build zlib ./example -o zlib.elf && boot 'zlib: its test' 0 'inflate with dictionary: hello' zlib.elf \
	--timeout "$limit" -- /tmp/foo.gz
cd ..

if command -v cmake > /dev/null; then
	cp -r "$top/tests/boot/cmake" 'c make' && cd 'c make'
	expect 'CMake: configures' 0 'no_such_function - not found' cmake -B b \
		-DCMAKE_TOOLCHAIN_FILE="$("$exo" --print cmake-toolchain)"
	expect 'CMake: builds' 0 '' cmake --build b
	build CMake b/demo -o demo.elf && boot 'CMake' 3 '^1 0 1 0 2.82843$' demo.elf --timeout "$limit"
else
	echo "skipped: no cmake here (Debian package cmake)"
fi
exit $((bad > 0))
