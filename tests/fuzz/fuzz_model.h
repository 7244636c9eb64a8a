/* fuzz_model.h - a unit test against a model, whose choices the input makes instead of a generator.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Include it before the test's file.  Where the input ends, MODEL_MORE further choices are made of
 * it by a generator; then the test ends.
 */
#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

#include "fuzz.h"

#include <setjmp.h>

#define UNIT_PICK

#ifndef MODEL_MORE
#define MODEL_MORE 0
#endif

static struct input model_input;
static uint64_t model_seed;
static unsigned int model_more;
static jmp_buf model_over;
static void *model_kept[1 << 16];
static size_t model_keeps;

static inline uint64_t pick(uint64_t limit)
{
	if (model_input.at < model_input.end)
		return get_below(&model_input, limit);
	if (!model_more--)
		longjmp(model_over, 1);
	model_seed ^= model_seed << 13;
	model_seed ^= model_seed >> 7;
	model_seed ^= model_seed << 17;
	return model_seed % limit;
}

/* What the model takes is given back when it is over. */
static inline void *model_calloc(size_t n, size_t bytes)
{
	void *p = calloc(n, bytes);

	must(p && model_keeps < sizeof(model_kept) / sizeof(*model_kept));
	return model_kept[model_keeps++] = p;
}

static inline void model_run(const uint8_t *data, size_t size, int (*fresh)(void **state),
			     void (*test)(void **state))
{
	model_input = (struct input){data, data + size};
	model_more = MODEL_MORE;
	model_seed = 88172645463325252;
	for (size_t i = 0; i < size; i++)
		model_seed = model_seed * 31 + data[i];
	model_seed |= 1;
	fresh(NULL);
	if (!setjmp(model_over))
		test(NULL);
	while (model_keeps)
		free(model_kept[--model_keeps]);
}

#define calloc model_calloc
#define main   unit_main

#endif
