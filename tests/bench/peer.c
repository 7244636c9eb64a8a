/* peer.c - further activations, and an environment that runs the same program.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The other environment is a copy of this one's address space: the same
 * frames at the same addresses, with tables, slots and an activation of its
 * own.  So it runs the same code, and both see the same variables.
 */
#include "bench.h"

#include <exo/cap.h>
#include <exo/stubs.h>
#include <libexo/start.h>

#define MEMORY_RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXEC | EXO_RIGHT_ALLOC)

exo_pfn_t bench_activation(struct xo_begin *b, uint32_t index, char *stack, uint32_t bytes,
			   exo_va_t at)
{
	exo_pfn_t pfn = bench_frames(2);

	bench_map(at, pfn, 2);
	b->activation = (struct exo_activation *)at;
	b->sp = (uint64_t)stack + bytes;
	xo_activation_init(b->activation, index, stack + bytes, bytes);
	return pfn;
}

/* Show the pages [va, end) of this environment to the other one too. */
static void share(const struct xo_space *peer, exo_va_t va, exo_va_t end)
{
	for (; va < end; va += EXO_PAGE_SIZE) {
		uint64_t e = xo_entry(va);
		uint32_t prot = EXO_PROT_READ | (e & EXO_PTE_WRITE ? EXO_PROT_WRITE : 0) |
				(e & EXO_PTE_NOEXEC ? 0 : EXO_PROT_EXEC);

		if (e & EXO_PTE_PRESENT)
			bench_want("map into the other environment",
				   xo_map_run(peer, va, (e & EXO_PTE_FRAME) / EXO_PAGE_SIZE, 1,
					      prot, EXO_SLOT_MEMORY),
				   0);
	}
}

void bench_peer(struct xo_begin *b, exo_cap_t slot, exo_pfn_t own, exo_pfn_t act)
{
	struct xo_space peer = bench_space;

	bench_want("env_create", exo_env_create(EXO_SLOT_MEMORY, own, own + 1, own + 2, slot, 0),
		   0);
	bench_want("cap_derive",
		   exo_cap_derive(EXO_SLOT_MEMORY, slot, EXO_SLOT_MEMORY, 0, xo_info->pfn_end,
				  MEMORY_RIGHTS | EXO_RIGHT_DERIVE),
		   0);
	peer.env = slot;
	share(&peer, (exo_va_t)__image_start & -(uint64_t)EXO_PAGE_SIZE, (exo_va_t)__image_end);
	share(&peer, (exo_va_t)b->activation, (exo_va_t)b->activation + 2 * EXO_PAGE_SIZE);
	bench_want("activation_bind",
		   exo_activation_bind(slot, 0, EXO_SLOT_MEMORY, act, (uint64_t)b), 0);
}
