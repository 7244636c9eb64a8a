#!/bin/bash
# lua51.sh - the test suite of Lua 5.1's authors, here and on Linux.
# SPDX-License-Identifier: BSD-2-Clause
#
# Left out: main.lua, which starts other programs, of files.lua what does, and big.lua, which wants
# gigabytes of memory.
. "$(dirname "$0")/../boot/lib.bash"
prepare
lua=$top/build/out/apps/lua51

make -s -C "$top" lua51 > "$work/out" 2>&1 || {
	not_ok 'lua51 builds' "$(tail -n 3 "$work/out" | tr '\n' '|')"
	exit 1
}
cp -r "$lua/source/_lua5.1-tests" "$work/tests"
sed -i '/^x, y = pcall(io\.popen/,/^end/d' "$work/tests/files.lua"
mkdir "$work/bin" && ln -s "$lua/lua51-host" "$work/bin/lua51"
build 'lua51 image' "$lua/lua51" --rootfs "$work/tests" --env 'LUA_PATH=?;./?.lua' -o "$work/lua51.elf" || exit 1

# Measured times are all that may differ.
steady() { sed -E 's/[0-9]+\.[0-9]+ sec/TIME/g; s/at [0-9]+:[0-9]+:[0-9]+/at TIME/' "$1" > "$2"; }

for script in "$work"/tests/*.lua; do
	script=${script##*/}
	case $script in all.lua | big.lua | main.lua) continue ;; esac
	status=0 want=0
	rm -rf "$work/root" && cp -r "$work/tests" "$work/root"
	(cd "$work/root" && exec env -i PATH="$work/bin" LUA_PATH='?;./?.lua' lua51 "$script") \
		> "$work/linux" 2>&1 < /dev/null || want=$?
	"$exo" run "$work/lua51.elf" --timeout $((limit * 2)) -- "$script" > "$work/here" 2>&1 \
		< /dev/null || status=$?
	steady "$work/linux" "$work/a" && steady "$work/here" "$work/b" || exit 1
	if [ $status -ne $want ]; then
		not_ok "lua51 $script" "status $status, not $want: $(tail -n 2 "$work/here" | tr '\n' '|') $(last_words)"
	elif ! cmp -s "$work/a" "$work/b"; then
		not_ok "lua51 $script" "$(diff -a "$work/a" "$work/b" | head -n 4 | tr '\n' '|' | cut -c 1-300)"
	else
		ok "lua51 $script"
	fi
done
exit $((bad > 0))
