#!/bin/bash
# lua.sh - Lua from Debian's source: scripts print here what they print on Linux.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
root=$top/apps/lua/root
lua=$top/build/out/apps/lua

make -s -j"$(nproc)" -C "$top" lua lua-host > "$work/out" 2>&1 || {
	not_ok 'lua builds' "$(tail -n 3 "$work/out" | tr '\n' '|')"
	exit 1
}
ok 'lua builds'
build 'lua image' "$lua/lua" --rootfs "$root" --env TZ=UTC0 --env COLOUR=green -o "$work/lua.elf" || exit 1
build 'lua iso' "$lua/lua" --rootfs "$root" --env TZ=UTC0 --env COLOUR=green --arg demo.lua \
	-o "$work/lua.iso" || exit 1

# same NAME "ARGUMENTS" IMAGE [option of run]...: the same bytes on stdout and stderr and the same
# status as on the host, where the root directory is fresh and the current one too.
mkdir "$work/bin" && ln -s "$lua/lua-host" "$work/bin/lua"	# its messages begin with its name
same() {
	local name=$1 script=$2 status=0 want=0
	shift 2
	rm -rf "$work/root" && cp -r "$root" "$work/root" && mkdir "$work/root/tmp"
	(cd "$work/root" && exec env -i PATH="$work/bin" TZ=UTC0 COLOUR=green lua $script) \
		> "$work/want" 2>&1 < "${input:-/dev/null}" || want=$?
	"$exo" run --timeout "$limit" "$@" > "$work/got" 2>&1 < "${input:-/dev/null}" || status=$?
	if [ $status -ne $want ]; then
		not_ok "$name" "status $status, not $want: $(last_words)"
	elif ! cmp -s "$work/want" "$work/got"; then
		not_ok "$name" "$(diff "$work/want" "$work/got" | head -n 4 | tr '\n' '|' | cut -c 1-400)"
	else
		ok "$name"
	fi
}

for script in "$root"/*.lua; do
	script=${script##*/}
	same "lua $script" "$script" "$work/lua.elf" -- "$script"
done
input=$root/tables.lua same 'lua script from stdin' - "$work/lua.elf" -- -
input=$root/coroutines.lua same 'lua stdin without a terminal' '' "$work/lua.elf"
printf '12 rest\nline\nall\nof it' > "$work/numbers"
input=$work/numbers same 'lua reads from stdin' '-e print(io.read("n","l","L","a"))' \
	"$work/lua.elf" -- -e 'print(io.read("n","l","L","a"))'
same 'lua demo.lua from CD' demo.lua "$work/lua.iso"
same 'lua demo.lua by UEFI' demo.lua "$work/lua.iso" --firmware uefi
same 'lua demo.lua with 4 CPUs' demo.lua "$work/lua.iso" --firmware microvm --cpus 4
exit $((bad > 0))
