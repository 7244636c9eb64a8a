# posix-doc.awk - docs/posix.md, from lines "header name options verdict words".
# SPDX-License-Identifier: BSD-2-Clause

function list(h, verdict,    i, text) {
	for (i = 1; i <= n; i++)
		if (header[i] == h && is[i] == verdict)
			text = text (text ? ", " : "") "`" name[i] "`" (words[i] ? " (" words[i] ")" : "")
	return text
}

function row(title, key) {
	printf "| %s | %d | %d | %d |\n", title, count[key, "yes"], count[key, "partly"], count[key, "no"]
}

$1 == "stale" { next }
{
	n++
	header[n] = $1; name[n] = $2; is[n] = $4; words[n] = $5
	if (!($1 in seen)) { seen[$1] = 1; order[++headers] = $1 }
	group = $3 == "-" ? "base" : $3 == "XSI" ? "XSI" : $3 == "TRC" ? "TRC" : $3 == "XSR" ? "XSR" : "other"
	if (group == "base" && $1 ~ /^(sys\/socket|netdb|net\/if|arpa\/inet)\.h$/) group = "net"
	count[group, $4]++
	count["all", $4]++
}
END {
	print "# The functions of POSIX.1-2017"
	print ""
	print "Made by `make docs`, and checked by `tests/conformance/functions.sh`: *yes* means that the header declares the function as"
	print "the standard does, to a program that asks for POSIX only, and that the library has it, in both forms of linking. *Partly* means that, and something of it is missing. What"
	print "functions do is tested by `tests/posix` and, against the Open POSIX Test Suite, by `tests/conformance`."
	print ""
	print "| | yes | partly | no |"
	print "| --- | --- | --- | --- |"
	row("base", "base")
	row("base: network", "net")
	row("XSI", "XSI")
	row("other options", "other")
	row("streams (XSR, obsolescent)", "XSR")
	row("tracing (TRC, obsolescent)", "TRC")
	row("all", "all")
	for (i = 1; i <= headers; i++) {
		h = order[i]
		printf "\n## %s\n\n", h == "-" ? "no header" : "`" h "`"
		bar = ""
		split("yes partly no", v, " ")
		for (k = 1; k <= 3; k++) {
			text = list(h, v[k])
			if (text) { printf "%s%s: %s\n", bar, v[k], text; bar = "\n" }
		}
	}
}
