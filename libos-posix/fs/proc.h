/* proc.h - /proc: processes, and the machine, as files.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A process's directory is made when somebody looks at it, and goes with its record.  What a file
 * says is written when it is read.
 */
#ifndef PX_PROC_H
#define PX_PROC_H

#include <env/process.h>
#include <fs/mem.h>
#include <stdarg.h>

/* A text that is written from its start, of which [skip, skip + room) is wanted. */
struct px_text {
	char *to;
	size_t room, n; /* n: of it is there */
	uint64_t skip;
};

void px_text_put(struct px_text *t, const char *bytes, size_t n);
void px_text_add(struct px_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The files; those of a process first, and of those the links. */
enum px_proc_file {
	PX_PROC_EXE = 1,
	PX_PROC_CWD,
	PX_PROC_ROOT,
	PX_PROC_FD,
	PX_PROC_CMDLINE,
	PX_PROC_COMM,
	PX_PROC_ENVIRON,
	PX_PROC_MAPS,
	PX_PROC_STAT,
	PX_PROC_STATM,
	PX_PROC_STATUS,
	PX_PROC_MOUNTS,
	PX_PROC_CPUINFO,
	PX_PROC_LOADAVG,
	PX_PROC_MEMINFO,
	PX_PROC_ALL_STAT,
	PX_PROC_UPTIME,
	PX_PROC_VERSION,
	PX_PROC_FILES
};

/* proc_text.c.  Inside: write the file; p: of a process. */
void px_proc_process_text(struct px_text *t, enum px_proc_file file, const struct px_process *p);
/* Outside: the same of the calling process, if it is in its own memory; else false. */
bool px_proc_own_text(struct px_text *t, enum px_proc_file file);

void px_proc_machine_text(struct px_text *t, enum px_proc_file file);

#define PX_PROC_IF_USED __attribute__((weak, visibility("hidden")))

/* Inside: the name in a directory of /proc, or NULL; *magic: it is where a link leads. */
struct px_node *px_proc_find(struct px_node *dir, const char *name, size_t n,
			     bool *magic) PX_PROC_IF_USED;

/* Inside: /proc is about to be read from the start: all processes have their directory. */
void px_proc_list(void) PX_PROC_IF_USED;

/* Inside: p's directory goes. */
void px_proc_forget(struct px_process *p);

/* What a process was begun with, for others to see. */
struct px_words {
	uint32_t refs, bytes;
	char text[];
};

/* Inside: p's words are these, n bytes of strings each ended by a zero. */
void px_words_set(struct px_process *p, const char *text, size_t n);
void px_words_put(struct px_process *p);

#endif
