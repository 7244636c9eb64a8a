#!/bin/bash
# build.sh - exo-build.sh itself: what it accepts, what it refuses and how, what it leaves behind.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
export TMPDIR=$work/tmp
mkdir "$TMPDIR" "$work/here" && cd "$work/here" || exit 1

cat > app.c <<'END'
#include <mini/mini.h>
int main(void) { mini_printf("%s %s %s\n", __FILE__, WORD, __DATE__ __TIME__); return 0; }
END
mini=("$exo" --libos minimal --no-prove)
cat > good.c <<'END'
int main(void) { return 0; }
END

# Called wrongly: status 2, and what is wrong.
expect 'no arguments' 2 '^usage:' "$exo"
expect 'help' 0 '^usage:' "$exo" --help
expect 'version' 0 '^exo-build.sh [0-9]' "$exo" --version
expect 'unknown option, with a hint' 2 'unknown option --librs.*--libos' "$exo" --librs minimal good.c
expect 'unknown option of gcc' 2 'unrecognized' "${mini[@]}" good.c -fno-such-thing
expect 'option without its value' 2 '--arg needs a value' "$exo" good.c --arg
expect 'no source' 2 'no source' "$exo" -O2
expect 'unknown suffix' 2 'suffix must be' "${mini[@]}" good.c -o good.exe
expect 'unknown libOS' 2 'no such libOS: windows' "$exo" good.c --libos windows
expect 'bad size' 2 'size like 64M' "$exo" good.c --mem lots
expect 'a size that is too large' 2 'size like 64M' "$exo" good.c --mem 99999999999G
expect 'a size that is too small' 2 'at least 2 MiB' "$exo" good.c --mem 1
expect 'an empty output name' 2 '-o wants a name' "$exo" good.c -o ''
expect 'version behind a source' 2 'must be the only thing' "$exo" good.c --version
expect 'bad CPU count' 2 '1 to 64' "$exo" good.c --cpus 99
expect 'bad environment variable' 2 'NAME=VALUE' "$exo" good.c --env NAME
expect 'no C++' 2 'C\+\+ is not supported' "$exo" good.cpp
expect 'compile only' 2 'print cc' "$exo" -c good.c
expect 'pack: nothing to pack' 2 'nothing to pack' "$exo" pack
expect 'run: no image' 2 'no image' "$exo" run
expect 'run: unknown option' 2 'unknown option --cpu' "$exo" run x.iso --cpu 2
expect 'run: wrong suffix' 2 'suffix must be' "$exo" run good.c
touch fake.iso
expect 'run: bad firmware' 2 'bios, uefi, direct or microvm' "$exo" run fake.iso --firmware efi
expect 'run: not an image' 125 'not an image' "$exo" run fake.iso
rm fake.iso
expect 'inspect: no image' 2 'no image' "$exo" inspect

# The build fails: status 1, and why.
expect 'missing source' 1 'no such file: nothing.c' "${mini[@]}" nothing.c
mkdir dir.c
expect 'a directory as source' 1 'not a regular file' "${mini[@]}" dir.c
echo 'int main(void) { return x; }' > broken.c
expect 'compiler error, at its line' 1 '^broken.c:1:[0-9]+: error' "${mini[@]}" broken.c
echo 'int notmain(void) { return 0; }' > nomain.c
expect 'no main, minimal' 1 'there is no main\(\) in nomain.c' "${mini[@]}" nomain.c
expect 'no main, posix' 1 'there is no main\(\) in nomain.c' "$exo" --no-prove nomain.c
printf 'int missing_thing(void);\nint main(void)\n{\n\treturn missing_thing();\n}\n' > undef.c
expect 'undefined symbol, minimal' 1 'undefined symbol: missing_thing \(used in .*undef.c:4' "${mini[@]}" undef.c
expect 'undefined symbol, posix' 1 'undefined symbol: missing_thing \(used in .*undef.c:4' "$exo" --no-prove undef.c
expect 'missing library' 1 'no library -lnothing' "${mini[@]}" good.c -lnothing
expect 'missing root directory' 1 'no such directory' "${mini[@]}" good.c --rootfs nowhere
mkdir special && mkfifo special/pipe
expect 'a FIFO in the root directory' 1 'special/pipe: a FIFO' "${mini[@]}" good.c --rootfs special
expect 'unwritable output directory' 1 'cannot write /proc/x.iso' "${mini[@]}" good.c -o /proc/x.iso
expect 'output in no directory' 1 'no directory' "${mini[@]}" good.c -o no/such/x.iso
expect 'output is a directory' 1 'it is a directory' "${mini[@]}" good.c -o "$(mkdir d.iso && echo d.iso)"
expect 'an ELF for Linux' 1 'another system' "$exo" --no-prove /bin/ls
gcc -static -O1 good.c -o static 2> /dev/null && expect 'a static ELF for Linux' 1 'no .exo.abi' "$exo" --no-prove ./static
gcc -pie -fPIE good.c -o linked.o && expect 'a linked program as object' 1 'linked.o: a linked program' "${mini[@]}" linked.o
gcc -m32 -c good.c -o small.o && expect 'an object of 32 bits' 1 'another processor' "${mini[@]}" small.o
echo garbage > garbage.o && expect 'garbage as object' 1 'garbage.o: not an object file' "${mini[@]}" garbage.o
echo garbage > garbage.a && expect 'garbage as archive' 1 'garbage.a: not an archive' "${mini[@]}" good.c garbage.a
echo 'char a[1500ul << 20], b[1500ul << 20]; int main(void) { return a[4] + b[5]; }' > huge.c
expect 'a program that is too large' 1 'too large: .* 1 GiB' "${mini[@]}" huge.c
echo 'char a[1500ul << 20]; int main(void) { return a[4]; }' > huge1.c
expect 'a program that is a little too large' 1 'above 1024 MiB, the limit' "${mini[@]}" huge1.c
echo text > text
expect 'neither source nor program' 2 'neither source' "$exo" --no-prove ./text
cp good.c secret.c && chmod 0 secret.c && chmod 755 "$work"
plain=()	# root reads everything
[ "$(id -u)" -ne 0 ] || plain=(setpriv --reuid 65534 --regid 65534 --clear-groups)
if ${plain[0]+"${plain[@]}"} test -x "$exo"; then
	expect 'unreadable source' 1 'permission denied' "${plain[@]}" "${mini[@]}" secret.c
else
	echo '# unreadable source: not tried, nobody else can reach this tree'
fi

# A tool that is missing is named with its package.
mkdir bin && for tool in as bash realpath dirname awk sed cat env flock make gcc ld strip mktemp rm head od tr \
	grep id stat cut tail sha256sum chmod cp mv mkdir ln truncate touch printf sh; do
	ln -s "$(type -P $tool)" bin/$tool
done
expect 'missing tool' 1 'missing: xorriso \(Debian package xorriso\)' env PATH="$PWD/bin" "${mini[@]}" good.c
for tool in as strip mktemp realpath; do
	mv bin/$tool kept
	expect "missing $tool" 1 "missing: $tool \\(Debian package (binutils|coreutils)\\)" \
		env -u EXO_MADE PATH="$PWD/bin" "${mini[@]}" good.c -o m.elf
	mv kept bin/$tool
done
# Without addr2line a crash is one all the same.
ln -s "$(type -P qemu-system-x86_64)" bin/
build 'build for a crash' "$programs/minimal.c" --libos minimal -o crash.elf
expect 'missing addr2line' 139 'missing: addr2line \(Debian package binutils\)' env PATH="$PWD/bin" \
	"$exo" run crash.elf --timeout "$limit" -- crash null
rm -f crash.elf crash.elf.dbg bin/qemu-system-x86_64
expect 'missing tool of run' 1 'qemu-system-x86_64 \(Debian package qemu-system-x86\)' \
	env PATH="$PWD/bin" "$exo" run "$(touch x.iso && echo x.iso)"
rm -f x.iso

# What must not be left behind: temporary files, half-written images.
if [ -n "$(ls -A "$TMPDIR")" ]; then not_ok 'failures leave nothing in TMPDIR' "$(ls -A "$TMPDIR" | head -n 3)"
else ok 'failures leave nothing in TMPDIR'; fi
if [ "$(ls -A | grep -E '^\.exo|\.iso$|\.dbg$')" != d.iso ]; then
	not_ok 'failures leave nothing beside the output' "$(ls -A | grep -E '^\.exo|\.iso$|\.dbg$' | tr '\n' ' ')"
else ok 'failures leave nothing beside the output'; fi

# What it accepts.
printf '#define WORD2 WORD\nconst char *word(void);\n' > word.h
printf '#include "word.h"\nconst char *word(void) { return WORD2; }\n' > word.c
printf '\t.globl asm_value\nasm_value:\n\tmov $VALUE, %%eax\n\tret\n' > value.S
cat > parts.c <<'END'
#include <mini/mini.h>
#include <word.h>
int asm_value(void);
int object(void);
int library(void);
int main(int argc, char **argv)
{
	mini_printf("%s %d %d %d %d %s\n", word(), asm_value(), object(), library(), argc, argv[0]);
	return 0;
}
END
cc=$("$exo" --print cc --libos minimal)
echo 'int object(void) { return 7; }' > object.c && eval "$cc -O1 -c object.c -o object.o"
echo 'int library(void) { return 9; }' > library.c && eval "$cc -c library.c -o library.o"
mkdir lib && ar qcs lib/libnine.a library.o
mkdir 'a dir' && cp parts.c word.c word.h value.S 'a dir'
expect 'sources, object, assembly, library, options' 0 'SHA-256' "${mini[@]}" 'a dir/parts.c' 'a dir/word.c' \
	'a dir/value.S' object.o -I 'a dir' '-DWORD="it  is"' -DVALUE=42 -Wall -O1 -Llib -lnine -o 'a dir/an image.elf'
boot 'image with spaces in its path' 0 '^it  is 42 7 9 1 parts$' 'a dir/an image.elf' --timeout "$limit"
eval "$cc -O2 parts.c word.c value.S object.o -I. -DWORD='\"w\"' -DVALUE=1 -Llib -lnine -o linked"
expect 'a linked application' 0 'linked.iso$' "$exo" --no-prove ./linked
expect 'the default output is FILE.iso' 0 '' test -s linked.iso
boot 'the linked application boots' 0 '^w 1 7 9 1 linked$' linked.iso --timeout "$limit"
expect '--run ends with the status' 5 '' "${mini[@]}" --run "$programs/minimal.c" --arg status --arg 5 -o s.elf
expect 'least RAM is proved by a boot' 0 'least RAM +[0-9]+ MiB \(proved' "$exo" good.c --libos minimal -o p.elf
least=$(sed -n 's/.*least RAM *\([0-9]*\) MiB.*/\1/p' "$work/out")
boot 'it runs with that' 0 '' p.elf -m "${least}M" --timeout "$limit"
echo 'char room[900 << 20]; int main(void) { return room[5 << 20]; }' > room.c
expect 'the printed line gives a large program its RAM' 0 '-m 10[0-9]+M' "${mini[@]}" room.c -o room.elf
boot 'so does run' 0 '-m. .10[0-9]+M' room.elf --timeout "$limit" --verbose
expect 'less RAM than it needs' 2 '--mem 128M: this program needs at least 9[0-9]+M' "${mini[@]}" room.c --mem 128M
cp linked wx && printf '\7' | dd of=wx bs=1 seek=68 conv=notrunc status=none	# p_flags of the first segment
expect 'write and execute needs --allow-wx' 1 'writable and executable; --allow-wx' "$exo" --no-prove ./wx
expect 'options of the last step of gcc' 0 'form +static' "$exo" --no-prove -s -rdynamic --std=c11 good.c -o flags.elf
expect 'write and execute with --allow-wx' 0 '' "$exo" --no-prove --allow-wx ./wx -o wx.elf
expect 'inspect shows --allow-wx' 0 'WRITE AND EXECUTE' "$exo" inspect wx.elf
boot 'it boots with --allow-wx' 0 '^w 1 7 9 1 wx$' wx.elf --timeout "$limit"

# On libos-posix stacks are guarded as Debian's gcc is told to, unless the command line says no.
echo 'void fill(char *); int main(void) { char room[8]; fill(room); return 0; }' > guard.c
posix_cc=$("$exo" --print cc)
guards() { eval "$1 -S -o - guard.c ${2:-}" | grep -c __stack_chk_fail; }
expect 'the stack protector' 0 '^1 0 1$' echo "$(guards "$posix_cc")" \
	"$(guards "$posix_cc" -fno-stack-protector)" "$(guards "$posix_cc" -fstack-protector-all)"
expect 'no stack protector, minimal' 0 '^0 0$' echo "$(guards "$cc")" "$(guards "$cc" -fstack-protector-all)"
cat > fortify.c <<'END'
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv)
{
	char room[8];

	memset(room, argv[0][0], 8 * (argc + 1));
	return puts(room);
}
END
expect '_FORTIFY_SOURCE' 134 'buffer overflow detected' "$exo" --no-prove -O2 -D_FORTIFY_SOURCE=2 fortify.c --run

cp good.c ./-dash.c
expect 'names that begin with a dash' 0 '/-x.elf$' "${mini[@]}" ./-dash.c -o -x.elf
boot 'it boots' 0 '' ./-x.elf --timeout "$limit"
expect 'the name of the source begins with a dash' 0 '/-dash.iso$' "${mini[@]}" ./-dash.c

# One input, the same bytes: whatever the time, the place, the output's name.
mkdir one two
cp app.c good.c word.h one && cp app.c good.c word.h two
build_in() { (cd "$1" && shift && "${mini[@]}" -DWORD='"w"' app.c --rootfs "$work/here/lib" --env A=b "$@" > /dev/null); }
build_in one -o x.iso && sleep 2 && touch two/* && TMPDIR=/tmp build_in two -o y.iso
expect 'reproducible .iso' 0 '' cmp one/x.iso two/y.iso
expect 'reproducible symbols' 0 '' cmp one/x.iso.dbg two/y.iso.dbg
build_in one -o x.qcow2 && build_in two -o y.qcow2
expect 'reproducible .qcow2' 0 '' cmp one/x.qcow2 two/y.qcow2
"${mini[@]}" "$PWD/two/good.c" --rootfs lib --env A=b -o z.iso > /dev/null
"${mini[@]}" "$PWD/one/good.c" --rootfs lib --env A=b -o z2.iso > /dev/null
expect 'reproducible by absolute path' 0 '' cmp z.iso z2.iso
expect '.img is the same bytes as .iso' 0 '' bash -c '"$@" good.c -o i.img && "$@" good.c -o i.iso && cmp i.img i.iso' - "${mini[@]}"

# Several at once, in one directory, each with its own result.
for i in 1 2 3 4; do
	(unset EXO_MADE; "${mini[@]}" good.c --arg $i -o many$i.iso > many$i.log 2>&1; echo $? > many$i.status) &
done
wait
expect 'several at once' 0 '' bash -c 'for i in 1 2 3 4; do
	[ "$(cat many$i.status)" = 0 ] && "$0" settings many$i.iso | grep -qx "arg=$i" || exit 1; done' "$exo_image"

# A tool that make links again is there all the while.
{
	for i in 1 2 3; do
		env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -C "$top" -W build/tools/exo-run.c \
			build/out/tools/exo-run
	done
	: > relinked
} > relink.log 2>&1 &
expect 'a tool is whole while it is linked again' 0 '' bash -c 'until [ -e relinked ]; do
	"$0" > /dev/null 2>&1; [ $? = 2 ] || exit 1; done' "$top/build/out/tools/exo-run"
wait
ln -s "$exo" link.sh
expect 'through a symbolic link' 0 '' ./link.sh --libos minimal --no-prove good.c -o l.elf

# A tree that its user may not write, fully built, is as good (where others may look into it at all).
mkdir -m 777 others
if [ "$(id -u)" -eq 0 ] && chmod 755 "$work" "$work/here" && setpriv --reuid 65534 --clear-groups test -r "$exo" -a -x "$top/build/out"; then
	TMPDIR=/tmp expect 'a tree that cannot be written' 0 '' env -u EXO_MADE HOME=/ setpriv --reuid 65534 \
		--regid 65534 --clear-groups "${mini[@]}" good.c -o others/x.elf --run
fi

# A read-only place and a full disk.
if mkdir full && mount -t tmpfs -o size=300k none full 2> /dev/null; then
	expect 'no space for the output' 1 'No space' "${mini[@]}" good.c -o full/x.iso
	expect 'nothing half-written is left' 0 '^0$' bash -c 'ls -A full | wc -l'
	TMPDIR=$PWD/full expect 'no space for temporary files' 1 '(No|no) space left' "${mini[@]}" good.c -o tmp.iso
	head -c 300k /dev/zero > full/rest 2> /dev/null
	TMPDIR=$PWD/full expect 'no space for any' 1 'no temporary files in .*/full' "${mini[@]}" good.c -o tmp.iso
	TMPDIR=$PWD/full expect 'run: no space' 1 'no temporary files in .*/full' "$exo" run p.elf
	umount full
fi
exit $((bad > 0))
