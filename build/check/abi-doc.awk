# abi-doc.awk - docs/abi.md from error.def and syscalls.def.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: awk -f build/check/abi-doc.awk exokernel/abi/exo/error.def exokernel/abi/exo/syscalls.def
#
# The text of a call is the /** comment right before it; a call without one,
# or two calls of one number or name, stop the script with status 1.

FNR == 1 { first = 1; file++ }

file == 1 && match($0, /^EXO_ERROR\(/) {
	split(substr($0, RLENGTH + 1), word, /[ \t]*,[ \t]*/)
	error_name[++errors] = word[1]
	error_value[errors] = word[2]
	text = $0
	sub(/^[^"]*"/, "", text)
	sub(/".*/, "", text)
	error_text[errors] = text
	is_error[word[1]] = 1
	next
}

# The list's own first comment: the calling convention.
file == 2 && first && /^\/\* / { first = 0; head = 1; next }
head && /^ \*\// { head = 0; next }
head {
	if (!/SPDX/) {
		sub(/^ \* ?/, "")
		convention = convention $0 "\n"
	}
	next
}

file == 2 && /^\/\*\*/ { inside = 1; contract = "" }
inside {
	line = $0
	inside = line !~ /\*\/[ \t]*$/
	sub(/^\/\*\*[ \t]*/, "", line)
	sub(/^[ \t]*\*[ \t]*/, "", line)
	sub(/[ \t]*\*\/[ \t]*$/, "", line)
	contract = contract line "\n"
	next
}

file == 2 && match($0, /^EXO_CALL[0-6]\(/) {
	count = substr($0, 9, 1)
	arguments = substr($0, RLENGTH + 1)
	sub(/\)[ \t]*$/, "", arguments)
	n = split(arguments, word, /[ \t]*,[ \t]*/)
	where = FILENAME ":" FNR ": " word[2]
	if (contract !~ /[^ \t\n]/)
		complain(where " has no contract comment")
	if (n != 2 + 2 * count)
		complain(where " has " n - 2 " words for " count " arguments")
	if ((word[1] in number) || (word[2] in number))
		complain(where ": its number or name is taken")
	number[word[1]] = number[word[2]] = 1
	proto = ""
	for (i = 3; i < n; i += 2)
		proto = proto (i > 3 ? ", " : "") word[i] " " word[i + 1]
	calls++
	body = body "\n### " word[1] " " word[2] "\n\n    long exo_" word[2] \
		"(" (proto ? proto : "void") ")\n\n" marked(contract)
	contract = ""
	next
}

# Names of errors in the text stand out.
function marked(text,    out, word) {
	out = ""
	while (match(text, /[A-Za-z_0-9]+/)) {
		word = substr(text, RSTART, RLENGTH)
		out = out substr(text, 1, RSTART - 1) ((word in is_error) ? "`" word "`" : word)
		text = substr(text, RSTART + RLENGTH)
	}
	return out text
}

function complain(text) {
	print text >"/dev/stderr"
	bad = 1
}

END {
	if (!errors || !calls)
		complain("abi-doc.awk: the lists are empty")
	if (bad)
		exit 1
	print "# The contract: calls and errors"
	print ""
	print "Generated from `exokernel/abi/exo/syscalls.def` and `error.def` by `make docs`; do not edit."
	print "Structures and constants are described where they are defined, in the headers beside them:"
	print "`cap.h` (capabilities), `map.h` (address spaces), `upcall.h` (activations), `ring.h` (rings and"
	print "console), `start.h` (the start block), `info.h` (what the kernel shows), `archive.h` (programs"
	print "and images), `env.h` (how an environment ends)."
	print ""
	print "## Calling"
	printf "%s", convention
	print "\n## Errors\n"
	print "| value | `EXO_E_` | meaning |"
	print "| ---: | --- | --- |"
	for (i = 1; i <= errors; i++)
		print "| " error_value[i] " | `" error_name[i] "` | " error_text[i] " |"
	print "\n## Calls"
	printf "%s", body
}
