#!/bin/bash
# status.sh - what run ends with: statuses, crashes, hangs, deaths; arguments, input, settings.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1
mkdir -p root/etc && echo 'from the root directory' > root/etc/note

# what each libOS does the same
each() {
	local libos=$1 status try
	cp "$images/$libos.elf" . && cp "$images/$libos.elf.dbg" . || return
	try=($libos.elf --timeout "$limit")
	boot "$libos status 0" 0 'argv\[0\] = <'$libos'>' "${try[@]}"
	for status in 1 77 124 125 139 255; do
		boot "$libos status $status" $status '' "${try[@]}" -- status $status
	done
	boot "$libos arguments" 0 '^argv\[2\] = <two  words>$' "${try[@]}" -- a 'two  words' ''
	boot "$libos console text does not forge a status" 3 '^exo: exit 0$' "${try[@]}" -- forge
	echo 'typed early' > typed
	input=typed boot "$libos input" 0 '^echo: typed early$' "${try[@]}" -- echo
	input=typed boot "$libos input, bios" 0 '^echo: typed early$' "${try[@]}" --firmware bios -- echo

	# Crashes: 128 + signal, with function, file and line from the symbols beside the image.
	boot "$libos crash: segmentation fault" 139 "crash_here at .*$libos.c:[0-9]+" "${try[@]}" -- crash null
	boot "$libos crash: its caller" 139 "crash_caller at .*$libos.c:[0-9]+" "${try[@]}" -- crash null
	boot "$libos crash: divide error" 136 "crash_here at .*$libos.c:[0-9]+" "${try[@]}" -- crash divide
	boot "$libos crash: illegal instruction" 132 "crash_here at .*$libos.c:[0-9]+" "${try[@]}" -- crash illegal
	boot "$libos crash through firmware and CD" 139 'crash_here at' "${try[@]}" --firmware bios -- crash null
	mv $libos.elf.dbg kept.dbg
	boot "$libos crash without symbols" 139 'no symbols: .*not there' "${try[@]}" -- crash null
	cp /bin/true $libos.elf.dbg
	boot "$libos crash with other symbols" 139 'no symbols: .*another build' "${try[@]}" -- crash null
	mv kept.dbg $libos.elf.dbg

	boot "$libos hang" 124 'no end within 3 seconds' $libos.elf --timeout 3 -- spin
	boot "$libos far too little RAM" 2 'at least 2 MiB' "${try[@]}" -m 1M
}
images=$work
for libos in minimal posix; do
	build "build $libos" "$programs/$libos.c" --libos $libos --rootfs root -o $libos.elf || exit 1
done
beside each ${LIBOSES:-minimal posix}
boot 'minimal crash: kernel address' 139 'crash_here at' minimal.elf --timeout "$limit" -- crash kernel
boot 'posix end of input' 0 '^argv\[1\] = <echo>$' posix.elf --timeout "$limit" -- echo
printf 'no newline' > typed
input=typed boot 'posix input without a newline' 0 '^echo: no newline' posix.elf --timeout "$limit" -- echo
# Input with every byte, those that end it or quote among them; there may be more than anyone reads.
awk 'BEGIN { for (k = 0; k < 20; k++) for (i = 0; i < 256; i++) printf "\\%03o", i }' > escapes
{ printf 'a\004b\020c\020\004\n'; printf "$(cat escapes)"; } > typed
input=typed expect 'posix input of any bytes' 0 '' bash -c \
	'"$0" run posix.elf --timeout "$1" -- cat > copy && tr -d "\r" < typed > want && tr -d "\r" < copy | cmp - want' \
	"$exo" "$limit"
printf 'a\004b\020c' > typed
input=typed boot 'minimal input is not quoted' 0 '^61 04 62 10 63 $' minimal.elf --timeout "$limit" -- bytes 5
head -c 1000000 /dev/zero > typed
input=typed boot 'input that nobody reads' 0 '^0*19999$' posix.elf --timeout "$limit" -- chatter
boot 'posix environment' 0 '^environment <A=b c>$' posix.elf --timeout "$limit" --env 'A=b c' -- x
boot 'posix root directory' 0 '^from the root directory$' posix.elf --timeout "$limit" -- cat /etc/note
boot 'posix abort' 134 '' posix.elf --timeout "$limit" -- crash abort

# What a program prints is not trusted: neither as many offsets as it likes nor the host's file names.
cat > liar.c <<'END'
#include <mini/mini.h>
int main(int argc, char **argv)
{
	mini_printf("x\nbacktrace:");
	for (int i = 0; i < 20000; i++)
		mini_printf(argc > 1 ? " /*/*/*" : " +0x%x", i);
	mini_printf("\nbacktrace:");
	for (int i = 0; i < 5000; i++)
		mini_printf(argc > 1 ? " /*/*/*" : " +0x%x", i);
	mini_printf("\n");
	return 200;
}
END
build 'build liar' liar.c --libos minimal -o liar.elf && {
	expect 'a backtrace of 5000 offsets' 200 '^#63 ' "$exo" run liar.elf --timeout "$limit"
	expect 'not more of them than are read' 1 '' grep -q '^#64 ' "$work/both"
	expect 'a backtrace of patterns' 200 '^backtrace: /\*/' "$exo" run liar.elf --timeout "$limit" -- x
	expect 'which are not resolved' 1 '' grep -q '^#' "$work/both"
}
expect 'standard output is full' 1 'cannot write to standard output: No space' \
	bash -c '"$0" run minimal.elf --timeout "$1" > /dev/full' "$exo" "$limit"
expect 'and QEMU adds nothing' 1 '' grep -q '^qemu' "$work/both"
expect 'standard output is closed' 1 'standard output is closed' \
	bash -c '"$0" run minimal.elf --timeout "$1" >&-' "$exo" "$limit"

# Too little RAM: the kernel says how much is there and how much is needed.
echo 'char big[8 << 20]; int main(void) { return big[4096]; }' > big.c
build 'build big' big.c --libos minimal -o big.elf &&
	boot 'too little RAM' 125 'RAM.*[0-9]+.*[0-9]+' big.elf --timeout "$limit" -m 4M &&
	boot 'enough RAM' 0 '' big.elf --timeout "$limit" -m 11M

# Settings in the image; run's are stronger or come behind.
build 'build with settings' "$programs/minimal.c" --libos minimal --arg first --arg 'a=b c' --cpus 2 \
	--mem 40M -o set.iso &&
	boot 'arguments of the image, then of run' 0 '^argv\[3\] = <third>$' set.iso --timeout "$limit" -- third &&
	boot 'CPUs that the image asks for' 0 '^CPUs: 2$' set.iso --timeout "$limit" &&
	boot 'CPUs that run gives' 0 '^CPUs: 1$' set.iso --timeout "$limit" --cpus 1 &&
	boot 'RAM that the image asks for' 0 "'-m' '40M'" set.iso --timeout "$limit" --verbose

# Without QEMU's debug console, as on a cloud, the console's last line says it.
expect 'the console says the status where nobody else listens' 0 'exokernel: exit (status )?0' \
	qemu-system-x86_64 -cpu max -m 128M -display none -serial stdio -no-reboot -cdrom set.iso
# A group of its own, as a shell gives to what runs in front: Ctrl-C reaches all of it.
expect 'Ctrl-C ends it' 130 '' bash -c '
	set -m
	"$0" run minimal.elf --timeout "$1" -- sleep > said & group=$!
	until grep -q sleeping said; do
		[ -d /proc/$group ] || exit 1
		sleep 0.1
	done
	kill -INT -- -$group; wait $group' "$exo" "$limit"

# Machines of ours that are still there; one that was told to end gets a moment.
machines() {
	local f line
	for f in /proc/[0-9]*/cmdline; do
		line=$(tr '\0' ' ' < "$f") 2> /dev/null || continue
		case $line in qemu*"$work"*) echo "$line" | cut -c 1-200 ;; esac
	done
}
for ((i = 0; i < limit * 5; i++)); do
	left=$(machines)
	[ -n "$left" ] || break
	sleep 0.2
done
if [ -n "$left" ]; then not_ok 'nothing is left running' "$left"
else ok 'nothing is left running'; fi
exit $((bad > 0))
