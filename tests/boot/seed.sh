#!/bin/bash
# seed.sh - where random numbers come from at boot: instructions, virtio-rng, or nothing good.
# SPDX-License-Identifier: BSD-2-Clause
. "$(dirname "$0")/lib.bash"
prepare
cd "$work" || exit 1

cat > source.c <<'END'
#include <libexo/start.h>
#include <mini/mini.h>

int main(void)
{
	mini_printf("source %u\nseed ", xo_start->random_good);
	for (int i = 0; i < 32; i++)
		mini_printf("%x%x", xo_start->random[i] >> 4, xo_start->random[i] & 15);
	mini_printf("\n");
	return 0;
}
END
cat > numbers.c <<'END'
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static void show(const char *name, long r)
{
	printf("%s %ld%s%s\n", name, r, r < 0 ? " " : "", r < 0 ? strerror(errno) : "");
}

int main(void)
{
	static char buf[4096], zeros[4096];
	char *volatile nowhere = NULL;

	show("getrandom", getrandom(buf, 100, 0));
	show("random", getrandom(buf + 100, 100, GRND_RANDOM | GRND_NONBLOCK));
	show("getentropy", getentropy(buf + 200, 56));
	show("zero bytes", getrandom(buf + 300, 0, 0));
	show("all", getrandom(buf + 256, sizeof(buf) - 256, 0));
	show("too many", getentropy(buf, 257));
	show("flags", getrandom(buf, 1, 64));
	show("insecure", getrandom(buf, 100, GRND_INSECURE));
	show("/dev/random", read(open("/dev/random", O_RDONLY), buf, 100));
	show("/dev/urandom", read(open("/dev/urandom", O_RDONLY), buf, 100));
	show("no memory", getrandom(nowhere, 10, 0));
	show("no memory", getentropy(nowhere, 10));
	show("no bytes, no memory", getrandom(nowhere, 0, 0));
	printf("bytes %s\n", memcmp(buf, zeros, 32) ? "given" : "missing");
	return 0;
}
END
build 'build source' source.c --libos minimal -o source.iso &&
	build 'build source' source.c --libos minimal -o source.elf &&
	build 'build numbers' numbers.c -o numbers.elf || exit 1

none=(-cpu max,-rdrand,-rdseed)
direct=(-kernel source.elf)

# qemu ARGUMENT...: what the kernel logged in $work/debug, what the program printed in $work/console
qemu() {
	rm -f raw debug
	timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg -m 64 -nodefaults -no-user-config \
		-display none -no-reboot -serial file:raw -chardev file,id=debug,path=debug \
		-device isa-debugcon,iobase=0xe9,chardev=debug "$@" < /dev/null 2> err
	tr -d '\r' < raw > console
}

# from NAME SOURCE 'LINE OF THE LOG' QEMU-ARGUMENT...: the seed is of this source, and says so
from() {
	local name=$1 source=$2 line=$3
	shift 3
	qemu "$@"
	if ! grep -qx 'exo: exit 0' debug; then
		not_ok "$name" "$(tail -n 1 debug err | tr '\n' ' ')"
	elif ! grep -qx "source $source" console; then
		not_ok "$name" "$(grep '^source' console), not $source; $(grep -E 'seed|rng' debug | tr '\n' ' ')"
	elif ! grep -qE "^exo: log $line" debug; then
		not_ok "$name" "nothing in the log matches /$line/: $(grep -E 'seed|rng' debug | tr '\n' ' ')"
	else
		ok "$name"
		grep '^seed' console >> seeds
	fi
}

warning='neither RDSEED, RDRAND nor virtio-rng: .*guessed$'
from 'RDRAND' 2 'seed from RDRAND$' -cpu max,-rdseed "${direct[@]}"
for machine in pc q35 microvm; do
	from "nothing, $machine" 0 "$warning" "${none[@]}" -M $machine "${direct[@]}"
	from "nothing again, $machine" 0 "$warning" "${none[@]}" -M $machine "${direct[@]}"
done

# The device by every bus, from where the loader left it.
good='seed from virtio-rng$'
for machine in pc q35; do
	from "virtio-rng, $machine" 3 "$good" "${none[@]}" -M $machine -device virtio-rng-pci "${direct[@]}"
done
from 'virtio-rng behind a port' 3 "$good" "${none[@]}" -M q35 -device pcie-root-port,id=root \
	-device virtio-rng-pci,bus=root "${direct[@]}"
from 'virtio-rng behind a bridge' 3 "$good" "${none[@]}" -device pci-bridge,id=bridge,chassis_nr=1 \
	-device virtio-rng-pci,bus=bridge,addr=3 "${direct[@]}"
from 'virtio-rng, modern only' 3 "$good" "${none[@]}" -device virtio-rng-pci,disable-legacy=on "${direct[@]}"
from 'virtio-rng that wants platform addresses' 3 "$good" "${none[@]}" -M q35 \
	-device virtio-rng-pci,iommu_platform=on,disable-legacy=on "${direct[@]}"
from 'virtio-rng, a function among others' 3 "$good" "${none[@]}" \
	-device virtio-rng-pci,addr=5.3 -device virtio-blk-pci,drive=d,addr=5.0,multifunction=on \
	-drive if=none,id=d,format=raw,readonly=on,file=source.iso "${direct[@]}"
for machine in microvm microvm,acpi=off; do
	for legacy in on off; do
		from "virtio-rng, $machine, legacy $legacy" 3 "$good" "${none[@]}" -M $machine \
			-device virtio-rng-device -global virtio-mmio.force-legacy=$legacy "${direct[@]}"
	done
done
from 'virtio-rng, BIOS CD' 3 "$good" "${none[@]}" -device virtio-rng-pci -cdrom source.iso
uefi() {
	local name=$1
	shift
	cp /usr/share/OVMF/OVMF_VARS_4M.fd vars
	from "$name" "$@" "${none[@]}" -M q35 -m 128 \
		-drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \
		-drive if=pflash,unit=1,format=raw,file=vars \
		-drive if=none,id=cd,format=raw,readonly=on,file=source.iso -device ide-cd,drive=cd
}
uefi 'virtio-rng, UEFI CD' 3 "$good" -device virtio-rng-pci
uefi 'nothing, UEFI CD' 0 "$warning"

# Devices that are of no use: the reason is said, the next source is taken, nothing hangs.
mute=(-object rng-egd,id=mute,chardev=nobody -chardev null,id=nobody)
from 'a few bytes at a time' 3 "$good" "${none[@]}" -device virtio-rng-pci,max-bytes=10,period=50 "${direct[@]}"
from 'a device without bytes' 0 'virtio-rng at PCI 0:[0-9a-f]+\.0: it gives no bytes$' "${none[@]}" \
	"${mute[@]}" -device virtio-rng-pci,rng=mute "${direct[@]}"
from 'the same, microvm' 0 'virtio-rng at address feb[0-9a-f]+: it gives no bytes$' "${none[@]}" \
	-M microvm "${mute[@]}" -device virtio-rng-device,rng=mute "${direct[@]}"
from 'then the next device' 3 "$good" "${none[@]}" "${mute[@]}" -device virtio-rng-pci,rng=mute,addr=5 \
	-device virtio-rng-pci,addr=6 "${direct[@]}"
from 'a device of before virtio 1' 0 'virtio-rng at PCI 0:.*: no virtio 1 registers' "${none[@]}" \
	-device virtio-rng-pci,disable-modern=on "${direct[@]}"
from 'instructions need no device' 2 'seed from RDRAND$' -cpu max,-rdseed "${mute[@]}" \
	-device virtio-rng-pci,rng=mute "${direct[@]}"

# Each boot's seed is another, whatever it was made of.
seeds=$(sort -u seeds | wc -l)
if [ "$seeds" -eq "$(wc -l < seeds)" ] && [ "$seeds" -gt 10 ]; then ok 'no seed twice'
else not_ok 'no seed twice' "$(sort seeds | uniq -d | head -n 1), $seeds seeds"; fi

# While the program runs, the device is reset and cannot write to memory.
cat > stay.c <<'END'
#include <mini/mini.h>

int main(void)
{
	mini_printf("here\n");
	for (;;)
		;
}
END
build 'build stay' stay.c --libos minimal -o stay.elf && {
	rm -f raw
	mkfifo monitor
	timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg -m 64 -nodefaults -no-user-config -display none \
		"${none[@]}" -serial file:raw -device virtio-rng-pci,id=rng -kernel stay.elf \
		-monitor stdio < monitor > said 2> err &
	exec 3> monitor
	until grep -qs '^here' raw || ! kill -0 $! 2> /dev/null; do sleep 0.1; done
	printf '%s\n' 'info virtio-status /machine/peripheral/rng/virtio-backend' 'info mtree' quit >&3
	wait $!
	exec 3>&-
	if ! grep -q 'seed from virtio-rng' raw; then
		not_ok 'the device is let go' "$(tail -n 1 raw err | tr '\n' ' ')"
	elif ! awk '{ sub(/\r$/, "") } after && $0 == "" { none = 1 } { after = /^  status:/ } END { exit !none }' said; then
		not_ok 'the device is let go' 'it is not reset'
	elif ! grep -q '^address-space: virtio-rng-pci' said || grep -A 3 '^address-space: virtio-rng-pci' said |
		grep 'alias bus master' > /dev/null; then
		not_ok 'the device is let go' 'it is still a bus master'
	else
		ok 'the device is let go'
	fi
}

# What programs see: the same as on Linux, or a refusal that is explained once.
cat > good <<'END'
getrandom 100
random 100
getentropy 0
zero bytes 0
all 3840
too many -1 Input/output error
flags -1 Invalid argument
insecure 100
/dev/random 100
/dev/urandom 100
no memory -1 Bad address
no memory -1 Bad address
no bytes, no memory 0
bytes given
END
cat > refused <<'END'
libos-posix: random numbers are refused: this machine has neither RDSEED, RDRAND nor a working virtio-rng
getrandom -1 Input/output error
random -1 Input/output error
getentropy -1 Input/output error
zero bytes -1 Input/output error
all -1 Input/output error
too many -1 Input/output error
flags -1 Invalid argument
insecure 100
/dev/random -1 Input/output error
/dev/urandom -1 Input/output error
no memory -1 Input/output error
no memory -1 Input/output error
no bytes, no memory -1 Input/output error
bytes given
END
numbers() {
	local name=$1 want=$2
	shift 2
	qemu -kernel numbers.elf "$@"
	if cmp -s "$want" console; then ok "$name"
	else not_ok "$name" "$(diff "$want" console | grep '^[<>]' | tr '\n' ';')"; fi
}
numbers 'getrandom with RDRAND' good -cpu max
numbers 'getrandom with virtio-rng' good "${none[@]}" -device virtio-rng-pci
numbers 'getrandom refused' refused "${none[@]}"
gcc -o numbers numbers.c && ./numbers > console && {
	if cmp -s good console; then ok 'getrandom as on Linux'
	else not_ok 'getrandom as on Linux' "$(diff good console | grep '^[<>]' | tr '\n' ';')"; fi
}
exit $((bad > 0))
