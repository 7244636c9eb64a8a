/* ledger.h - what is asked back of an environment, and what was taken from it.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Revocation is visible: who gave frames or slices asks for some by name, with
 * a deadline, and takes by force what is not given back until then.  What the
 * asked one said beforehand is honoured: frames that it wants to keep (at most
 * as many as its account is guaranteed), and places to which contents go.  What
 * went is recorded.  All this is said in one page that both have mapped; each
 * writes its own part, reads the other's once and believes none of it, and
 * whatever is wrong there harms who wrote it.
 */
#ifndef LIBEXO_LEDGER_H
#define LIBEXO_LEDGER_H

#include <exo/types.h>
#include <stdbool.h>

#define XO_LEDGER_MAGIC		0x52454744454c5845	/* "EXLEDGER" */
#define XO_LEDGER_PLACES	64
#define XO_LEDGER_KEPT		24
#define XO_LEDGER_RECORDS	32
#define XO_LEDGER_MOST		128	/* frames vacated at a time */

/* Event bit of the asked one's activation 0: look at the ledger. */
#define XO_EVENT_LEDGER		(1ull << 3)

enum xo_ledger_kind {
	XO_LEDGER_FRAMES = 1,	/* first, count: frame numbers */
	XO_LEDGER_SLICES = 2,	/* first, count: slices, EXO_SLICE_OF(cpu, slot), to be bound for slice_ns
				 * at most */
};

/* Contents of frames first .. first + count - 1, should they be taken, go to frames to .. of the
 * same account. */
struct xo_ledger_place {
	exo_pfn_t first;
	uint64_t count;
	exo_pfn_t to;
};

/* Something that was taken by force. */
struct xo_ledger_record {
	uint64_t first, count;
	exo_pfn_t to;		/* FRAMES: where the contents are; 0: lost */
	exo_ns_t when;
	uint32_t kind;
	uint32_t zero;
};

struct xo_ledger {
	uint64_t magic;
	uint32_t version;	/* EXO_ABI_VERSION */
	uint32_t bytes;		/* of this structure */
	/* The asker's part. */
	uint64_t asked;		/* number of the last request: raised when it is complete */
	uint64_t first, count;
	exo_ns_t deadline;
	uint32_t kind;		/* enum xo_ledger_kind */
	uint32_t slice_ns;	/* how long its slices may be; after the deadline, if it is asked for SLICES */
	struct exo_extent loan;	/* what it has under slot LOAN, if anything */
	uint64_t records;	/* written so far; number n is record[n mod XO_LEDGER_RECORDS] */
	struct xo_ledger_record record[XO_LEDGER_RECORDS];
	/* The asked one's part. */
	uint64_t answered;	/* number of the last request it is done with */
	uint64_t kept, places;	/* entries in use */
	struct exo_extent keep[XO_LEDGER_KEPT];
	struct xo_ledger_place place[XO_LEDGER_PLACES];
};
_Static_assert(sizeof(struct xo_ledger) <= EXO_PAGE_SIZE, "one page");

/* The asked one's side.  xo_start->ledger is the page's address. */

struct xo_ledger_request {
	uint64_t number;
	uint32_t kind;
	uint64_t first, count;
	exo_ns_t deadline;
	exo_ns_t slice_ns;	/* SLICES */
};

/* Is there a request that was not answered yet?  Then it is copied to *r; its range does not wrap.  False also if there is no ledger or it is of another version. */
bool xo_ledger_asked(struct xo_ledger_request *r);

/* Done with request r, whether all of it was given back or not: who asked need not wait for the
 * deadline. */
void xo_ledger_answer(const struct xo_ledger_request *r);

/* How long the ledger says now that slices may be goes into the start block, which xo_cpu_bind
 * (libexo/cpu.h) takes it from.  Call it when asked for SLICES, and when the event comes without a request: they may be
 * longer again. */
void xo_ledger_slices(void);

/* Never take these, as far as the guarantee goes.  Returns 0, or -LIMIT: no entry is left. */
long xo_ledger_keep(exo_pfn_t first, uint64_t count);

/* Where contents go (to 0: nowhere any more).  Returns 0, or -LIMIT: no entry is left. */
long xo_ledger_place(exo_pfn_t first, uint64_t count, exo_pfn_t to);

/* Is there a record that frame `pfn` was taken?  *to: where its contents are, 0: lost. */
bool xo_ledger_find(exo_pfn_t pfn, exo_pfn_t *to);

/* The next record that *seen (0 at first) does not count yet.  False if there is none; records that were
 * overwritten meanwhile are passed over. */
bool xo_ledger_taken(uint64_t *seen, struct xo_ledger_record *record);

/* Move what is mapped in frames [first, first + count), at most XO_LEDGER_MOST of them, to other
 * frames, and give them back.  All 4 KiB mappings that the caller made under slot `memory` are changed; frames of
 * other uses stay.  The page at `scratch` must have its table and be free.  spare(context) returns
 * a frame of the account under that slot, outside the range, or 0; moved(context, from, to) is told of each.  No other activation may use
 * the pages meanwhile but for reading.  Returns how many frames of the range were given back. */
struct xo_vacate {
	exo_cap_t memory;	/* FRAMES with ALLOC, READ and WRITE */
	exo_pfn_t (*spare)(void *context);
	void (*moved)(void *context, exo_pfn_t from, exo_pfn_t to);
	void *context;
	exo_va_t scratch;
};
uint64_t xo_ledger_vacate(exo_pfn_t first, uint64_t count, const struct xo_vacate *how);

/* The asker's side. */

/* Make the page ready. */
void xo_ledger_init(struct xo_ledger *l);

/* Write a request; then set XO_EVENT_LEDGER.  Returns its number. */
uint64_t xo_ledger_ask(struct xo_ledger *l, uint32_t kind, uint64_t first, uint64_t count,
		       exo_ns_t deadline);

/* Was request `number` answered? */
bool xo_ledger_answered(const struct xo_ledger *l, uint64_t number);

/* Note what was taken.  What goes on where the last record ended lengthens that. */
void xo_ledger_note(struct xo_ledger *l, const struct xo_ledger_record *record);

/* Taking frames [at, end) by force, in steps: see xo_reclaim_step. */
struct xo_reclaim {
	struct xo_ledger *ledger;	/* the asked one's; NULL: it has none */
	exo_cap_t memory;		/* FRAMES with ALLOC and READ over them, of an account above theirs */
	exo_cap_t theirs;		/* FRAMES with WRITE: the same frames of their account */
	exo_va_t scratch;		/* two pages of the caller's, free, with their table */
	uint64_t guaranteed;		/* how many frames they may keep */
	exo_pfn_t at, end;
	uint64_t got;			/* frames that are the caller's now */
	uint64_t left;			/* frames that stayed where they were */
};

/* One step, a few calls long: free frames are taken, those in use by force, with their contents to the
 * place that was named.  Frames they keep, kernel objects and wired frames stay, and so do all
 * when the guarantee is reached.  Returns true while there is more to do. */
bool xo_reclaim_step(struct xo_reclaim *r);

#endif
