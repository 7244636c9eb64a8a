/* serial.c - COM1.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <x86_64/cpu.h>
#include <x86_64/serial.h>

#define STATUS_INPUT	0x01
#define STATUS_EMPTY	0x20

static uint8_t enabled;

bool serial_ready(void)
{
	this_cpu()->info->exits++;
	return inb(STATUS) & STATUS_EMPTY; /* all ones where there is no port: bytes go nowhere */
}

void serial_out(uint8_t c)
{
	this_cpu()->info->exits++;
	outb(DATA, c);
}

bool serial_has_input(void)
{
	uint8_t s = inb(STATUS);

	this_cpu()->info->exits++;
	return s & STATUS_INPUT && s != 0xff;
}

uint8_t serial_in(void)
{
	this_cpu()->info->exits++;
	return inb(DATA);
}

void serial_interrupts(bool transmit, bool receive)
{
	uint8_t want = (transmit ? 2 : 0) | (receive ? 1 : 0);

	if (want == enabled)
		return;
	enabled = want;
	outb(INTERRUPTS, want);
	this_cpu()->info->exits++;
}

void serial_put(uint8_t c)
{
	for (int i = 0; i < 1000000 && !(inb(STATUS) & STATUS_EMPTY); i++)
		__builtin_ia32_pause();
	outb(DATA, c);
}
