#!/bin/bash
# profile.sh - which functions an image's guest instructions are spent in, the kernel's among them.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/bench/profile.sh IMAGE [SYMBOLS [FUNCTION]]      `make profile IMAGE=...`
#
# SYMBOLS: what the image's first program was linked to, with names: IMAGE.dbg for a static one (none
# given), build/out/lib/libos-posix.so for a shared one.  FUNCTION: counting begins where this is
# entered, ends where it is entered again, and so on; a program can have one that does nothing
# for that.  None: everything from the program's first instruction on is counted.
#
# The emulator writes down each instruction's address, so a second of the guest takes minutes: give
# it a program that does little.  Functions of programs that were loaded later have no names.

cd "$(dirname "$0")/../.." || exit 2
kernel=build/out/kernel/exokernel.elf
if [ $# -lt 1 ] || [ $# -gt 3 ] || [ ! -f "$1" ] || [ ! -f "${2:-$1.dbg}" ]; then
	sed -n '5,15s/^# \{0,1\}//p' "$0" >&2
	exit 2
fi
image=$1 symbols=${2:-$1.dbg} function=${3:-}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

entry=$(readelf -hW "$symbols" | awk '/Entry point/ { sub(/^0x/, "", $4); print $4 }')
names() {
	nm -n "$2" | awk -v kind="$1" '$2 ~ /^[tTwW]$/ { print kind, $1, $3 }'
}
{ names kernel "$kernel" && names program "$symbols"; } >"$work/names" || exit 2
mkfifo "$work/trace"
timeout "${TIMEOUT:-600}" qemu-system-x86_64 -accel tcg -icount shift=0,sleep=off -cpu max -m 64 \
	-nodefaults -no-user-config -display none -no-reboot -serial "file:$work/console" \
	-kernel "$image" -singlestep -d exec,nochain -D "$work/trace" </dev/null &
LC_ALL=C awk -F '[][/]' -v entry="$entry" -v names="$work/names" -v function_name="$function" \
	-f tests/bench/profile.awk "$work/trace" | sort -k1,1nr | head -n "${ROWS:-50}"
wait
