# lib.bash - ported programs that BusyBox's shell starts, here and on Linux; sourced by the suites.
# SPDX-License-Identifier: BSD-2-Clause
. "${BASH_SOURCE[0]%/*}/../boot/lib.bash"
busybox=$top/build/out/apps/busybox
root=$work/packed	# what is packed into the image
on_linux=()	# programs that stand in for those of the same name in its bin

# ports NAME...: build these, here and for the host; what is in the root directory are BusyBox's programs.
ports() {
	local name
	prepare
	for name; do
		make -s -C "$top" "$name" "$name-host" > "$work/out" 2>&1 || {
			not_ok "$name builds" "$(tail -n 3 "$work/out" | tr '\n' '|')"
			return 1
		}
		ok "$name builds"
	done
	cp -r "$busybox/root" "$root"
	on_linux=("$busybox/busybox-host=busybox")
}

host_programs() {
	local file
	for file; do on_linux+=("$file=${file##*/}"); done
}

# image NAME [option of exo-build.sh]...
image() {
	build "$1 image" "$busybox/busybox" --rootfs "$root" --env PATH=/bin --env TZ=UTC0 --env HOME=/root \
		-o "$work/image.elf" "${@:2}"
}

# same NAME [option of run]... -- ARGUMENT...: BusyBox with these arguments: the same bytes on stdout and
# stderr, the same status.  On Linux too the root directory is fresh and the current one, and no
# program is the host's own.
same() {
	local name=$1 options=() status=0 want=0 pair
	shift
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	shift
	rm -rf "$work/root" && cp -r "$root" "$work/root" && mkdir -p "$work/root/tmp"
	for pair in "${on_linux[@]}"; do cp "${pair%=*}" "$work/root/bin/${pair##*=}"; done
	(cd "$work/root" && umask 022 && exec env -i PATH="$work/root/bin" TZ=UTC0 HOME=/root busybox "$@") \
		> "$work/want" 2>&1 < "${input:-/dev/null}" || want=$?
	"$exo" run "$work/image.elf" --timeout $((limit * 2)) "${options[@]}" -- "$@" > "$work/got" 2>&1 \
		< "${input:-/dev/null}" || status=$?
	if [ $status -ne $want ]; then
		not_ok "$name" "status $status, not $want: $(tail -n 2 "$work/got" | tr '\n' '|' | cut -c 1-300)"
	elif ! cmp -s "$work/want" "$work/got"; then
		not_ok "$name" "$(diff -a "$work/want" "$work/got" | head -n 6 | cut -c 1-200 | tr '\n' '|')"
	else
		ok "$name"
	fi
	[ -z "${KEEP:-}" ] || cp "$work/want" "$work/got" "$KEEP"
}
