/* fuzz_devices.c - fuzz target: what the command line, fw_cfg and PCI say of devices.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Command line, directory and bus are made of plans, the plans of the input; what is found must be
 * what the plan has.
 */
#include "fuzz_boot.h"
#include <setjmp.h>

#include <boot/devices.c>
#include <boot/pci.c>

#define FUNCTIONS_MOST 24

struct machine machine;
struct machine_cpus machine_cpus;
struct exo_info the_info, *info = &the_info;

static struct {
	uint64_t physical;
} probed[64];
static unsigned int probes;

/* The register window shows a transport wherever it is. */
void tables_map(uint64_t va, uint64_t physical, uint64_t bytes, uint64_t flags)
{
	(void)flags;
	must(va == WINDOW_PROBE && physical % EXO_PAGE_SIZE == 0 && bytes == 2 * EXO_PAGE_SIZE);
	must(probes < 64);
	probed[probes++].physical = physical;
}

void invlpg(uint64_t va)
{
	(void)va;
}

static void command_line(struct input *in)
{
	static uint32_t *window;
	uint64_t want[64], irq[64];
	unsigned int wants = 0, tries = 0;
	char *p = machine.command_line, *end = p + sizeof(machine.command_line) - 80;

	if (!window) {
		window = mmap((void *)WINDOW_PROBE, 2 * EXO_PAGE_SIZE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
		for (unsigned int i = 0; i < 2 * EXO_PAGE_SIZE / 4; i++)
			window[i] = MMIO_MAGIC; /* as good a device number as any */
	}
	while (p < end && in->at < in->end) {
		uint64_t how = get_bytes(in, 1),
			 address = get_number(in) & (how & 1 ? UINT32_MAX : ~0ull);

		if (how & 2) { /* anything but the key */
			*p = (char)get_bytes(in, 1);
			p += *p && *p != 'v';
			continue;
		}
		irq[wants] = get_bytes(in, how & 4 ? 1 : 4);
		p += sprintf(p,
			     how & 8 ? "virtio_mmio.device=512@%lu%c%lu "
				     : "virtio_mmio.device=0x200@0x%lx%c%lu ",
			     address, how & 16 ? '@' : ':', irq[wants]);
		if (how & 16 || address % 4 || address > UINT32_MAX)
			continue;
		tries++;
		if (wants < EXO_DEVICE_MAX)
			want[wants++] = address;
	}
	*p = 0;
	devices_probe();
	must(info->devices == wants && probes == tries);
	for (unsigned int i = 0; i < wants; i++)
		must(info->device[i].address == want[i] && info->device[i].irq == (uint32_t)irq[i]);
}

/* fw_cfg: bytes of what is selected, one by one. */
static struct {
	const uint8_t *at, *end;
} channel;
static uint8_t directory[4 + 16 * 64];
static uint8_t contents[64];
static uint16_t chosen;

void outw(uint16_t port, uint16_t v)
{
	static const uint8_t sign[] = "QEMU";

	must(port == FWCFG_SELECT);
	channel.at = v == FWCFG_SIGNATURE ? sign : v == FWCFG_DIRECTORY ? directory : contents;
	channel.end = channel.at + (v == FWCFG_SIGNATURE   ? 4
				    : v == FWCFG_DIRECTORY ? sizeof(directory)
							   : sizeof(contents));
	chosen = v;
}

uint8_t inb(uint16_t port)
{
	must(port == FWCFG_DATA);
	return channel.at < channel.end ? *channel.at++ : 0;
}

static bool refusing;
static jmp_buf refused;

void refuse(const char *format, ...)
{
	(void)format;
	must(refusing);
	longjmp(refused, 1);
}

static void configuration(struct input *in)
{
	uint32_t n = (uint32_t)get_below(in, 17), size = (uint32_t)get_below(in, 64), bytes = 0;
	char *to = malloc(size ? size : 1);
	int wanted = -1;

	memset(directory, 0, sizeof(directory));
	directory[3] = (uint8_t)n;
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *e = directory + 4 + 64 * i;

		for (int k = 2; k < 6; k++)
			e[k] = (uint8_t)get_bytes(in, k == 3 ? 1 : 0);
		e[3] %= 64;
		e[5] = (uint8_t)(64 + i);
		strcpy((char *)e + 8, get_below(in, 2) ? "opt/exo/settings" : "opt/exo/settingsx");
		for (uint64_t k = get_below(in, 20); k < 56 && get_below(in, 4) == 1; k++)
			e[8 + k] = (uint8_t)get_bytes(in, 1);
		if (wanted < 0 && !strncmp((char *)e + 8, "opt/exo/settings", 56)) {
			wanted = 64 + (int)i;
			bytes = (uint32_t)e[2] << 8 | e[3];
		}
	}
	for (unsigned int i = 0; i < sizeof(contents); i++)
		contents[i] = (uint8_t)get_bytes(in, 1);
	refusing = wanted >= 0 && bytes > size;
	if (setjmp(refused)) {
		free(to);
		return;
	}
	must(fwcfg_read("opt/exo/settings", to, size) == (wanted < 0 ? 0 : bytes));
	must(!refusing);
	if (wanted >= 0)
		must(chosen == wanted && !memcmp(to, contents, bytes));
	free(to);
}

/* PCI: a few functions anywhere. */
static struct {
	uint32_t at; /* bus, device, function, as the port has them */
	uint8_t kind, leads;
	bool seen;
} function[FUNCTIONS_MOST];
static unsigned int functions;
static uint32_t address;

void outl(uint16_t port, uint32_t v)
{
	must(port == ADDRESS);
	address = v;
}

uint32_t inl(uint16_t port)
{
	if (port == ADDRESS)
		return address;
	for (unsigned int i = 0; i < functions; i++) {
		if (function[i].at != (address & 0x00ffff00))
			continue;
		switch (address & 0xff) {
		case 0:
			return 0x12340000 + i;
		case 0x0c:
			return (uint32_t)function[i].kind << 16;
		case 0x18:
			return (uint32_t)function[i].leads << 8;
		}
		return 0;
	}
	return ~0u;
}

static bool see(uint32_t at, uint32_t id)
{
	must(id - 0x12340000 < functions && !function[id & 0xffff].seen);
	must((at & 0x00ffff00) == function[id & 0xffff].at);
	function[id & 0xffff].seen = true;
	return false;
}

static int there(uint32_t at)
{
	for (unsigned int i = 0; i < functions; i++)
		if (function[i].at == at)
			return (int)i;
	return -1;
}

/* By the standard's words: a device has function 0; others if that says so; buses by bridges. */
static bool expected(unsigned int i, const bool *reached)
{
	int first = there(function[i].at & ~0x700u);

	return reached[function[i].at >> 16] && first >= 0 &&
	       ((unsigned int)first == i || function[first].kind & MULTIFUNCTION);
}

static void bus(struct input *in)
{
	bool reached[256] = {true};

	for (functions = 0; functions < FUNCTIONS_MOST && in->at < in->end; functions++) {
		uint32_t at = (uint32_t)get_below(in, 5) << 16 | (uint32_t)(get_bytes(in, 1) & 0x1f)
									 << 8;

		if (get_below(in, 8) == 7)
			at = (uint32_t)get_bytes(in, 2) << 8;
		if (there(at) >= 0)
			break;
		function[functions].at = at;
		function[functions].seen = false;
		function[functions].kind = (uint8_t)get_bytes(in, 1);
		function[functions].kind &= 0x83;
		function[functions].leads =
			(uint8_t)get_bytes(in, 1) % (get_below(in, 2) ? 8 : 255);
	}
	for (unsigned int b = 0; b < 256; b++)
		for (unsigned int i = 0; i < functions; i++)
			if (function[i].at >> 16 == b && expected(i, reached) &&
			    (function[i].kind & ~MULTIFUNCTION) == BRIDGE && function[i].leads > b)
				reached[function[i].leads] = true;
	must(!pci_each(see));
	for (unsigned int i = 0; i < functions; i++)
		must(function[i].seen == expected(i, reached));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};

	memset(&the_info, 0, sizeof(the_info));
	probes = 0;
	switch (get_bytes(&in, 1) % 3) {
	case 0:
		command_line(&in);
		break;
	case 1:
		configuration(&in);
		break;
	default:
		bus(&in);
	}
	return 0;
}
