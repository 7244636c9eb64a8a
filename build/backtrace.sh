# backtrace.sh - addresses that a crash printed become functions, files and lines; sourced by run.sh.
# SPDX-License-Identifier: BSD-2-Clause

# resolve ELF ADDRESS...: function, file and line of each; bounded work, whatever was asked for.
resolve() {
	local elf=$1
	shift
	need addr2line
	[ $# -eq 0 ] || addr2line -e "$elf" -a -f -i -p "$@" | sed 's/^0x[0-9a-f]*: /\t/; s/__exo_//; s#at \(\./\)\(\./\)*#at #'
}

# A crash ends in one line of offsets; symbols of another build would name wrong lines.  It is the
# program's own text: nothing but numbers is taken from it, and not more than a reader wants.
backtrace() {	# LINE SYMBOLS [IMAGE's name, of several]
	local line word words offsets=() program=() libos=() own=(${3:+--name "$3"})
	read -r -a words <<< "${1#backtrace:}" || true
	for word in "${words[@]:0:64}"; do
		[[ $word =~ ^(libos)?(\+0x[0-9a-f]{1,16})$ ]] || continue
		# A return address belongs to the call before it.
		printf -v line '0x%x' $((BASH_REMATCH[2] - (${#offsets[@]} > 0)))
		if [ -n "${BASH_REMATCH[1]}" ]; then libos+=("$line"); else program+=("$line"); fi
		offsets+=("$word")
	done
	[ ${#offsets[@]} -gt 0 ] || return 0
	if [ ! -f "$2" ]; then
		say "no symbols: $2 is not there"
		return
	elif ! "$exo_image" same "$plain" "$2" "${own[@]}" 2> /dev/null; then
		say "no symbols: $2 is of another build"
		return
	fi
	[ -z "${3:-}" ] || say "$3:"
	(resolve "$2" "${program[@]}") > "$work/program.names" || return
	: > "$work/libos.names"
	if [ ${#libos[@]} -gt 0 ] && "$exo_image" same "$plain" "$out/lib/libos-posix.so" "${own[@]}" 2> /dev/null; then
		(resolve "$out/lib/libos-posix.so" "${libos[@]}") > "$work/libos.names" || return
	fi
	awk -v offsets="${offsets[*]}" '
		{ which = FILENAME ~ /libos.names$/ }
		sub(/^\t/, "") { n[which]++ }
		{ text[which, n[which]] = text[which, n[which]] $0 "\n" }
		END {
			count = split(offsets, offset, " ")
			for (i = 1; i <= count; i++) {
				which = offset[i] ~ /^libos/
				k = ++used[which]
				printf "#%-2d %s %s", i - 1, offset[i], (which, k) in text ? text[which, k] : "??\n"
			}
		}' "$work/program.names" "$work/libos.names" >&2
}

# The last one of a machine with one image; of several, the last one of each (at most eight), whose
# lines the steward tags: `NAME| ...`, and `NAME|+...` for the rest of a long one.
backtraces() {
	local name line
	if [ -z "$images" ]; then
		line=$(tr -d '\r\0' < "$work/console" | grep -a '^backtrace:' | tail -n 1) || return 0
		backtrace "$line" "$image.dbg"
		return
	fi
	tr -d '\r\0' < "$work/console" | LC_ALL=C awk '
		match($0, /^[A-Za-z][A-Za-z0-9._-]*\|[ +]/) {
			name = substr($0, 1, RLENGTH - 2)
			rest = substr($0, RLENGTH + 1)
			line[name] = substr($0, RLENGTH, 1) == "+" ? line[name] rest : rest
			if (line[name] ~ /^backtrace:/) found[name] = line[name]
		}
		END { for (name in found) print name "\t" found[name] }' > "$work/backtraces"
	while IFS=$'\t' read -r name line; do
		backtrace "$line" "$image.dbg/$name" "$name" || true
	done < <(awk -F '\t' 'NR == FNR { line[$1] = $2; next }
		$1 in line && n++ < 8 { print $1 "\t" line[$1] }' "$work/backtraces" - <<< "$images")
}

kernel_backtrace() {
	local addresses
	mapfile -t addresses < <(sed -n 's/^exo: pc \(0x\)\?\([0-9a-f]\{1,16\}\)\r\?$/0x\2/p' "$work/debug" | head -n 64)
	resolve "$out/kernel/exokernel.elf" "${addresses[@]}" | awk -v addresses="${addresses[*]}" '
		BEGIN { split(addresses, address, " ") }
		sub(/^\t/, "") { n++; printf "kernel %s ", substr(address[n], 3) }
		{ print }' >&2
}
