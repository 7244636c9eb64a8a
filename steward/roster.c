/* roster.c - the page that tells who is who to images that see all (libexo/roster.h).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "steward.h"

#include <exo/version.h>
#include <libexo/roster.h>
#include <libexo/string.h>
#include <mini/mini.h>

_Static_assert(IMAGES_MAX <= XO_ROSTER_MAX, "an entry for each");
_Static_assert(SHARE_NAME_MAX < sizeof(((struct xo_image *)0)->name), "room for each name");

/* A page of its own, because it is shown as a whole. */
static union {
	struct xo_roster roster;
	char page[EXO_PAGE_SIZE];
} shown __attribute__((aligned(EXO_PAGE_SIZE)));

void roster_tell(const struct image *im)
{
	struct xo_image *i = &shown.roster.image[im - images];

	__atomic_store_n(&i->account, 0, __ATOMIC_RELEASE);
	memcpy(i->name, im->share.name, sizeof(im->share.name));
	i->limit = (uint32_t)im->share.memory;
	i->guaranteed = (uint32_t)im->share.guaranteed;
	__atomic_store_n(&i->account, (uint32_t)im->account, __ATOMIC_RELEASE);
	if (shown.roster.images < image_count)
		shown.roster.images = image_count;
}

void roster_loans(exo_pfn_t account)
{
	shown.roster.loans = (uint32_t)account;
}

exo_pfn_t roster_pfn(void)
{
	return mini_frame_at((exo_va_t)&shown);
}

void roster_init(void)
{
	shown.roster.magic = XO_ROSTER_MAGIC;
	shown.roster.version = EXO_ABI_VERSION;
}
