# strip.awk - C, headers, tables and assembly without comments, line by line.
# SPDX-License-Identifier: BSD-2-Clause
#
# strip(line): the line without its comments; strip_start() before each file.
# Comment marks inside string and character constants are text.  With
# strip_strings set, string constants come out empty.

function strip_start() { strip_inside = 0 }

function strip(line,    out, at, mark) {
	out = ""
	for (;;) {
		if (strip_inside) {
			at = index(line, "*/")
			if (!at)
				return out
			line = substr(line, at + 2)
			strip_inside = 0
		}
		if (!match(line, /\/\*|\/\/|"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/))
			return out line
		mark = substr(line, RSTART, 2)
		if (mark == "//")
			return out substr(line, 1, RSTART - 1)
		if (mark == "/*") {
			out = out substr(line, 1, RSTART - 1) " "
			strip_inside = 1
		} else
			out = out substr(line, 1, RSTART - 1) \
				(strip_strings ? "\"\"" : substr(line, RSTART, RLENGTH))
		line = substr(line, RSTART + RLENGTH)
	}
}
