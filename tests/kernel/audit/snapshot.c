/* snapshot.c - copies of the kernel's tables, through what it exposes.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Everything that this needs for itself is taken before the first copy, since taking it changes
 * the tables.
 */
#include "audit.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/frames.h>
#include <libexo/start.h>
#include <libexo/string.h>

#include <ktest.h>

#define FRAMES_MAX 0x20000 /* of a machine that is looked at */

static struct audit audit;
static exo_pfn_t first_copy; /* of the copies */
static const volatile struct exo_frame_state *table;
static const volatile struct exo_slice *slices[EXO_CPU_MAX];

static void *pages(uint64_t bytes)
{
	return kt_pages((bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE);
}

static bool prepare(void)
{
	exo_va_t va = kt_va(AUDIT_COPIES);

	audit.pfn_end = xo_info->pfn_end;
	audit.info = xo_info->pfn;
	audit.cpus = kt_cpus();
	if (xo_start->console)
		audit.console = (xo_entry(xo_start->console) & EXO_PTE_FRAME) / EXO_PAGE_SIZE;
	audit.frame = pages(audit.pfn_end * sizeof(*audit.frame));
	audit.copy = pages(audit.pfn_end * sizeof(*audit.copy));
	audit.maps = pages(audit.pfn_end * sizeof(*audit.maps));
	audit.wired = pages(audit.pfn_end * sizeof(*audit.wired));
	for (uint32_t n = 0; n < audit.cpus; n++) {
		audit.slice[n] = pages(EXO_PAGE_SIZE);
		slices[n] = xo_slice_table(&kt_space, kt_va(1), n);
		if (!audit.slice[n] || !slices[n])
			return false;
	}
	table = xo_frame_table(&kt_space, kt_va(xo_frame_table_pages()));
	first_copy = kt_frames(AUDIT_COPIES);
	audit.copies = (char *)va;
	return audit.frame && audit.copy && audit.maps && audit.wired && table && first_copy &&
	       !kt_map(va, first_copy, AUDIT_COPIES, KT_RW);
}

struct audit *audit_snapshot(void)
{
	uint16_t n = 0;

	if (!table && !prepare())
		return NULL;
	for (exo_pfn_t pfn = 0; pfn < audit.pfn_end; pfn++) {
		audit.copy[pfn] = 0;
		if (table[pfn].type < EXO_FRAME_TABLE1)
			continue;
		if (n == AUDIT_COPIES)
			return NULL;
		if (!exo_object_copy(EXO_SLOT_MEMORY, pfn, first_copy + n))
			audit.copy[pfn] = ++n;
	}
	for (uint32_t i = 0; i < audit.cpus; i++)
		memcpy(audit.slice[i], (const void *)slices[i], EXO_PAGE_SIZE);
	memcpy(audit.frame, (const void *)table, audit.pfn_end * sizeof(*audit.frame));
	return &audit;
}

#define SAID_MAX 20 /* findings of one look that are told */

static unsigned said;

static void say(const char *what, uint64_t at, uint64_t more)
{
	if (said++ < SAID_MAX)
		kt_printf("# audit: %s: %lx, %lx\n", what, at, more);
}

/* While other CPUs go on a copy may be of two moments: what is wrong is wrong three times. */
bool kt_audit(void)
{
	struct audit *a;

	if (xo_info->pfn_end > FRAMES_MAX)
		return true; /* one of few frames and large holes: its tables would fill it */
	for (int i = 0; i < 3; i++) {
		a = audit_snapshot();
		if (!KT_OK(a))
			return false;
		a->say = i == 2 ? say : NULL;
		said = 0;
		if (!audit_check(a))
			return true;
		kt_pause();
	}
	return false;
}
