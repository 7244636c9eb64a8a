# steward.bash - what the suites of the steward share; sourced by them behind lib.bash.
# SPDX-License-Identifier: BSD-2-Clause
prepare
make -s -C "$top" --no-print-directory steward || exit 1
programs=$top/tests/boot/steward
cd "$work" || exit 1
typed=/dev/null
clock=()

numbered=()
for ((i = 1; i <= 40; i++)); do numbered+=("line $i"); done

# programs LIBOS NAME...: of tests/boot/steward, each as NAME.elf
programs() {
	local libos=$1 program
	shift
	for program; do
		build "build $program" --libos "$libos" -O2 "$programs/$program.c" -o "$program.elf" || exit 1
	done
}

# packed NAME: the description on standard input becomes NAME.elf
packed() {
	cat > "$1.conf"
	"$exo" pack "$1.conf" -o "$1.elf" > out 2> err || {
		not_ok "pack $1" "$(last_words)"
		return 1
	}
}

# counted: in the rest of this part the clock counts instructions.  What is to be done by a certain time, or while
# another waits, is no affair of the host's then, however busy it is.
counted() { clock=(--counted); }

# runs NAME CPUS WANT [OPTION...]: boot it; what it prints is in `said`, the status as wanted
runs() {
	local name=$1 cpus=$2 want=$3 status=0
	shift 3
	"$exo" run "$name.elf" --cpus "$cpus" --timeout "$limit" "${clock[@]}" "$@" > out 2> err < "$typed" || status=$?
	tr -d '\r' < out > said
	if [ $status -eq "$want" ]; then
		ok "$name, $cpus CPUs: status $want"
	else
		not_ok "$name, $cpus CPUs" "status $status, not $want: $(tail -n 3 said | tr '\n' '|') $(last_words)"
	fi
}

# says NAME WHOSE LINES...: the lines of that one, all of them and in this order
says() {
	local name=$1 whose=$2
	shift 2
	if [ "$whose" = steward ]; then grep -a '^steward: ' said | sed 's/^steward: //' > got
	else grep -a "^$whose|" said | sed "s/^$whose|.//" > got; fi
	printf '%s\n' "$@" > want
	if cmp -s got want; then
		ok "$name: $whose"
	else
		not_ok "$name: $whose" "$(diff want got | head -n 4 | tr '\n' '|' | cut -c 1-300)"
	fi
}

# has NAME PATTERN [COUNT]: so many lines (1) match
has() {
	local n
	n=$(grep -acE -- "$2" said)
	if [ "$n" -eq "${3:-1}" ]; then ok "$1"
	else not_ok "$1" "$n lines match /$2/: $(tail -n 3 said | tr '\n' '|' | cut -c 1-300)"; fi
}

# parts NAME...: each of them
parts() {
	local part begun
	for part; do
		begun=$SECONDS clock=()
		part_$part
		[ -z "${TIMES:-}" ] || echo "# $part: $((SECONDS - begun)) s"
	done
	exit $((bad > 0))
}
