/* count.c - what follows from the rest of a world, and where two worlds differ.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "world.h"

static uint32_t weight(uint32_t place)
{
	return place == W_FRAMES - 1 ? EXO_LARGE_FRAMES - 3 : 1;
}

static void count_mapping(struct world *w, const struct w_map *m, bool large)
{
	static const uint64_t places[] = {EXO_LARGE_FRAMES, EXO_LARGE_FRAMES + 1,
					  EXO_LARGE_FRAMES + 2, 2 * EXO_LARGE_FRAMES - 1};

	if (!large)
		w->frame[frame_place(m->pfn)].maps++;
	for (int i = 0; large && i < 4; i++)
		w->frame[frame_place(places[i])].maps++;
}

/* Mappings of frames, entries of tables, uses by activations; in `bound` slices of activations. */
static void count_env(struct world *w, uint8_t h)
{
	struct w_env *e = &w->env[h];

	for (uint32_t p = 0; p < shape.places; p++) {
		uint8_t t = home_table(shape.place[p], shape.large[p] ? 2 : 1);

		if (!e->map[p].pfn)
			continue;
		count_mapping(w, &e->map[p], shape.large[p]);
		w->frame[e->table[t]].maps++;
	}
	for (uint32_t t = 0; t < shape.tables; t++) {
		uint8_t above = home_table(shape.table[t].va, shape.table[t].level + 1);

		if (e->table[t])
			w->frame[above == NOBODY ? e->root : e->table[above]].maps++;
	}
	for (int p = 0; p < e->pages; p++)
		w->frame[e->page[p]].maps = h;
	for (int i = 0; i < W_ACTS; i++) {
		e->act[i].bound = 0;
		for (int f = 0; e->act[i].state && f < 2; f++)
			w->frame[e->act[i].pfn + f].wired++;
	}
}

void world_count(struct world *w)
{
	for (uint32_t i = 0; i < W_FRAMES; i++)
		w->frame[i].maps = w->frame[i].wired = 0;
	for (uint8_t h = 0; h < shape.homes; h++) {
		struct w_account *a = &w->account[h];

		a->used = a->left = a->children = 0;
		if (w->env[h].live)
			count_env(w, h);
	}
	for (uint8_t h = 0; h < shape.homes; h++)
		if (w->account[h].live && w->account[h].parent != NOBODY)
			w->account[w->account[h].parent].children++;
	for (uint32_t i = 1; i < W_FRAMES; i++) {
		uint8_t a = w->frame[i].account;

		if (a == NOBODY || w->frame[i].type == W_ABSENT)
			continue;
		if (w->frame[i].type == W_FREE)
			w->account[a].left += weight(i);
		for (; w->frame[i].type != W_FREE && a != NOBODY; a = w->account[a].parent)
			w->account[a].used += weight(i);
	}
	for (uint32_t n = 0; n < W_CPUS; n++)
		for (uint32_t i = 0; i < W_SLICES; i++)
			if (w->slice[n][i].env != NOBODY)
				w->env[w->slice[n][i].env].act[w->slice[n][i].index].bound++;
}

#define FIELD(a, b, field, ...)                                                                    \
	do {                                                                                       \
		if ((a)->field != (b)->field)                                                      \
			return say(__VA_ARGS__, #field, (long)(a)->field, (long)(b)->field);       \
	} while (0)

static const char *cap_difference(const struct w_cap *a, const struct w_cap *b, int h, uint32_t s)
{
	static const char text[] = "environment %d, slot %u: %s should be %ld and is %ld";

	FIELD(a, b, kind, text, h, s);
	FIELD(a, b, rights, text, h, s);
	FIELD(a, b, depth, text, h, s);
	FIELD(a, b, ending, text, h, s);
	FIELD(a, b, revoking, text, h, s);
	FIELD(a, b, used, text, h, s);
	FIELD(a, b, account, text, h, s);
	FIELD(a, b, parent, text, h, s);
	FIELD(a, b, parent_slot, text, h, s);
	FIELD(a, b, generation, text, h, s);
	FIELD(a, b, first, text, h, s);
	FIELD(a, b, count, text, h, s);
	return say(text, h, s, "something", 0l, 1l);
}

static const char *frame_difference(const struct w_frame *a, const struct w_frame *b, uint32_t i)
{
	static const char text[] = "frame %u: %s should be %ld and is %ld";

	FIELD(a, b, type, text, i);
	FIELD(a, b, account, text, i);
	FIELD(a, b, going, text, i);
	FIELD(a, b, wired, text, i);
	FIELD(a, b, generation, text, i);
	FIELD(a, b, maps, text, i);
	return NULL;
}

static const char *account_difference(const struct w_account *a, const struct w_account *b, int h)
{
	static const char text[] = "account %d: %s should be %ld and is %ld";

	FIELD(a, b, live, text, h);
	FIELD(a, b, parent, text, h);
	FIELD(a, b, depth, text, h);
	FIELD(a, b, children, text, h);
	FIELD(a, b, used, text, h);
	FIELD(a, b, left, text, h);
	FIELD(a, b, limit, text, h);
	FIELD(a, b, guaranteed, text, h);
	return NULL;
}

static const char *act_difference(const struct w_act *a, const struct w_act *b, int h, int i)
{
	static const char text[] = "environment %d, activation %d: %s should be %ld and is %ld";

	FIELD(a, b, state, text, h, i);
	FIELD(a, b, slot, text, h, i);
	FIELD(a, b, bound, text, h, i);
	FIELD(a, b, cpu, text, h, i);
	FIELD(a, b, pfn, text, h, i);
	FIELD(a, b, event_due, text, h, i);
	FIELD(a, b, callee, text, h, i);
	FIELD(a, b, callee_index, text, h, i);
	FIELD(a, b, caller, text, h, i);
	FIELD(a, b, caller_index, text, h, i);
	FIELD(a, b, receive, text, h, i);
	FIELD(a, b, mask, text, h, i);
	FIELD(a, b, event, text, h, i);
	FIELD(a, b, deadline, text, h, i);
	FIELD(a, b, resume, text, h, i);
	FIELD(a, b, depth, text, h, i);
	FIELD(a, b, pending, text, h, i);
	FIELD(a, b, argument, text, h, i);
	return NULL;
}

static const char *env_difference(const struct w_env *a, const struct w_env *b, int h)
{
	static const char text[] = "environment %d: %s should be %ld and is %ld";
	const char *wrong;

	FIELD(a, b, live, text, h);
	FIELD(a, b, stopped, text, h);
	FIELD(a, b, status, text, h);
	FIELD(a, b, wx, text, h);
	FIELD(a, b, creator, text, h);
	FIELD(a, b, stop_bits, text, h);
	FIELD(a, b, creator_generation, text, h);
	FIELD(a, b, pages, text, h);
	FIELD(a, b, loaded, text, h);
	FIELD(a, b, page[0], text, h);
	FIELD(a, b, page[1], text, h);
	FIELD(a, b, root, text, h);
	for (int i = 0; i < W_ACTS; i++)
		if ((wrong = act_difference(&a->act[i], &b->act[i], h, i)))
			return wrong;
	for (uint32_t t = 0; t < shape.tables; t++)
		if (a->table[t] != b->table[t])
			return say("environment %d: table %u should be %u and is %u", h, t,
				   a->table[t], b->table[t]);
	for (uint32_t p = 0; p < shape.places; p++)
		if (memcmp(&a->map[p], &b->map[p], sizeof(a->map[p])))
			return say(
				"environment %d: at %lx frame %u prot %u slot %u seen %u should be "
				"mapped and is %u %u %u %u",
				h, shape.place[p], a->map[p].pfn, a->map[p].prot, a->map[p].slot,
				a->map[p].seen, b->map[p].pfn, b->map[p].prot, b->map[p].slot,
				b->map[p].seen);
	for (uint32_t s = 0; s < W_SLOTS; s++)
		if (memcmp(&a->cap[s], &b->cap[s], sizeof(a->cap[s])))
			return cap_difference(&a->cap[s], &b->cap[s], h, slot_number(s));
	return NULL;
}

const char *world_difference(const struct world *model, const struct world *kernel)
{
	const char *wrong;

	if (!memcmp(model, kernel, sizeof(*model)))
		return NULL;
	for (uint32_t i = 0; i < W_FRAMES; i++)
		if ((wrong = frame_difference(&model->frame[i], &kernel->frame[i], i)))
			return wrong;
	for (int h = 0; h < W_HOMES; h++)
		if ((wrong = account_difference(&model->account[h], &kernel->account[h], h)) ||
		    (wrong = env_difference(&model->env[h], &kernel->env[h], h)))
			return wrong;
	for (int n = 0; n < W_CPUS; n++)
		for (int i = 0; i < W_SLICES; i++)
			if (memcmp(&model->slice[n][i], &kernel->slice[n][i],
				   sizeof(struct w_slice)))
				return say("slice %d of CPU %d serves %u and should serve %u", i, n,
					   kernel->slice[n][i].env, model->slice[n][i].env);
	return "what the CPUs do differs";
}
