# conformance-doc.awk - docs/conformance.md, from expected.txt and the results of all tests.
# SPDX-License-Identifier: BSD-2-Clause

function percent(a, b) { return b ? int(1000 * a / b + 0.5) / 10 : 0 }

NR == FNR {
	if (/^#/ || !NF)
		next
	want[$1] = $2; linux[$1] = $3
	line = $0
	sub(/^[^ ]+ +[^ ]+ +[^ ]+ */, "", line)
	why[$1] = line
	next
}

{
	f = $1; sub(/\/.*/, "", f)
	if (!(f in seen)) { seen[f] = 1; order[++n] = f }
	of[f]++; all++
	# what a run makes of it is chance: never counted as passed
	if (want[$1] == "VARIES")
		$2 = "VARIES"
	kind = $2 == "PASS" || $2 == "UNSUPPORTED" || $2 == "UNTESTED" || $2 == "UNRESOLVED" ? $2 : "FAIL"
	count[f, kind]++; total[kind]++
	if ($2 != "PASS" && $2 != "UNSUPPORTED" && $2 != "UNTESTED")
		listed[++m] = $1
	is[$1] = $2
}

END {
	print "# The Open POSIX Test Suite"
	print ""
	print "Debian's `posixtestsuite`, on libos-posix: made by `tests/conformance/run.sh document`, checked by `make test-conformance`"
	print "(a part of it by `make test`). Each test is a process of its own. *Unsupported* is what the test itself finds"
	print "this system not to offer, *untested* what it says no program can test, *unresolved* where it could not come"
	print "to an end of its own; *failed* is everything else: a wrong answer, a crash, a hang, a test that does not compile."
	print ""
	printf "%d tests: %d passed, %d failed, %d unresolved, %d unsupported, %d untested.\n\n", all, total["PASS"], total["FAIL"], total["UNRESOLVED"], total["UNSUPPORTED"], total["UNTESTED"]
	print "## What did not pass, and why"
	print ""
	print "*Linux* is what glibc 2.36 on Linux makes of the same test."
	print ""
	print "| test | here | Linux | |"
	print "| --- | --- | --- | --- |"
	for (i = 1; i <= m; i++)
		printf "| %s | %s | %s | %s |\n", listed[i], tolower(is[listed[i]]), tolower(linux[listed[i]]), why[listed[i]]
	print ""
	print "## By function"
	print ""
	print "| function | tests | passed | failed | unresolved | unsupported | untested |"
	print "| --- | --- | --- | --- | --- | --- | --- |"
	for (i = 1; i <= n; i++) {
		f = order[i]
		printf "| %s | %d | %d | %d | %d | %d | %d |\n", f, of[f], count[f, "PASS"], count[f, "FAIL"], count[f, "UNRESOLVED"], count[f, "UNSUPPORTED"], count[f, "UNTESTED"]
	}
}
