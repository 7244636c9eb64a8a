/* mmu.c - CR3 and TLB flushes, here and elsewhere.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/env.h>
#include <core/frame.h>
#include <core/map.h>
#include <x86_64/apic.h>
#include <x86_64/cpu.h>
#include <x86_64/mmu.h>

void mmu_flush_page(struct mmu_flush *f, exo_va_t va)
{
	if (f->pages == MMU_FLUSH_PAGES)
		f->all = true;
	else
		f->va[f->pages++] = va;
}

static void flush_all(struct cpu *cpu)
{
	write_cr3(read_cr3());
	cpu->info->flushes++;
}

/* Page tables that nothing runs in are let go: who changes them the next time need not ask here.
 * Who asks holds the lock for it. */
static void let_go(struct cpu *cpu)
{
	cpu->loaded = NULL;
	cpu->user_cr3 = kernel_root << EXO_PAGE_SHIFT;
	if (!(cpu_features & EXO_FEATURE_SEPARATE))
		write_cr3(cpu->user_cr3);
	cpu->info->cr3_loads++;
}

void mmu_flush_requested(void)
{
	struct cpu *cpu = this_cpu();

	if (!cpu->flush)
		return;
	if (!cpu->env && cpu->loaded)
		let_go(cpu);
	else
		flush_all(cpu);
	__atomic_store_n(&cpu->flush, 0, __ATOMIC_RELEASE);
}

/* Whole flushes elsewhere: an interrupt costs far more than the refills. */
static void flush_others(struct env *env, uint64_t cpus)
{
	for (uint64_t left = cpus; left; left &= left - 1) {
		struct cpu *other = cpu_of(__builtin_ctzl(left));

		__atomic_store_n(&other->flush, 1, __ATOMIC_SEQ_CST);
		apic_send(other->apic_id, VECTOR_FLUSH);
	}
	for (uint64_t left = cpus; left; left &= left - 1) {
		const struct cpu *other = cpu_of(__builtin_ctzl(left));

		while (__atomic_load_n(&other->flush, __ATOMIC_ACQUIRE))
			__builtin_ia32_pause();
		if (other->loaded != env)
			env->on_cpus &= ~(left & -left);
	}
}

void mmu_flush_done(struct env *env, struct mmu_flush *f)
{
	struct cpu *cpu = this_cpu();
	uint64_t others = env->on_cpus & ~(1ul << cpu->number);

	if (!f->all && !f->pages)
		return;
	if (cpu->loaded == env && f->all) {
		flush_all(cpu);
	} else if (cpu->loaded == env) {
		for (uint32_t i = 0; i < f->pages; i++)
			invlpg(f->va[i]);
		cpu->info->invlpgs += f->pages;
	}
	if (others)
		flush_others(env, others);
	f->all = false;
	f->pages = 0;
}

/* What the last account's environments left in predictors and buffers is not for the next
 * (SDM vol. 4 MSR 49H; Intel's guidance on microarchitectural data sampling: VERW). */
static void barrier(void)
{
	static const uint16_t selector = KERNEL_SS;

	if (cpu_features & EXO_FEATURE_IBPB)
		wrmsr(MSR_PRED_CMD, 1);
	if (cpu_features & EXO_FEATURE_MD_CLEAR)
		__asm__ volatile("verw %0" : : "m"(selector) : "cc");
}

void mmu_load(struct env *env)
{
	struct cpu *cpu = this_cpu();

	if (cpu->loaded == env)
		return;
	if (cpu->loaded)
		cpu->loaded->on_cpus &= ~(1ul << cpu->number);
	if (env)
		env->on_cpus |= 1ul << cpu->number;
	cpu->loaded = env;
	if (env && cpu->account != env->account) {
		cpu->account = env->account;
		cpu->info->barriers++;
		barrier();
	}
	cpu->info->cr3_loads++;
	cpu->user_cr3 = (env ? env->root : kernel_root) << EXO_PAGE_SHIFT;
	if (!(cpu_features & EXO_FEATURE_SEPARATE)) /* else it is loaded on the way out */
		write_cr3(cpu->user_cr3);
}
