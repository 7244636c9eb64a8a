/* steward.h - what the parts of the steward share: the images, and who serves what.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * One activation does it all, in rounds: each part does a bounded amount of work for each image,
 * then it is the next part's turn; when nobody has anything left to do the steward sleeps.  So
 * nothing that an image does can keep it from serving the others.  Only calls to it (serve.c) are
 * answered by another activation, in the callers' time; the two share nothing but words that are
 * written whole.
 */
#ifndef STEWARD_H
#define STEWARD_H

#include "book.h"
#include "lines.h"
#include "list.h"
#include "screen.h"

#include <exo/archive.h>
#include <exo/ring.h>
#include <libexo/ledger.h>
#include <libexo/map.h>
#include <mini/event.h>

#define IMAGES_MAX   80 /* those of the list, and others loaded besides */
#define LISTED_MAX   64
#define CODE_REFUSED 125     /* status of what could not be started, or ended without one */
#define LATER_NS     5000000 /* when what has to wait for memory is tried again */
#define ASKS_MAX     8       /* what one image has asked for and may still ask about */
#define EMPTY_TIMES                                                                                \
	2 /* how often in a row an image is seen without any slice before it is stopped */

/* Event bits of the steward's activation 0. */
#define EVENT_KICK  MINI_EVENT(0) /* an image's console ring has changed */
#define EVENT_ENDED MINI_EVENT(1) /* an image's first environment has stopped */
#define EVENT_ASKED MINI_EVENT(2) /* a call has left something to do */
#define EVENTS                                                                                     \
	(EVENT_KICK | EVENT_ENDED | EVENT_ASKED | EXO_EVENT_CONSOLE_IN | EXO_EVENT_CONSOLE_OUT)

enum image_state {
	IMAGE_IDLE = 0, /* not there, and nothing is to be done */
	IMAGE_FETCHES,  /* its archive is being copied (ask.c) */
	IMAGE_WAITS,    /* starts at `when` */
	IMAGE_LOADS,
	IMAGE_RUNS,
	IMAGE_ENDS, /* has ended; its last words are to be heard */
	IMAGE_GOES, /* is being taken apart */
};

/* How far a request has come (serve.c). */
enum ask_kind { ASK_FREE = 0, ASK_QUEUED, ASK_PENDING, ASK_STARTED, ASK_ENDED, ASK_REFUSED };
#define ASK_STATE(s) ((s) >> 32)
#define ASK_CODE(s)  ((uint32_t)(s))

/* What an image asked for.  Everything but the state belongs to activation 1 while that is free or
 * final, else to activation 0. */
struct ask {
	uint64_t state; /* enum ask_kind << 32 | exit status or enum xo_refusal: written whole */
	uint64_t word[3];
	uint32_t serial;
	uint16_t slot; /* of what came along, or 0 */
};

static inline uint64_t ask_state(const struct ask *a)
{
	return __atomic_load_n(&a->state, __ATOMIC_ACQUIRE);
}

static inline void ask_set(struct ask *a, enum ask_kind kind, uint32_t code)
{
	__atomic_store_n(&a->state, (uint64_t)kind << 32 | code, __ATOMIC_RELEASE);
}

enum image_stop { STOP_NO = 0, STOP_FOR_GOOD, STOP_AGAIN }; /* what somebody said to it */

struct image {
	struct share share;
	uint8_t state; /* enum image_state */
	uint8_t stop;  /* enum image_stop */
	bool listed;   /* in the list; else loaded from somebody's frames */
	bool started;  /* at least once */
	bool again;    /* it starts again when it has been taken apart */
	bool has_ended;
	uint8_t code;       /* its last exit status */
	uint64_t status;    /* the same as env_status says it */
	uint32_t restarted; /* how often */
	uint32_t soon;      /* how often in a row it ended soon */
	exo_ns_t when;      /* WAITS: when it starts; RUNS: when it did */
	uint32_t awaits;    /* memory that is on its way back, in this order; 0: it does not */

	/* Its archive: mapped at `archive`, in frames from archive_pfn on, under slot archive_cap.
	 */
	const struct exo_archive *archive;
	uint64_t archive_bytes;
	exo_pfn_t archive_pfn;
	exo_cap_t archive_cap;

	/* Its memory; of each extent, how much was used to load it. */
	uint32_t extents;
	struct exo_extent extent[BOOK_EXTENTS];
	uint64_t used[BOOK_EXTENTS];
	exo_pfn_t account; /* 0: it has none */
	bool has_env, has_slices;
	uint8_t empty; /* how often in a row nothing of it was seen to have a slice */

	/* Its memory above the guarantee (loan.c). */
	struct exo_extent loan;
	uint64_t lent;            /* frames of it that are its already */
	uint8_t loan_state;       /* 0: none */
	bool answered, loan_next; /* to be asked for it when it has answered for something else */
	uint64_t request;
	exo_ns_t deadline;
	struct xo_ledger *ledger; /* NULL: not mapped */
	struct xo_reclaim take;

	uint8_t slice;     /* the slot that is its on all its CPUs, */
	exo_ns_t slice_ns; /* and how long it may be now */
	/* Asked for shorter ones (divide.c); 0: it was not. */
	exo_ns_t slice_want, slice_deadline;
	uint64_t slice_request;
	exo_ns_t ran; /* while it has slices: what that slot had served before; else how long it ran
		       */

	struct exo_console *console; /* NULL: not mapped */
	uint32_t out_tail, in_head;
	bool was_full;
	uint32_t forgotten; /* lines that were held back for too long */
	struct line line;

	/* What it asked for.  Who asked for it, and in which request; who loaded it: or NULL. */
	struct ask ask[ASKS_MAX];
	uint32_t refusals; /* of late, */
	exo_ns_t ask_at;   /* and when it is looked at what it asks for next */
	const struct image *loader;
	struct image *asker;
	uint32_t asked_in;

	/* How far it is taken apart. */
	uint8_t phase, passes;
	bool found;
	uint32_t extent_at;
	uint64_t frame_at;
};

extern struct image images[IMAGES_MAX];
extern uint32_t image_count; /* images[0 .. image_count - 1] have been used */
extern struct book book;
extern struct screen screen;
extern uint64_t events; /* those that this round is for */

/* Slots of the steward's table: for each image five, and some to work with. */
#define SLOT_WORK           64
#define SLOT_WORK2          65
#define SLOT_LOANS          66 /* the account of all loans */
#define SLOT_RECEIVE        72 /* and the following ones: what comes with calls */
#define RECEIVES            8
#define SLOT_IMAGES         128
#define SLOTS_OF(im)        (SLOT_IMAGES + (exo_cap_t)((im)-images) * 5)
#define SLOT_ENV(im)        (SLOTS_OF(im) + 0) /* its first environment */
#define SLOT_ACCOUNT_OF(im) (SLOTS_OF(im) + 1)
#define SLOT_MEMORY_OF(im)  (SLOTS_OF(im) + 2) /* FRAMES of its account */
#define SLOT_CPU_OF(im)     (SLOTS_OF(im) + 3) /* what its own slot CPU is derived from */
#define SLOT_LOAN_OF(im)    (SLOTS_OF(im) + 4) /* FRAMES on loan */
_Static_assert(SLOT_IMAGES + IMAGES_MAX * 5 <= EXO_MAP_SLOTS, "mappings are made under them");

/* A part's round: true if there is more to do at once; *wake is lowered to the time when the part
 * wants a round by all means. */
typedef bool round_fn(exo_ns_t now, exo_ns_t *wake);

static inline void wake_at(exo_ns_t *wake, exo_ns_t at)
{
	if (!*wake || at < *wake)
		*wake = at;
}

/* main.c */
void steward_off(int status) __attribute__((noreturn));
bool images_stop_at_main(void); /* the setting stop=images: for who wants to know the least RAM */

/* images.c: by name or number (from 1), in words; NULL: there is none. */
struct image *image_named(const char *name);
void image_init(struct image *im, const struct share *share);
void image_start(struct image *im);
void image_give_up(struct image *im); /* it could not be started */
void image_stop(struct image *im, enum image_stop how);
void images_end(void); /* say who still runs as the machine goes off */
bool images_left(void);
int images_status(void);
round_fn images_round;

/* load.c: one step of starting the image.  0: it runs; 1: there is more to do; 2: later; -1:
 * refused, *why says the reason in words. */
int load_step(struct image *im, const char **why);
void load_init(void);
const char *load_account(struct image *im); /* memory for it; NULL, or why not */
extern const char load_later[]; /* it returned this: memory is on its way back from others */
bool load_awaits(void);         /* somebody waits for that */

/* end.c: one step of ending it and hearing its last words, then of taking it apart; true while
 * there is more to do.  `keep`: its account and frames are its own for another life. */
bool cut_step(struct image *im);
bool end_step(struct image *im, bool keep);
void end_begin(struct image *im);
void give_extents(struct image *im);
void end_init(void);

/* loan.c: lend it what there is, a step; true if there is more to do */
bool loan_lend(struct image *im);
void loan_show(struct image *im, exo_pfn_t pfn); /* its ledger */
bool loan_ask(struct image *im);                 /* for its loan; false: it has none */
bool loan_ask_for(uint64_t frames);              /* whoever has most; false: in vain */
uint64_t loans_out(void);                        /* frames lent, all together */
bool loan_is_asked(const struct image *im);
bool loan_end(struct image *im); /* a step of having it back at its end */
void loans_init(void);
round_fn loans_round;

/* memory.c */
exo_pfn_t image_frames(struct image *im, uint64_t count); /* consecutive ones, or 0 */
void *window_open(exo_cap_t cap, exo_pfn_t pfn, uint64_t pages, uint32_t prot);
void window_close(uint64_t pages);
bool copy_page(void *to, const void *from);
void memory_init(void);
long drop(exo_cap_t slot); /* cap_drop, all its steps */

/* roster.c: the image's account has changed; that of all loans; the page's frame */
void roster_tell(const struct image *im);
void roster_loans(exo_pfn_t account);
exo_pfn_t roster_pfn(void);
void roster_init(void);

/* slices.c: reason in words or NULL */
const char *slices_refusal(const struct image *im);
const char *slices_take(struct image *im);
long slices_hand(struct image *im); /* its capability */
long slices_bind(struct image *im);
bool slices_cut(struct image *im); /* nothing of it runs any more; true while there is more to do */
void slices_give(struct image *im);
/* From now on they may be so long.  True if they were longer, and cut. */
bool slices_limit(struct image *im, exo_ns_t ns);
uint64_t slices_first(const struct image *im); /* the range that is its */
uint64_t slices_span(const struct image *im);
exo_ns_t slices_used(const struct image *im);
bool slices_init(void);
round_fn slices_round; /* who can never run again is stopped */

/* divide.c: see to it that there is room for one more in the slice that im shares.  NULL,
 * load_later, or why not; somebody has gone */
const char *divide(struct image *im);
void divide_again(void);
const char *divide_anew(struct image *im, exo_ns_t ns); /* it has another slice: NULL, or why not */
round_fn divide_round;

/* console.c */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void console_show(struct image *im, exo_pfn_t pfn);
bool console_hide(struct image *im);  /* false: when there is room */
bool console_drain(struct image *im); /* true if there is more */
bool input_put(struct image *im, char c);
void input_told(struct image *im);
void console_init(void);
bool console_says(void); /* some of what we have to say was not shown yet */
void console_end(void);
round_fn console_round;

/* input.c */
void input_to(struct image *im);
void input_tell(struct image *im); /* and say so */
void input_init(bool hand);        /* it is typed, not a stream that nobody may lose bytes of */
bool input_by_hand(void);
struct image *input_image(void);
round_fn input_round;

/* serve.c */
void receive_done(exo_cap_t slot);
bool serve_init(void);
round_fn serve_round;

/* ask.c; ask_done tells who asked for the image, if anybody did. */
void ask_done(struct image *im, enum ask_kind kind, uint32_t code);
void asks_forget(struct image *im);
void fetch_over(struct image *im);
void asks_init(void);
round_fn asks_round;

/* prompt.c */
void prompt_open(void);
void prompt_close(void);
bool prompt_is_open(void);
void prompt_typed(char c);
void prompt_show(void);

#endif
