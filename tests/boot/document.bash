# document.bash - the commands of a document do what it says; sourced after lib.bash.
# SPDX-License-Identifier: BSD-2-Clause
#
# Indented lines: "$ " begins a command, run in the same shell as the ones before; each line after it is
# part of a line that it prints, on stdout or stderr.  A block that begins with
# "/* NAME.c - ", "/* NAME.h - " or "# NAME.conf - " is that file.

command='' file=
: > "$work/want"

# finish: run the command read last, and look for its lines.
finish() {
	local status=0 lack
	[ -n "$command" ] || return 0
	eval "$command" > "$work/out" 2> "$work/err" < /dev/null || status=$?
	tr -d '\r' < "$work/out" | cat - "$work/err" > "$work/both"
	lack=$(awk -v first="$work/want" 'FILENAME == first { want[++n] = $0; next }
		{ for (i = 1; i <= n; i++) if (index($0, want[i])) found[i] = 1 }
		END { for (i = 1; i <= n; i++) if (!(i in found)) { print want[i]; exit } }' \
		"$work/want" "$work/both")
	if [ $status -ne 0 ]; then not_ok "$title: $command" "status $status: $(last_words)"
	elif [ -n "$lack" ]; then not_ok "$title: $command" "it does not print: $lack"
	else ok "$title: $command"; fi
	command=
	: > "$work/want"
}

# document TITLE FILE COMMANDS: run it all; there must be more than so many commands.
document() {
	local title=$1 count=0 line
	while IFS= read -r line; do
		case $line in
		'    /* '*.[ch]\ -\ * | '    # '*.conf\ -\ *)
			finish
			file=${line#    * } file=${file%% *}
			echo "${line#    }" > "$file" ;;
		'    $ '*) finish; file= command=${line#*$ } count=$((count + 1)) ;;
		'    '*)
			if [ -n "$file" ]; then echo "${line#    }" >> "$file"
			elif [ -n "$command" ]; then echo "${line#    }" >> "$work/want"
			else not_ok "$title: $line" 'output of no command'; fi ;;
		'') [ -z "$file" ] || echo >> "$file" ;;
		*) file=; finish ;;
		esac
	done < "$2"
	finish
	[ $count -gt "$3" ] || not_ok "$title: commands" "only $count found"
}
