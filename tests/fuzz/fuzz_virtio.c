/* fuzz_virtio.c - fuzz target: an entropy device that says what it likes, at boot.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Registers are memory with the input's values; while the kernel waits the device acts: it answers
 * right, late, too much, or never.  Nothing may be touched but what the standard gives the device,
 * and only bytes that it gave become the seed.
 */
#include "fuzz_boot.h"

static uint64_t device_time(void);
static void machine_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4]);
#undef rdtsc
#define rdtsc device_time
#define cpuid machine_cpuid
#include <boot/virtio_rng.c>

#define FRAME    0x123ul
#define BITS     40 /* of a physical address */
#define SECOND   100000
#define WINDOW_2 (2 * EXO_PAGE_SIZE)

struct exo_info the_info, *info = &the_info;

static struct input *from;
static uint64_t now;
static bool on_pci, lied, early; /* it said what was not so: of bytes; that they are there */
static struct {
	uint32_t reg[64 + 4]; /* what lies behind is another one's */
} function;
static uint8_t registers_text[128];
static uint64_t shown[2]; /* what the windows show: registers, bell */
static uint8_t given[SEED_BYTES];
static uint32_t gave;

exo_pfn_t boot_frames(uint64_t n)
{
	must(n == 1);
	gave = 0;
	lied = early = false;
	memset(direct(FRAME), 0, EXO_PAGE_SIZE);
	return FRAME;
}

void log_line(const char *kind, const char *format, ...)
{
	char text[128];
	va_list args;

	must(!strcmp(kind, "log"));
	va_start(args, format);
	must(fmt_vstring(text, sizeof(text), format, args) < sizeof(text));
	va_end(args);
}

static void machine_cpuid(uint32_t leaf, uint32_t sub, uint32_t r[4])
{
	must(leaf == 0x80000008 && !sub);
	r[0] = BITS | 48 << 8;
}

void invlpg(uint64_t va)
{
	must(va % EXO_PAGE_SIZE == 0);
}

/* The input's bytes where registers are; what is beside them must not matter. */
void tables_map(uint64_t va, uint64_t physical, uint64_t bytes, uint64_t flags)
{
	int which = va == WINDOW_BELL;

	must(va == WINDOW_REGISTERS || va == WINDOW_BELL);
	must(physical % EXO_PAGE_SIZE == 0 && bytes == WINDOW_2 && flags == UNCACHED);
	memset((void *)va, 0, WINDOW_2);
	shown[which] = physical;
	if (!which)
		for (size_t i = 0; i < WINDOW_2; i++)
			((uint8_t *)va)[i] = registers_text[i % sizeof(registers_text)];
}

uint32_t pci_read(uint32_t at, uint32_t reg)
{
	must(at == 0x1800 && reg < 256 && reg % 4 == 0);
	return function.reg[reg / 4];
}

void pci_write(uint32_t at, uint32_t reg, uint32_t v)
{
	must(at == 0x1800 && reg == PCI_COMMAND);
	must(!(v & 0xffff0000)); /* no status bit is cleared */
	function.reg[1] = (function.reg[1] & 0xffff0000) | v;
}

uint64_t pci_bar(uint32_t at, uint32_t n)
{
	must(at == 0x1800);
	return n < 6 ? (uint64_t)function.reg[4 + n] << (n & 1 ? 8 : 0) & ~0xful : 0;
}

bool pci_each(bool (*look)(uint32_t at, uint32_t id))
{
	return on_pci && look(0x1800, function.reg[0]);
}

/* The device's turn: is there something in the queue, and what becomes of it. */
static uint64_t device_time(void)
{
	volatile struct queue *q = (void *)(DIRECT_MAP + (FRAME << EXO_PAGE_SHIFT));
	uint64_t to = q->desc[0].address - (FRAME << EXO_PAGE_SHIFT);
	uint32_t asked = q->desc[0].bytes, n = asked;
	uint8_t how = (uint8_t)get_bytes(from, 1);

	now += how & 1 ? SECOND / 3 : 1;
	if (q->driver.index == q->device.index || !q->driver.index || how & 2)
		return now;
	must(q->desc[0].flags == 2 && !q->desc[0].next && q->driver.ring[0] == 0);
	must(early || to == offsetof(struct queue, data) + gave);
	must(early || gave + asked == SEED_BYTES);
	if (how & 4)
		n = (uint32_t)get_below(from, asked + 1);
	if (how == 0xf8)
		n = (uint32_t)get_number(from);
	lied = lied || !n || n > asked;
	for (uint32_t i = 0; i < n && i < asked && gave + i < SEED_BYTES; i++)
		q->data[gave + i] = given[gave + i] = (uint8_t)(get_bytes(from, 1) ^ i ^ 0x5a);
	gave += n < asked ? n : asked;
	q->device.ring[0].bytes = n;
	q->device.index = q->driver.index;
	if ((how & 0xf8) == 0x70) {
		q->device.index = (uint16_t)get_bytes(from, 1);
		early = true;
	}
	return now;
}

/* A function with its capabilities, in a chain that may lead anywhere. */
static void some_function(struct input *in)
{
	uint32_t at = (get_below(in, 8) ? 0x40 : 0xec) + 4 * (uint32_t)get_below(in, 4);

	memset(&function, 0, sizeof(function));
	function.reg[0] = get_below(in, 8) ? 0x10441af4 : 0x10051af4;
	function.reg[1] = get_below(in, 8) ? 1 << 20 | 7 : (uint32_t)get_bytes(in, 4);
	for (int i = 4; i < 10; i++)
		function.reg[i] = get_below(in, 8) ? 0xfe000000 + 0x10000 * (uint32_t)i
						   : (uint32_t)get_number(in);
	function.reg[13] = at | (uint32_t)get_below(in, 4);
	for (int i = 0; i < 8 && at <= 0xfc; i++) {
		uint32_t *cap = &function.reg[at / 4], how = (uint32_t)get_bytes(in, 1);
		uint32_t next = how & 0x20 ? (uint32_t)get_bytes(in, 1) : (at + 20) & 0xff;

		cap[0] = (how & 1 ? 9 : how) | next << 8 | 20 << 16 |
			 (how & 2 ? 1u + (i & 1) : (uint32_t)get_below(in, 6)) << 24;
		cap[1] = (uint32_t)get_below(in, 7);
		cap[2] = how & 4 ? (uint32_t)get_number(in) : how << 4;
		cap[3] = how & 8 ? (uint32_t)get_number(in) : 0x1000;
		cap[4] = how & 16 ? (uint32_t)get_number(in) : 4;
		at = next & 0xfc;
	}
}

/* Where the chain has the registers of a kind, or 0. */
static uint64_t expected(uint32_t type, uint32_t *multiplier, uint32_t *length)
{
	uint32_t at = function.reg[13] & 0xfc;

	for (int i = 0; at && i < 48 && function.reg[1] & 1 << 20; i++) {
		const uint32_t *cap = &function.reg[at / 4];
		uint64_t bar;
		wide place;

		at = cap[0] >> 8 & 0xfc;
		if (cap > function.reg + 59) /* five words are one */
			continue;
		bar = pci_bar(0x1800, cap[1] & 0xff);
		place = (wide)bar + cap[2];
		if ((cap[0] & 0xff) != 9 || cap[0] >> 24 != type || !bar || place % 4 ||
		    (place + cap[3]) >> BITS)
			continue;
		*multiplier = cap[4];
		*length = cap[3];
		return (uint64_t)place;
	}
	return 0;
}

static void check_place(void)
{
	uint32_t unused, length = 0, multiplier = 0;
	uint64_t common = expected(1, &unused, &length), bells = expected(2, &multiplier, &length);
	uint64_t ring;

	if (!common || !bells) {
		must(!shown[0] && !shown[1] && !gave);
		return;
	}
	must(shown[0] == (common & ~0xffful));
	memcpy(&unused, registers_text + (common + PCI_QUEUE_BELL) % EXO_PAGE_SIZE % 128, 2);
	ring = (uint64_t)(unused & 0xffff) * multiplier;
	must(shown[1] == ((bells + ring) & ~0xffful) || !gave);
	must(!gave || (ring + 2 <= length && ring % 2 == 0));
	must(!(function.reg[1] & PCI_MASTER)); /* and then it is quiet */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool there;
	struct input in = {data, data + size};
	uint8_t seed[SEED_BYTES];
	bool good;

	if (!there) {
		memory_begin();
		for (int i = 0; i < 2; i++)
			must(mmap((void *)(i ? WINDOW_BELL : WINDOW_REGISTERS), WINDOW_2,
				  PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
				  0) != MAP_FAILED);
	}
	there = true;
	from = &in;
	memset(&the_info, 0, sizeof(the_info));
	the_info.tsc_hz = SECOND;
	now = gave = 0;
	shown[0] = shown[1] = 0;
	on_pci = get_below(&in, 2);
	memset(registers_text, 0, sizeof(registers_text));
	for (size_t i = 0; i < sizeof(registers_text); i++)
		registers_text[i] =
			get_below(&in, 4) ? (uint8_t)(i % 2 == 0) : (uint8_t)get_bytes(&in, 1);
	if (on_pci)
		some_function(&in);
	for (uint64_t n = on_pci ? 0 : get_below(&in, 4); n; n--)
		the_info.device[the_info.devices++] =
			(struct exo_device){.kind = EXO_DEVICE_VIRTIO_MMIO,
					    .id = get_below(&in, 4) ? DEVICE_ENTROPY : 1,
					    .version = 1 + (uint32_t)get_below(&in, 2),
					    .address = 0xfeb00000 + 4 * get_below(&in, 1024)};
	good = virtio_rng(seed);
	if (on_pci && (function.reg[0] == 0x10441af4 || function.reg[0] == 0x10051af4))
		check_place();
	if (good && !early)
		must(gave == SEED_BYTES && !memcmp(seed, given, sizeof(seed)) && !lied);
	must(now < 20 * SECOND);
	return 0;
}
