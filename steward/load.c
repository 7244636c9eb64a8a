/* load.c - start an image: its program from its archive into an environment of its own.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * As the kernel does it for the first environment: constant pages are used where the archive lies,
 * so that all copies of an image share them; what it may write is copied.  Everything that is made
 * is charged to the image's account.  In steps, so that the others are served meanwhile; one image
 * at a time.
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/start.h>
#include <exo/stubs.h>
#include <exo/version.h>
#include <libexo/settings.h>
#include <libexo/start.h>
#include <libexo/string.h>
#include <mini/mini.h>
#include <util/archive.h>
#include <util/fmt.h>
#include <util/pool.h>

#define PROGRAM_LOW 0x400000000000
#define START_LOW   0x600000000000
#define PLACES      0x800000 /* of EXO_PROGRAM_ALIGN each, from either of these: they never meet */
#define STEP_PAGES  16       /* the kernel clears so many at a time */

#define MEMORY_RIGHTS                                                                              \
	(EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC | EXO_RIGHT_DERIVE)
#define RW (EXO_PROT_READ | EXO_PROT_WRITE)

typedef long step_fn(struct image *im);

/* The image that is being loaded, and how far. */
static struct {
	struct image *image; /* NULL: none */
	const char *why;
	uint32_t step;
	uint32_t segment;
	uint64_t page;
	const struct exo_program *program;
	exo_va_t base, place;
	exo_va_t start, activation, console, info, ledger;
	exo_pfn_t start_pfn, activation_pfn, console_pfn, ledger_pfn;
} load;

static long refuse(const char *why)
{
	load.why = why;
	return -1;
}

static struct pool pool;

void load_init(void)
{
	pool_stir(&pool, xo_start->random);
}

static uint64_t random_word(void)
{
	static uint64_t words[POOL_BYTES / 8];
	static uint32_t left;

	if (!left) {
		pool_take(&pool, words);
		left = POOL_BYTES / 8;
	}
	return words[--left];
}

static exo_va_t random_place(exo_va_t from)
{
	return from + random_word() % PLACES * EXO_PROGRAM_ALIGN;
}

/* Write and execute on one page, for the program's sake. */
static uint32_t wx(const struct image *im)
{
	return load.image == im && load.program && load.program->flags & EXO_PROGRAM_WX
		       ? EXO_RIGHT_WX
		       : 0;
}

static bool we_may_wx(void)
{
	const struct exo_entry *e =
		archive_find(mini_archive, xo_start->image, EXO_ENTRY_PROGRAM, NULL);

	return ((const struct exo_program *)archive_data(mini_archive, e))->flags & EXO_PROGRAM_WX;
}

static long check(struct image *im)
{
	const struct exo_entry *e;
	enum archive_result r;

	if (!im->archive)
		return refuse("its archive is not there");
	r = archive_check(im->archive, im->archive_bytes);
	e = r ? NULL : archive_find(im->archive, 0, EXO_ENTRY_PROGRAM, NULL);
	if (e)
		r = archive_check_entry(im->archive, e);
	if (e && !r) {
		load.program = archive_data(im->archive, e);
		r = archive_check_program(load.program, e->bytes);
	}
	if (r)
		return refuse(archive_text(r));
	if (e && wx(im) && (!im->listed || !we_may_wx()))
		return refuse("its pages may not be both written and executed");
	return e ? 0 : refuse("its archive holds no program");
}

/* The slot of its memory: from its first frame to its last, in which nobody else has any. */
static long charge(struct image *im)
{
	const struct exo_extent *last = &im->extent[im->extents - 1];
	exo_pfn_t first = im->extent[0].first;

	return exo_cap_charge(EXO_SLOT_MEMORY, SLOT_ACCOUNT_OF(im), SLOT_MEMORY_OF(im), first,
			      last->first + last->count - first, MEMORY_RIGHTS | wx(im));
}

const char load_later[] = "memory is on its way back";

/* What was asked back for those who wait for longer is theirs; what the list still has to start is
 * not for who was loaded besides. */
static uint64_t kept_from(const struct image *im)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < image_count; i++) {
		const struct image *other = &images[i];
		bool comes = other->listed && !other->account &&
			     (other->state != IMAGE_IDLE || !other->started || !other->share.start);
		bool earlier = other->awaits && (!im->awaits || other->awaits < im->awaits);

		if (other != im && (earlier || (comes && !im->listed)))
			sum += other->share.guaranteed;
	}
	return sum;
}

bool load_awaits(void)
{
	for (uint32_t i = 0; i < image_count; i++)
		if (images[i].awaits)
			return true;
	return false;
}

static const char *too_little(uint64_t wanted, uint64_t kept)
{
	static char text[100];
	uint64_t left = book_left(&book);

	left -= kept < left ? kept : left;
	fmt_string(text, sizeof(text), "there is not enough memory%s: it needs %lu KiB, of %lu",
		   left < wanted ? "" : " in one piece", wanted * 4, left * 4);
	return text;
}

/* Extents for it; NULL, or why not. */
static const char *take_memory(struct image *im)
{
	static uint32_t last;
	uint64_t wanted = im->share.guaranteed, kept = kept_from(im);
	bool fits = book_left(&book) + loans_out() >= wanted + kept;

	im->extents = fits ? book_take(&book, wanted, im->extent) : 0;
	if (im->extents) {
		im->awaits = 0;
		return NULL;
	}
	if ((im->listed && kept) || (fits && loan_ask_for(wanted))) {
		if (!im->awaits)
			im->awaits = ++last;
		return load_later;
	}
	im->awaits = 0;
	return too_little(wanted, kept);
}

const char *load_account(struct image *im)
{
	const char *why;

	if (im->account)
		return NULL; /* of its last life, or what its archive was copied into */
	memset(im->used, 0, sizeof(im->used));
	why = take_memory(im);
	if (why)
		return why;
	im->account = mini_frame();
	if (!im->account) {
		give_extents(im);
		return "the steward has no memory left";
	}
	if (exo_account_create(EXO_SLOT_MEMORY, im->account, EXO_SLOT_ACCOUNT, SLOT_ACCOUNT_OF(im),
			       im->share.guaranteed, im->share.guaranteed)) {
		mini_frames_give(im->account, 1);
		give_extents(im);
		im->account = 0;
		return "its account cannot be made";
	}
	roster_tell(im);
	return charge(im) ? "its memory cannot be charged to it" : NULL;
}

static long account(struct image *im)
{
	const char *why = load_account(im);

	if (why == load_later)
		return 2;
	return why ? refuse(why) : 0;
}

static long lend(struct image *im)
{
	return loan_lend(im);
}

static long environment(struct image *im)
{
	exo_pfn_t pfn = image_frames(im, 3);

	if (!pfn)
		return refuse("too little memory");
	if (exo_env_create(SLOT_MEMORY_OF(im), pfn, pfn + 1, pfn + 2, SLOT_ENV(im), EVENT_ENDED))
		return refuse("its environment cannot be made");
	im->has_env = true;
	return 0;
}

static long give(struct image *im, exo_cap_t from, enum exo_slot to, uint64_t first, uint64_t count,
		 uint32_t rights)
{
	return exo_cap_derive(from, SLOT_ENV(im), to, first, count, rights | EXO_RIGHT_DERIVE);
}

static long capabilities(struct image *im)
{
	const struct exo_extent *last = &im->extent[im->extents - 1];
	exo_pfn_t first = im->extent[0].first;
	bool all = im->share.sees_all;
	long r;

	r = give(im, SLOT_MEMORY_OF(im), EXO_SLOT_MEMORY, first, last->first + last->count - first,
		 MEMORY_RIGHTS | wx(im));
	r |= give(im, EXO_SLOT_INFO, EXO_SLOT_INFO, all ? 0 : xo_info->pfn,
		  all ? xo_info->pfn_end : 1, EXO_RIGHT_READ);
	r |= give(im, SLOT_ACCOUNT_OF(im), EXO_SLOT_ACCOUNT, 0, 0, EXO_RIGHT_CHARGE);
	r |= give(im, EXO_SLOT_SELF, EXO_SLOT_CONSOLE, 0, 0, EXO_RIGHT_NOTIFY);
	r |= give(im, im->archive_cap, EXO_SLOT_ARCHIVE, im->archive_pfn,
		  im->archive_bytes / EXO_PAGE_SIZE, EXO_RIGHT_READ | EXO_RIGHT_EXEC);
	r |= give(im, EXO_SLOT_MEMORY, EXO_SLOT_OWN, im->account, 1, EXO_RIGHT_READ);
	if (all)
		r |= give(im, EXO_SLOT_MEMORY, EXO_SLOT_ROSTER, roster_pfn(), 1, EXO_RIGHT_READ);
	if (im->share.loads)
		r |= give(im, EXO_SLOT_SELF, EXO_SLOT_STEWARD, 0, (uint64_t)(im - images) + 1,
			  EXO_RIGHT_CALL | EXO_RIGHT_NOTIFY);
	if (im->loan.count)
		r |= give(im, SLOT_LOAN_OF(im), EXO_SLOT_LOAN, im->loan.first, im->loan.count,
			  EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC);
	r |= slices_hand(im);
	return r ? refuse("it cannot be given its capabilities") : 0;
}

static exo_pfn_t table_next(void *context)
{
	return image_frames(context, 1);
}

/* One more than was needed is lost to this life of the image. */
static void table_give(void *context, exo_pfn_t pfn)
{
	(void)context;
	(void)pfn;
}

static long map(struct image *im, exo_va_t va, exo_pfn_t pfn, uint64_t pages, uint32_t prot,
		exo_cap_t cap)
{
	struct xo_space space = {.env = SLOT_ENV(im),
				 .tables = {.next = table_next,
					    .give = table_give,
					    .context = im,
					    .cap = EXO_SLOT_MEMORY}};

	return xo_map_run(&space, va, pfn, pages, prot, cap);
}

/* New pages at the next place.  Returns the first one's frame. */
static exo_pfn_t pages(struct image *im, uint64_t count, exo_va_t *va)
{
	exo_pfn_t pfn = image_frames(im, count);

	*va = load.place;
	load.place += count * EXO_PAGE_SIZE;
	return pfn && !map(im, *va, pfn, count, RW, EXO_SLOT_MEMORY) ? pfn : 0;
}

static long places(struct image *im)
{
	uint64_t info_pages = im->share.sees_all ? EXO_INFO_FRAMES : 1;
	exo_va_t behind; /* the roster, and its account */

	load.place = random_place(START_LOW);
	load.base = random_place(PROGRAM_LOW);
	load.start_pfn = pages(im, 1, &load.start);
	load.activation_pfn = pages(im, 2, &load.activation);
	load.console_pfn = pages(im, EXO_CONSOLE_FRAMES, &load.console);
	load.ledger_pfn = pages(im, 1, &load.ledger);
	load.info = load.place;
	behind = load.info + EXO_INFO_FRAMES * EXO_PAGE_SIZE;
	if (!load.start_pfn || !load.activation_pfn || !load.console_pfn || !load.ledger_pfn ||
	    map(im, load.info, xo_info->pfn, info_pages, EXO_PROT_READ, EXO_SLOT_INFO) ||
	    map(im, behind + EXO_PAGE_SIZE, im->account, 1, EXO_PROT_READ, EXO_SLOT_OWN) ||
	    (im->share.sees_all &&
	     map(im, behind, roster_pfn(), 1, EXO_PROT_READ, EXO_SLOT_ROSTER)))
		return refuse("too little memory");
	return 0;
}

/* At most STEP_PAGES pages of a segment, from page load.page on, that are not used in place. */
static long copy(struct image *im, const struct exo_segment *s, uint64_t count, const char *from)
{
	exo_pfn_t pfn = image_frames(im, count);
	char *to = pfn ? window_open(SLOT_MEMORY_OF(im), pfn, count, RW) : NULL;

	if (!to)
		return -1;
	if (from)
		memcpy(to, from, count * EXO_PAGE_SIZE);
	else
		memset(to, 0, count * EXO_PAGE_SIZE);
	window_close(count);
	return map(im, load.base + s->va + load.page * EXO_PAGE_SIZE, pfn, count, s->prot,
		   EXO_SLOT_MEMORY);
}

static long segments(struct image *im)
{
	const struct exo_segment *s = &load.program->segment[load.segment];
	uint64_t all, stored, count;
	const char *from;
	long r;

	if (load.segment == load.program->segments)
		return 0;
	all = (s->mem_bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE;
	stored = (s->file_bytes + EXO_PAGE_SIZE - 1) / EXO_PAGE_SIZE;
	if (load.page == all) {
		load.segment++;
		load.page = 0;
		return 1;
	}
	count = (load.page < stored ? stored : all) - load.page;
	from = load.page < stored
		       ? (const char *)load.program + s->offset + load.page * EXO_PAGE_SIZE
		       : NULL;
	if (from && !(s->prot & EXO_PROT_WRITE)) {
		uint64_t offset = (uint64_t)(from - (const char *)im->archive);

		count = count < 4 * EXO_MAP_MAX ? count : 4 * EXO_MAP_MAX;
		r = map(im, load.base + s->va + load.page * EXO_PAGE_SIZE,
			im->archive_pfn + offset / EXO_PAGE_SIZE, count, s->prot, EXO_SLOT_ARCHIVE);
	} else {
		count = count < STEP_PAGES ? count : STEP_PAGES;
		r = copy(im, s, count, from);
	}
	load.page += count;
	return r ? refuse("too little memory") : 1;
}

static void add_setting(struct exo_start *s, const char *key, const char *value)
{
	size_t k = strlen(key), v = value ? strlen(value) + 1 : 0;
	char *to = s->settings + s->settings_bytes;

	if (!v || k + v > sizeof(s->settings) - s->settings_bytes)
		return;
	memcpy(to, key, k);
	memcpy(to + k, value, v);
	s->settings_bytes += (uint32_t)(k + v);
}

/* What was said at boot and is as true for the images: whether there is a terminal at the console,
 * how input that comes from none is written, and whether they shall stop at main. */
static void hand_on(struct exo_start *s)
{
	struct xo_settings own;

	xo_settings_init(&own, mini_archive);
	add_setting(s, "tty=", xo_setting(&own, "tty"));
	add_setting(s, "input=", xo_setting(&own, "input"));
	if (images_stop_at_main())
		add_setting(s, "stop=", "main");
}

static bool fill_start(struct image *im)
{
	struct exo_start *s = window_open(SLOT_MEMORY_OF(im), load.start_pfn, 1, RW);

	if (!s)
		return false;
	memset(s, 0, sizeof(*s));
	s->magic = EXO_START_MAGIC;
	s->version = EXO_ABI_VERSION;
	s->size = sizeof(*s);
	s->base = load.base;
	s->span = load.program->span;
	s->info = load.info;
	s->activation = load.activation;
	s->console = load.console;
	s->console_bits = EVENT_KICK;
	s->ledger = load.ledger;
	s->cpus = im->share.cpus;
	s->slice_slot = im->slice;
	s->slice_ns = (uint32_t)im->slice_ns;
	s->archive_pfn = im->archive_pfn;
	s->archive_bytes = im->archive_bytes;
	for (size_t i = 0; i < sizeof(s->random) / sizeof(uint64_t); i++)
		((uint64_t *)s->random)[i] = random_word();
	s->random_good = xo_start->random_good;
	for (uint32_t i = 0; i < im->extents; i++)
		if (im->used[i] < im->extent[i].count)
			s->ram[s->ram_count++] =
				(struct exo_extent){im->extent[i].first + im->used[i],
						    im->extent[i].count - im->used[i]};
	s->settings_bytes = share_settings(&im->share, s->settings, sizeof(s->settings));
	hand_on(s);
	window_close(1);
	return true;
}

static bool fill_activation(struct image *im)
{
	struct exo_activation *a = window_open(SLOT_MEMORY_OF(im), load.activation_pfn, 2, RW);

	if (!a)
		return false;
	memset(a, 0, 2 * EXO_PAGE_SIZE);
	a->version = EXO_ABI_VERSION;
	a->entry = load.base + load.program->entry;
	a->self = load.activation;
	window_close(2);
	return true;
}

static long go(struct image *im)
{
	if (!fill_start(im) || !fill_activation(im))
		return refuse("too little memory");
	console_show(im, load.console_pfn);
	if (!im->console)
		return refuse("the steward has no memory left");
	loan_show(im, load.ledger_pfn);
	if (exo_activation_bind(SLOT_ENV(im), 0, EXO_SLOT_MEMORY, load.activation_pfn,
				load.start) ||
	    slices_bind(im))
		return refuse("it cannot be given its slices");
	return 0;
}

static long slices(struct image *im)
{
	const char *why = im->has_slices ? NULL : slices_refusal(im);

	if (!why && !im->has_slices)
		why = divide(im);

	if (why == load_later)
		return 2;
	if (!why && !im->has_slices)
		why = slices_take(im);
	return why ? refuse(why) : 0;
}

int load_step(struct image *im, const char **why)
{
	static step_fn *const steps[] = {check,        slices, account,  lend, environment,
					 capabilities, places, segments, go};
	long r;

	if (!load.image) {
		memset(&load, 0, sizeof(load));
		load.image = im;
	}
	if (load.image != im)
		return 1; /* after that one */
	r = steps[load.step](im);
	if (!r && ++load.step < sizeof(steps) / sizeof(steps[0]))
		return 1;
	if (r != 1)
		load.image = NULL; /* who has to wait keeps nobody else waiting, and begins anew */
	*why = load.why;
	return (int)r;
}
