/* memory.c - frames of the images, and windows through which the steward looks at them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/start.h>
#include <libexo/string.h>
#include <mini/mini.h>

#define WINDOW_PAGES 64
#define OWN_FRAMES                                                                                 \
	448 /* what the steward itself works with, besides what its archive's tables take */

struct book book;
static exo_va_t window;

long drop(exo_cap_t slot)
{
	long r;

	while ((r = exo_cap_drop(slot)) == 1)
		;
	return r;
}

exo_pfn_t image_frames(struct image *im, uint64_t count)
{
	for (uint32_t i = 0; i < im->extents; i++) {
		exo_pfn_t pfn = im->extent[i].first + im->used[i];
		uint64_t got = 0;
		long n;

		if (im->extent[i].count - im->used[i] < count)
			continue;
		for (; got < count; got += (uint64_t)n) {
			n = exo_frame_alloc(SLOT_MEMORY_OF(im), pfn + got, count - got);
			if (n < 0) {
				if (got)
					exo_frame_free(SLOT_MEMORY_OF(im), pfn, got);
				return 0;
			}
		}
		im->used[i] += count;
		return pfn;
	}
	return 0;
}

void *window_open(exo_cap_t cap, exo_pfn_t pfn, uint64_t pages, uint32_t prot)
{
	if (pages > WINDOW_PAGES || xo_map_run(&mini_space, window, pfn, pages, prot, cap))
		return NULL;
	return (void *)window;
}

void window_close(uint64_t pages)
{
	mini_unmap(window, pages);
}

/* What is copied may be taken away while we read it: then the fault ends the copying. */
__asm__(".pushsection .text.steward_copy, \"ax\"\n"
	".globl copy_page, copy_page_gone\n"
	"copy_page:\n"
	"	mov $512, %ecx\n"
	"	rep movsq\n"
	"	mov $1, %eax\n"
	"	ret\n"
	"copy_page_gone:\n"
	"	xor %eax, %eax\n"
	"	ret\n"
	".popsection\n");
extern const char copy_page_gone[];

static bool on_fault(struct exo_frame *frame, uint64_t addr)
{
	(void)addr;
	if (frame->rip < (uint64_t)copy_page || frame->rip >= (uint64_t)copy_page_gone)
		return false;
	frame->rip = (uint64_t)copy_page_gone;
	return true;
}

void memory_init(void)
{
	struct exo_extent rest[EXO_START_RAM_MAX];

	window = mini_va(WINDOW_PAGES);
	book_begin(&book, rest, mini_frames_let_go(OWN_FRAMES, rest));
	mini_on_fault(on_fault);
}
