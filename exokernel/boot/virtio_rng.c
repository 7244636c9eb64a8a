/* virtio_rng.c - random bytes from a virtio entropy device, once, at boot.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Virtual I/O Device 1.1: 2.6 (split queue), 3.1.1 (initialization), 4.1 (PCI),
 * 4.2 (MMIO), 5.4 (entropy device).  No interrupts, one request at a time, and
 * no wait without an end.  Queue and buffer lie in a frame that stays the
 * kernel's, so a device that ignores its reset writes into nobody's memory.
 */
#include <boot/boot.h>
#include <boot/seed.h>
#include <core/info.h>
#include <core/log.h>
#include <util/fmt.h>

#define WINDOW_REGISTERS (WINDOW + 0xa000)
#define WINDOW_BELL      (WINDOW + 0xc000)
#define UNCACHED         (EXO_PTE_PRESENT | EXO_PTE_WRITE | EXO_PTE_NOEXEC | 0x18)
#define DEVICE_ENTROPY   4
#define QUEUE            0
#define QUEUE_ENTRIES    1
#define PCI_VENDOR       0x1af4
#define PCI_COMMAND      4
#define PCI_MEMORY       2
#define PCI_MASTER       4
#define CAPABILITY       20 /* bytes of one */

enum status { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 };

/* Features 32 and 33, which stand alone in the upper word: the device is as the
 * standard says, and addresses are the platform's, without an IOMMU physical. */
#define VERSION_1       1u
#define ACCESS_PLATFORM 2u

/* The registers both transports have, 64-bit addresses as two halves. */
enum reg {
	OFFERS_SELECT,
	OFFERS,
	TAKES_SELECT,
	TAKES,
	STATE,
	QUEUE_SELECT,
	QUEUE_MAX,
	QUEUE_SIZE,
	QUEUE_READY,
	QUEUE_DESC,
	QUEUE_DRIVER,
	QUEUE_DEVICE,
	REGISTERS
};

struct transport {
	uint8_t at, bytes;
};

static const struct transport mmio[REGISTERS] = {
	{0x14, 4}, {0x10, 4}, {0x24, 4}, {0x20, 4}, {0x70, 4}, {0x30, 4},
	{0x34, 4}, {0x38, 4}, {0x44, 4}, {0x80, 4}, {0x90, 4}, {0xa0, 4},
};
static const struct transport pci[REGISTERS] = {
	{0, 4},  {4, 4},  {8, 4},  {12, 4}, {20, 1}, {22, 2},
	{24, 2}, {24, 2}, {28, 2}, {32, 4}, {40, 4}, {48, 4},
};
/* 4.2.4: what the older registers at the same place have instead of addresses. */
enum legacy { LEGACY_PAGE_SIZE = 0x28, LEGACY_ALIGN = 0x3c, LEGACY_FRAME = 0x40 };
#define MMIO_BELL      0x50
#define PCI_QUEUE_BELL 30

static const struct transport *transport;
static bool legacy;
static volatile char *registers, *bell;

/* 2.6: the three parts of a split queue of one entry, and what it points to. */
static volatile struct queue {
	struct {
		uint64_t address;
		uint32_t bytes;
		uint16_t flags, next;
	} desc[QUEUE_ENTRIES];
	struct {
		uint16_t flags, index, ring[QUEUE_ENTRIES], event;
	} driver;
	struct {
		uint16_t flags, index;
		struct {
			uint32_t id, bytes;
		} ring[QUEUE_ENTRIES];
		uint16_t event;
	} device;
	uint8_t data[SEED_BYTES];
} * queue;

static uint32_t get(enum reg r)
{
	volatile char *p = registers + transport[r].at;

	return transport[r].bytes == 4   ? *(volatile uint32_t *)p
	       : transport[r].bytes == 2 ? *(volatile uint16_t *)p
					 : *(volatile uint8_t *)p;
}

static void put(enum reg r, uint32_t v)
{
	volatile char *p = registers + transport[r].at;

	if (transport[r].bytes == 4)
		*(volatile uint32_t *)p = v;
	else if (transport[r].bytes == 2)
		*(volatile uint16_t *)p = v;
	else
		*(volatile uint8_t *)p = v;
}

static uint64_t physical(const volatile void *in_queue)
{
	return (uint64_t)in_queue - DIRECT_MAP;
}

static void put_address(enum reg r, const volatile void *p)
{
	*(volatile uint32_t *)(registers + transport[r].at) = physical(p);
	*(volatile uint32_t *)(registers + transport[r].at + 4) = physical(p) >> 32;
}

static bool reset(uint64_t give_up)
{
	put(STATE, 0);
	while (get(STATE))
		if (rdtsc() > give_up)
			return false;
	return true;
}

/* Ask until all bytes are there; a device may give fewer than it was asked for. */
static const char *fetch(uint64_t give_up)
{
	uint32_t have = 0;

	for (uint16_t turn = 1; have < SEED_BYTES; turn++) {
		uint32_t got;

		queue->desc[0].address = physical(&queue->data[have]);
		queue->desc[0].bytes = SEED_BYTES - have;
		queue->desc[0].flags = 2; /* the device writes */
		queue->driver.flags = 1;  /* and does not interrupt */
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		queue->driver.index = turn;
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (transport == pci)
			*(volatile uint16_t *)bell = QUEUE;
		else
			*(volatile uint32_t *)bell = QUEUE;
		while (queue->device.index != turn)
			if (rdtsc() > give_up)
				return "it gives no bytes";
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		got = queue->device.ring[0].bytes;
		if (!got || got > SEED_BYTES - have)
			return "it says it gave what it was not asked for";
		have += got;
	}
	return NULL;
}

static void put_legacy(enum legacy at, uint32_t v)
{
	*(volatile uint32_t *)(registers + at) = v;
}

/* One piece of memory, where the parts follow each other as in struct queue. */
static bool legacy_queue(void)
{
	put(TAKES_SELECT, 0);
	put(TAKES, 0);
	put_legacy(LEGACY_PAGE_SIZE, EXO_PAGE_SIZE);
	put(QUEUE_SELECT, QUEUE);
	if (get(QUEUE_MAX) < QUEUE_ENTRIES)
		return false;
	put(QUEUE_SIZE, QUEUE_ENTRIES);
	put_legacy(LEGACY_ALIGN, 4);
	put_legacy(LEGACY_FRAME, physical(queue) / EXO_PAGE_SIZE);
	put(STATE, ACKNOWLEDGE | DRIVER | DRIVER_OK);
	return true;
}

/* Why it did not go, or NULL: the bytes are in queue->data. */
static const char *start_and_fetch(uint64_t give_up)
{
	uint32_t offered;

	if (!reset(give_up))
		return "it ignores the reset";
	put(STATE, ACKNOWLEDGE);
	put(STATE, ACKNOWLEDGE | DRIVER);
	if (legacy)
		return legacy_queue() ? fetch(give_up) : "it has no queue";
	put(OFFERS_SELECT, 1);
	offered = get(OFFERS);
	if (!(offered & VERSION_1))
		return "it is older than virtio 1.0";
	put(TAKES_SELECT, 0);
	put(TAKES, 0);
	put(TAKES_SELECT, 1);
	put(TAKES, offered & (VERSION_1 | ACCESS_PLATFORM));
	put(STATE, ACKNOWLEDGE | DRIVER | FEATURES_OK);
	if (!(get(STATE) & FEATURES_OK))
		return "it wants features that are not there";
	put(QUEUE_SELECT, QUEUE);
	if (get(QUEUE_MAX) < QUEUE_ENTRIES)
		return "it has no queue";
	put(QUEUE_SIZE, QUEUE_ENTRIES);
	put_address(QUEUE_DESC, queue->desc);
	put_address(QUEUE_DRIVER, &queue->driver);
	put_address(QUEUE_DEVICE, &queue->device);
	put(QUEUE_READY, 1);
	put(STATE, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
	return fetch(give_up);
}

static bool use(const char *where)
{
	uint64_t second = info->tsc_hz;
	const char *why;

	queue = direct(boot_frames(1));
	why = start_and_fetch(rdtsc() + 3 * second); /* whoever emulates it may be slow */
	reset(rdtsc() + second);
	if (why)
		log_line("log", "virtio-rng at %s: %s", where, why);
	return !why;
}

static volatile char *show(uint64_t window, uint64_t address)
{
	tables_map(window, address & ~(EXO_PAGE_SIZE - 1ul), 2 * EXO_PAGE_SIZE, UNCACHED);
	invlpg(window);
	invlpg(window + EXO_PAGE_SIZE);
	return (volatile char *)(window + address % EXO_PAGE_SIZE);
}

/* 4.1.4: the capability of this type, its place in physical memory, or 0. */
static uint64_t structure(uint32_t at, uint32_t type, uint32_t *capability)
{
	uint32_t p = pci_read(at, 0x34) & 0xfc, head, r[4];

	cpuid(0x80000008, 0, r);
	if (!(pci_read(at, PCI_COMMAND) & 1 << 20)) /* no list */
		return 0;
	for (int i = 0; p && i < 48; i++, p = head >> 8 & 0xfc) {
		uint64_t bar, end;

		head = pci_read(at, p);
		if ((head & 0xff) != 9 || head >> 24 != type || p + CAPABILITY > 256)
			continue;
		bar = pci_bar(at, pci_read(at, p + 4) & 0xff);
		end = pci_read(at, p + 8) + (uint64_t)pci_read(at, p + 12);
		if (!bar || (bar | (bar + end)) >> (r[0] & 0xff) || pci_read(at, p + 8) % 4)
			continue;
		*capability = p;
		return bar + pci_read(at, p + 8);
	}
	return 0;
}

static bool use_pci(uint32_t at, uint32_t id)
{
	char where[16];
	uint32_t command, cap, common_cap;
	uint64_t common, doorbell, ring;
	bool good;

	if (id != (PCI_VENDOR | (0x1040u + DEVICE_ENTROPY) << 16) &&
	    id != (PCI_VENDOR | 0x1005u << 16))
		return false;
	fmt_string(where, sizeof(where), "PCI %x:%x.%x", at >> 16 & 0xff, at >> 11 & 31,
		   at >> 8 & 7);
	common = structure(at, 1, &common_cap);
	doorbell = structure(at, 2, &cap);
	if (!common || !doorbell) {
		log_line("log", "virtio-rng at %s: no virtio 1 registers with an address", where);
		return false;
	}
	/* The upper half is the status, whose bits are cleared by writing ones. */
	command = pci_read(at, PCI_COMMAND) & 0xffff;
	pci_write(at, PCI_COMMAND, command | PCI_MEMORY | PCI_MASTER);
	transport = pci;
	legacy = false;
	registers = show(WINDOW_REGISTERS, common);
	put(QUEUE_SELECT, QUEUE);
	ring = (uint64_t) * (volatile uint16_t *)(registers + PCI_QUEUE_BELL) *
	       pci_read(at, cap + 16);
	bell = show(WINDOW_BELL, doorbell + ring);
	good = ring % 2 == 0 && ring + 2 <= pci_read(at, cap + 12) && use(where);
	pci_write(at, PCI_COMMAND, command & ~PCI_MASTER);
	return good;
}

static bool use_mmio(void)
{
	char where[32];

	for (uint32_t i = 0; i < info->devices; i++) {
		const struct exo_device *d = &info->device[i];

		if (d->kind != EXO_DEVICE_VIRTIO_MMIO || d->id != DEVICE_ENTROPY)
			continue;
		transport = mmio;
		registers = show(WINDOW_REGISTERS, d->address);
		bell = registers + MMIO_BELL;
		legacy = d->version == 1;
		fmt_string(where, sizeof(where), "address %lx", d->address);
		if (use(where))
			return true;
	}
	return false;
}

bool virtio_rng(uint8_t to[SEED_BYTES])
{
	if (!use_mmio() && !pci_each(use_pci))
		return false;
	for (uint32_t i = 0; i < SEED_BYTES; i++)
		to[i] = queue->data[i];
	return true;
}
