#!/bin/bash
# mutants.sh - each one-line mistake of mutants.txt, put into what a target tests, must be found by it.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/fuzz/mutants.sh [TARGET...]     (none: all; `make fuzz-mutants` builds what is needed)

cd "$(dirname "$0")/../.." || exit 2
out=build/out/tests/fuzz
work=$(mktemp -d "$out/mutant.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
bad=0 found=0

# As an #include finds it.
under() {
	local root
	for root in exokernel/libexo/include exokernel/lib exokernel steward build/tools libos-posix; do
		[[ $1 == $root/* ]] && { echo "${1#"$root"/}"; return; }
	done
	echo "$1"
}

# try TARGET FILE EXPRESSION
try() {
	local target=$1 file=$2 dir word command=() more=() said object
	rm -rf "${work:?}"/* && mkdir -p "$work/$(dirname "$(under "$file")")"
	dir=$work/$(under "$file")
	sed -e "$3" "$file" >"$dir"
	if cmp -s "$file" "$dir"; then
		echo "not ok fuzz/mutant/$target (the expression changes nothing in $file: $3)"
		return 1
	fi
	read -ra words < <(make -s --no-print-directory fuzz-cc NAME="$target")
	for word in "${words[@]}"; do
		object=build/out/tests/prove/fuzz/kernel/${file#exokernel/}
		if [ "$word" = "${object%.c}.o" ]; then
			mkdir -p "$work/kernel/core"
			read -ra flags < <(make -s --no-print-directory prove-fuzz-flags)
			clang -I"$work" "${flags[@]}" -w -c "$dir" -o "$work/kernel/core/mutant.o" || return 1
			word=$work/kernel/core/mutant.o
		fi
		[ "$word" = "$file" ] && word=$dir
		command+=("$word")
	done
	if ! said=$("${command[0]}" -I"$work" -iquote "$(dirname "$file")" "${command[@]:1}" -w -o "$work/fuzz" 2>&1); then
		echo "not ok fuzz/mutant/$target (does not compile: ${said%%$'\n'*})"
		return 1
	fi
	[ -e "tests/fuzz/fuzz_$target.dict" ] && more=("-dict=tests/fuzz/fuzz_$target.dict")
	if "$work/fuzz" -seed=1 -max_total_time="${FUZZ_SECONDS:-60}" -timeout=20 -verbosity=0 -artifact_prefix="$work/" \
		"${more[@]}" >"$work/log" 2>&1; then
		echo "not ok fuzz/mutant/$target (not found in $file: $3)"
		return 1
	fi
}

while read -r target file expression; do
	if [[ $target == '#'* ]] || [ -z "$target" ] || { [ $# -gt 0 ] && [[ " $* " != *" $target "* ]]; }; then
		continue
	fi
	if try "$target" "$file" "$expression"; then
		found=$((found + 1))
		echo "ok fuzz/mutant/$target/$found"
	else
		bad=1
	fi
done <tests/fuzz/mutants.txt
exit $bad
