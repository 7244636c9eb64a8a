#!/bin/bash
# link.sh - the two forms of linking: the same programs, the same errors; a module nobody vouches for.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1
cc=$("$exo" --print cc)

# One program, both forms and Linux.
gcc -w -O1 "$programs/forms.c" -o forms
status=0
env -i HOME=/ ./forms -a x -b -q > want || status=$?
[ $status = 42 ] && ok 'forms: status on Linux' || not_ok 'forms: status on Linux' "$status"
for form in static shared; do
	build "forms $form" -w -O1 "$programs/forms.c" --link $form -o $form.elf || continue
	boot "forms $form: status" 42 '' $form.elf --timeout "$limit" -- -a x -b -q
	expect "forms $form: output" 0 '' diff want both
	cp both $form.out
	boot "forms $form: constants cannot be written" 139 'crash: page fault writing' $form.elf --timeout "$limit" -- relro
	boot "forms $form: code cannot be written" 139 'crash: page fault writing' $form.elf --timeout "$limit" -- text
	boot "forms $form: data cannot be executed" 139 'crash: page fault executing' $form.elf --timeout "$limit" -- data
	for i in 1 2; do
		"$exo" run $form.elf --timeout "$limit" -- where > where$i 2> err < /dev/null
	done
	expect "forms $form: elsewhere at each boot" 1 '' cmp -s where1 where2
done
# How far the libOS is from the program is random too, if they are two.
distance() { tr -d '\r' < "$1" | { while read -r a b; do [[ $a =~ ^[0-9a-f]{9,}$ ]] && break; done; echo $((16#$a - 16#$b)); }; }
expect 'shared: the libOS lies elsewhere than the program' 1 '' test "$(distance where1)" = "$(distance where2)"

# Programs with functions of the library's names: their own malloc is for all, other names are theirs.
both_as_on_linux() {	# NAME STATUS SOURCE...
	local name=$1 want=$2 form
	shift 2
	gcc -std=gnu11 -w -O1 -fno-builtin "$@" -lm -o host 2> err && ./host > want 2> err
	for form in static shared; do
		build "$name" -std=gnu11 -w -O1 -fno-builtin "$@" -lm --link $form -o $form.elf || continue
		boot "$name, $form" "$want" '' $form.elf --timeout "$limit"
		expect "$name, $form: output" 0 '' diff want both
	done
}
both_as_on_linux 'its own malloc' 0 "$programs/interpose.c"
both_as_on_linux 'its own read and write' 7 "$programs/names.c" "$programs/names_own.c"

# An error at link time by its name, in both forms, for configure scripts too.
printf 'int missing_thing(void);\nint main(void) { return missing_thing(); }\n' > undefined.c
for form in static shared; do
	expect "undefined symbol, $form" 1 'undefined symbol: missing_thing' "$exo" --no-prove undefined.c --link $form
done
expect 'undefined symbol, exo-cc' 1 'undefined reference to .missing_thing' bash -c "$cc undefined.c -o undefined"
expect 'undefined symbol, exo-cc -static' 1 'undefined reference to .missing_thing' bash -c "$cc -static undefined.c -o undefined"

# What is asked for, and what is chosen.
echo 'int main(void) { return 0; }' > good.c
expect 'no such form' 2 'static or shared' "$exo" good.c --link dynamic
expect 'a libOS that has one form' 2 'only one shared libOS' "$exo" good.c --libos minimal --link shared
bash -c "$cc good.c -o good && $cc -static good.c -o good-static"
expect 'form of a linked program' 2 'linked already' "$exo" ./good --link static
mkdir -p root/bin && cp good root/bin/tool
expect 'a program in the root directory decides' 0 'shared: the program imports' "$exo" --no-prove good.c --rootfs root -o r.elf
cp err said
expect 'and it is said' 0 'because root/bin/tool imports' cat said
expect 'unless the caller does' 0 'static: the program with' "$exo" --no-prove good.c --rootfs root --link static -o r.elf
cp good-static root/bin/alone
expect 'a program that nobody can start' 0 'root/bin/alone has a libOS of its own' "$exo" --no-prove good.c --rootfs root -o r.elf
expect 'static otherwise' 0 'static: the program with' "$exo" --no-prove good.c -o s.elf
boot 'what exo-cc linked' 0 '' "$(build good ./good -o g.elf && echo g.elf)" --timeout "$limit"
boot 'what exo-cc -static linked' 0 '' "$(build good ./good-static -o gs.elf && echo gs.elf)" --timeout "$limit"
build lookup -w "$programs/lookup.c" --link shared -o lookup.elf &&
	boot 'names looked up at run time' 0 'libz.so.1: shared libraries are not loaded here' lookup.elf --timeout "$limit"
expect 'names looked up at run time, static' 1 'undefined symbol: dlsym' "$exo" --no-prove -w "$programs/lookup.c" --link static
expect 'inspect: shared' 0 'shared: the application, which imports libos-posix.so' "$exo" inspect g.elf
expect 'inspect: static' 0 'static: application and libOS in one' "$exo" inspect gs.elf
expect 'inspect --json' 0 '"link": "shared"' "$exo" inspect --json g.elf

# Only what is used, and what the other form costs.
printf '#include <regex.h>\nint main(void) { regex_t r; return regcomp(&r, "x", 0); }\n' > uses.c
build 'static, with regcomp' uses.c --link static -o uses.elf
expect 'static: what it uses' 0 ' regcomp$' nm uses.elf.dbg
expect 'static: no more than it uses' 1 '' bash -c \
	'nm uses.elf.dbg | grep -E " (fork|execve|socket|pthread_create|px_sched_start|epoll_wait|fts_open|iconv|setitimer)$"'
expect 'inspect: what the shared libOS costs' 0 'program +[0-9]{7} bytes' "$exo" inspect g.elf
expect 'inspect: what a static one does' 0 'program +[0-9]{5} bytes' "$exo" inspect gs.elf

# Backtraces: the program's functions and the libOS's, each by its own symbols.
cat > crash.c <<'END'
#include <stdlib.h>
static int compare(const void *a, const void *b) { return *(volatile int *)0; }
int main(void) { int a[] = {2, 1}; qsort(a, 2, sizeof(a[0]), compare); return 0; }
END
build crash -w crash.c --link shared -o crash.elf
boot 'backtrace: the program' 139 '^#0 .*compare at .*crash.c:2' crash.elf --timeout "$limit"
cp err said
expect 'backtrace: the libOS between' 0 '^#[0-9]+ +libos\+0x[0-9a-f]+ .*sort' cat said
expect 'backtrace: its caller' 0 '^#[0-9]+ +\+0x[0-9a-f]+ main at .*crash.c:3' cat said

# The application in the image, damaged in every way that its checksum would not tell.
gcc -w -O1 -march=x86-64-v2 -I"$top/exokernel/abi" -I"$top/exokernel/lib" "$programs/damage.c" \
	"$top"/exokernel/lib/{archive,crc32c}.c "$top/build/tools/sha256.c" -I"$top/build/tools" -o damage || exit 1
bash -c "$cc -w -O1 -g0 '$programs/forms.c' -o app"
"$exo_image" pack app --libos "$top/build/out/lib/libos-posix.so" -o whole.archive || exit 1

# What the image was not built for, and what it was.
cp app wx && printf '\7' | dd of=wx bs=1 seek=$((64 + 56 * 2 + 4)) conv=notrunc status=none
expect 'write and execute needs --allow-wx' 1 'writable and executable; --allow-wx' "$exo" --no-prove ./wx
build 'with --allow-wx' ./wx --allow-wx -o wx.elf && boot 'with --allow-wx it runs' 42 '' wx.elf --timeout "$limit"
cp app old && printf '\143' | dd of=old bs=1 seek=$(($(readelf -SW app | awk '{ sub(/^ *\[ *[0-9]+\] /, "") } $1 == ".exo.abi" { print "0x" $4 }') + 4)) conv=notrunc status=none
expect 'linked for another libOS' 1 'linked for version 99 of libos-posix, this is version' "$exo" --no-prove ./old
sed 's/\<puts\>/quts/' app > other
expect 'a function that this libOS does not have' 1 'undefined symbol: quts' "$exo" --no-prove ./other

# damaged NAME PATTERN [OFFSET HEX...]...: bytes of the file, at offsets from its beginning
damaged() {
	local name=$1 pattern=$2 change
	shift 2
	cp whole.archive bad.archive
	for change; do ./damage bad.archive $change || { not_ok "$name" 'no damage done'; return; }; done
	"$exo_image" embed "$top/build/out/kernel/exokernel" bad.archive -o bad.elf || exit 1
	boot "application: $name" 127 "$pattern" bad.elf --timeout "$limit"
}
little() {	# VALUE BYTES: in hexadecimal, lowest first
	local i
	for ((i = 0; i < $2; i++)); do printf '%x ' $((($1 >> (8 * i)) & 255)); done
}
segment() { echo $((64 + 56 * $1 + $2)); }	# NUMBER FIELD-OFFSET
at() { readelf -SW app | awk -v name="$1" '{ sub(/^ *\[ *[0-9]+\] /, "") } $1 == name { print "0x" $4 }'; }
rela=$(at .rela.dyn) dynamic=$(at .dynamic) mark=$(at .exo.abi) hash=$(at .hash)
size=$(stat -c %s app)
count=$(readelf -rW app | grep -c R_X86_64)
# The last relocations are those by name.
last=$((rela + 24 * (count - 1)))
tag() { readelf -dW app | awk -v t="($1)" '/0x/ { n++ } index($0, t) { print n - 2 }'; }
name_at() {	# NAME: where it stands among the names
	local strings
	strings=$(at .dynstr)
	echo $((strings + $(tail -c "+$((strings + 1))" app | head -c 2000 | tr '\0' '\n' |
		awk -v name="$1" '$0 == name { print n + 0; exit } { n += length($0) + 1 }')))
}
damaged 'no ELF file' 'application: not an x86-64 ELF' '0 0'
damaged 'another processor' 'not an x86-64 ELF' '18 b7'
damaged 'not position independent' 'not position independent' '16 2'
damaged 'an object file' 'an object file' '16 1'
damaged 'empty' 'not an x86-64 ELF' 'size 10'
damaged 'truncated' 'truncated: the segment at' "size $(($(at .rodata) + 1))"
damaged 'headers outside' 'headers lie outside' "32 $(little $((1 << 40)) 8)"
damaged 'too many headers' 'headers lie outside' '56 ff ff'
damaged 'segments that overlap' 'overlaps another' "$(segment 1 16) $(little 0 8)"
damaged 'a segment far away' 'makes no sense' "$(segment 1 16) $(little $((1 << 46)) 8)"
damaged 'a segment of another alignment' 'makes no sense' "$(segment 1 8) $(little 8 8)"
damaged 'more in the file than in memory' 'makes no sense' "$(segment 1 40) 1 0 0 0 0 0 0 0"
damaged 'writable and executable' 'writable and executable; only .*--allow-wx' "$(segment 2 4) 7"
damaged 'nothing readable' 'nobody could use' "$(segment 1 4) 1"
damaged 'an interpreter' 'another system' "$(segment 4 0) 3"
damaged 'no mark' 'does not say for which libOS' "$(name_at __exo_abi) 60"
damaged 'a later kernel' 'version 99 of the kernel.s contract, this is' "$mark 63"
damaged 'a later libOS' 'version 99 of libos-posix, this is version [0-9]+: link it again' "$((mark + 4)) 63"
damaged 'crooked thread-local variables' 'thread-local segment makes no sense' "$(segment 3 48) 3"
damaged 'constants elsewhere' 'constants lie outside' "$(segment 5 16) $(little 0 8)"
damaged 'no dynamic segment' 'no dynamic segment' "$(segment 4 16) $(little $((1 << 29)) 8)"
damaged 'another library' 'does not import libos-posix.so' "$((dynamic + 8)) 0"
damaged 'two libraries' 'other shared libraries' "$((dynamic + 16)) 1"
damaged 'entry outside' 'entry 0x[0-9a-f]+ is not in its code' "24 $(little $((1 << 29)) 8)"
damaged 'entry in the data' 'is not in its code' "24 $(little "$(at .data)" 8)"
damaged 'a hash table that is too long' 'hash table lies nowhere' "$((hash + 4)) ff ff ff 7f"
damaged 'relocations elsewhere' 'relocations lie nowhere' "$((dynamic + 16 * $(tag RELA) + 8)) $(little $((1 << 29)) 8)"
damaged 'too many relocations' 'relocations lie nowhere' "$((dynamic + 16 * $(tag RELASZ) + 8)) $(little $((1 << 29)) 8)"
damaged 'a relocation outside' 'relocation at 0x[0-9a-f]+, outside its data' "$rela $(little $((1 << 40)) 8)"
damaged 'a relocation of code' 'outside its data' "$rela $(little 512 8)"
damaged 'an unknown relocation' 'relocation of type 99 at' "$((rela + 8)) 63 0 0 0"
damaged 'a copy' 'a COPY relocation' "$((rela + 8)) 5 0 0 0"
damaged 'a resolver function' 'IRELATIVE' "$((rela + 8)) 25 0 0 0"
damaged 'a symbol that is none' 'names symbol 65535 of' "$((last + 12)) ff ff 0 0"
damaged 'constructors elsewhere' 'constructors lie nowhere' "$((dynamic + 16 * $(tag INIT_ARRAY) + 8)) $(little $((1 << 29)) 8)"
damaged 'a function that is not there' 'needs quts, which this libOS does not have' "$(name_at puts) 71"
damaged 'names without end' 'names lie nowhere' "$((dynamic + 16 * $(tag STRSZ) + 8)) $(little 3 8)"
exit $((bad > 0))
