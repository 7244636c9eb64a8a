/* selftest.c - the audit of the kernel's tables finds what it is there to find.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Some environments, accounts, calls and guests are set up; of copies of the tables each finding
 * that there can be is provoked by spoiling one number.
 */
#include "ktest.h"

#include <audit/audit.h>
#include <exo/map.h>
#include <libexo/call.h>

#define SLICE_NS 1000000
#define DOOR     40

static struct audit *a;

/* Something to look at: a server in a call, a guest that is lent to, accounts one below the other,
 * derived capabilities, a large page, a frame that remembers its account. */
static struct kt_child server, client, host, guest, dead;
static exo_pfn_t object[2], frames_first;
static exo_cap_t account[2], below[2], chain[3];
static volatile uint32_t entered;

static void serves(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	for (;;) {
		xo_reply(0, &m);
		entered = 1;
		for (;;)
			exo_sleep(0, 0, EXO_SLOT_NONE, 0);
	}
}

static void calls(void *arg)
{
	struct exo_message m = {0};

	(void)arg;
	xo_call(DOOR, 0, 0, &m);
	kt_exit(1);
}

static void spins(void *arg)
{
	(void)arg;
	for (;;)
		entered |= 2;
}

static void lends(void *arg)
{
	(void)arg;
	exo_sleep(0, 0, DOOR, 0);
	kt_exit(1);
}

static void make_call(void)
{
	KT_OK(kt_child_make(&server, serves, NULL));
	KT_EQ(kt_child_start(&server, 0, 1), 0);
	KT_OK(kt_child_make(&client, calls, NULL));
	KT_EQ(exo_cap_derive(server.slot, client.slot, DOOR, 0, 7, EXO_RIGHT_CALL), 0);
	while (!kt_child_serves(&server))
		exo_yield(EXO_SLOT_NONE, 0);
	KT_EQ(kt_child_start(&client, 0, 2), 0);
	while (!entered)
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(kt_child_make(&guest, spins, NULL));
	KT_EQ(exo_activation_bind(guest.slot, 0, EXO_SLOT_MEMORY, guest.act_pfn,
				  (uint64_t)&guest.begin),
	      0);
	KT_OK(kt_child_make(&host, lends, NULL));
	KT_EQ(exo_cap_derive(guest.slot, host.slot, DOOR, 0, 0, EXO_RIGHT_YIELD), 0);
	KT_EQ(kt_child_start(&host, 0, 3), 0);
	while (!(entered & 2))
		exo_yield(EXO_SLOT_NONE, 0);
	KT_OK(kt_child_make(&dead, spins, NULL));
	KT_EQ(exo_activation_bind(dead.slot, 0, EXO_SLOT_MEMORY, dead.act_pfn, 0), 0);
	KT_EQ(exo_env_stop(dead.slot, 3), 0);
}

static void make_accounts(void)
{
	exo_cap_t above = EXO_SLOT_ACCOUNT, memory = EXO_SLOT_MEMORY;

	frames_first = kt_frames(8);
	KT_EQ(exo_frame_free(EXO_SLOT_MEMORY, frames_first, 8), 0);
	for (int i = 0; i < 2; i++) {
		account[i] = kt_slot();
		below[i] = kt_slot();
		object[i] = frames_first + (exo_pfn_t)i;
		KT_EQ(exo_frame_alloc(memory, object[i], 1), 1);
		KT_EQ(exo_account_create(memory, object[i], above, account[i], 100, 0), 0);
		KT_EQ(exo_cap_charge(memory, account[i], below[i], frames_first, 8, 0x8f), 0);
		above = account[i];
		memory = below[i];
	}
	KT_EQ(exo_frame_alloc(below[1], frames_first + 4, 2), 2);
	KT_EQ(exo_frame_free(below[1], frames_first + 5, 1), 0);
	for (int i = 0; i < 3; i++) {
		chain[i] = kt_slot();
		KT_EQ(exo_cap_derive(i ? chain[i - 1] : EXO_SLOT_MEMORY, EXO_SLOT_NONE, chain[i],
				     frames_first, 8, 0x8f),
		      0);
	}
	KT_EQ(exo_account_open(EXO_SLOT_ACCOUNT, server.object, kt_slot()), 0);
}

static void make_pages(void)
{
	exo_pfn_t pool = kt_frames(1023);
	exo_va_t va = kt_va(1024);

	kt_map(kt_va(1), kt_frame(), 1, KT_RW);
	KT_EQ(kt_op(EXO_MAP_LARGE, va, (pool + 511) & -512ul, 1, KT_RW, EXO_SLOT_MEMORY), 0);
	va = kt_va_tables(2);
	KT_EQ(kt_op(EXO_MAP_PAGES, va, frames_first + 4, 1, KT_RW, below[1]), 0);
	KT_EQ(kt_op(EXO_MAP_PAGES, va + EXO_PAGE_SIZE, object[0], 1, EXO_PROT_READ,
		    EXO_SLOT_MEMORY),
	      0);
}

static void scene(void)
{
	make_call();
	make_accounts();
	make_pages();
}

/* In the copies. */
static struct env *env_of(const struct kt_child *c)
{
	return audit_object(a, c->object, EXO_FRAME_ENV);
}

static struct env *first_env(void)
{
	for (exo_pfn_t pfn = 0;; pfn++) {
		struct env *env = audit_object(a, pfn, EXO_FRAME_ENV);

		if (env && !env->creator)
			return env;
	}
}

static struct cap *mine(exo_cap_t slot)
{
	return audit_slot(a, first_env(), slot);
}

static struct cap *childs(const struct kt_child *c, exo_cap_t slot)
{
	return audit_slot(a, env_of(c), slot);
}

static struct exo_account *account_of(int i)
{
	return audit_object(a, object[i], EXO_FRAME_ACCOUNT);
}

/* The entry of `level` that maps va in an environment; 0: the root's entry at that index. */
static uint64_t *entry(struct env *env, exo_va_t va, int level)
{
	uint64_t *t = audit_object(a, env->root, EXO_FRAME_TABLE4);

	for (int l = 4;; l--) {
		uint64_t *e = &t[va >> (12 + 9 * (l - 1)) & 511];

		if (l == level)
			return e;
		t = audit_object(a, (*e & EXO_PTE_FRAME) / EXO_PAGE_SIZE, EXO_FRAME_TABLE1 + l - 2);
	}
}

static uint64_t *stack_entry(void) /* of the server's activation: mapped, to be written */
{
	return entry(env_of(&server), (exo_va_t)server.act, 1);
}

static uint64_t *text_entry(void)
{
	return entry(env_of(&server), (exo_va_t)__text_start, 1);
}

#define SPOIL(name, ...)                                                                           \
	static void name(void)                                                                     \
	{                                                                                          \
		__VA_ARGS__;                                                                       \
	}
#define F(pfn) a->frame[pfn]

SPOIL(type, F(frames_first + 6).type = 11)
SPOIL(no_account, F(frames_first + 4).account = (uint32_t)frames_first + 4)
SPOIL(info_account, F(a->info).account = 0)
SPOIL(going, F(server.object).going = 1)
SPOIL(going_twice, F(frames_first + 4).going = 9)
SPOIL(wired, F(frames_first + 4).wired = 1)
SPOIL(not_wired, F(server.act_pfn).wired = 0)
SPOIL(maps_more, F(frames_first + 4).maps++)
SPOIL(maps_less, F(server.act_pfn).maps--)
SPOIL(maps_free, F(frames_first + 7).maps = 1)
SPOIL(maps_object, F(server.object).maps = 1)
SPOIL(freed_while_mapped, F(frames_first + 4).type = EXO_FRAME_FREE)
SPOIL(table_as_data, F(server.root).type = EXO_FRAME_DATA)
SPOIL(table_lost, F((stack_entry()[0] & EXO_PTE_FRAME) / EXO_PAGE_SIZE).type = EXO_FRAME_TABLE1)
SPOIL(used, account_of(0)->used++)
SPOIL(left, account_of(1)->left--)
SPOIL(children, account_of(0)->children = 0)
SPOIL(guaranteed, account_of(0)->guaranteed = 101)
SPOIL(depth_of_account, account_of(1)->depth = 1)
SPOIL(no_parent, account_of(1)->parent = 0)
SPOIL(wrong_parent, account_of(1)->parent = frames_first + 4)
SPOIL(version, account_of(1)->version = 0)
SPOIL(rights_grown, mine(chain[2])->rights = 0x8f; mine(chain[1])->rights = 0x87)
SPOIL(rights_unknown, mine(EXO_SLOT_MACHINE)->rights = 0x83)
SPOIL(range_grown, mine(chain[1])->count++)
SPOIL(range_moved, mine(chain[1])->first--)
SPOIL(range_wraps, mine(chain[0])->first = ~0ull - 3)
SPOIL(range_empty, mine(chain[2])->count = 0)
SPOIL(badge, childs(&client, DOOR)->count = 7; mine(server.slot)->count = 8)
SPOIL(other_env, childs(&client, DOOR)->first = guest.object)
SPOIL(other_kind, mine(chain[2])->kind = EXO_CAP_CPU;
      mine(chain[2])->first += EXO_SLICE_OF(0, EXO_SLICE_MAX))
SPOIL(no_kind, mine(chain[2])->kind = 7)
SPOIL(not_empty, struct cap *c = mine(chain[2]); *c = (struct cap){.first = 1})
SPOIL(flags, mine(chain[2])->flags = 8)
SPOIL(too_deep, mine(chain[2])->depth = EXO_CAP_DEPTH + 1)
SPOIL(not_deeper, mine(chain[2])->depth = mine(chain[1])->depth)
SPOIL(no_parent_cap, mine(chain[2])->parent = frames_first * EXO_CAP_SLOTS)
SPOIL(child_of_nobody, mine(chain[1])->child = 0)
SPOIL(next, mine(chain[0])->next ^= 1)
SPOIL(prev, mine(chain[0])->prev ^= 1)
SPOIL(to_come, mine(server.slot)->generation = F(server.object).generation + 1)
SPOIL(account_grown, mine(chain[1])->account = (uint32_t)object[0];
      mine(chain[2])->account = mine(EXO_SLOT_MEMORY)->account)
SPOIL(slices_beyond, mine(EXO_SLOT_CPU)->count++)
SPOIL(leaf_writable, *entry(first_env(), xo_start->info, 1) |= EXO_PTE_WRITE)
SPOIL(leaf_wx, *text_entry() |= EXO_PTE_WRITE)
SPOIL(leaf_kernel, *stack_entry() &= ~(uint64_t)EXO_PTE_USER)
SPOIL(leaf_bits, *stack_entry() |= 0x10)
SPOIL(leaf_slot, *stack_entry() ^= EXO_PTE_OF_SLOT(32))
SPOIL(leaf_unused, childs(&server, EXO_SLOT_MEMORY)->flags = 0)
SPOIL(leaf_rights, childs(&server, EXO_SLOT_MEMORY)->rights = EXO_RIGHT_READ)
SPOIL(leaf_range, childs(&server, EXO_SLOT_MEMORY)->count = 100)
SPOIL(leaf_foreign,
      *stack_entry() = (*stack_entry() & ~EXO_PTE_FRAME) | (frames_first + 4) * EXO_PAGE_SIZE)
SPOIL(leaf_beyond, *stack_entry() |= EXO_PTE_FRAME)
SPOIL(leaf_table, *stack_entry() = (*stack_entry() & ~EXO_PTE_FRAME) | server.root * EXO_PAGE_SIZE)
SPOIL(leaf_caps, *stack_entry() = (*stack_entry() & ~EXO_PTE_FRAME) | server.slots * EXO_PAGE_SIZE)
SPOIL(leaf_more, stack_entry()[200] = *stack_entry())
SPOIL(leaf_absent, *stack_entry() &= ~(uint64_t)EXO_PTE_PRESENT)
SPOIL(branch_bits, *entry(env_of(&server), (exo_va_t)server.act, 3) |= EXO_PTE_NOEXEC)
SPOIL(branch_twice, uint64_t *e = entry(env_of(&server), (exo_va_t)server.act, 2); e[1] = e[0])
SPOIL(branch_wrong, uint64_t *e = entry(env_of(&server), (exo_va_t)server.act, 2);
      *e = (*e & ~EXO_PTE_FRAME) | server.root * EXO_PAGE_SIZE)
SPOIL(window_writable, *entry(env_of(&server), EXO_VA_TABLES, 4) |= EXO_PTE_WRITE)
SPOIL(window_other, *entry(env_of(&server), EXO_VA_TABLES, 4) ^= EXO_PAGE_SIZE)
SPOIL(kernel_shown, *entry(env_of(&server), 0xffff800000000000, 4) |= EXO_PTE_USER)
SPOIL(kernel_other, *entry(env_of(&server), 0xffff800000000000, 4) ^= EXO_PAGE_SIZE)
SPOIL(root_lost, env_of(&server)->root = frames_first)
SPOIL(root_shared, env_of(&server)->root = client.root)
SPOIL(unlisted, env_of(&server)->next = 0)
SPOIL(slots_of_another, F(server.slots).maps = (uint32_t)client.object)
SPOIL(slots_twice, env_of(&server)->cap_pfn[0] = client.slots)
SPOIL(slots_none, env_of(&server)->cap_pfn[0] = frames_first)
SPOIL(pages, env_of(&server)->cap_pages = ENV_CAP_PAGES + 1)
SPOIL(cpus, env_of(&server)->on_cpus = 1ull << 40)
SPOIL(state, env_of(&server)->act[0].state = 9)
SPOIL(none_bound, env_of(&server)->act[1].bound = 1)
SPOIL(act_slot, env_of(&server)->act[0].slot = 33)
SPOIL(act_frames, env_of(&server)->act[0].pfn = frames_first + 4)
SPOIL(act_beyond, env_of(&server)->act[0].pfn = a->pfn_end)
SPOIL(act_bound, env_of(&server)->act[0].bound++)
SPOIL(act_cpu, env_of(&server)->act[0].cpu = EXO_CPU_MAX)
SPOIL(callee, env_of(&client)->act[0].callee = env_of(&client)->act[0].callee + 1)
SPOIL(callee_gone, env_of(&client)->act[0].callee = (struct act *)DIRECT_MAP)
SPOIL(caller, env_of(&server)->act[0].caller = NULL)
SPOIL(caller_not_calling, env_of(&client)->act[0].state = ACT_READY)
SPOIL(call_by_dead, env_of(&client)->stopped = EXO_STATUS_STOPPED)
SPOIL(served_by_dead, env_of(&server)->stopped = EXO_STATUS_STOPPED)
SPOIL(guest_lost, env_of(&guest)->act[0].caller = NULL)
SPOIL(stopped_why, env_of(&dead)->stopped = 1)
SPOIL(slice_of_nobody, a->slice[0][2].env = (uint32_t)frames_first)
SPOIL(slice_no_act, a->slice[0][2].index = 9)
SPOIL(slice_short, a->slice[0][2].ns = 9999)
SPOIL(slice_long, a->slice[0][2].ns = a->slice[0][2].most + 1)
SPOIL(slice_cap, a->slice[0][2].cap_slot++)
SPOIL(slice_extra, a->slice[0][EXO_SLICE_MAX - 1] = a->slice[0][2])
SPOIL(slice_rights, mine(EXO_SLOT_CPU)->rights = EXO_RIGHT_DERIVE)

SPOIL(frames_beyond, mine(EXO_SLOT_MEMORY)->count++)
SPOIL(account_beyond, mine(chain[2])->account = (uint32_t)a->pfn_end)
SPOIL(object_beyond, mine(server.slot)->first = a->pfn_end)
SPOIL(object_other, mine(server.slot)->first = client.root)
SPOIL(root_of_another, F(mine(EXO_SLOT_ACCOUNT)->first).account = (uint32_t)object[0])
SPOIL(root_deep,
      ((struct exo_account *)audit_object(a, mine(EXO_SLOT_ACCOUNT)->first, EXO_FRAME_ACCOUNT))
	      ->depth = 1)
SPOIL(next_env, env_of(&server)->next = frames_first)
SPOIL(root_neighbour, mine(EXO_SLOT_CPU)->next = mine(chain[0])->child)
SPOIL(wired_object, F(server.object).wired = 1)
SPOIL(account_paid, F(object[1]).account = (uint32_t)mine(EXO_SLOT_ACCOUNT)->first)
SPOIL(account_deep, account_of(1)->depth = EXO_ACCOUNT_DEPTH + 1)
SPOIL(calls_deep, env_of(&client)->act[0].caller = env_of(&client)->act[0].callee)

/* The tables that lead to the stack lead to page 0, too. */
static void page_zero(void)
{
	for (int level = 4; level; level--) {
		uint64_t *e = entry(env_of(&server), (exo_va_t)server.act, level);

		*(uint64_t *)((uint64_t)e & -(uint64_t)EXO_PAGE_SIZE) = *e;
	}
}

static const struct {
	const char *name;
	void (*spoil)(void);
	const char *finding; /* one of what is found then */
} spoilt[] = {
#define S(name, first)                                                                             \
	{                                                                                          \
#name, name, first                                                                 \
	}
	S(type, "a frame of no type"),
	S(no_account, "an account's used"),
	S(info_account, "a frame of no account"),
	S(going, "a frame that cannot be going"),
	S(going_twice, "a frame that cannot be going"),
	S(wired, "a frame wired by nobody, or not wired"),
	S(not_wired, "a frame wired by nobody, or not wired"),
	S(maps_more, "a frame mapped otherwise than it is counted"),
	S(maps_less, "a frame mapped otherwise than it is counted"),
	S(maps_free, "a frame mapped otherwise than it is counted"),
	S(maps_object, "an environment's object with mappings"),
	S(freed_while_mapped, "an account's used"),
	S(table_as_data, "an environment without a root table"),
	S(table_lost, "a mapping of an object"),
	S(used, "an account's used"),
	S(left, "an account's left"),
	S(children, "an account's children"),
	S(guaranteed, "an account's guaranteed"),
	S(depth_of_account, "an account at another depth"),
	S(no_parent, "an account's used"),
	S(wrong_parent, "an account's used"),
	S(version, "an account of another version"),
	S(rights_grown, "a capability wider than its parent"),
	S(rights_unknown, "a capability with rights there are not"),
	S(range_grown, "a capability wider than its parent"),
	S(range_moved, "a capability wider than its parent"),
	S(range_wraps, "a capability over no range"),
	S(range_empty, "a capability over no range"),
	S(badge, "a capability wider than its parent"),
	S(other_env, "a capability wider than its parent"),
	S(other_kind, "a capability beyond all slices"),
	S(no_kind, "a capability of no kind"),
	S(not_empty, "an empty slot with something in it"),
	S(flags, "a capability with flags there are not"),
	S(too_deep, "a capability derived too often"),
	S(not_deeper, "a capability not below its parent"),
	S(no_parent_cap, "a capability below none"),
	S(child_of_nobody, "a capability that its parent does not know"),
	S(next, "a capability whose next one does not know it"),
	S(prev, "a capability whose last one does not know it"),
	S(to_come, "a capability of an object to come"),
	S(account_grown, "a capability wider than its parent"),
	S(slices_beyond, "a capability beyond all slices"),
	S(leaf_writable, "a mapping with rights its slot has not"),
	S(leaf_wx, "a mapping to write and execute"),
	S(leaf_kernel, "an entry with bits it may not have"),
	S(leaf_bits, "an entry with bits it may not have"),
	S(leaf_slot, "a mapping under no slot"),
	S(leaf_unused, "a mapping under a slot that is not used"),
	S(leaf_rights, "a mapping with rights its slot has not"),
	S(leaf_range, "a mapping of frames its slot has not"),
	S(leaf_foreign, "a mapping of another account's frame"),
	S(leaf_beyond, "a mapping of frames its slot has not"),
	S(leaf_table, "a mapping of an object"),
	S(leaf_caps, "a mapping of an object"),
	S(leaf_more, "a page table with other entries than counted"),
	S(leaf_absent, "an entry that is not empty and not present"),
	S(branch_bits, "a branch with bits it may not have"),
	S(branch_twice, "a page table in two places"),
	S(branch_wrong, "a branch that leads to no table"),
	S(window_writable, "a root table that does not show itself, read only"),
	S(window_other, "a root table that does not show itself, read only"),
	S(kernel_shown, "the kernel's half shown to ring 3"),
	S(kernel_other, "two kernels' halves"),
	S(root_lost, "an environment without a root table"),
	S(root_shared, "a root table of two"),
	S(unlisted, "a last environment that is not"),
	S(slots_of_another, "a page of slots of another"),
	S(slots_twice, "a page of slots of another"),
	S(slots_none, "a mapping under no slot"),
	S(pages, "too many pages of slots"),
	S(cpus, "an environment on no CPU"),
	S(state, "an activation in no state"),
	S(none_bound, "no activation, but bound"),
	S(act_slot, "an activation in frames that its slot does not give"),
	S(act_frames, "an activation in another account's frames"),
	S(act_beyond, "an activation beyond all frames"),
	S(act_bound, "an activation with other slices than counted"),
	S(act_cpu, "an activation on no CPU"),
	S(callee, "a callee that does not know its caller"),
	S(callee_gone, "a callee that does not know its caller"),
	S(caller, "a callee that does not know its caller"),
	S(caller_not_calling, "a caller that does not wait"),
	S(call_by_dead, "a call by one that has stopped"),
	S(served_by_dead, "one that has stopped serves"),
	S(guest_lost, "a callee that does not know its caller"),
	S(stopped_why, "an environment stopped for no reason"),
	S(slice_of_nobody, "an activation with other slices than counted"),
	S(slice_no_act, "an activation with other slices than counted"),
	S(slice_short, "a slice of another length"),
	S(slice_long, "a slice of another length"),
	S(slice_cap, "a slice under no capability"),
	S(slice_extra, "an activation with other slices than counted"),
	S(slice_rights, "a slice under no capability"),
	S(frames_beyond, "a capability beyond all frames"),
	S(account_beyond, "a capability for no account"),
	S(object_beyond, "a capability of no object"),
	S(object_other, "a capability whose object is something else"),
	S(no_parent_cap, "a capability whose first child is another's"),
	S(root_neighbour, "a root with neighbours"),
	S(root_of_another, "a first account that is another's"),
	S(root_deep, "a first account that is not at the top"),
	S(no_parent, "not one first account"),
	S(wrong_parent, "an account below none"),
	S(account_paid, "an account paid for by another"),
	S(account_deep, "an account too deep"),
	S(leaf_beyond, "a mapping beyond all frames"),
	S(page_zero, "a mapping outside the user range"),
	S(root_lost, "a page table that is nowhere"),
	S(next_env, "a next environment that is not"),
	S(unlisted, "environments that are not in the list"),
	S(slots_twice, "a page of slots that is nobody's"),
	S(slots_none, "a page of slots that is none"),
	S(slots_twice, "a page of slots twice"),
	S(slice_of_nobody, "a slice for nobody"),
	S(act_cpu, "a slice for somebody elsewhere"),
	S(wired_object, "a wired frame that is not data"),
	S(calls_deep, "calls too deep"),
};

static void all_is_well(void)
{
	a = audit_snapshot();
	if (!KT_OK(a))
		return;
	a->say = NULL;
	KT_EQ(audit_check(a), 0);
}

static const char *wanted;
static bool met;

static void look(const char *what, uint64_t at, uint64_t more)
{
	(void)at;
	(void)more;
	met |= !strcmp(what, wanted);
}

static void findings(void)
{
	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		a = audit_snapshot();
		if (!KT_OK(a))
			return;
		wanted = spoilt[i].finding;
		met = false;
		a->say = look;
		spoilt[i].spoil();
		audit_check(a);
		if (!KT_OK(met))
			kt_printf("# %s: %u other findings\n", spoilt[i].name, a->findings);
	}
}

/* Any byte of any copy, whatever it becomes: looking at it ends, and reads nothing else. */
static void any_rubbish(void)
{
	uint64_t seed = 88172645463325252, found = 0;

	for (int round = 0; round < 60; round++) {
		a = audit_snapshot();
		a->say = NULL;
		for (int n = 0; n <= 8 * round; n++) {
			uint64_t where, what;

			seed = seed * 6364136223846793005 + 1442695040888963407;
			where = seed >> 20;
			what = seed >> 12 & 0xff;
			if (n % 2)
				a->copies[where % (64 * EXO_PAGE_SIZE)] ^= (char)what;
			else
				((char *)a->frame)[where % (a->pfn_end * sizeof(*a->frame))] ^=
					(char)what;
		}
		found += audit_check(a) != 0;
	}
	KT_OK(found > 50);
}

const struct ktest ktests[] = {
	{"audit-scene", scene, 1},
	{"audit-all-is-well", all_is_well, 1},
	{"audit-findings", findings, 1},
	{"audit-any-rubbish", any_rubbish, 1},
	{NULL, NULL, 0},
};
