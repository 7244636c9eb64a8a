/* mntent.h - the table of mounted file systems, as a file.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_MNTENT_H
#define _PX_MNTENT_H

#include <paths.h>
#include <stdio.h>

#define MOUNTED _PATH_MOUNTED
#define MNTTAB  "/etc/fstab"

#define MNTTYPE_IGNORE "ignore"
#define MNTTYPE_NFS    "nfs"
#define MNTTYPE_SWAP   "swap"

#define MNTOPT_DEFAULTS "defaults"
#define MNTOPT_RO       "ro"
#define MNTOPT_RW       "rw"
#define MNTOPT_SUID     "suid"
#define MNTOPT_NOSUID   "nosuid"
#define MNTOPT_NOAUTO   "noauto"

struct mntent {
	char *mnt_fsname;
	char *mnt_dir;
	char *mnt_type;
	char *mnt_opts;
	int mnt_freq;
	int mnt_passno;
};

#ifdef __cplusplus
extern "C" {
#endif

FILE *setmntent(const char *name, const char *mode);
int endmntent(FILE *f);
struct mntent *getmntent(FILE *f);
struct mntent *getmntent_r(FILE *f, struct mntent *entry, char *buf, int len);
int addmntent(FILE *f, const struct mntent *entry);
char *hasmntopt(const struct mntent *entry, const char *option);

#ifdef __cplusplus
}
#endif

#endif
