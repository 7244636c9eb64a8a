/* activation.c - fill activations in and start further ones.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/stubs.h>
#include <exo/version.h>
#include <libexo/upcall.h>

extern const char xo_resume_begin[], xo_resume_commit[], xo_resume_end[];

void xo_activation_init(struct exo_activation *a, uint32_t index, char *stacks, uint32_t bytes)
{
	a->want = 0;
	a->entry = (uint64_t)xo_upcall_entry;
	a->self = (uint64_t)a;
	a->index = index;
	a->resume_begin = (uint64_t)xo_resume_begin;
	a->resume_commit = (uint64_t)xo_resume_commit;
	a->resume_end = (uint64_t)xo_resume_end;
	for (uint32_t i = 0; i < EXO_FRAME_DEPTH; i++)
		a->frame[i].upcall_sp = (uint64_t)stacks + (i + 1) * (uint64_t)bytes;
	__atomic_store_n(&a->version, EXO_ABI_VERSION, __ATOMIC_RELEASE);
}

long xo_activation_start(const struct xo_begin *b, exo_cap_t cap, exo_pfn_t pfn, uint32_t cpu,
			 uint32_t slot, exo_ns_t ns)
{
	uint32_t index = b->activation->index;
	long r = exo_activation_bind(EXO_SLOT_NONE, index, cap, pfn, (uint64_t)b);

	if (r)
		return r;
	return exo_slice_bind(EXO_SLOT_CPU, cpu, slot, EXO_SLOT_NONE, index, ns);
}

_Static_assert(EXO_UP_START == 1, "upcall.S");
