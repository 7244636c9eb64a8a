/* spec.h - what each call must return and change: the contract of exo/syscalls.def as a model.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The model knows nothing of lists, counters, generations or page tables: it walks all there is
 * and counts.  Where the contract leaves something open - which of several errors, how much one
 * step of a long call does - it takes what the kernel did, after looking whether that is allowed.
 */
#ifndef PROVE_SPEC_H
#define PROVE_SPEC_H

#include "op.h"
#include "world.h"

struct ask {
	struct world *w;          /* before; the model makes it what it must be after */
	const struct world *seen; /* what the kernel made of it */
	uint8_t self;             /* home of the caller, NOBODY: an interrupt */
	uint8_t cpu;              /* on which it runs, where the kernel decides that */
	bool may_hand_over;
	uint64_t a[6];
	long r;          /* what the kernel returned */
	uint32_t errors; /* bits 1 << EXO_E_*: each would be right, */
	uint32_t may;    /* and each of these, if there is no error */
	uint64_t badge;  /* of a call */
};

/* NULL, or why the kernel is wrong. */
const char *spec(struct world *w, const struct op *op, long r, const struct world *seen);

/* Has the call failed?  *wrong: and should not have, or with another error, or should have. */
bool failed(struct ask *k, const char **wrong);

#define W_ENV_RIGHTS                                                                               \
	(EXO_RIGHT_MAP | EXO_RIGHT_CONTROL | EXO_RIGHT_NOTIFY | EXO_RIGHT_YIELD | EXO_RIGHT_GIVE | \
	 EXO_RIGHT_CALL | EXO_RIGHT_DERIVE)
#define W_ACCOUNT_RIGHTS (EXO_RIGHT_CHARGE | EXO_RIGHT_LIMIT | EXO_RIGHT_DERIVE)

#define WRONG(k, condition, error)                                                                 \
	do {                                                                                       \
		if (condition)                                                                     \
			(k)->errors |= 1u << EXO_E_##error;                                        \
	} while (0)

/* A slot of a table: NULL if there is none of that number. */
struct w_cap *cap_at(struct world *w, uint8_t h, uint64_t number);

/* The same if it can be used as this, with all these rights; NULL (and CAP is an error). */
struct w_cap *cap_ask(struct ask *k, uint8_t h, uint64_t number, int kind, unsigned rights);

/* Home of the environment that a slot of the caller names; NOBODY, and the error is noted. */
uint8_t env_ask(struct ask *k, uint64_t number, unsigned rights);

/* Home of the account that it names, alive; NOBODY, and CAP is noted. */
uint8_t account_ask(struct ask *k, uint64_t number, unsigned rights);

bool cap_usable(const struct world *w, const struct w_cap *c);
bool covers(const struct w_cap *c, uint64_t first, uint64_t count);
bool below(const struct world *w, uint8_t account, uint8_t above);
bool descends(const struct world *w, uint8_t h, uint8_t s, uint8_t above, uint8_t above_slot);
bool slice_covered(const struct w_cap *c, uint32_t cpu, uint32_t slice);

/* May the frame become an object under this capability?  Errors are noted. */
void become_ask(struct ask *k, const struct w_cap *c, uint64_t pfn);

/* A frame that is there. */
static inline struct w_frame *frame_in(struct world *w, uint64_t pfn)
{
	return &w->frame[frame_place(pfn)];
}

/* Changes. */
void cap_remove(struct world *w, uint8_t h, uint8_t s); /* and its children go up */
void cap_undo(struct world *w, uint8_t h, uint8_t s);   /* what was made under it goes */
void cap_put(struct w_cap *to, const struct w_cap *from, uint8_t parent, uint8_t parent_slot,
	     uint64_t first, uint64_t count, uint64_t rights);
void cap_partly(struct ask *k, uint8_t h, uint8_t s); /* a step of emptying it */
void env_end(struct world *w, uint8_t h, uint8_t reason, uint8_t status);
void slice_clear(struct w_slice *s); /* how long it may be stays */
void act_remove(struct world *w, uint8_t h, int index);

/* The calls. */
const char *spec_derive(struct ask *k);
const char *spec_charge(struct ask *k);
const char *spec_drop(struct ask *k);
const char *spec_revoke(struct ask *k);
const char *spec_grow(struct ask *k);
const char *spec_account_create(struct ask *k);
const char *spec_account_open(struct ask *k);
const char *spec_object_copy(struct ask *k);
const char *spec_account_limit(struct ask *k);
const char *spec_account_destroy(struct ask *k);
const char *spec_alloc(struct ask *k);
const char *spec_free(struct ask *k);
const char *spec_take(struct ask *k);
const char *spec_map(struct ask *k, const struct exo_map_op *op, int count);
const char *spec_map_at(struct ask *k, exo_va_t at);
const char *spec_env_create(struct ask *k);
const char *spec_env_stop(struct ask *k);
const char *spec_env_status(struct ask *k);
const char *spec_env_destroy(struct ask *k);
const char *spec_activation(struct ask *k);
const char *spec_slice(struct ask *k);
const char *spec_notify(struct ask *k);
const char *spec_sleep(struct ask *k);
const char *spec_yield(struct ask *k);
const char *spec_alarm(struct ask *k);
const char *spec_transfer(struct ask *k);
const char *spec_reply(struct ask *k);

/* Whatever happened to activations in this step must have a reason in it. */
const char *spec_happened(struct ask *k, const struct op *op, const struct world *before);

#endif
