/* devices.c - devices found without a bus to ask: virtio-mmio, fw_cfg.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * QEMU's microvm names its virtio-mmio transports on the command line when it
 * has no ACPI, and in AML when it has; there they lie where QEMU lays them out
 * (hw/i386/microvm.c: 512 bytes each from 0xfeb00000).  Only a PVH guest of a
 * hypervisor with hardware-reduced ACPI looks for them.
 */
#include <boot/boot.h>
#include <core/info.h>

#define MMIO_BASE    0xfeb00000
#define MMIO_STRIDE  0x200
#define MMIO_MAGIC   0x74726976 /* Virtual I/O Device 1.2, section 4.2.2 */
#define WINDOW_PROBE (WINDOW + 0x8000)

static void probe(uint64_t physical, uint32_t irq)
{
	const volatile uint32_t *r;

	/* two pages: it may lie across their border */
	tables_map(WINDOW_PROBE, physical & ~(EXO_PAGE_SIZE - 1ul), 2 * EXO_PAGE_SIZE,
		   EXO_PTE_PRESENT | EXO_PTE_NOEXEC | 0x18);
	invlpg(WINDOW_PROBE);
	invlpg(WINDOW_PROBE + EXO_PAGE_SIZE);
	r = (const volatile uint32_t *)(WINDOW_PROBE + physical % EXO_PAGE_SIZE);
	if (r[0] != MMIO_MAGIC || r[2] == 0 || info->devices == EXO_DEVICE_MAX)
		return;
	info->device[info->devices++] = (struct exo_device){.kind = EXO_DEVICE_VIRTIO_MMIO,
							    .id = r[2],
							    .address = physical,
							    .irq = irq,
							    .version = r[1]};
}

static uint64_t number(const char **p)
{
	uint64_t v = 0;
	int base = 10;

	if ((*p)[0] == '0' && (*p)[1] == 'x') {
		base = 16;
		*p += 2;
	}
	for (;; (*p)++) {
		int d = **p >= '0' && **p <= '9'   ? **p - '0'
			: **p >= 'a' && **p <= 'f' ? **p - 'a' + 10
						   : 99;
		if (d >= base)
			return v;
		v = v * base + d;
	}
}

/* virtio_mmio.device=SIZE@ADDRESS:IRQ */
static void probe_command_line(void)
{
	static const char key[] = "virtio_mmio.device=";
	const char *p = machine.command_line;

	for (; *p; p++) {
		uint64_t at;

		if (!same(p, key, sizeof(key) - 1))
			continue;
		p += sizeof(key) - 1;
		while (*p && *p != '@' && *p != ' ')
			p++;
		if (*p++ != '@') {
			p--; /* it may be the end */
			if (!*p)
				return;
			continue;
		}
		at = number(&p);
		if (*p != ':' || at % 4 || at >> 32)
			continue;
		p++;
		probe(at, number(&p));
		p--;
	}
}

void devices_probe(void)
{
	uint32_t first = machine_cpus.second_ioapic;

	probe_command_line();
	if (!machine.pvh || !machine_cpus.reduced || !on_hypervisor())
		return;
	for (uint32_t i = 0; i < (first ? 24 : 8); i++)
		probe(MMIO_BASE + i * MMIO_STRIDE, (first ? first : 16) + i);
}

/* QEMU's firmware configuration device (docs/specs/fw_cfg.rst). */
#define FWCFG_SELECT    0x510
#define FWCFG_DATA      0x511
#define FWCFG_SIGNATURE 0
#define FWCFG_CPUS      5
#define FWCFG_DIRECTORY 0x19

static uint32_t fwcfg_big(int bytes)
{
	uint32_t v = 0;

	while (bytes--)
		v = v << 8 | inb(FWCFG_DATA);
	return v;
}

static bool fwcfg_there(void)
{
	if (!on_hypervisor())
		return false;
	outw(FWCFG_SELECT, FWCFG_SIGNATURE);
	return fwcfg_big(4) == 0x51454d55;
}

uint32_t fwcfg_cpus(void)
{
	uint32_t n;

	if (!fwcfg_there())
		return 0;
	outw(FWCFG_SELECT, FWCFG_CPUS);
	n = inb(FWCFG_DATA);
	n |= inb(FWCFG_DATA) << 8;
	return n < EXO_CPU_MAX ? n : EXO_CPU_MAX;
}

uint32_t fwcfg_read(const char *name, char *buf, uint32_t size)
{
	uint32_t bytes, select, entries;
	char entry[56];

	if (!fwcfg_there())
		return 0;
	outw(FWCFG_SELECT, FWCFG_DIRECTORY);
	for (entries = fwcfg_big(4); entries; entries--) {
		bytes = fwcfg_big(4);
		select = fwcfg_big(4) >> 16;
		for (uint32_t i = 0; i < sizeof(entry); i++)
			entry[i] = inb(FWCFG_DATA);
		entry[sizeof(entry) - 1] = 0;
		if (!same(entry, name, sizeof(entry)))
			continue;
		if (bytes > size)
			refuse("the settings given at boot take %u bytes; %u is the limit", bytes,
			       size);
		outw(FWCFG_SELECT, select);
		for (uint32_t i = 0; i < bytes; i++)
			buf[i] = inb(FWCFG_DATA);
		return bytes;
	}
	return 0;
}
