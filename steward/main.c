/* main.c - the steward: begin, the rounds, the end.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The first environment of an image of several.  Its archive holds, besides this program, the
 * archives of the images and the module `images`, which says what each of them gets (list.h).
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/settings.h>
#include <libexo/start.h>
#include <libexo/string.h>
#include <libexo/time.h>
#include <libexo/upcall.h>
#include <mini/mini.h>
#include <util/archive.h>

#define LIST "images"

uint64_t events;

/* Each part does its bit in turn. */
static round_fn *const rounds[] = {images_round, slices_round, loans_round,   divide_round,
				   asks_round,   serve_round,  console_round, input_round};

/* The image's own archive is a module of ours. */
static void find_archive(struct image *im)
{
	const struct exo_entry *e = NULL;

	if (im->share.archive)
		e = archive_find(mini_archive, xo_start->image, EXO_ENTRY_MODULE,
				 im->share.archive);
	if (!e)
		return;
	im->archive = archive_data(mini_archive, e);
	im->archive_bytes = e->bytes / EXO_PAGE_SIZE * EXO_PAGE_SIZE;
	im->archive_pfn = xo_start->archive_pfn + e->offset / EXO_PAGE_SIZE;
	im->archive_cap = EXO_SLOT_ARCHIVE;
}

/* Only whether all of them come up is to be seen. */
bool images_stop_at_main(void)
{
	struct xo_settings own;
	const char *stop;

	xo_settings_init(&own, mini_archive);
	stop = xo_setting(&own, "stop");
	return stop && !strcmp(stop, "images");
}

static void enlist(const struct share *share, const char *wrong)
{
	struct image *im = &images[image_count];

	if (image_count == LISTED_MAX) {
		say("steward: too many images: %s is left out", share->name);
		return;
	}
	image_init(im, share);
	im->listed = true;
	if (images_stop_at_main())
		im->share.restart = RESTART_NEVER;
	if (wrong || (image_named(share->name) && image_count)) {
		say("steward: %s: refused: \"%s\" makes no sense", share->name,
		    wrong ? wrong : "the same name twice");
		im->has_ended = true;
		im->code = CODE_REFUSED;
		im->share.start = false;
	}
	image_count++;
	find_archive(im);
	if (im->share.start)
		image_start(im);
	if (im->share.input && !input_image())
		input_to(im);
}

static bool read_list(void)
{
	const struct exo_entry *e = NULL;
	const char *at = NULL, *wrong;
	struct share share;

	if (mini_archive)
		e = archive_find(mini_archive, xo_start->image, EXO_ENTRY_MODULE, LIST);
	if (!e || archive_check_entry(mini_archive, e))
		return false;
	while (list_next(&share, archive_data(mini_archive, e), e->bytes, &at, &wrong))
		enlist(&share, wrong);
	return image_count;
}

static bool is_by_hand(void)
{
	struct xo_settings own;
	const char *tty;

	xo_settings_init(&own, mini_archive);
	tty = xo_setting(&own, "tty");
	return !tty || strcmp(tty, "0");
}

void steward_off(int status)
{
	console_end();
	exo_machine(EXO_SLOT_MACHINE, 0, (uint32_t)status);
	mini_exit(status);
}

/* The table has room for one page of slots; all others are added here. */
static void slots_init(void)
{
	for (uint32_t n = EXO_CAP_SLOTS; n < SLOT_IMAGES + IMAGES_MAX * 5; n += EXO_CAP_SLOTS)
		exo_cap_grow(EXO_SLOT_MEMORY, mini_frame());
}

int main(void)
{
	bool more = true;

	slots_init();
	memory_init();
	load_init();
	loans_init();
	end_init();
	console_init();
	roster_init();
	input_init(is_by_hand());
	if (!slices_init() || !serve_init()) {
		say("steward: there is too little memory");
		steward_off(CODE_REFUSED);
	}
	asks_init();
	if (!read_list()) {
		say("steward: the archive holds no list of images");
		steward_off(CODE_REFUSED);
	}
	for (exo_ns_t wake = 0;;) {
		exo_ns_t now;

		events = more ? xo_events_take(xo_self(), EVENTS) : mini_wait(EVENTS, wake);
		now = xo_now();
		wake = 0;
		more = false;
		for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++)
			more |= rounds[i](now, &wake);
		if (!images_left()) {
			images_end();
			steward_off(images_status());
		}
	}
}
