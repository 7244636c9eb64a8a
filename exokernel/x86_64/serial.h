/* serial.h - COM1, a 16550 (PC16550D datasheet).
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef X86_64_SERIAL_H
#define X86_64_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

/* Registers: data and interrupt enable are the divisor while bit 7 of LINE is set. */
enum { DATA = 0x3f8, INTERRUPTS, FIFO, LINE, MODEM, STATUS };

#define SERIAL_BURST 16 /* bytes the transmitter takes once it is ready */

bool serial_ready(void); /* the transmitter is empty */
void serial_out(uint8_t c);
bool serial_has_input(void);
uint8_t serial_in(void);
void serial_interrupts(bool transmit, bool receive);
void serial_put(uint8_t c); /* wait until it is ready, for a limited time */

/* Wait until everything has left the port. */
void serial_flush(void);

#endif
