# profile.awk - counts the instructions of each function in a trace of the emulator (profile.sh).
# SPDX-License-Identifier: BSD-2-Clause
#
# Where the program lies is known from its first instruction: the first one outside the kernel's
# half, and above what firmware uses, after the kernel has begun.

function number(hex,   i, n) {
	for (i = 1; i <= length(hex); i++)
		n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
	return n
}

# The name whose address is the last one up to `at`, of the kernel's or the program's.
function find(kind, at,   low, high, middle) {
	low = 0
	high = count[kind]
	while (low < high) {
		middle = int((low + high + 1) / 2)
		if (address[kind, middle] <= at)
			low = middle
		else
			high = middle - 1
	}
	return low ? name[kind, low] : "?"
}

function function_of(pc,   at) {
	if (pc ~ /^ffffffff/)
		return "kernel:" find("kernel", number(substr(pc, 9)))
	at = number(pc) - base
	return at < 0 || at > last_of_program ? "?" : find("program", at)
}

BEGIN {
	while ((getline line < names) > 0) {
		split(line, field, " ")
		kind = field[1]
		at = number(kind == "kernel" ? substr(field[2], 9) : field[2])
		address[kind, ++count[kind]] = at
		name[kind, count[kind]] = field[3]
		if (kind == "program")
			last_of_program = at + 65536
	}
	on = function_name == ""
}

/^Trace/ {
	pc = $3
	if (!base) {
		if (pc ~ /^ffffffff/)
			kernel_begun = 1
		else if (kernel_begun && pc !~ /^00000000/)
			base = number(pc) - number(entry)
		if (!base)
			next
	}
	if (!(pc in known))
		known[pc] = function_of(pc)
	now = known[pc]
	if (now == function_name && before != now)
		on = !on
	before = now
	if (on) {
		spent[now]++
		total++
	}
}

END {
	printf "%d total\n", total
	for (now in spent)
		printf "%d %s\n", spent[now], now
}
