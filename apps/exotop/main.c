/* main.c - exotop: who owns which frames and which slices, live.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 *     exotop [once] [MILLISECONDS]
 *
 * What it shows it reads in pages that the kernel keeps; the only calls it makes while it looks are
 * one to sleep and one to tell the console's server of a screen.
 */
#include "look.h"
#include "screen.h"

#include <exo/cap.h>
#include <exo/ring.h>
#include <libexo/console.h>
#include <libexo/frames.h>
#include <libexo/roster.h>
#include <libexo/start.h>
#include <mini/mini.h>
#include <util/fmt.h>

#define INTERVAL_MS 1000
#define WHOLE_EVERY 16 /* something may have been written over the screen */

static struct tables tables;
static const volatile struct xo_roster *roster; /* NULL: nobody tells names */
static struct look now;
static enum sort sort = BY_FRAMES;
static bool paused;
static uint64_t looks;

/* Accounts whose object we may see; the kernel keeps limits there. */
static struct {
	uint32_t pfn;
	const volatile struct exo_account *object; /* NULL: it cannot be seen */
} seen[ACCOUNTS_MAX];

/* The account's object.  The first time it is asked for it is mapped: a call or a few. */
static const volatile struct exo_account *object_of(uint32_t pfn)
{
	uint32_t i = 0;
	exo_va_t va;

	while (i < ACCOUNTS_MAX && seen[i].pfn && seen[i].pfn != pfn)
		i++;
	if (i == ACCOUNTS_MAX)
		return NULL;
	if (!seen[i].pfn) {
		seen[i].pfn = pfn;
		va = mini_va(1);
		if (!mini_map_pages(va, pfn, 1, EXO_PROT_READ))
			seen[i].object = (const volatile struct exo_account *)va;
	}
	return seen[i].object && tables.frame[pfn].type == EXO_FRAME_ACCOUNT ? seen[i].object
									     : NULL;
}

/* What is known of an account by name and from above, as text. */
struct about {
	char name[33], limit[24], guaranteed[24];
};

static void bound(char *text, size_t size, uint64_t n)
{
	if (n >> 52)
		fmt_string(text, size, "none");
	else
		fmt_string(text, size, "%lu", n);
}

/* From the steward's list, if there is one that we may see; else from the account itself. */
static void tell(struct about *a, uint32_t pfn, uint32_t parent)
{
	const volatile struct exo_account *object = object_of(pfn);

	*a = (struct about){.limit = "?", .guaranteed = "?"};
	if (pfn == parent)
		fmt_string(a->name, sizeof(a->name), roster ? "(steward)" : "%u", pfn);
	else if (roster && roster->loans == pfn)
		fmt_string(a->name, sizeof(a->name), "(loans)");
	else
		fmt_string(a->name, sizeof(a->name), "%u below %u", pfn, parent);
	if (object) {
		bound(a->limit, sizeof(a->limit), object->limit);
		bound(a->guaranteed, sizeof(a->guaranteed), object->guaranteed);
	}
	for (uint32_t i = 0; roster && i < roster->images && i < XO_ROSTER_MAX; i++) {
		const volatile struct xo_image *image = &roster->image[i];

		if (image->account != pfn)
			continue;
		for (size_t c = 0; c < sizeof(image->name); c++)
			a->name[c] = image->name[c];
		bound(a->limit, sizeof(a->limit), image->limit);
		bound(a->guaranteed, sizeof(a->guaranteed), image->guaranteed);
	}
}

/* Frames as MiB with a decimal. */
#define MIB(frames) (frames) / 256, (frames) % 256 * 10 / 256

static void title(void)
{
	uint64_t s = tables.info->wall_ns ? mini_wall_ns() / 1000000000 % 86400
					  : mini_now() / 1000000000;

	screen_line("exotop %02lu:%02lu:%02lu  %lu.%lu MiB of RAM: kernel %lu.%lu, owned %lu.%lu, "
		    "free %lu.%lu%s",
		    s / 3600, s / 60 % 60, s % 60, MIB(now.ram), MIB(now.kernel),
		    MIB(now.ram - now.kernel - now.free), MIB(now.free),
		    paused ? "  (paused)" : "");
	screen_line("[%s]", now.map);
}

static void cpu_line(const char *name, const struct cpu_row *c)
{
	screen_line("%5s %9lu %9lu %9lu %9lu %5u.%u %%", name, c->calls, c->upcalls, c->interrupts,
		    c->switches, c->idle / 10, c->idle % 10);
}

/* Up to four, or all in one line. */
static void cpus(void)
{
	struct cpu_row sum = {0};
	char name[8];

	screen_line("  CPU   calls/s upcalls/s  interr/s switched/s    idle");
	for (uint32_t n = 0; n < now.cpus; n++) {
		const struct cpu_row *c = &now.cpu[n];

		sum.calls += c->calls;
		sum.upcalls += c->upcalls;
		sum.interrupts += c->interrupts;
		sum.switches += c->switches;
		sum.idle += c->idle;
		fmt_string(name, sizeof(name), "%u", n);
		if (now.cpus <= 4)
			cpu_line(name, c);
	}
	sum.idle /= now.cpus;
	if (now.cpus > 4)
		cpu_line("all", &sum);
}

static void account_line(const struct account *a)
{
	struct about about;

	tell(&about, a->pfn, a->parent);
	screen_line("%c %-20.20s %8lu %8lu %7lu %9s %9s %5u.%u %%", a->letter, about.name, a->all,
		    a->own, a->tables, about.limit, about.guaranteed, a->share / 10, a->share % 10);
}

static void accounts(int most)
{
	int n = 0;

	screen_line("  account                frames      own  tables     limit      kept    time");
	for (uint32_t i = 0; i < now.accounts && n < most; i++, n++)
		if (n + 1 == most && i + 1 < now.accounts)
			screen_line("  ... and %u more", now.accounts - i);
		else
			account_line(&now.account[i]);
}

static uint32_t parent_of(uint32_t pfn)
{
	for (uint32_t i = 0; i < now.accounts; i++)
		if (now.account[i].pfn == pfn)
			return now.account[i].parent;
	return 0;
}

static void row_line(const struct row *r)
{
	struct about about;

	tell(&about, r->account, parent_of(r->account));
	if (r->slice)
		screen_line("  %-20.20s %8u %4u %4u %10u %9u us %5u.%u %%", about.name, r->env,
			    r->cpu, r->slot, r->index, r->ns / 1000, r->share / 10, r->share % 10);
	else
		screen_line("  %-20.20s %8u  no slices", about.name, r->env);
}

static void rows(void)
{
	screen_line("  account              environ.  CPU slot activation         each    time");
	for (uint32_t i = 0; i < now.rows && screen_left() > 1; i++)
		if (screen_left() == 2 && i + 1 < now.rows)
			screen_line("  ... and %u more", now.rows - i + now.more_rows);
		else
			row_line(&now.row[i]);
}

static void draw(bool whole)
{
	int most;

	title();
	cpus();
	/* Half of the rest, less if there are fewer: headlines, an empty line, and the keys. */
	most = (screen_left() - 4) / 2;
	if (screen_left() - 4 - (int)now.rows > most)
		most = screen_left() - 4 - (int)now.rows;
	accounts(most);
	screen_line(" ");
	rows();
	while (screen_left() > 1)
		screen_line(" ");
	screen_line("q quits  p pauses  1 most frames first  2 most time first");
	screen_show(whole);
}

/* For programs: one fact a line. */
static void print(void)
{
	mini_printf("ram %lu kernel %lu free %lu\n", now.ram, now.kernel, now.free);
	for (uint32_t n = 0; n < now.cpus; n++)
		mini_printf("cpu %u calls %lu idle %u\n", n, now.cpu[n].calls, now.cpu[n].idle);
	for (uint32_t i = 0; i < now.accounts; i++) {
		const struct account *a = &now.account[i];
		const volatile struct exo_account *object = object_of(a->pfn);
		struct about about;

		tell(&about, a->pfn, a->parent);
		mini_printf("account %u above %u frames %lu own %lu tables %lu objects %lu time %u "
			    "limit %s guaranteed %s name %s",
			    a->pfn, a->parent, a->all, a->own, a->tables, a->objects, a->share,
			    about.limit, about.guaranteed, about.name);
		if (object)
			mini_printf(" used %lu", object->used);
		mini_printf("\n");
	}
	for (uint32_t i = 0; i < now.rows; i++) {
		const struct row *r = &now.row[i];

		mini_printf("environment %u account %u", r->env, r->account);
		if (r->slice)
			mini_printf(" cpu %u slot %u index %u ns %u time %u", r->cpu, r->slot,
				    r->index, r->ns, r->share);
		mini_printf("\n");
	}
}

static bool open_tables(void)
{
	const struct exo_info *info = xo_info;
	exo_va_t cpu = xo_start->info + EXO_INFO_CPUS_AT;

	tables.info = info;
	if (!xo_readable(cpu, sizeof(struct exo_cpu_info) * info->cpus))
		return false;
	tables.cpu = (const volatile struct exo_cpu_info *)cpu;
	tables.frame = xo_frame_table(&mini_space, mini_va(xo_frame_table_pages()));
	for (uint32_t n = 0; n < info->cpus; n++)
		tables.slice[n] = xo_slice_table(&mini_space, mini_va(1), n);
	roster = xo_roster();
	return tables.frame && tables.slice[0];
}

/* Serve the keys that were typed; false: quit. */
static bool keys(void)
{
	char c;

	while (xo_console_read(&c, 1))
		switch (c) {
		case 'q':
			return false;
		case 'p':
			paused = !paused;
			break;
		case '1':
		case '2':
			sort = c == '1' ? BY_FRAMES : BY_TIME;
			break;
		}
	return true;
}

static uint64_t calls(void)
{
	uint64_t sum = 0;

	for (uint32_t n = 0; n < tables.info->cpus; n++)
		sum += tables.cpu[n].calls;
	return sum;
}

static void watch(exo_ns_t interval)
{
	exo_ns_t next = mini_now();
	uint64_t before = 0;

	do {
		if (!paused) {
			next = mini_now() + interval;
			look(&now, &tables, mini_now(), sort);
		}
		/* Others print on the same console. */
		draw(now.accounts > 1 || looks % WHOLE_EVERY == 0);
		if (looks++ == 0)
			before = calls();
		mini_wait(EXO_EVENT_CONSOLE_IN, paused ? 0 : next);
	} while (keys());
	screen_end();
	mini_printf("exotop: %lu screens, %lu calls on all CPUs since the first\n", looks,
		    calls() - before);
}

int main(int argc, char **argv)
{
	exo_ns_t interval = 0;
	bool once = false;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "once"))
			once = true;
		for (const char *p = argv[i]; *p >= '0' && *p <= '9'; p++)
			interval = interval * 10 + (exo_ns_t)(*p - '0');
	}
	interval = (interval ? interval : INTERVAL_MS) * MINI_NS_PER_MS;
	if (!open_tables()) {
		mini_printf("exotop: the kernel's tables are not open to this image: "
			    "`sees = all` in its description opens them\n");
		return 1;
	}
	if (!once) {
		watch(interval);
		return 0;
	}
	look(&now, &tables, mini_now(), sort);
	mini_sleep(interval);
	look(&now, &tables, mini_now(), sort);
	print();
	return 0;
}
