/* fuzz_rings.c - fuzz target: a program's console, whose other side writes what it likes into the
 * rings. SPDX-License-Identifier: BSD-2-Clause
 *
 * As long as the other side is honest, what is written arrives and what arrives was written, in
 * order; once it lies only its own part of the pages may be wrong, and every call still ends.
 */
#include "fuzz.h"

#include <exo/ring.h>
#include <exo/start.h>
#include <exo/version.h>
#include <libexo/console.h>
#include <libexo/upcall.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARCH_SET_GS 0x1001
#define MOST        (1 << 16)

static struct exo_start start;
struct exo_start *xo_start = &start;
static struct exo_console *c;
static bool honest;
static uint32_t tail, head; /* the honest other side's own */
static char sent[MOST], came[MOST], typed[MOST], got[MOST];
static size_t sents, cames, typeds, gots;
static unsigned int sleeps;

/* Take what is there, as the steward does. */
static void serve(uint32_t most)
{
	for (; tail != c->out.head && most && cames < MOST; most--)
		came[cames++] = (char)c->out_data[tail++ % sizeof(c->out_data)];
	c->out.tail = tail;
}

long exo_syscall(uint64_t nr, uint64_t a, uint64_t b, uint64_t d, uint64_t e, uint64_t f,
		 uint64_t g)
{
	(void)nr, (void)a, (void)b, (void)d, (void)e, (void)f, (void)g;
	return 0;
}

long exo_sleep(uint64_t mask, exo_ns_t until, exo_cap_t env, uint32_t index)
{
	(void)mask, (void)until, (void)env, (void)index;
	must(++sleeps < 100000);
	if (honest)
		serve(1000);
	else
		c->out.tail = c->out.head; /* it has mercy at last */
	return 0;
}

exo_ns_t xo_now(void)
{
	return 1;
}

static _Alignas(64) char activation[8192];

static void send(struct input *in)
{
	char text[300];
	size_t n = get_bytes(in, 1) + 1, done;

	if (sents + n > MOST)
		return;
	for (size_t i = 0; i < n; i++)
		text[i] = (char)(sents + i);
	done = n;
	if (get_bytes(in, 1) & 1)
		xo_console_write(text, n);
	else
		done = xo_console_put(text, n);
	must(done <= n);
	memcpy(sent + sents, text, done);
	sents += done;
}

static void receive(struct input *in)
{
	size_t n = get_bytes(in, 1), k;
	char *to = malloc(n ? n : 1);

	k = xo_console_read(to, n);
	must(k <= n);
	if (honest && gots + k <= MOST) {
		memcpy(got + gots, to, k);
		gots += k;
	}
	free(to);
}

static void step(struct input *in)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);

	switch (how % 8) {
	case 0:
	case 1:
		send(in);
		break;
	case 2:
		receive(in);
		break;
	case 3:
		if (honest)
			serve((uint32_t)get_bytes(in, 2));
		break;
	case 4:
		for (int i = how >> 3;
		     honest && i && head - c->in.tail < sizeof(c->in_data) && typeds < MOST; i--) {
			typed[typeds] = (char)(typeds * 7);
			c->in_data[head++ % sizeof(c->in_data)] = (uint8_t)typed[typeds++];
			c->in.head = head;
		}
		break;
	case 5:
		must(xo_console_room() <= sizeof(c->out_data));
		break;
	case 6:
		xo_console_flush();
		break;
	default:
		if (how >> 3 != 31)
			break;
		honest = false;
		c->out.tail = (uint32_t)get_number(in);
		c->in.head = (uint32_t)get_number(in);
		c->out.entries = (uint32_t)get_number(in);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};
	struct exo_activation *self = (void *)activation;

	syscall(SYS_arch_prctl, ARCH_SET_GS, self); /* as on the machine itself */
	self->self = (exo_va_t)self;
	c = aligned_alloc(4096, sizeof(*c));
	memset(c, 0, sizeof(*c));
	c->out = (struct exo_ring){
		.version = EXO_ABI_VERSION, .entry_size = 1, .entries = sizeof(c->out_data)};
	c->in = (struct exo_ring){
		.version = EXO_ABI_VERSION, .entry_size = 1, .entries = sizeof(c->in_data)};
	tail = head = c->out.head = c->out.tail = c->in.head = c->in.tail =
		(uint32_t)get_number(&in);
	sents = cames = typeds = gots = sleeps = 0;
	honest = true;
	must(!xo_console_init(c, 1));
	while (in.at < in.end)
		step(&in);
	if (honest) {
		serve(UINT32_MAX);
		must(cames == sents && !memcmp(came, sent, sents));
		must(gots <= typeds && !memcmp(got, typed, gots));
	}
	free(c);
	return 0;
}
