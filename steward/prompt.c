/* prompt.c - the steward's own command line.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "steward.h"

#include <exo/cap.h>
#include <exo/info.h>
#include <libexo/string.h>

#define BACKSPACE 8
#define KILL      21 /* Ctrl-U */
#define DELETE    127

static const char sign[] = "steward> ";
static struct line shown; /* stands for the prompt where the screen asks whose the open line is */
static char line[80];
static uint32_t length;
static bool is_open;

bool prompt_is_open(void)
{
	return is_open;
}

void prompt_open(void)
{
	is_open = true;
	length = 0;
}

void prompt_close(void)
{
	if (screen.open == &shown)
		screen_clear(&screen);
	is_open = false;
}

/* What is typed while lines wait for the console is shown behind those. */
static bool is_shown(void)
{
	return screen.open == &shown;
}

void prompt_show(void)
{
	if (!is_open || is_shown() || console_says() || !input_by_hand())
		return;
	screen_clear(&screen);
	screen.put(sign, sizeof(sign) - 1);
	screen.put(line, length);
	screen.open = &shown;
}

static const char *state_text(const struct image *im)
{
	switch (im->state) {
	case IMAGE_WAITS:
		return "waits";
	case IMAGE_LOADS:
		return "starts";
	case IMAGE_RUNS:
		return "runs";
	case IMAGE_FETCHES:
		return "is copied";
	case IMAGE_ENDS:
	case IMAGE_GOES:
		return "ends";
	}
	return im->has_ended ? "ended" : "not started";
}

/* Frames that its account has. */
static uint64_t frames_used(const struct image *im)
{
	const struct exo_account *a =
		im->account ? window_open(EXO_SLOT_MEMORY, im->account, 1, EXO_PROT_READ) : NULL;
	uint64_t used = a ? a->used : 0;

	if (a)
		window_close(1);
	return used;
}

static void list(struct image *none)
{
	(void)none;
	say("  N name                 state       used KiB    of KiB        ms  restarts  status");
	for (uint32_t i = 0; i < image_count; i++) {
		const struct image *im = &images[i];

		if (!im->share.name[0])
			continue;
		say("%s%2u %-20s %-11s %8lu %9lu %9lu %9u %7u", im == input_image() ? "*" : " ",
		    i + 1, im->share.name, state_text(im), frames_used(im) * 4,
		    im->share.memory * 4,
		    im->has_slices ? slices_used(im) / 1000000 : im->ran / 1000000, im->restarted,
		    im->code);
	}
	say("  %lu KiB are nobody's", book_left(&book) * 4);
}

static void start(struct image *im)
{
	if (im->state == IMAGE_RUNS || im->state == IMAGE_LOADS)
		say("steward: %s runs already", im->share.name);
	else
		image_start(im);
}

static void stop(struct image *im)
{
	if (im->state == IMAGE_IDLE)
		say("steward: %s does not run", im->share.name);
	else
		image_stop(im, STOP_FOR_GOOD);
}

static void restart(struct image *im)
{
	if (im->state == IMAGE_IDLE)
		image_start(im);
	else
		image_stop(im, STOP_AGAIN);
}

static void off(struct image *im)
{
	(void)im;
	steward_off(images_status());
}

static void reclaim(struct image *im)
{
	if (!loan_ask(im))
		say("steward: %s has nothing on loan", im->share.name);
}

static const char *rest; /* of the line, behind the image's name */

/* A number of us, ms or s, 10us to 1s: in ns, or 0. */
static exo_ns_t time_of(const char *text)
{
	exo_ns_t n = 0;

	for (; *text >= '0' && *text <= '9' && n < 1000000000; text++)
		n = n * 10 + (exo_ns_t)(*text - '0');
	n *= !strcmp(text, "us")   ? 1000
	     : !strcmp(text, "ms") ? 1000000
	     : !strcmp(text, "s")  ? 1000000000
				   : 0;
	return n >= 10000 && n <= 1000000000 ? n : 0;
}

static void slice(struct image *im)
{
	exo_ns_t ns = time_of(rest);
	const char *why = ns ? divide_anew(im, ns) : "how long? 500us or 2ms, within 10us and 1s";

	if (why)
		say("steward: %s: %s", im->share.name, why);
}

static void help(struct image *im)
{
	(void)im;
	say("start NAME    start an image that does not run");
	say("stop NAME     stop it; it does not start again");
	say("restart NAME  stop it and start it again");
	say("reclaim NAME  ask it for what it has on loan, and take that if it does not give it");
	say("slice NAME T  its turns are so long from now on, like 2ms: shorter ones are asked of "
	    "it first");
	say("input NAME    what is typed goes to it, as with Ctrl-] and its number");
	say("list          all images: memory, time, restarts, last status");
	say("off           switch the machine off");
	say("NAME is a name or a number.  An empty line goes back; Ctrl-] c comes here again.");
}

static const struct command {
	char name[8];
	bool names; /* an image */
	uint8_t words;
	void (*run)(struct image *im);
} commands[] = {
	{"help", false, 1, help},      {"list", false, 1, list},
	{"start", true, 2, start},     {"stop", true, 2, stop},
	{"restart", true, 2, restart}, {"input", true, 2, input_tell},
	{"reclaim", true, 2, reclaim}, {"slice", true, 3, slice},
	{"off", false, 1, off},
};

/* The next word of the line, ended by a zero byte; "" if there is none. */
static char *word(char **at)
{
	char *begin;

	while (**at == ' ')
		(*at)++;
	begin = *at;
	while (**at && **at != ' ')
		(*at)++;
	if (**at)
		*(*at)++ = 0;
	return begin;
}

static void run(char *text)
{
	const char *name = word(&text), *which = word(&text), *more;

	rest = word(&text);
	more = word(&text);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct image *im = *which ? image_named(which) : NULL;

		if (strcmp(name, commands[i].name))
			continue;
		if (commands[i].names && !im)
			say("steward: %s: no image \"%s\"; list shows them", name, which);
		else if (*(commands[i].words == 1 ? which : commands[i].words == 2 ? rest : more))
			say("steward: %s: too many words", name);
		else
			commands[i].run(im);
		return;
	}
	say("steward: no such command: %s; help lists them", name);
}

static void enter(void)
{
	screen_clear(&screen);
	line[length] = 0;
	if (!length) {
		prompt_close();
		return;
	}
	length = 0;
	run(line);
}

void prompt_typed(char c)
{
	prompt_show();
	if (c == '\r' || c == '\n') {
		enter();
	} else if (c == BACKSPACE || c == DELETE) {
		if (length && is_shown())
			screen.put("\b \b", 3);
		length -= !!length;
	} else if (c == KILL) {
		length = 0;
		screen_clear(&screen);
	} else if (c >= ' ' && length < sizeof(line) - 1) {
		line[length++] = c;
		if (is_shown())
			screen.put(&c, 1);
	}
}
