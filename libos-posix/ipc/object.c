/* object.c - what the objects of System V have in common: numbers, keys, rights.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <errno.h>
#include <fs/may.h>
#include <ipc/ipc.h>
#include <libexo/time.h>
#include <vm/copy.h>

#define RIGHTS 0777

struct px_ipc *px_ipc_head(void)
{
	if (!px_arena->ipc)
		px_arena->ipc = px_alloc(sizeof(*px_arena->ipc));
	return px_arena->ipc;
}

time_t px_ipc_now(void)
{
	return (time_t)(xo_wall_ns() / 1000000000);
}

/* May it be used in the ways that stand in `wanted` as for its owner? */
static bool may(const struct px_ipc_object *o, uint32_t wanted)
{
	uint32_t user = px_me->user.effective, rights = o->mode;

	if (!user)
		return true;
	if (user != o->owner.user && user != o->maker.user)
		rights <<= px_has_group(o->owner.group) || px_has_group(o->maker.group) ? 3 : 6;
	return !(wanted & ~rights & 0700);
}

static struct px_ipc_object *with_key(const struct px_ipc *ipc, enum px_ipc_kind kind, key_t key)
{
	struct px_ipc_object *o = ipc->first[kind];

	while (o && o->key != key)
		o = o->next;
	return o;
}

static bool number_in_use(const struct px_ipc *ipc, enum px_ipc_kind kind, int id)
{
	const struct px_ipc_object *o = ipc->first[kind];

	while (o && o->id != id)
		o = o->next;
	return o;
}

static int begin(struct px_ipc *ipc, enum px_ipc_kind kind, key_t key, int flags,
		 struct px_ipc_object *o)
{
	do
		o->id = (int)(++ipc->last_id & 0x7fffffff);
	while (number_in_use(ipc, kind, o->id));
	o->key = key;
	o->mode = (uint32_t)flags & RIGHTS;
	o->owner.user = o->maker.user = px_me->user.effective;
	o->owner.group = o->maker.group = px_me->group_ids.effective;
	o->changed = px_ipc_now();
	o->next = ipc->first[kind];
	ipc->first[kind] = o;
	ipc->count[kind]++;
	return o->id;
}

int px_ipc_get(enum px_ipc_kind kind, key_t key, int flags,
	       int (*fits)(const struct px_ipc_object *o, size_t wanted),
	       struct px_ipc_object *(*make)(size_t wanted, int *error), size_t wanted)
{
	struct px_ipc *ipc = px_ipc_head();
	struct px_ipc_object *o;
	uint32_t access = (uint32_t)flags | (uint32_t)flags << 3 | (uint32_t)flags << 6;
	int error = 0;

	if (!ipc)
		return -ENOMEM;
	o = key == IPC_PRIVATE ? NULL : with_key(ipc, kind, key);
	if (o) {
		if (flags & IPC_CREAT && flags & IPC_EXCL)
			return -EEXIST;
		if (!may(o, access))
			return -EACCES;
		error = fits(o, wanted);
		return error ? error : o->id;
	}
	if (key != IPC_PRIVATE && !(flags & IPC_CREAT))
		return -ENOENT;
	if (ipc->count[kind] == PX_IPC_MOST)
		return -ENOSPC;
	o = make(wanted, &error);
	return o ? begin(ipc, kind, key, flags, o) : error;
}

struct px_ipc_object *px_ipc_find(enum px_ipc_kind kind, int id, uint32_t access, int *error)
{
	struct px_ipc_object *o = px_arena->ipc ? px_arena->ipc->first[kind] : NULL;

	while (o && o->id != id)
		o = o->next;
	*error = !o ? -EINVAL : !may(o, access) ? -EACCES : 0;
	return *error ? NULL : o;
}

void px_ipc_remove(enum px_ipc_kind kind, struct px_ipc_object *o)
{
	struct px_ipc_object **at = &px_arena->ipc->first[kind];

	while (*at != o)
		at = &(*at)->next;
	*at = o->next;
	px_arena->ipc->count[kind]--;
	px_wake(&px_arena->ipc->news);
}

int px_ipc_owns(const struct px_ipc_object *o)
{
	uint32_t user = px_me->user.effective;

	return !user || user == o->owner.user || user == o->maker.user ? 0 : -EPERM;
}

struct ipc_perm px_ipc_show(const struct px_ipc_object *o)
{
	return (struct ipc_perm){.__key = o->key,
				 .uid = o->owner.user,
				 .gid = o->owner.group,
				 .cuid = o->maker.user,
				 .cgid = o->maker.group,
				 .mode = o->mode};
}

void px_ipc_set(struct px_ipc_object *o, const struct ipc_perm *p)
{
	o->owner.user = p->uid;
	o->owner.group = p->gid;
	o->mode = p->mode & RIGHTS;
	o->changed = px_ipc_now();
}

int px_ipc_control(enum px_ipc_kind kind, int id, int what, void *user, void *d, size_t n,
		   int (*act)(struct px_ipc_object *o, int what, void *d))
{
	struct px_ipc_object *o;
	int r;

	if (what != IPC_STAT && what != IPC_SET && what != IPC_RMID)
		return (int)px_result(-EINVAL);
	if (what == IPC_SET && px_copy_from(d, user, n))
		return (int)px_result(-EFAULT);
	px_enter();
	o = px_ipc_find(kind, id, what == IPC_STAT ? 0400 : 0, &r);
	if (o)
		r = act(o, what, d);
	px_leave();
	if (!r && what == IPC_STAT && px_copy_to(user, d, n))
		r = -EFAULT;
	return (int)px_result(r);
}
