/* words.c - what a process was begun with, for others to see.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <env/arena.h>
#include <env/thread.h>
#include <errno.h>
#include <fs/proc.h>
#include <process/process.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <vm/copy.h>

#define WORDS_MAX 1024

void px_words_put(struct px_process *p)
{
	if (p->words && --p->words->refs == 0)
		px_free(p->words);
	p->words = NULL;
}

void px_words_set(struct px_process *p, const char *text, size_t n)
{
	struct px_words *w;

	px_words_put(p);
	n = n < WORDS_MAX ? n : WORDS_MAX;
	w = px_alloc(sizeof(*w) + n);
	if (!w)
		return;
	w->refs = 1;
	w->bytes = (uint32_t)n;
	memcpy(w->text, text, n);
	p->words = w;
}

void px_comm_set(struct px_process *p, const char *name)
{
	const char *slash = strrchr(name, '/');
	size_t n;

	name = slash ? slash + 1 : name;
	n = strnlen(name, sizeof(p->comm) - 1);
	memset(p->comm, 0, sizeof(p->comm));
	memcpy(p->comm, name, n);
}

/* Before its first child: what nobody needed to know until then. */
void px_words_tell(void)
{
	char text[WORDS_MAX];
	size_t n = 0;

	if (px_me->words || !px_argv)
		return;
	for (int i = 0; i < px_argc && n < sizeof(text); i++) {
		ssize_t bytes = px_string_from(text + n, px_argv[i], sizeof(text) - n);

		if (bytes < 0)
			break;
		n += (size_t)bytes + 1;
	}
	px_enter();
	px_words_set(px_me, text, n < sizeof(text) ? n : sizeof(text));
	if (!px_me->comm[0] && n)
		px_comm_set(px_me, text);
	px_leave();
}

static int set_name(const char *user)
{
	char name[16] = "";

	if (px_string_from(name, user, sizeof(name)) < 0)
		return -EFAULT;
	name[sizeof(name) - 1] = '\0';
	memcpy(px_self()->name, name, sizeof(name));
	if (px_self()->id == px_me->number) {
		px_enter();
		memcpy(px_me->comm, name, sizeof(name));
		px_leave();
	}
	return 0;
}

static int get_name(char *user)
{
	char name[16];

	px_words_tell();
	memcpy(name, px_self()->name[0] ? px_self()->name : px_me->comm, sizeof(name));
	return px_copy_to(user, name, sizeof(name)) ? -EFAULT : 0;
}

static int get_death_signal(int *user)
{
	int number = px_me->death_signal;

	return px_copy_to(user, &number, sizeof(number)) ? -EFAULT : 0;
}

static int set_death_signal(unsigned long number)
{
	if (number >= NSIG)
		return -EINVAL;
	px_me->death_signal = (uint8_t)number;
	return 0;
}

static int control(int what, unsigned long arg)
{
	switch (what) {
	case PR_SET_NAME:
		return set_name((const char *)arg);
	case PR_GET_NAME:
		return get_name((char *)arg);
	case PR_SET_PDEATHSIG:
		return set_death_signal(arg);
	case PR_GET_PDEATHSIG:
		return get_death_signal((int *)arg);
	case PR_GET_DUMPABLE: /* no core is ever written */
		return 0;
	case PR_SET_DUMPABLE:
		return arg > 1 ? -EINVAL : 0;
	}
	return -EINVAL;
}

int prctl(int what, ...)
{
	unsigned long arg;
	va_list args;

	va_start(args, what);
	arg = va_arg(args, unsigned long);
	va_end(args);
	return (int)px_result(control(what, arg));
}
