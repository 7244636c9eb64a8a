/* main.c - a program that pages against a compressed store of its own.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Its data is larger than the memory it allows itself: RESIDENT frames hold
 * pages as they are, the rest lie compressed in cells of STORE_PAGES pages.
 * A page fault throws out the page that came in first.
 */
#include "lz.h"

#include <mini/mini.h>

#define DATA_PAGES  1024
#define RESIDENT    64
#define STORE_PAGES 280
#define CELL_BYTES  64
#define CELLS       (STORE_PAGES * EXO_PAGE_SIZE / CELL_BYTES)
#define NONE        0xffff

/* A compressed page is a chain of cells. */
struct cell {
	uint16_t next;
	uint8_t bytes[CELL_BYTES - 2];
};

static struct cell *store;
static uint16_t free_cell;
static unsigned free_cells, fewest_free = CELLS;

static exo_va_t data;
static exo_pfn_t frame_of[RESIDENT];
static uint16_t page_in[RESIDENT]; /* which page has the frame; NONE: no page yet */
static unsigned oldest;
static struct {
	uint16_t cell, bytes; /* bytes = 0: never used, all zeros */
} stored[DATA_PAGES];
static unsigned faults, thrown_out;

static bool put_away(unsigned page)
{
	static uint8_t packed[LZ_WORST];
	unsigned n = lz_pack(packed, (const uint8_t *)data + page * EXO_PAGE_SIZE), at = 0;
	uint16_t *link = &stored[page].cell;

	if ((n + sizeof(store->bytes) - 1) / sizeof(store->bytes) > free_cells)
		return false;
	stored[page].bytes = n;
	while (at < n) {
		unsigned part = n - at < sizeof(store->bytes) ? n - at : sizeof(store->bytes);

		*link = free_cell;
		link = &store[free_cell].next;
		memcpy(store[free_cell].bytes, packed + at, part);
		free_cell = *link;
		free_cells--;
		at += part;
	}
	if (free_cells < fewest_free)
		fewest_free = free_cells;
	thrown_out++;
	return true;
}

static bool fetch(unsigned page)
{
	static uint8_t packed[LZ_WORST];
	uint8_t *to = (uint8_t *)data + page * EXO_PAGE_SIZE;
	unsigned n = stored[page].bytes;
	uint16_t c = stored[page].cell;

	if (!n) {
		memset(to, 0, EXO_PAGE_SIZE);
		return true;
	}
	for (unsigned at = 0; at < n; at += sizeof(store->bytes)) {
		unsigned part = n - at < sizeof(store->bytes) ? n - at : sizeof(store->bytes);
		uint16_t next = store[c].next;

		memcpy(packed + at, store[c].bytes, part);
		store[c].next = free_cell;
		free_cell = c;
		free_cells++;
		c = next;
	}
	stored[page].bytes = 0;
	return lz_unpack(to, packed, n);
}

static bool serve(struct exo_frame *frame, uint64_t addr)
{
	unsigned page = (addr - data) / EXO_PAGE_SIZE, i = oldest, out = page_in[i];

	(void)frame;
	if (addr - data >= DATA_PAGES * EXO_PAGE_SIZE)
		return false;
	faults++;
	oldest = (oldest + 1) % RESIDENT;
	if (out != NONE && (!put_away(out) || mini_unmap(data + out * EXO_PAGE_SIZE, 1)))
		return false;
	if (mini_map_pages(data + page * EXO_PAGE_SIZE, frame_of[i], 1,
			   EXO_PROT_READ | EXO_PROT_WRITE))
		return false;
	page_in[i] = page;
	return fetch(page);
}

/* What stands at `at` after `round` rounds: words that repeat, some that do not. */
static uint32_t content(unsigned at, unsigned round)
{
	return at % 16 < 14 ? at / 1024 * 7 + round : (at + round) * 2654435761u;
}

static void begin(void)
{
	store = mini_alloc(STORE_PAGES);
	data = mini_va(DATA_PAGES);
	for (unsigned i = 0; i < RESIDENT; i++) {
		frame_of[i] = mini_frame();
		page_in[i] = NONE;
		if (!frame_of[i] || !store) {
			mini_printf("zpager: too little memory\n");
			mini_exit(1);
		}
	}
	for (unsigned i = 0; i < CELLS; i++)
		store[i].next = i + 1;
	free_cells = CELLS;
	mini_on_fault(serve);
}

/* Visit each page once, in an order that is not theirs. */
static unsigned visit(unsigned i)
{
	return i * 389 % DATA_PAGES;
}

int main(void)
{
	unsigned words = EXO_PAGE_SIZE / sizeof(uint32_t), wrong = 0;
	volatile uint32_t *word;

	begin();
	for (unsigned round = 0; round < 3; round++)
		for (unsigned i = 0; i < DATA_PAGES; i++)
			for (unsigned j = 0; j < words; j++) {
				unsigned at = visit(i) * words + j;

				word = (volatile uint32_t *)data + at;
				wrong += *word != (round ? content(at, round) : 0);
				*word = content(at, round + 1);
			}
	for (unsigned at = 0; at < DATA_PAGES * words; at++)
		wrong += ((volatile uint32_t *)data)[at] != content(at, 3);
	mini_printf("zpager: %d pages of data in %d frames and a store of %d\n", DATA_PAGES,
		    RESIDENT, STORE_PAGES);
	mini_printf("zpager: %u faults, %u pages compressed, %u of %u cells used at most\n", faults,
		    thrown_out, CELLS - fewest_free, CELLS);
	mini_printf("zpager: %u words wrong\n", wrong);
	return wrong != 0;
}
