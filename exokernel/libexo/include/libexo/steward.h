/* steward.h - asking the steward to start another image.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * An image whose description says `loads = yes` holds a capability to call the steward in
 * EXO_SLOT_STEWARD.  Starting takes a while, and nobody waits for it in a call: the answer to a
 * request is a ticket, and a further call with the ticket asks what became of it.
 *
 * The words of a call to activation XO_STEWARD_SERVES:
 *
 *     word 0, low byte      the rest of word 0        word 1       word 2
 *     XO_ASK_START          7 bytes of the name       8 more       8 more; zeros behind its end
 *     XO_ASK_LOAD           pages of the archive      first frame  frames of memory for it
 *     XO_ASK_RESULT         0                         ticket       0
 *
 * and of its reply: word 0 is enum xo_asked; word 1 the ticket (ASKED), enum xo_refusal (REFUSED)
 * or the exit status (ENDED).
 *
 * XO_ASK_START starts an image of the list that is marked `start = no`; of a name longer than 23
 * bytes those are enough.  XO_ASK_LOAD passes a FRAMES capability with READ along and starts the
 * archive (exo/archive.h) in those frames, which is copied before it is looked at; the image
 * gets the asker's CPUs and shares its slice in equal parts with it and the others it loaded, which are asked to
 * shorten theirs (libexo/ledger.h); its copy lies in the memory it gets in addition to that asked for.  Requests are
 * looked at 10 ms after the last start at the earliest, and ever later after refusals.
 */
#ifndef LIBEXO_STEWARD_H
#define LIBEXO_STEWARD_H

#include <exo/types.h>

#define XO_STEWARD_SERVES 1
#define XO_ASK_NAME	  23

enum xo_ask {
	XO_ASK_START = 1,
	XO_ASK_LOAD = 2,
	XO_ASK_RESULT = 3,
};

enum xo_asked {
	XO_ASKED = 1,	/* accepted: ask for the result */
	XO_PENDING = 2,	/* not started yet */
	XO_STARTED = 3,
	XO_ENDED = 4,
	XO_REFUSED = 5,
};

enum xo_refusal {
	XO_REFUSED_UNKNOWN = 1,	/* no such operation, ticket or name, or one that starts by itself */
	XO_REFUSED_RUNS = 2,	/* it runs already */
	XO_REFUSED_LATER = 3,	/* too much was asked for that is not done yet */
	XO_REFUSED_FRAMES = 4,	/* they are not readable under what was passed, or not any more */
	XO_REFUSED_START = 5,	/* it cannot be started; the steward says on its console why */
};

struct xo_answer {
	enum xo_asked what;
	uint64_t code;	/* ticket, enum xo_refusal or exit status */
};

/* Ask, and fill in the answer; sleeps while the steward serves somebody else.  Return 0 or what the
 * call returned: CAP without the capability, BUSY or STATE if it served others for a second. */
long xo_ask_start(const char *name, struct xo_answer *answer);
long xo_ask_load(exo_cap_t frames, exo_pfn_t first, uint64_t pages, uint64_t memory,
		 struct xo_answer *answer);
long xo_ask_result(uint64_t ticket, struct xo_answer *answer);

#endif
