/* steward.c - asking the steward to start another image.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <exo/cap.h>
#include <exo/error.h>
#include <exo/stubs.h>
#include <libexo/call.h>
#include <libexo/steward.h>
#include <libexo/string.h>
#include <libexo/time.h>

#define TRIES    1000
#define SLEEP_NS 1000000

/* It may be in the middle of somebody else's call, whose turn is over. */
static long ask(const struct exo_message *words, exo_cap_t pass, struct xo_answer *answer)
{
	const uint64_t how = EXO_CALL_HOW(XO_STEWARD_SERVES, pass, 0);
	struct exo_message m;
	long r = 0;

	for (int i = 0; i < TRIES; i++) {
		m = *words;
		r = xo_call(EXO_SLOT_STEWARD, how, 0, &m);
		if (r != -EXO_E_BUSY && r != -EXO_E_STATE)
			break;
		exo_sleep(0, xo_now() + SLEEP_NS, EXO_SLOT_NONE, 0);
	}
	answer->what = (enum xo_asked)m.word[0];
	answer->code = m.word[1];
	return r;
}

long xo_ask_start(const char *name, struct xo_answer *answer)
{
	struct exo_message m = {0, {XO_ASK_START, 0, 0}};
	size_t n = strlen(name);

	memcpy((char *)m.word + 1, name, n < XO_ASK_NAME ? n : XO_ASK_NAME);
	return ask(&m, 0, answer);
}

long xo_ask_load(exo_cap_t frames, exo_pfn_t first, uint64_t pages, uint64_t memory,
		 struct xo_answer *answer)
{
	struct exo_message m = {0, {XO_ASK_LOAD | pages << 8, first, memory}};

	return ask(&m, frames, answer);
}

long xo_ask_result(uint64_t ticket, struct xo_answer *answer)
{
	struct exo_message m = {0, {XO_ASK_RESULT, ticket, 0}};

	return ask(&m, 0, answer);
}
