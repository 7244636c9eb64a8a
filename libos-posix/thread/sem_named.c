/* sem_named.c - semaphores with names, which are files in /dev/shm.
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * A new one is written under another name and then linked to its own, so nobody finds it half made.
 * A process that opens one twice gets the same address.
 */
#include <env/random.h>
#include <errno.h>
#include <fcntl.h>
#include <fs/path.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <thread/object.h>
#include <unistd.h>

#define DIRECTORY "/dev/shm"
#define PREFIX    DIRECTORY "/sem."

static struct opened {
	struct opened *next;
	sem_t *sem;
	dev_t dev;
	ino_t ino;
	unsigned int times;
} * all;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* The file's name, or an error. */
static int path_of(const char *name, char path[PATH_MAX])
{
	while (*name == '/')
		name++;
	if (!*name || strchr(name, '/'))
		return EINVAL;
	if (strlen(name) > NAME_MAX - 4)
		return ENAMETOOLONG;
	strcpy(stpcpy(path, PREFIX), name);
	return 0;
}

static sem_t *map(int fd, const struct stat *st)
{
	struct opened *o = malloc(sizeof(*o));
	void *at = o ? mmap(NULL, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
		     : MAP_FAILED;

	if (at == MAP_FAILED) {
		free(o);
		return SEM_FAILED;
	}
	*o = (struct opened){
		.next = all, .sem = at, .dev = st->st_dev, .ino = st->st_ino, .times = 1};
	all = o;
	return at;
}

/* The semaphore in an open file, which is closed. */
static sem_t *use(int fd)
{
	sem_t *sem = SEM_FAILED;
	struct opened *o;
	struct stat st;

	if (fd < 0)
		return SEM_FAILED;
	if (fstat(fd, &st) == 0) {
		for (o = all; o && (o->dev != st.st_dev || o->ino != st.st_ino);)
			o = o->next;
		if (o) {
			o->times++;
			sem = o->sem;
		} else if (st.st_size < (off_t)sizeof(sem_t)) {
			errno = EINVAL;
		} else {
			sem = map(fd, &st);
		}
	}
	close(fd);
	return sem;
}

/* A file with a new semaphore under a name that nobody knows. */
static int make(char temporary[PATH_MAX], mode_t mode, unsigned int value)
{
	union {
		sem_t sem;
		struct px_sem own;
	} new;
	int fd;

	memset(&new, 0, sizeof(new));
	new.own = (struct px_sem){.value = value, .shared = 1};
	snprintf(temporary, PATH_MAX, "%s/.%016llx", DIRECTORY, (unsigned long long)px_random64());
	fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0777);
	if (fd < 0 && errno == ENOENT && mkdir(DIRECTORY, 01777) == 0)
		fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0777);
	if (fd >= 0 && write(fd, &new, sizeof(new)) != sizeof(new)) {
		close(fd);
		unlink(temporary);
		errno = ENOSPC;
		return -1;
	}
	return fd;
}

/* SEM_FAILED with EEXIST: somebody else was quicker. */
static sem_t *create(const char *path, mode_t mode, unsigned int value)
{
	char temporary[PATH_MAX];
	sem_t *sem = SEM_FAILED;
	int fd = make(temporary, mode, value), error;

	if (fd < 0)
		return SEM_FAILED;
	error = link(temporary, path) < 0 ? errno : 0;
	unlink(temporary);
	if (error)
		close(fd);
	else
		sem = use(fd);
	if (error)
		errno = error;
	return sem;
}

static sem_t *find(const char *path, int flags, mode_t mode, unsigned int value)
{
	sem_t *sem = SEM_FAILED;

	for (;;) {
		if (!(flags & O_CREAT) || !(flags & O_EXCL)) {
			sem = use(open(path, O_RDWR | O_CLOEXEC));
			if (sem != SEM_FAILED || errno != ENOENT || !(flags & O_CREAT))
				return sem;
		}
		sem = create(path, mode, value);
		if (sem != SEM_FAILED || errno != EEXIST || flags & O_EXCL)
			return sem;
	}
}

sem_t *sem_open(const char *name, int flags, ...)
{
	char path[PATH_MAX];
	unsigned int value = 0;
	mode_t mode = 0;
	va_list args;
	sem_t *sem;
	int r = path_of(name, path), state;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		value = va_arg(args, unsigned int);
		va_end(args);
	}
	if (!r && value > SEM_VALUE_MAX)
		r = EINVAL;
	if (r) {
		errno = r;
		return SEM_FAILED;
	}
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	pthread_mutex_lock(&mutex);
	sem = find(path, flags, mode, value);
	pthread_mutex_unlock(&mutex);
	pthread_setcancelstate(state, NULL);
	return sem;
}

int sem_close(sem_t *sem)
{
	struct opened **at = &all, *o;
	int r = -1;

	pthread_mutex_lock(&mutex);
	while ((o = *at) && o->sem != sem)
		at = &o->next;
	if (o && --o->times == 0) {
		*at = o->next;
		munmap(sem, sizeof(*sem));
		free(o);
	}
	if (o)
		r = 0;
	else
		errno = EINVAL;
	pthread_mutex_unlock(&mutex);
	return r;
}

int sem_unlink(const char *name)
{
	char path[PATH_MAX];
	int r = path_of(name, path);

	if (r) {
		errno = r == EINVAL ? ENOENT : r;
		return -1;
	}
	return px_unlink_object(path);
}
