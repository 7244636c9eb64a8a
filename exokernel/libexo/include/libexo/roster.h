/* roster.h - who is who: the steward's list of images, open to those that see all.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * One page, kept by the steward, behind the information pages of an image with `sees = all`, under
 * slot ROSTER.  It says what the kernel does not know: names.  It is written while it is read;
 * of an entry whose account is 0 nothing counts.
 */
#ifndef LIBEXO_ROSTER_H
#define LIBEXO_ROSTER_H

#include <exo/info.h>
#include <libexo/map.h>
#include <libexo/start.h>

#define XO_ROSTER_MAGIC 0x524554534f525845 /* "EXROSTER" */
#define XO_ROSTER_MAX   80

struct xo_image {
	char name[32];       /* zero terminated */
	uint32_t account;    /* frame of its object; 0: it has none now */
	uint32_t limit;      /* frames it may have */
	uint32_t guaranteed; /* of these, frames it keeps */
	uint32_t zero;
};

struct xo_roster {
	uint64_t magic;
	uint32_t version; /* EXO_ABI_VERSION */
	uint32_t images;  /* entries */
	uint32_t loans;	  /* account of what is lent to images beyond what they keep; 0: none */
	uint32_t zero;
	struct xo_image image[XO_ROSTER_MAX];
};
_Static_assert(sizeof(struct xo_roster) <= EXO_PAGE_SIZE, "one page");

/* The page, or NULL: there is no steward, or this image sees only itself. */
static inline const volatile struct xo_roster *xo_roster(void)
{
	const volatile struct xo_roster *r =
		(const volatile struct xo_roster *)(xo_start->info +
						    EXO_INFO_FRAMES * EXO_PAGE_SIZE);

	return xo_readable((exo_va_t)r, EXO_PAGE_SIZE) && r->magic == XO_ROSTER_MAGIC &&
			       r->version == xo_info->version
		       ? r
		       : 0;
}

#endif
