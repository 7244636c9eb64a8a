/* claim.c - what somebody in the middle of a call has taken.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/process.h>
#include <env/thread.h>
#include <fd/message.h>
#include <fd/poll.h>

/* The place that holds f; with NULL a free one, of which there are as many as a call needs: only in
 * a handler that interrupts one there may be none. */
static struct px_file **place_of(const struct px_file *f)
{
	for (int i = 0; i < PX_CLAIMS_FILES; i++)
		if (px_this()->claims.file[i] == f)
			return &px_this()->claims.file[i];
	return NULL;
}

static void replace(const struct px_file *f, struct px_file *by)
{
	struct px_file **place = place_of(f);

	if (place)
		*place = by;
}

void px_claim(struct px_file *f)
{
	replace(NULL, f);
}

void px_claim_keep(struct px_file *f)
{
	replace(f, NULL);
}

void px_unclaim(struct px_file *f)
{
	px_enter();
	replace(f, NULL);
	px_file_put(f);
	px_leave();
}

/* In a handler that interrupts one there may be no place. */
void px_claim_vnode(struct px_vnode *v)
{
	struct px_claims *c = &px_this()->claims;

	v->refs++;
	if (!c->vnode)
		c->vnode = v;
}

void px_unclaim_vnode(struct px_vnode *v)
{
	struct px_claims *c = &px_this()->claims;

	if (c->vnode == v)
		c->vnode = NULL;
	px_vnode_put(v);
}

/* A program that is being loaded has no thread yet, and cannot be killed. */
void px_claim_page(void *page)
{
	if (px_this())
		px_this()->claims.page = page;
}

void px_unclaim_page(void *page)
{
	px_claim_page(NULL);
	if (page)
		px_page_put(page);
}

void px_claims_drop(struct px_claims *c)
{
	for (int i = 0; i < PX_CLAIMS_FILES; i++) {
		if (c->file[i])
			px_file_put(c->file[i]);
		c->file[i] = NULL;
	}
	if (c->vnode)
		px_vnode_put(c->vnode);
	c->vnode = NULL;
	if (c->page)
		px_page_put(c->page);
	c->page = NULL;
	while (c->places)
		px_polling_drop(c);
	while (c->message)
		px_message_drop(c);
	while (c->rights)
		px_rights_drop(c);
}
