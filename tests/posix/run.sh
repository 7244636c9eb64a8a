#!/bin/bash
# run.sh - the same C programs for Linux and for libos-posix: outputs and statuses compared.
# SPDX-License-Identifier: BSD-2-Clause
#
# usage: tests/posix/run.sh [PROGRAM]...     (none: all)     CPUS='1 2'     (not as the program says)
#
# A line "RUN: arguments" in the first comment of a program is one run of it; without any it runs
# once; each in both forms of linking, and, if a line "CPUS: numbers" says so, on machines with so
# many CPUs; "FORMS: shared" or "static": in this one alone.  "ALSO: names": programs of also/ that
# lie in bin/.  "ENDS: by a signal": some run of it does on both sides; of others that is a mistake.
# "NEEDS: root": Linux lets only root do what it does.
# Both sides start in a directory with the contents of tests/posix/root and with the same environment.
# Standard output and the status are compared.
. "$(dirname "$0")/../boot/lib.bash"
prepare
here=$top/tests/posix
environment=(GREETING=hello TZ=UTC0)

# on_linux PROGRAM ARGUMENT...: what it says and its status.  A process that it leaves behind holds the
# pipe open, so that there is an end to waiting for that, too.
on_linux() {
	local program=$1 status
	shift
	rm -rf "$work/root" && cp -a "$work/for-linux" "$work/root" && {
		(ulimit -n 1024; cd "$work/root" && exec timeout --foreground -k 5 "$limit" \
			env -i "${environment[@]}" "$work/$program.host" "$@") < /dev/null |
			timeout $((limit + 10)) cat > "$work/want"
		status=("${PIPESTATUS[@]}")
		[ "${status[1]}" -eq 0 ] && return "${status[0]}"
	} 2> /dev/null
	return 124
}

# dies PROGRAM: that is what it is for.
dies() {
	sed '/\*\//q' "$here/$1.c" | grep '^ \* ENDS: by a signal$' > /dev/null
}

# one NAME PROGRAM CPUS ARGUMENT...
one() {
	local name=$1 program=$2 cpus=$3 status=0 want=0
	shift 3
	on_linux "$program" "$@" || want=$?
	if [ $want -eq 124 ]; then # nothing of ours is tried here: it may have another go
		echo "# $name: no end on Linux: $(tail -n 2 "$work/want" | tr '\n' '|' | cut -c 1-200)"
		want=0
		on_linux "$program" "$@" || want=$?
	fi
	if [ $want -eq 124 ]; then
		not_ok "$name" "no end on Linux: $(tail -n 2 "$work/want" | tr '\n' '|' | cut -c 1-200)"
		return
	fi
	if [ $want -ge 128 ] && ! dies "$program"; then
		not_ok "$name" "ended by a signal on Linux: $((want - 128))"
		return
	fi
	timeout -k 5 $((limit * 2)) "$exo" run "$work/$program.elf" --cpus "$cpus" --timeout "$limit" -- "$@" \
		> "$work/got" 2> "$work/err" < /dev/null || status=$?
	if [ $status -ne $want ]; then
		not_ok "$name" "status $status, not $want: $(tail -n 2 "$work/got" | tr '\n' '|' | cut -c 1-200) $(last_words)"
	elif ! cmp -s "$work/want" "$work/got"; then
		not_ok "$name" "$(diff -a "$work/want" "$work/got" | head -n 6 | cut -c 1-300 | tr '\n' '|')"
	else
		ok "$name"
	fi
}

# both_forms PROGRAM: in the two forms of linking.
both_forms() {
	local program=$1 form more run n name
	for form in $forms; do
		more=
		[ $form = static ] || more=' (shared)'
		build "posix $program$more" "$here/$program.c" "${flags[@]}" -lm --rootfs "$work/for-exo" \
			--env "${environment[0]}" --env "${environment[1]}" --link $form -o "$program.elf" || continue
		for run in "${runs[@]}"; do
			eval "arguments=($run)"
			for n in $cpus; do
				name="posix $program${run:+ $run}$more"
				[ "$n" = 1 ] || name="$name, $n CPUs"
				one "$name" "$program" "$n" ${arguments[0]+"${arguments[@]}"}
			done
		done
	done
}

# also NAME...: the root directories, with those programs.
also() {
	local name
	rm -rf "$work/for-linux" "$work/for-exo"
	cp -a "$here/root" "$work/for-linux" && cp -a "$here/root" "$work/for-exo" || return
	for name; do
		mkdir -p "$work/for-linux/bin" "$work/for-exo/bin" &&
			gcc "${flags[@]}" "$here/also/$name.c" -o "$work/for-linux/bin/$name" 2> err &&
			"$top/build/exo-cc" "${flags[@]}" "$here/also/$name.c" -o "$work/for-exo/bin/$name" 2> err ||
			return
	done
}

# compare PROGRAM: here and on Linux, in all ways that it asks for.
compare() {
	local program=$1 runs
	if [ "$(id -u)" -ne 0 ] && sed '/\*\//q' "$here/$program.c" | grep '^ \* NEEDS: root$' > /dev/null; then
		echo "# posix $program: not compared: nobody is root here"
		return
	fi
	flags=(-O1 -w -D_GNU_SOURCE -fstack-protector-strong)
	gcc "${flags[@]}" "$here/$program.c" -o "$program.host" -lm 2> err || {
		not_ok "posix $program" "does not build for Linux: $(last_words)"
		return
	}
	also $(sed -n '1,/\*\//s/^ \* ALSO: *//p' "$here/$program.c") || {
		not_ok "posix $program" "what it needs does not build: $(last_words)"
		return
	}
	forms=$(sed -n '1,/\*\//s/^ \* FORMS: *//p' "$here/$program.c")
	forms=${forms:-static shared}
	mapfile -t runs < <(sed -n '1,/\*\//s/^ \* RUN: *//p' "$here/$program.c")
	[ ${#runs[@]} -gt 0 ] || runs=('')
	cpus=${CPUS:-$(sed -n '1,/\*\//s/^ \* CPUS: *//p' "$here/$program.c")}
	cpus=${cpus:-1}
	both_forms "$program"
}

# Every second of the programs, from the first or the second on: two at a time.
half() {
	local i
	for ((i = $1; i < ${#compared[@]}; i += 2)); do compare "${compared[i]}"; done
	[ $bad -eq 0 ]
}

compared=()
cd "$work" || exit 1
[ $# -gt 0 ] || set -- "$here"/*.c
for source; do compared+=("$(basename "$source" .c)"); done
if [ ${#compared[@]} -gt 1 ]; then
	beside half 0 1
else
	compare "${compared[0]}"
fi
exit $((bad > 0))
