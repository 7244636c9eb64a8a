/* error.c - the complaints of GNU programs.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char *program_invocation_name;

void (*error_print_progname)(void);
unsigned int error_message_count;
int error_one_per_line;

static void rest(int status, int number, const char *format, va_list args)
{
	vfprintf(stderr, format, args);
	error_message_count++;
	if (number)
		fprintf(stderr, ": %s", strerror(number));
	fputc('\n', stderr);
	fflush(stderr);
	if (status)
		exit(status);
}

void error(int status, int number, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	if (error_print_progname)
		error_print_progname();
	else
		fprintf(stderr, "%s: ", program_invocation_name);
	va_start(args, format);
	rest(status, number, format, args);
	va_end(args);
}

void error_at_line(int status, int number, const char *file, unsigned int line, const char *format,
		   ...)
{
	static const char *old_file;
	static unsigned int old_line;
	va_list args;

	if (error_one_per_line) {
		if (old_line == line &&
		    (file == old_file || (old_file && file && !strcmp(old_file, file))))
			return;
		old_file = file;
		old_line = line;
	}
	fflush(stdout);
	if (error_print_progname)
		error_print_progname();
	else
		fprintf(stderr, "%s:", program_invocation_name);
	if (file)
		fprintf(stderr, "%s:%u: ", file, line);
	else
		fputc(' ', stderr);
	va_start(args, format);
	rest(status, number, format, args);
	va_end(args);
}
