/* claim.h - what somebody in the middle of a call has taken, for who clears up if it is killed.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_CLAIM_H
#define PX_CLAIM_H

struct px_file;
struct px_polling;
struct px_message;

#define PX_CLAIMS_FILES 3 /* as many as one call uses, and one that it makes */

struct px_claims {
	struct px_file *file[PX_CLAIMS_FILES]; /* a reference each */
	struct px_polling *places;             /* of who polls (fd/poll.c) */
	struct px_message *message;            /* of who sends (fd/message.c) */
};

/* Give up all of it, on behalf of who was killed.  Inside a critical section. */
void px_claims_drop(struct px_claims *c);

#endif
