/* key.c - values that each thread has of its own, under keys.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A thread's values stand in blocks that are made when they are first used.  Each value knows
 * for which use of its key it was set, so a key that is deleted and made again finds none.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <thread/thread.h>

#define PER_BLOCK 32
#define BLOCKS    (PTHREAD_KEYS_MAX / PER_BLOCK)

static struct key {
	uintptr_t use; /* odd: in use */
	void (*destructor)(void *);
} keys[PTHREAD_KEYS_MAX];

struct px_value {
	uintptr_t use;
	void *value;
};

static struct px_value *find(pthread_key_t key)
{
	struct px_value **blocks = px_self()->values;

	if (key >= PTHREAD_KEYS_MAX || !blocks || !blocks[key / PER_BLOCK])
		return NULL;
	return &blocks[key / PER_BLOCK][key % PER_BLOCK];
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	for (pthread_key_t k = 0; k < PTHREAD_KEYS_MAX; k++) {
		uintptr_t use = __atomic_load_n(&keys[k].use, __ATOMIC_RELAXED);

		if (use & 1 || !__atomic_compare_exchange_n(&keys[k].use, &use, use + 1, false,
							    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			continue;
		keys[k].destructor = destructor;
		*key = k;
		return 0;
	}
	return EAGAIN;
}

int pthread_key_delete(pthread_key_t key)
{
	uintptr_t use;

	if (key >= PTHREAD_KEYS_MAX)
		return EINVAL;
	use = __atomic_load_n(&keys[key].use, __ATOMIC_RELAXED);
	return use & 1 && __atomic_compare_exchange_n(&keys[key].use, &use, use + 1, false,
						      __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)
		       ? 0
		       : EINVAL;
}

void *pthread_getspecific(pthread_key_t key)
{
	struct px_value *v = find(key);

	return v && v->use == keys[key].use ? v->value : NULL;
}

static struct px_value *make(pthread_key_t key)
{
	struct px_tcb *me = px_self();

	if (!me->values)
		me->values = calloc(BLOCKS, sizeof(*me->values));
	if (!me->values)
		return NULL;
	if (!me->values[key / PER_BLOCK])
		me->values[key / PER_BLOCK] = calloc(PER_BLOCK, sizeof(struct px_value));
	return find(key);
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	struct px_value *v = find(key);

	if (key >= PTHREAD_KEYS_MAX || !(keys[key].use & 1))
		return EINVAL;
	if (!v && !value)
		return 0;
	if (!v)
		v = make(key);
	if (!v)
		return ENOMEM;
	*v = (struct px_value){keys[key].use, (void *)value};
	return 0;
}

/* One round; false if there was nothing to do. */
static bool destroy_all(struct px_value **blocks)
{
	bool any = false;

	for (pthread_key_t k = 0; k < PTHREAD_KEYS_MAX; k++) {
		struct px_value *v = blocks[k / PER_BLOCK] ? find(k) : NULL;
		void (*destructor)(void *) = keys[k].destructor;
		void *value = v ? v->value : NULL;

		if (!value)
			continue;
		v->value = NULL;
		if (v->use != keys[k].use || !destructor)
			continue;
		destructor(value);
		any = true;
	}
	return any;
}

void px_keys_end(void)
{
	struct px_tcb *me = px_self();

	if (!me->values)
		return;
	for (int i = 0; i < PTHREAD_DESTRUCTOR_ITERATIONS && destroy_all(me->values); i++)
		continue;
	for (int i = 0; i < BLOCKS; i++)
		free(me->values[i]);
	free(me->values);
	me->values = NULL;
}
