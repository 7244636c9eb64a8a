/* random.c - the additive feedback generator, with the numbers Linux gives.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * r[i] = r[i - deg] + r[i - deg + sep], of which the lowest bit is not shown.  The first deg
 * numbers come from a multiplicative generator, and ten times as many are thrown away.  The word
 * before a state says which kind it is and where it stands.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/lock.h>

#define TYPES 5

static const struct kind {
	short size, degree, separation;
} kinds[TYPES] = {{8, 0, 0}, {32, 7, 3}, {64, 15, 1}, {128, 31, 3}, {256, 63, 1}};

static int32_t table[32];
static struct random_data shared;
__LOCK_INIT(static, random_mutex);

int random_r(struct random_data *restrict d, int32_t *restrict result)
{
	uint32_t x;

	if (!d || !result) {
		errno = EINVAL;
		return -1;
	}
	if (d->rand_type == 0) {
		x = ((uint32_t)d->state[0] * 1103515245u + 12345u) & 0x7fffffff;
		d->state[0] = (int32_t)x;
		*result = (int32_t)x;
		return 0;
	}
	x = (uint32_t)*d->fptr + (uint32_t)*d->rptr;
	*d->fptr++ = (int32_t)x;
	*result = (int32_t)(x >> 1);
	d->rptr++;
	if (d->fptr == d->end_ptr)
		d->fptr = d->state;
	if (d->rptr == d->end_ptr)
		d->rptr = d->state;
	return 0;
}

int srandom_r(unsigned int seed, struct random_data *d)
{
	int32_t word, thrown;

	if (!d || (unsigned int)d->rand_type >= TYPES)
		return -1;
	word = seed ? (int32_t)seed : 1;
	d->state[0] = word;
	if (d->rand_type == 0)
		return 0;
	for (int i = 1; i < d->rand_deg; i++) {
		word = (int32_t)(16807L * (word % 127773) - 2836L * (word / 127773));
		if (word < 0)
			word += 2147483647;
		d->state[i] = word;
	}
	d->fptr = &d->state[d->rand_sep];
	d->rptr = d->state;
	for (int i = 0; i < 10 * d->rand_deg; i++)
		random_r(d, &thrown);
	return 0;
}

/* What the word before the state must say to be taken up again. */
static void note(struct random_data *d)
{
	if (d->state)
		d->state[-1] =
			d->rand_type ? (int32_t)(d->rptr - d->state) * TYPES + d->rand_type : 0;
}

static void shape(struct random_data *d, int type, int32_t *words)
{
	d->rand_type = type;
	d->rand_deg = kinds[type].degree;
	d->rand_sep = kinds[type].separation;
	d->state = words + 1;
	d->end_ptr = d->state + d->rand_deg;
}

int initstate_r(unsigned int seed, char *restrict state, size_t n, struct random_data *restrict d)
{
	int type = TYPES - 1;

	if (!d || n < 8) {
		errno = EINVAL;
		return -1;
	}
	note(d);
	while (n < (size_t)kinds[type].size)
		type--;
	shape(d, type, (int32_t *)(void *)state);
	srandom_r(seed, d);
	note(d);
	return 0;
}

int setstate_r(char *restrict state, struct random_data *restrict d)
{
	int32_t *words = (int32_t *)(void *)state;
	int type, at;

	if (!state || !d || words[0] < 0) {
		errno = EINVAL;
		return -1;
	}
	note(d);
	type = words[0] % TYPES;
	at = words[0] / TYPES;
	shape(d, type, words);
	if (type) {
		d->rptr = &d->state[at];
		d->fptr = &d->state[(at + d->rand_sep) % d->rand_deg];
	}
	note(d);
	return 0;
}

static void begin(void)
{
	__lock_acquire(random_mutex);
	if (!shared.state) {
		shape(&shared, 3, table);
		srandom_r(1, &shared);
	}
}

long random(void)
{
	int32_t r;

	begin();
	random_r(&shared, &r);
	__lock_release(random_mutex);
	return r;
}

void srandom(unsigned int seed)
{
	begin();
	srandom_r(seed, &shared);
	__lock_release(random_mutex);
}

char *initstate(unsigned int seed, char *state, size_t n)
{
	char *before;
	int r;

	begin();
	before = (char *)(shared.state - 1);
	r = initstate_r(seed, state, n, &shared);
	__lock_release(random_mutex);
	return r < 0 ? NULL : before;
}

char *setstate(char *state)
{
	char *before;
	int r;

	begin();
	before = (char *)(shared.state - 1);
	r = setstate_r(state, &shared);
	__lock_release(random_mutex);
	return r < 0 ? NULL : before;
}

int rand(void)
{
	return (int)random();
}

void srand(unsigned int seed)
{
	srandom(seed);
}

/* Eleven bits, then ten and ten. */
int rand_r(unsigned int *seed)
{
	unsigned int next = *seed, r = 0;

	for (int i = 0; i < 3; i++) {
		next = next * 1103515245u + 12345u;
		r = i ? r << 10 ^ (next >> 16) % 1024 : (next >> 16) % 2048;
	}
	*seed = next;
	return (int)r;
}
