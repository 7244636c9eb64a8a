#!/bin/bash
# mutants.sh - each one-line mistake of mutants.txt, put into the kernel's source, must be found.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/prove/mutants.sh [NAME...]      (a NAME may be a pattern; none: all)
#
# `make prove-mutants` builds what is needed first.  A mistake is found if the plan that the list
# names, gone through to its own depth, ends with "not ok"; the right kernel passes all plans.

cd "$(dirname "$0")/../.." || exit 2
out=build/out/tests/prove
read -ra flags < <(make -s --no-print-directory prove-flags) || exit 2
read -ra link < <(make -s --no-print-directory prove-link) || exit 2
work=$(mktemp -d "$out/mutant.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
bad=0 found=0

wanted() {
	local pattern
	[ ${#names[@]} -gt 0 ] || return 0
	for pattern in "${names[@]}"; do
		# shellcheck disable=SC2053
		[[ $1 == $pattern ]] && return 0
	done
	return 1
}

# try NAME FILE PLAN EXPRESSION
try() {
	local name=$1 file=$2 plan=$3 dir=core source said object stem again=() objects=()
	[ -e "exokernel/core/$file" ] || dir=x86_64
	source=exokernel/$dir/$file
	rm -rf "${work:?}"/*
	mkdir -p "$work/$dir" "$work/kernel/core"
	sed -e "$4" "$source" >"$work/$dir/$file"
	if cmp -s "$source" "$work/$dir/$file"; then
		echo "not ok prove/mutant/$name (the expression changes nothing in $file)"
		return 1
	fi
	# of a header all that may include it
	for object in "$out"/fast/kernel/*/*.o; do
		stem=${object##*/kernel/}
		stem=${stem%.o}
		if [ "$stem.c" = "$dir/$file" ] ||
			{ [[ $file == *.h ]] && grep -q "exokernel/$dir/$file" "${object%.o}.d"; }; then
			again+=("$stem")
		else
			objects+=("$object")
		fi
	done
	for stem in "${again[@]}"; do
		source=exokernel/$stem.c
		[ "$stem.c" = "$dir/$file" ] && source=$work/$stem.c
		mkdir -p "$work/kernel/${stem%/*}"
		if ! said=$(gcc -Itests/prove/machine -I"$work" "${flags[@]}" -w -O1 -ffreestanding \
			-c "$source" -o "$work/kernel/$stem.o" 2>&1); then
			echo "not ok prove/mutant/$name (does not compile: ${said%%$'\n'*})"
			return 1
		fi
		objects+=("$work/kernel/$stem.o")
	done
	gcc "${link[@]}" "${objects[@]}" "$out"/fast/*.o -o "$work/prove" || return 1
	said=$(timeout 120 "$work/prove" "$plan" 2>&1)
	if [ $? = 1 ] && [[ $said == *"not ok"* ]]; then
		return 0
	fi
	echo "not ok prove/mutant/$name (not found: ${said%%$'\n'*})"
	return 1
}

names=("$@")
while read -r name file plan expression; do
	if [[ $name == '#'* ]] || [ -z "$name" ] || ! wanted "$name"; then
		continue
	fi
	if try "$name" "$file" "$plan" "$expression"; then
		found=$((found + 1))
	else
		bad=1
	fi
done <tests/prove/mutants.txt
[ $found -gt 0 ] && [ $bad = 0 ] && echo "ok prove/mutants ($found mistakes of one line, each found)"
exit $bad
