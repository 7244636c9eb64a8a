/* serial.c - COM1.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <x86_64/cpu.h>
#include <x86_64/serial.h>

#define STATUS_INPUT 0x01
#define STATUS_EMPTY 0x20 /* the FIFO */
#define STATUS_IDLE  0x40 /* and the shift register */
#define PATIENCE     1000000

static uint8_t enabled;

static uint8_t in(uint16_t port)
{
	this_cpu()->info->exits++;
	return inb(port);
}

static void out(uint16_t port, uint8_t v)
{
	this_cpu()->info->exits++;
	outb(port, v);
}

bool serial_ready(void)
{
	return in(STATUS)&STATUS_EMPTY; /* all ones where there is no port: bytes go nowhere */
}

void serial_out(uint8_t c)
{
	out(DATA, c);
}

bool serial_has_input(void)
{
	uint8_t s = in(STATUS);

	return s & STATUS_INPUT && s != 0xff;
}

uint8_t serial_in(void)
{
	return in(DATA);
}

void serial_interrupts(bool transmit, bool receive)
{
	uint8_t want = (transmit ? 2 : 0) | (receive ? 1 : 0);

	if (want == enabled)
		return;
	enabled = want;
	out(INTERRUPTS, want);
}

void serial_put(uint8_t c)
{
	for (int i = 0; i < PATIENCE && !(inb(STATUS) & STATUS_EMPTY); i++)
		__builtin_ia32_pause();
	outb(DATA, c);
}

void serial_flush(void)
{
	for (int i = 0; i < PATIENCE && !(inb(STATUS) & STATUS_IDLE); i++)
		__builtin_ia32_pause();
}
