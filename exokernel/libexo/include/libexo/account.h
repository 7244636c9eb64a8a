/* account.h - what this image may have and has, by the kernel's own count.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The object of an image's account, mapped read only behind the information pages and the roster,
 * under slot OWN, by who started it.  It is written while it is read: each count by itself is
 * right.
 */
#ifndef LIBEXO_ACCOUNT_H
#define LIBEXO_ACCOUNT_H

#include <exo/cap.h>
#include <exo/info.h>
#include <libexo/map.h>
#include <libexo/start.h>

/* The account, or NULL: nobody is above this environment, or it was not shown. */
static inline const volatile struct exo_account *xo_account(void)
{
	exo_va_t va = xo_start->info + (EXO_INFO_FRAMES + 1) * EXO_PAGE_SIZE;
	uint64_t entry = xo_entry(va);

	return entry && EXO_PTE_SLOT(entry) == EXO_SLOT_OWN &&
			       ((const volatile struct exo_account *)va)->version ==
				       xo_info->version
		       ? (const volatile struct exo_account *)va
		       : 0;
}

#endif
