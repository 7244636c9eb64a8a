/* env.h - environments and their activations, as the kernel keeps them.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * An environment's object is one frame that its creator gave.  Under the
 * kernel lock, but for what its running CPU reads of itself.
 */
#ifndef CORE_ENV_H
#define CORE_ENV_H

#include <exo/env.h>
#include <exo/types.h>
#include <exo/upcall.h>
#include <stdbool.h>
#include <x86_64/cpu.h>

#define ENV_CAP_PAGES 32

/* Of whoever made one or got hold of it by its account. */
#define ENV_RIGHTS                                                                                 \
	(EXO_RIGHT_MAP | EXO_RIGHT_CONTROL | EXO_RIGHT_NOTIFY | EXO_RIGHT_YIELD | EXO_RIGHT_GIVE | \
	 EXO_RIGHT_CALL | EXO_RIGHT_DERIVE)

enum act_state {
	ACT_NONE = 0,
	ACT_NEW,     /* enters with START */
	ACT_READY,   /* its newest frame holds where it goes on */
	ACT_ASLEEP,  /* the same, waiting for `mask` or `deadline` */
	ACT_SERVING, /* the same, waiting to be called */
	ACT_RUNNING,
	/* Somebody else runs in its slices: */
	ACT_CALLING, /* the same as ASLEEP, waiting for `callee` to reply, or for `deadline` */
	ACT_LENDING, /* the same, for bits of `argument`, `deadline` or `callee` to have enough */
};

enum act_resume {               /* how a READY one goes on */
		  RESUME_BEGIN, /* interrupted: by SLICE_BEGIN if it wants that, else where it was
				 */
		  RESUME_CALL,  /* in a call, which returns `argument` */
};

struct act {
	uint8_t state;  /* enum act_state */
	uint8_t resume; /* enum act_resume */
	bool vector;    /* its XSAVE area is filled */
	bool event_due; /* bits were set since it last had an EVENT upcall */
	uint16_t bound; /* slices of CPU `cpu` that serve it */
	uint16_t cpu;
	uint64_t pfn;     /* struct exo_activation; the next frame: vector state */
	exo_cap_t slot;   /* of the environment: what gave those frames */
	uint16_t receive; /* slot for a capability that comes with a message */
	union {
		uint64_t mask;
		struct act *callee;
	};
	struct act *caller; /* whom it serves, or who lends it time */
	uint64_t deadline;  /* ns; 0: none; while it runs or could: its alarm */
	uint64_t argument;  /* of START; what the call it is in will return */
};

struct env {
	uint64_t root;    /* frame of the level 4 page table */
	uint64_t account; /* its account's name for ever: another may come to lie in that frame */
	uint64_t on_cpus; /* CPUs that have it in CR3 */
	uint32_t program_flags; /* EXO_PROGRAM_WX */
	uint64_t stopped;       /* 0, or as env_status returns it */
	uint64_t creator;       /* frame of the creator's object, 0: the kernel */
	uint32_t creator_generation;
	uint32_t cap_pages;
	uint64_t stop_bits;  /* event bits for the creator's activation 0 */
	uint64_t next, prev; /* all environments: frames of their objects, 0 at the ends */
	struct {             /* a frame_take that goes over all page tables */
		exo_pfn_t first;
		uint64_t count;
		uint64_t env; /* where it is... */
		uint32_t generation;
		uint32_t swept; /* ...and how far there */
	} take;
	uint64_t cap_pfn[ENV_CAP_PAGES];
	struct act act[EXO_CPU_MAX];
};
_Static_assert(sizeof(struct env) <= EXO_PAGE_SIZE, "an environment is one frame");

/* An activation lies in its environment's object, which is one frame. */
static inline struct env *act_env(const struct act *a)
{
	return (struct env *)((uint64_t)a & -(uint64_t)EXO_PAGE_SIZE);
}

static inline struct exo_activation *act_page(const struct act *a)
{
	return direct(a->pfn);
}

/* End it, tell its creator; whoever runs it leaves it.  The first environment
 * takes the machine with it (does not return then). */
void env_stop(struct env *env, enum exo_stop reason, uint32_t status);

/* A slot of it gives nothing any more: an activation in frames that it gave
 * cannot go on, so neither can the environment. */
void env_lose(struct env *env, exo_cap_t slot);

/* Remove all mappings of frames [first, first + count), a step for each call
 * of `self`. */
void env_sweep(struct env *self, exo_pfn_t first, uint64_t count);

/* Enter it into the list of all, the first when boot makes it; its frame is its account's now. */
void env_list(struct env *env);

#endif
