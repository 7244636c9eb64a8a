/* claim.h - what somebody in the middle of a call has taken, for who clears up if it is killed.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PX_CLAIM_H
#define PX_CLAIM_H

struct px_file;
struct px_vnode;
struct px_polling;
struct px_message;
struct px_rights;

#define PX_CLAIMS_FILES 3 /* as many as one call uses, and one that it makes */

struct px_claims {
	struct px_file *file[PX_CLAIMS_FILES]; /* a reference each */
	struct px_polling *places;             /* of who polls (fd/poll.c) */
	struct px_message *message;            /* of who sends or receives (fd/message.h) */
	struct px_rights *rights;              /* of who receives */
	struct px_vnode *vnode;                /* a socket that is waited for; a reference */
	void *page;                            /* of the arena, copied from or to; a reference */
};

/* Inside: a page (or none) whose reference is the calling thread's while it copies outside, and
 * then given up.  Until then it takes no signals, so there is one. */
void px_claim_page(void *page);
void px_unclaim_page(void *page);

/* A reference to a vnode, taken and given up.  Inside. */
void px_claim_vnode(struct px_vnode *v);
void px_unclaim_vnode(struct px_vnode *v);

/* Give up all of it, on behalf of who was killed.  Inside a critical section. */
void px_claims_drop(struct px_claims *c);

#endif
