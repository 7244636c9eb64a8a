/* power.c - switching off and restarting.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <core/calls.h>
#include <core/cap.h>
#include <core/console.h>
#include <core/log.h>
#include <core/power.h>
#include <exo/error.h>
#include <x86_64/cpu.h>

struct power_config power_config;

static void write_register(const struct power_register *r, uint8_t v)
{
	if (r->address)
		r->space ? outb(r->address, v) : (void)(*(volatile uint8_t *)r->address = v);
}

static void wait_a_little(void)
{
	for (uint64_t end = rdtsc() + 100000000; rdtsc() < end;)
		__builtin_ia32_pause();
}

/* Every way there is, the gentle ones first (ACPI 6.4, 4.8.3.7). */
void power_restart(void)
{
	static const uint16_t none[5];

	write_register(&power_config.reset, power_config.reset_value);
	wait_a_little();
	__asm__ volatile("lidt %0; int3" : : "m"(none));
	__builtin_unreachable();
}

/* SLP_TYP and SLP_EN (ACPI 6.4, 4.8.3.2.1 and 4.8.3.7). */
void power_off(void)
{
	const struct power_config *p = &power_config;

	write_register(&p->sleep, p->s5[0] << 2 | 0x20);
	for (int i = 0; i < 2; i++)
		if (p->pm1[i])
			outw(p->pm1[i], p->s5[i] << 10 | 0x2000);
	wait_a_little();
	power_restart(); /* better than a machine that hangs; under -no-reboot it ends there */
}

void power_end(enum exo_stop reason, uint32_t status)
{
	console_finish();
	if (reason == EXO_STOP_UPCALL)
		log_line("stop", "%u %u", reason, status);
	else
		log_line("exit", "%u", status & 0xff);
	power_off();
}

long sys_machine(struct env *self, exo_cap_t slot, uint32_t how, uint32_t status)
{
	if (!cap_get(self, slot, EXO_CAP_MACHINE, EXO_RIGHT_USE))
		return -EXO_E_CAP;
	if (how > 1)
		return -EXO_E_INVAL;
	if (how == 0)
		power_end(EXO_STOP_SELF, status);
	console_finish();
	power_restart();
}
