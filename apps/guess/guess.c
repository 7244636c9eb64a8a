/* guess.c - think of a number: a game on the console.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * ./exo-build.sh apps/guess/guess.c --run
 *
 * The number is another one each time (getrandom), or always the same with an argument.
 *
 * RUN: 42 < input
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { MOST = 100 };

static int choose(const char *argument)
{
	unsigned r;

	if (argument)
		return atoi(argument) % MOST + 1;
	if (getrandom(&r, sizeof(r), 0) != sizeof(r)) {
		perror("getrandom");
		exit(1);
	}
	return (int)(r % MOST) + 1;
}

/* A line with a number from 1 to MOST; 0 at the end of input. */
static int ask(int count)
{
	char line[80], *end;
	long n;

	for (;;) {
		printf("guess %d> ", count);
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			return 0;
		n = strtol(line, &end, 10);
		if (end != line && isspace((unsigned char)*end) && n >= 1 && n <= MOST)
			return (int)n;
		printf("a number from 1 to %d, please\n", MOST);
	}
}

int main(int argc, char **argv)
{
	int secret = choose(argc > 1 ? argv[1] : NULL), low = 1, high = MOST, guess;

	printf("I think of a number from 1 to %d.\n", MOST);
	for (int count = 1; (guess = ask(count)) != 0; count++) {
		if (guess == secret) {
			printf("Yes! %d %s.\n", count, count == 1 ? "guess" : "guesses");
			return 0;
		}
		if (guess < low || guess > high)
			printf("You know better: ");
		if (guess < secret && guess >= low)
			low = guess + 1;
		if (guess > secret && guess <= high)
			high = guess - 1;
		printf("too %s\n", guess < secret ? "small" : "big");
	}
	printf("\nIt was %d.\n", secret);
	return 1;
}
