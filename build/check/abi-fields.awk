# abi-fields.awk - every constant and structure of the contract's headers as a
# list that C can include: CONSTANT(name) STRUCT(name) FIELD(struct, name) END(struct).
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: awk -f build/check/strip.awk -f build/check/abi-fields.awk exokernel/abi/exo/*.h
#
# It reads the plain style those headers are written in: one structure at the
# outermost level, no nested ones, fields "type name, name[n];".  A declaration
# that it does not understand stops it, so none is left out unseen.

FNR == 1 { strip_start(); structure = "" ; enumeration = 0; text = "" }

{ line = strip($0) }

# constants: macros with a value that is a number; syscall.h's EXO_CALLn are not
line ~ /^#define[ \t]+EXO_CALL/ { next }
line ~ /^#define[ \t]+EXO_[A-Z0-9_]+[ \t]+[^ \t"]/ {
	split(line, word, /[ \t]+/)
	print "CONSTANT(" word[2] ")"
	next
}
line ~ /^[ \t]*#/ { next }

line ~ /^enum [a-z_]+ \{/ { enumeration = 1; next }
enumeration && /^\};/ { enumeration = 0; next }
enumeration && match(line, /^[ \t]*EXO_[A-Z0-9_]+/) {
	name = substr(line, RSTART, RLENGTH)
	sub(/^[ \t]*/, "", name)
	if (line ~ /,.*EXO_/)
		unclear(line)
	# the views of the two lists are printed from the lists themselves
	if (line !~ /##/)
		print "CONSTANT(" name ")"
	next
}

match(line, /^struct [a-z_]+ \{/) {
	structure = substr(line, 8, RLENGTH - 9)
	if (line !~ /\{[ \t]*$/)
		unclear(line)
	print "STRUCT(" structure ")"
	next
}
structure && line ~ /^\}/ {
	if (text ~ /[^ \t]/)
		unclear(text)
	print "END(" structure ")"
	structure = ""
	next
}
structure {
	if (line ~ /\{/)
		unclear(line)
	text = text line
	while (at = index(text, ";")) {
		field(substr(text, 1, at - 1))
		text = substr(text, at + 1)
	}
}

# "uint64_t a, b[3]" or "struct exo_x y[N]"
function field(decl,    n, name, i, whole) {
	sub(/^[ \t]+/, "", decl)
	whole = decl
	sub(/^struct /, "", decl)
	if (!sub(/^[a-z_0-9]+[ \t]+/, "", decl))
		unclear(whole)
	n = split(decl, name, /[ \t]*,[ \t]*/)
	for (i = 1; i <= n; i++) {
		sub(/\[.*\]$/, "", name[i])
		if (name[i] !~ /^[a-z_0-9]+$/)
			unclear(whole)
		print "FIELD(" structure ", " name[i] ")"
	}
}

function unclear(text) {
	print FILENAME ":" FNR ": not understood: " text >"/dev/stderr"
	exit 1
}
