/* act.c - does what its arguments say, one after the other; on libos-minimal, for the tests of the
 * steward.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/cpu.h>
#include <libexo/frames.h>
#include <libexo/start.h>
#include <libexo/steward.h>
#include <libexo/upcall.h>
#include <mini/mini.h>

static volatile int zero;

static uint64_t number(const char *s)
{
	uint64_t n = 0;

	while (*s >= '0' && *s <= '9')
		n = 10 * n + (uint64_t)(*s++ - '0');
	return n;
}

static void line(const char *arg)
{
	mini_printf("%s\n", arg);
}

static void part(const char *arg)
{
	mini_printf("%s", arg);
}

static void lines(const char *arg)
{
	for (uint64_t i = 1, n = number(arg); i <= n; i++)
		mini_printf("line %lu\n", i);
}

/* So many x without a newline. */
static void wide(const char *arg)
{
	for (uint64_t n = number(arg); n; n--)
		mini_write("x", 1);
}

static void wait(const char *arg)
{
	mini_sleep(number(arg) * MINI_NS_PER_MS);
}

static void leave(const char *arg)
{
	mini_exit((int)number(arg));
}

static void crash(const char *arg)
{
	(void)arg;
	*(volatile int *)(uintptr_t)(16 + zero) = 1;
}

/* A fault that nobody can be told of. */
static void mute(const char *arg)
{
	xo_self()->entry = 0;
	crash(arg);
}

static void spin(const char *arg)
{
	for (exo_ns_t end = mini_now() + number(arg) * MINI_NS_PER_MS; mini_now() < end;)
		;
}

/* Is there a time of so many ms in which nothing interrupts its CPU? */
static void quiet(const char *arg)
{
	const volatile struct exo_cpu_info *c =
		(const volatile struct exo_cpu_info *)(xo_start->info + EXO_INFO_CPUS_AT) +
		xo_cpu_number(0);

	for (int i = 0; i < 50; i++) {
		uint64_t before = c->interrupts;

		spin(arg);
		if (c->interrupts == before) {
			mini_printf("nothing interrupts it\n");
			return;
		}
	}
	mini_printf("it is interrupted all the time\n");
}

/* So many lines of input, each back with a word before it. */
static void echo(const char *arg)
{
	static char text[256];
	static size_t n;

	for (uint64_t left = number(arg); left; left--) {
		size_t end = 0;

		for (;; end++) {
			while (end == n)
				n += mini_read(text + n, sizeof(text) - n);
			if (text[end] == '\n' || text[end] == '\r')
				break;
		}
		text[end] = 0;
		mini_printf("got %s\n", text);
		n -= end + 1;
		memmove(text, text + end + 1, n);
	}
}

static void memory(const char *arg)
{
	uint64_t least = number(arg), pages = 0;

	while (mini_alloc(1))
		pages++;
	mini_printf("memory: %s\n", pages >= least ? "as much as it should be" : "too little");
}

static void cpus(const char *arg)
{
	(void)arg;
	mini_printf("%u CPUs\n", mini_cpus());
}

/* Frames of the whole machine that nobody has. */
static void free_frames(const char *arg)
{
	uint64_t pages = xo_info->pfn_end * sizeof(struct exo_frame_state) / EXO_PAGE_SIZE + 1,
		 n = 0;
	static const volatile struct exo_frame_state *f;

	(void)arg;
	if (!f)
		f = xo_frame_table(&mini_space, mini_va(xo_frame_table_pages()));
	for (exo_pfn_t pfn = 0; f && pfn < xo_info->pfn_end; pfn++)
		n += f[pfn].type == EXO_FRAME_FREE;
	mini_printf("free %lu\n", n);
}

static void show(const char *what, long r, const struct xo_answer *a)
{
	static const char *const words[] = {"nothing", "asked", "pending",
					    "started", "ended", "refused"};

	if (r)
		mini_printf("%s: %s\n", what, mini_error(r));
	else
		mini_printf("%s: %s %lu\n", what, a->what <= XO_REFUSED ? words[a->what] : "?",
			    a->what == XO_ASKED ? 0 : a->code);
}

/* Ask until it has ended or was refused, and tell each thing that changed. */
static void follow(struct xo_answer a, long r)
{
	enum xo_asked last = XO_ASKED;
	uint64_t ticket = a.code;

	show("ask", r, &a);
	while (!r && a.what != XO_ENDED && a.what != XO_REFUSED) {
		r = xo_ask_result(ticket, &a);
		if (a.what != last && a.what != XO_PENDING)
			show("result", r, &a);
		last = a.what;
		mini_sleep(MINI_NS_PER_MS);
	}
}

static void ask(const char *name)
{
	struct xo_answer a;
	long r = xo_ask_start(name, &a);

	follow(a, r);
}

/* Our own archive, copied into frames of ours that are granted for it. */
static void load(const char *frames)
{
	uint64_t pages = xo_start->archive_bytes / EXO_PAGE_SIZE;
	const uint32_t rights = EXO_RIGHT_READ | EXO_RIGHT_DERIVE;
	exo_pfn_t pfn = mini_frames_take(&(struct mini_want){.count = pages});
	static exo_va_t va;
	struct xo_answer a;
	long r;

	if (!va)
		va = mini_va(pages);
	if (!pfn || mini_map_pages(va, pfn, pages, EXO_PROT_READ | EXO_PROT_WRITE))
		mini_exit(99);
	memcpy((void *)va, mini_archive, pages * EXO_PAGE_SIZE);
	r = exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, EXO_SLOT_FREE, pfn, pages, rights);
	if (!r)
		r = xo_ask_load(EXO_SLOT_FREE, pfn, pages, number(frames), &a);
	follow(a, r);
	exo_cap_drop(EXO_SLOT_FREE);
	mini_unmap(va, pages);
	mini_frames_give(pfn, pages);
}

/* Asks, and does not wait for what comes of it. */
static void post(const char *name)
{
	struct xo_answer a;

	xo_ask_start(name, &a);
}

/* For so many ms it asks for what is no archive to be loaded, as fast as it can. */
static void junk(const char *arg)
{
	exo_ns_t end = mini_now() + number(arg) * MINI_NS_PER_MS;
	exo_pfn_t pfn = mini_frame();
	struct xo_answer a;

	exo_cap_derive(EXO_SLOT_MEMORY, EXO_SLOT_NONE, EXO_SLOT_FREE, pfn, 1,
		       EXO_RIGHT_READ | EXO_RIGHT_DERIVE);
	while (mini_now() < end)
		xo_ask_load(EXO_SLOT_FREE, pfn, 1, 100, &a);
	exo_cap_drop(EXO_SLOT_FREE);
}

static void idle(void *arg)
{
	(void)arg;
	for (;;)
		exo_sleep(0, 0, EXO_SLOT_NONE, 0);
}

/* Bind an activation to a CPU that may not be ours. */
static void reach(const char *arg)
{
	static bool made;
	uint32_t cpu = (uint32_t)number(arg), slot = xo_start->slice_slot;
	long r = made ? 0 : mini_activation(3, idle, NULL, 1);

	made = true;
	if (!r)
		r = exo_slice_bind(EXO_SLOT_CPU, cpu, slot, EXO_SLOT_NONE, 3, 10000);
	if (!r)
		exo_slice_bind(EXO_SLOT_CPU, cpu, slot, EXO_SLOT_NONE, 3, 0);
	mini_printf("reach: %s\n", r ? mini_error(r) : "done");
}

/* Nobody is in our slot any more, on any CPU. */
static void empty(const char *arg)
{
	(void)arg;
	for (uint32_t n = xo_cpus(); n--;)
		exo_slice_bind(EXO_SLOT_CPU, xo_cpu_number(n), xo_start->slice_slot, EXO_SLOT_NONE,
			       0, 0);
	mini_printf("still here\n");
}

static const struct verb {
	char name[8];
	void (*run)(const char *arg);
} verbs[] = {
	{"line", line}, {"part", part},   {"lines", lines},      {"wide", wide},
	{"wait", wait}, {"exit", leave},  {"crash", crash},      {"mute", mute},
	{"spin", spin}, {"echo", echo},   {"memory", memory},    {"cpus", cpus},
	{"ask", ask},   {"load", load},   {"free", free_frames}, {"post", post},
	{"junk", junk}, {"reach", reach}, {"quiet", quiet},      {"empty", empty},
};

/* An argument is VERB or VERB:ARGUMENT. */
static void act(char *verb)
{
	char *arg = verb;

	while (*arg && *arg != ':')
		arg++;
	for (size_t v = 0; v < sizeof(verbs) / sizeof(verbs[0]); v++)
		if (strlen(verbs[v].name) == (size_t)(arg - verb) &&
		    !memcmp(verbs[v].name, verb, (size_t)(arg - verb)))
			verbs[v].run(*arg ? arg + 1 : arg);
}

int main(int argc, char **argv)
{
	if (argc == 1)
		mini_printf("nothing to do\n");
	for (int i = 1; i < argc; i++)
		if (!memcmp(argv[i], "times:", 6) && i + 1 < argc)
			for (uint64_t n = number(argv[i] + 6); n; n--)
				act(argv[i + 1]);
		else
			act(argv[i]);
	return 0;
}
