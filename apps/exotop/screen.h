/* screen.h - a text screen that is sent by differences.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SCREEN_H
#define SCREEN_H

#define ROWS    24
#define COLUMNS 80

/* Put text at the start of the next row; what does not fit is cut. */
void screen_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Rows that are still free. */
int screen_left(void);

/* The screen is done: send what differs from the last one in one piece (`whole`: everything), and
 * begin anew at the top. */
void screen_show(bool whole);

/* Leave the terminal as it should be: the cursor below the screen. */
void screen_end(void);

#endif
