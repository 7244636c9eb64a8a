/* power.h - the end of the machine's run.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef CORE_POWER_H
#define CORE_POWER_H

#include <exo/env.h>
#include <stdbool.h>

/* The first environment stopped: flush its console, say why, switch off. */
void power_end(enum exo_stop reason, uint32_t status) __attribute__((noreturn));

void power_off(void) __attribute__((noreturn));
void power_restart(void) __attribute__((noreturn));

/* A register as ACPI describes it (ACPI 6.4, 5.2.3.2). */
struct power_register {
	uint8_t space;    /* 0: memory (a kernel address here), 1: I/O port */
	uint64_t address; /* 0: there is none */
};

/* What boot found in the ACPI tables. */
struct power_config {
	uint16_t pm1[2];             /* control ports a and b; 0: none */
	uint8_t s5[2];               /* sleep types that mean off, for each */
	struct power_register sleep; /* hardware-reduced machines */
	struct power_register reset;
	uint8_t reset_value;
};
extern struct power_config power_config;

#endif
