/* fuzz_serial.c - fuzz target: the kernel's side of the console rings, with a port of any pace.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * As long as the first environment is honest, every byte reaches the port in order and every byte
 * from there is in the ring; once it lies, only its own bytes and indices may be wrong.
 */
#include "fuzz_boot.h"

#include <core/console.c>

#define MOST (1 << 16)

static struct exo_console *c;
static char sent[MOST], came[MOST], typed[MOST];
static size_t sents, cames, typeds, gots;
static int ready, pending;
static bool honest;

void slice_notify(struct env *env, uint32_t index, uint64_t bits)
{
	(void)env, (void)index;
	must(bits == EXO_EVENT_CONSOLE_IN || bits == EXO_EVENT_CONSOLE_OUT);
}

struct cap *cap_get(struct env *env, exo_cap_t slot, enum exo_cap_kind kind, unsigned rights)
{
	(void)env, (void)slot, (void)kind, (void)rights;
	return NULL;
}

bool serial_ready(void)
{
	return ready && ready--;
}

void serial_out(uint8_t v)
{
	if (honest && cames < MOST)
		came[cames++] = (char)v;
}

void serial_put(uint8_t v)
{
	serial_out(v);
}

void serial_flush(void)
{
}

bool serial_has_input(void)
{
	return pending;
}

uint8_t serial_in(void)
{
	pending--;
	if (typeds == MOST || !honest)
		return 0;
	typed[typeds] = (char)(typeds * 5);
	return (uint8_t)typed[typeds++];
}

void serial_interrupts(bool transmit, bool receive)
{
	(void)transmit, (void)receive;
}

static void step(struct input *in)
{
	uint8_t how = (uint8_t)get_bytes(in, 1);
	uint32_t n = (uint32_t)get_bytes(in, 1) * 8, before = out_tail, in_before = in_head;

	switch (how % 4) {
	case 0:
		for (;
		     honest && n && c->out.head - c->out.tail < sizeof(c->out_data) && sents < MOST;
		     n--) {
			sent[sents] = (char)(sents * 3);
			c->out_data[c->out.head++ % sizeof(c->out_data)] = (uint8_t)sent[sents++];
		}
		break;
	case 1:
		for (; honest && n && c->in.tail != c->in.head && gots < typeds; n--)
			must((char)c->in_data[c->in.tail++ % sizeof(c->in_data)] == typed[gots++]);
		break;
	case 2:
		ready = how >> 2;
		pending = (int)n;
		console_interrupt();
		must(out_tail - before <= STEP && in_head - in_before <= STEP);
		must(in_head - in_before <= IN_SIZE);
		break;
	default:
		if (how >> 2 != 63)
			break;
		honest = false;
		c->out.head = (uint32_t)get_number(in);
		c->in.tail = (uint32_t)get_number(in);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, data + size};

	memory_begin();
	c = direct(0x1000);
	memset(c, 0, sizeof(*c));
	out_tail = in_head = (uint32_t)get_number(&in);
	c->out.head = c->out.tail = c->in.head = c->in.tail = out_tail;
	ASAN_POISON_MEMORY_REGION(c + 1, 4096);
	sents = cames = typeds = gots = 0;
	was_full = false;
	honest = true;
	console_bind(NULL, 0x1000);
	while (in.at < in.end)
		step(&in);
	console_finish();
	if (honest)
		must(cames == sents && !memcmp(came, sent, sents));
	return 0;
}
