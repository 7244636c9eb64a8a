/* message.h - what a call and its reply carry.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef EXO_MESSAGE_H
#define EXO_MESSAGE_H

#include <exo/types.h>

/* Which activation is called, which slot goes along and which slot may be filled
 * (both 0: none), for the argument `how` of call and reply. */
#define EXO_CALL_HOW(index, pass, receive)	\
	((uint64_t)(uint8_t)(index) | (uint64_t)(uint16_t)(pass) << 16 | (uint64_t)(uint16_t)(receive) << 32)
#define EXO_CALL_INDEX(how)	((uint8_t)(how))
#define EXO_CALL_PASS(how)	((uint16_t)((how) >> 16))
#define EXO_CALL_RECEIVE(how)	((uint16_t)((how) >> 32))

/* As it comes back in rdi, rsi, rdx and r10. */
struct exo_message {
	uint64_t badge;		/* of the capability that was called by; 0 in a reply */
	uint64_t word[3];
};

#endif
