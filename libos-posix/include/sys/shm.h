/* sys/shm.h - System V's shared memory.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef _PX_SYS_SHM_H
#define _PX_SYS_SHM_H

#include <sys/ipc.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHM_R      0400
#define SHM_W      0200
#define SHM_RDONLY 010000
#define SHM_RND    020000
#define SHMLBA     4096

typedef unsigned long shmatt_t;

struct shmid_ds {
	struct ipc_perm shm_perm;
	size_t shm_segsz;
	time_t shm_atime;
	time_t shm_dtime;
	time_t shm_ctime;
	pid_t shm_cpid;
	pid_t shm_lpid;
	shmatt_t shm_nattch;
	long __room[2];
};

int shmget(key_t, size_t, int);
void *shmat(int, const void *, int);
int shmdt(const void *);
int shmctl(int, int, struct shmid_ds *);

#ifdef __cplusplus
}
#endif

#endif
