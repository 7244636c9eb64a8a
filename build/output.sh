# output.sh - how an image is made of an application, and put where it belongs; sourced by exo-build.sh and pack.sh.
# SPDX-License-Identifier: BSD-2-Clause

# Which libOS a linked application stands on; nothing if its symbols are gone.
libos_of() {
	case $("$exo_image" form "$1") in shared*) echo posix; return ;; esac
	{ nm "$1" 2> /dev/null || true; } | awk '$3 == "px_settings" { n = "posix" } $3 == "mini_exit" { n = "minimal" }
		$3 == "xo_begin" && n == "" { n = "none" }
		END { print n }'
}

# archive_of APPLICATION NAME LIBOS ARCHIVE [option of exo-image pack]...: the archive of one image.
archive_of() {
	local application=$1 name=$2 libos=$3 archive=$4 kernel
	shift 4
	kernel=$("$exo_image" kernel-sum "$out/kernel/exokernel") || return
	"$exo_image" pack "$application" --libos "$out/lib/libos-posix.so" --name "${name:0:47}" \
		--setting "name=$name" ${libos:+--setting "libos=$libos"} "$@" --setting "kernel=$kernel" -o "$archive"
}

# open_output NAME: an image is made as $part beside its final place and renamed, so it is there whole
# or not at all.  Sets image, format and work, a directory that goes when we do.
open_output() {
	local folder
	image=$1
	format=${image##*.}
	case $image in -*) image=./$image ;; esac	# no option of any tool
	case $image in
	*.iso | *.img | *.qcow2 | *.elf) ;;
	*) wrong "-o $image: the suffix must be .iso, .img, .qcow2 or .elf" ;;
	esac
	folder=$(dirname -- "$image")
	[ -d "$folder" ] || fail "cannot write $image: no directory $folder"
	[ ! -d "$image" ] || fail "cannot write $image: it is a directory"
	need mktemp
	part=$(mktemp "$folder/.exo-build.XXXXXX" 2> /dev/null) || fail "cannot write $image: $folder is not writable"
	work=
	trap 'rm -rf "$part" "$part.dbg" ${work:+"$work"}' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
	work=$(temporary)
	case $format in
	iso | img | qcow2) need xorriso "/usr/lib/grub/i386-pc/boot_hybrid.img" grub-mkimage mformat ;;
	esac
	[ "$format" != qcow2 ] || need qemu-img
}

# make_output ARCHIVE: kernel and archive become $part.
make_output() {
	"$top/build/mkimage" "$format" "$out/kernel/exokernel" "$1" "$part" || exit 1
	chmod "$(printf '%o' $((0666 & ~$(umask))))" "$part"
}

# boot_lines RAM CPUS: how to boot $image, without us and with us.
boot_lines() {
	local path quoted line
	path=$(realpath -- "$image")
	printf -v quoted %q "$path"
	line="qemu-system-x86_64 -cpu max -m ${1}M${2:+ -smp $2} -nographic -no-reboot"
	case $format in
	iso) line="$line -cdrom $quoted" ;;
	elf) line="$line -kernel $quoted" ;;
	img) line="$line -drive if=virtio,format=raw,file=$quoted" ;;
	qcow2) line="$line -drive if=virtio,format=qcow2,file=$quoted" ;;
	esac
	echo "  boot it    $line"
	echo "  or         $(printf %q "$self") run $quoted"
}

# place_output: the image and its symbols, a file or (of several images) a folder, to where they belong.
place_output() {
	if [ -d "$image.dbg" ] || [ -d "$part.dbg" ]; then rm -rf "$image.dbg"; fi
	mv -f "$part.dbg" "$image.dbg"
	mv -f "$part" "$image"
}

# prove_ram ARCHIVE: boot with $least MiB and stop where main would be called; a little more each
# time.  Sets least and proof.
prove_ram() {
	local try said
	if ! command -v qemu-system-x86_64 > /dev/null; then
		proof='computed; not proved: no qemu-system-x86_64 (Debian package qemu-system-x86)'
		return
	fi
	"$top/build/mkimage" elf "$out/kernel/exokernel" "$1" "$work/proof.elf" || exit 1
	for try in 0 1 2 3 4 6 8 12 16; do
		if "$top/build/run.sh" "$work/proof.elf" -m "$((least + try))M" --firmware direct \
			--timeout 60 --stop-at-main > "$work/proof.log" 2>&1 < /dev/null; then
			least=$((least + try))
			proof='proved by a direct boot up to main'
			return
		fi
	done
	say "note: a boot up to main did not succeed with $((least + try)) MiB either; it said:"
	tail -n 5 "$work/proof.log" >&2
	proof='computed; a boot did not prove it'
}
