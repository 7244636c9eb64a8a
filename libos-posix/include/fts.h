/* fts.h - walk trees of files, entry by entry.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_FTS_H
#define _PX_FTS_H

#include <sys/cdefs.h>
#include <sys/stat.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FTS_COMFOLLOW 0x001
#define FTS_LOGICAL   0x002
#define FTS_NOCHDIR   0x004 /* always so: nothing here changes the current directory */
#define FTS_NOSTAT    0x008
#define FTS_PHYSICAL  0x010
#define FTS_SEEDOT    0x020
#define FTS_XDEV      0x040
#define FTS_WHITEOUT  0x080

#define FTS_NAMEONLY 0x100 /* of fts_children alone */

#define FTS_ROOTPARENTLEVEL (-1)
#define FTS_ROOTLEVEL       0

/* fts_info */
#define FTS_D       1  /* a directory, before what is in it */
#define FTS_DC      2  /* a directory that is in itself: see fts_cycle */
#define FTS_DEFAULT 3  /* anything else */
#define FTS_DNR     4  /* a directory that cannot be read: see fts_errno */
#define FTS_DOT     5  /* "." or ".." */
#define FTS_DP      6  /* a directory, after what is in it */
#define FTS_ERR     7  /* see fts_errno */
#define FTS_F       8  /* a regular file */
#define FTS_INIT    9  /* nothing was read yet */
#define FTS_NS      10 /* not to be looked at: see fts_errno */
#define FTS_NSOK    11 /* not asked for */
#define FTS_SL      12 /* a symbolic link */
#define FTS_SLNONE  13 /* one that leads nowhere */
#define FTS_W       14 /* never */

/* fts_set */
#define FTS_AGAIN   1
#define FTS_FOLLOW  2
#define FTS_NOINSTR 3
#define FTS_SKIP    4

typedef struct _ftsent {
	struct _ftsent *fts_cycle;
	struct _ftsent *fts_parent;
	struct _ftsent *fts_link; /* the next one in the same directory */
	long fts_number;          /* for the program */
	void *fts_pointer;
	char *fts_accpath;
	char *fts_path;
	int fts_errno;
	int fts_symfd;
	unsigned short fts_pathlen;
	unsigned short fts_namelen;
	ino_t fts_ino;
	dev_t fts_dev;
	nlink_t fts_nlink;
	short fts_level;
	unsigned short fts_info;
	unsigned short fts_flags;
	unsigned short fts_instr;
	struct stat *fts_statp;
	char *fts_name;
} FTSENT;

typedef struct _fts FTS;

FTS *fts_open(char *const *, int, int (*)(const FTSENT **, const FTSENT **));
FTSENT *fts_read(FTS *);
FTSENT *fts_children(FTS *, int);
int fts_set(FTS *, FTSENT *, int);
int fts_close(FTS *);

#ifdef __cplusplus
}
#endif

#endif
