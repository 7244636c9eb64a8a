/* sysv.c - System V's message queues, semaphores and shared memory.
 * SPDX-License-Identifier: BSD-2-Clause
 * CPUS: 2
 * FORMS: shared
 * RUN: messages
 * RUN: waits
 * RUN: semaphores
 * RUN: undo
 * RUN: memory
 * RUN: rights
 */
#include "asleep.h"
#include "child.h"
#include "try.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
	long type;
	char text[9000];
} m;

static void end(void)
{
	int s = -1;

	wait(&s);
	if (WIFEXITED(s))
		printf("exit %d\n", WEXITSTATUS(s));
	else
		printf("signal %d\n", WTERMSIG(s));
}

static int put(int q, long type, const char *text, int flags)
{
	m.type = type;
	strcpy(m.text, text);
	return msgsnd(q, &m, strlen(text) + 1, flags);
}

static void get(int q, long type, size_t room, int flags)
{
	ssize_t n;

	memset(&m, 0, sizeof(m));
	errno = 0;
	n = msgrcv(q, &m, room, type, flags);
	printf("type %ld: %zd %ld %.20s %s\n", type, n, m.type, m.text,
	       errno ? strerror(errno) : "");
}

/* A key that nobody uses, whatever a run that was cut off has left behind. */
static key_t fresh(void)
{
	key_t key = 0x47110000 + getpid();

	while (msgget(key, 0) >= 0 || errno != ENOENT)
		key += 0x8000;
	return key;
}

static int messages(void)
{
	key_t key = fresh();
	struct msqid_ds d;
	int q, other;

	TRY(msgget(key, 0));
	q = msgget(key, IPC_CREAT | 0600);
	TRY(msgget(key, IPC_CREAT | IPC_EXCL | 0600));
	TRY(msgget(key, 0) == q);
	other = msgget(IPC_PRIVATE, 0600);
	TRY(other != q);
	put(q, 3, "three", 0);
	put(q, 1, "one", 0);
	put(q, 2, "two", 0);
	put(q, 3, "three again", 0);
	put(q, 1, "", 0);
	TRY(put(q, 0, "x", 0));
	TRY(put(q, -1, "x", 0));
	m.type = 1;
	TRY(msgsnd(q, &m, 8193, 0));
	TRY(msgsnd(q, &m, -1, 0));
	TRY(msgsnd(q, (void *)8, 10, 0));
	msgctl(q, IPC_STAT, &d);
	printf("%ld messages, last %d, most %ld, mode %o, key %d\n", (long)d.msg_qnum,
	       d.msg_lspid == getpid(), (long)d.msg_qbytes, d.msg_perm.mode,
	       d.msg_perm.__key == key);
	get(q, 2, 100, 0);
	get(q, -2, 100, 0);
	get(q, 0, 3, 0);
	get(q, 0, 3, MSG_NOERROR);
	get(q, 3, 100, MSG_EXCEPT);
	get(q, 5, 100, IPC_NOWAIT);
	get(q, -1, 100, IPC_NOWAIT);
	get(q, 0, 100, 0);
	get(q, 0, 100, IPC_NOWAIT);
	get(other, 0, 100, IPC_NOWAIT);
	get(12345678, 0, 100, IPC_NOWAIT);
	for (int i = 0; i < 8192; i++)
		m.text[i] = (char)i;
	m.type = 9;
	TRY(msgsnd(q, &m, 8192, 0));
	TRY(msgsnd(q, &m, 8192, 0));
	TRY(msgsnd(q, &m, 1, IPC_NOWAIT));
	memset(&m, 0, sizeof(m));
	TRY(msgrcv(q, &m, 9000, 0, 0));
	printf("%d %d\n", m.text[100], m.text[8100] == (char)8100);
	msgctl(q, IPC_STAT, &d);
	d.msg_qbytes = 100;
	d.msg_perm.mode = 0640;
	TRY(msgctl(q, IPC_SET, &d));
	m.type = 1;
	TRY(msgsnd(q, &m, 101, IPC_NOWAIT));
	TRY(msgctl(q, 4711, &d));
	TRY(msgctl(q, IPC_RMID, NULL));
	TRY(msgctl(q, IPC_RMID, NULL));
	TRY(msgctl(other, IPC_RMID, NULL));
	TRY(msgget(key, 0));
	return 0;
}

static void nothing(int n)
{
	(void)n;
}

static int waits(void)
{
	int q = msgget(IPC_PRIVATE, 0600), back = msgget(IPC_PRIVATE, 0600), n = 0;
	pid_t pid;

	if (!begin()) {
		for (int i = 0; i < 2000; i++) {
			msgrcv(q, &m, sizeof(m.text), 0, 0);
			msgsnd(back, &m, 100, 0);
		}
		_exit(3);
	}
	for (int i = 1; i <= 2000; i++) {
		m.type = i;
		msgsnd(q, &m, 100, 0);
		if (i % 50 == 0)
			for (int k = 0; k < 50; k++)
				n += msgrcv(back, &m, sizeof(m.text), 0, 0) == 100;
	}
	end();
	printf("%d there and back\n", n);
	/* a queue that is full; one that goes */
	pid = begin();
	if (!pid) {
		m.type = 1;
		for (int i = 0; i < 100; i++)
			msgsnd(q, &m, 1000, 0);
		TRY(msgrcv(back, &m, sizeof(m.text), 0, 0));
		exit(0);
	}
	for (n = 0; n < 100; n++)
		msgrcv(q, &m, sizeof(m.text), 0, 0);
	asleep(pid); /* it has sent all, and waits */
	msgctl(back, IPC_RMID, NULL);
	end();
	/* a handler */
	if (!begin()) {
		struct sigaction a = {.sa_handler = nothing, .sa_flags = SA_RESTART};

		sigaction(SIGALRM, &a, NULL);
		ualarm(20000, 20000); /* one that comes before it waits ends nothing */
		TRY(msgrcv(q, &m, sizeof(m.text), 0, 0));
		exit(0);
	}
	end();
	if (!begin()) {
		msgrcv(q, &m, sizeof(m.text), 7, 0);
		_exit(0);
	}
	usleep(50000);
	kill(0, 0);
	put(q, 6, "not for it", 0);
	put(q, 7, "for it", 0);
	end();
	get(q, 0, 100, IPC_NOWAIT);
	msgctl(q, IPC_RMID, NULL);
	return 0;
}

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static int op(int s, int n, int by, int flags)
{
	struct sembuf b = {n, by, flags};

	return semop(s, &b, 1);
}

static void show(int s, int n)
{
	printf("values");
	for (int i = 0; i < n; i++)
		printf(" %d", semctl(s, i, GETVAL));
	printf("\n");
}

static int semaphores(void)
{
	int s = semget(IPC_PRIVATE, 4, 0600), n = 0;
	unsigned short all[4] = {1, 2, 3, 4};
	struct sembuf two[] = {{0, -1, 0}, {1, -5, IPC_NOWAIT}}, zero[] = {{0, 0, 0}, {0, 1, 0}};
	struct timespec t = {0, 20000000};
	struct semid_ds d;

	TRY(semget(IPC_PRIVATE, 0, 0600));
	TRY(semget(IPC_PRIVATE, -1, 0600));
	show(s, 4);
	TRY(semctl(s, 0, SETALL, (union semun){.array = all}));
	show(s, 4);
	TRY(semop(s, two, 2)); /* both or none */
	show(s, 4);
	two[1].sem_op = -2;
	TRY(semop(s, two, 2));
	show(s, 4);
	TRY(semop(s, zero, 2));
	show(s, 4);
	TRY(op(s, 0, 0, IPC_NOWAIT));
	TRY(op(s, 4, 1, 0));
	TRY(op(s, 2, 32767, 0));
	TRY(semctl(s, 3, SETVAL, (union semun){.val = 32768}));
	TRY(semctl(s, 3, SETVAL, (union semun){.val = -1}));
	TRY(semctl(s, 4, GETVAL));
	TRY(semctl(s, 3, SETVAL, (union semun){.val = 32767}));
	TRY(semop(s, two, 0));
	two[1] = two[0] = (struct sembuf){3, -32767, 0};
	TRY(semtimedop(s, two, 2, &t));
	show(s, 4);
	TRY(semctl(s, 0, GETPID) == getpid());
	semctl(s, 0, IPC_STAT, (union semun){.buf = &d});
	printf("%ld %o %d\n", (long)d.sem_nsems, d.sem_perm.mode, d.sem_otime > 1000);
	semctl(s, 0, SETVAL, (union semun){.val = 0});
	semctl(s, 1, SETVAL, (union semun){.val = 0});
	if (!begin()) {
		for (int i = 0; i < 1000; i++) {
			op(s, 0, -1, 0);
			op(s, 1, 1, 0);
		}
		TRY(op(s, 2, 0, 0));
		TRY(op(s, 0, -1, 0));
		exit(0);
	}
	for (int i = 0; i < 1000; i++) {
		n += op(s, 0, 1, 0) == 0;
		n += op(s, 1, -1, 0) == 0;
	}
	printf("%d\n", n);
	while (semctl(s, 2, GETZCNT) != 1)
		usleep(1000);
	TRY(semctl(s, 2, GETNCNT));
	semctl(s, 2, SETVAL, (union semun){.val = 0});
	while (semctl(s, 0, GETNCNT) != 1)
		usleep(1000);
	TRY(semctl(s, 0, IPC_RMID));
	end();
	TRY(op(s, 0, 1, 0));
	TRY(semctl(s, 0, GETVAL));
	return 0;
}

static int undo(void)
{
	int s = semget(IPC_PRIVATE, 300, 0600);
	pid_t pid;

	semctl(s, 0, SETVAL, (union semun){.val = 5});
	if (!begin()) {
		op(s, 0, -3, SEM_UNDO);
		op(s, 1, 7, SEM_UNDO);
		op(s, 2, 7, 0);
		show(s, 3);
		if (!begin()) /* undoes nothing of its parent's */
			exit(0);
		end();
		show(s, 3);
		exit(0);
	}
	end();
	show(s, 3);
	pid = begin();
	if (!pid) {
		op(s, 0, -5, SEM_UNDO);
		op(s, 299, 1, 0);
		for (;;)
			pause();
	}
	op(s, 299, -1, 0);
	show(s, 1);
	kill(pid, SIGKILL);
	TRY(op(s, 0, -5, 0)); /* who was killed has the lock no more */
	wait(NULL);
	show(s, 1);
	if (!begin()) {
		op(s, 1, 2, SEM_UNDO);
		semctl(s, 1, SETVAL, (union semun){.val = 1}); /* forgets that */
		exit(0);
	}
	end();
	show(s, 2);
	/* who waits and is killed is not counted any more */
	pid = begin();
	if (!pid)
		op(s, 9, -1, 0);
	while (semctl(s, 9, GETNCNT) != 1)
		usleep(1000);
	kill(pid, SIGKILL);
	wait(NULL);
	TRY(semctl(s, 9, GETNCNT));
	semctl(s, 0, IPC_RMID);
	return 0;
}

static int memory(void)
{
	key_t key = ftok(".", 'x'), same = ftok(".", 'x'), other = ftok(".", 'y');
	int id = shmget(IPC_PRIVATE, 10000, 0600), id2;
	struct shmid_ds d;
	char *a, *b, *c;

	TRY(ftok("nowhere", 1));
	printf("keys %d %d\n", key == same, key != other);
	TRY(shmget(IPC_PRIVATE, 0, 0600));
	a = shmat(id, NULL, 0);
	b = shmat(id, NULL, 0);
	c = shmat(id, NULL, SHM_RDONLY);
	printf("three places %d\n", a != b && b != c && a != (char *)-1 && c != (char *)-1);
	printf("zeros %d %d\n", a[0], b[9999]);
	strcpy(a + 5000, "seen everywhere");
	printf("%s, %s\n", b + 5000, c + 5000);
	shmctl(id, IPC_STAT, &d);
	printf("%ld bytes, %ld times, %d %d\n", (long)d.shm_segsz, (long)d.shm_nattch,
	       d.shm_cpid == getpid(), d.shm_lpid == getpid());
	if (!begin()) {
		shmctl(id, IPC_STAT, &d);
		printf("a child has them too: %ld, %s\n", (long)d.shm_nattch, c + 5000);
		strcpy(b + 9000, "from the child");
		fflush(stdout);
		c[0] = 1; /* read only */
		exit(0);
	}
	end();
	printf("%s\n", a + 9000);
	shmctl(id, IPC_STAT, &d);
	printf("%ld times\n", (long)d.shm_nattch);
	TRY(shmdt(b + 1));
	TRY(shmdt(b + 4096));
	TRY(shmdt(b));
	TRY(shmdt(b));
	TRY(shmat(id, a, 0) == (void *)-1); /* in use */
	TRY(shmat(id, b + 1, 0) == (void *)-1);
	TRY(shmat(id, b + 1, SHM_RND) == b);
	if (!begin()) {
		shmdt(a);
		shmdt(b);
		TRY(shmat(id, NULL, 0) != (void *)-1);
		exit(0);
	}
	end();
	id2 = shmget(key, 4096, IPC_CREAT | 0600);
	TRY(shmget(key, 4097, 0600));
	TRY(shmget(key, 10, 0600) == id2);
	TRY(shmctl(id, IPC_RMID, NULL));
	printf("still there: %s\n", a + 5000);
	TRY(shmdt(a));
	TRY(shmdt(b));
	TRY(shmdt(c));
	TRY(shmat(id, NULL, 0) == (void *)-1);
	TRY(shmctl(id, IPC_STAT, &d));
	TRY(shmctl(id2, IPC_RMID, NULL));
	/* what is made and goes leaves no trace */
	for (int i = 0; i < 200; i++) {
		id = shmget(IPC_PRIVATE, 4 << 20, 0600);
		a = shmat(id, NULL, 0);
		memset(a, 1, 1 << 20);
		shmctl(id, IPC_RMID, NULL);
		if (id < 0 || a == (char *)-1 || shmdt(a) < 0)
			return i + 1;
	}
	return 0;
}

static int rights(void)
{
	key_t key = fresh();
	int q = msgget(key, IPC_CREAT | 0640), s = semget(IPC_PRIVATE, 1, 0600);
	struct msqid_ds d;

	if (!begin()) {
		setgid(77);
		setuid(77);
		TRY(msgget(key, 0600));
		TRY(msgget(key, 0) == q);
		TRY(put(q, 1, "x", 0));
		TRY(msgctl(q, IPC_STAT, &d));
		TRY(msgctl(q, IPC_RMID, NULL));
		TRY(op(s, 0, 1, 0));
		exit(0);
	}
	end();
	if (!begin()) {
		gid_t none = 88;

		setgroups(1, &none);
		setgid(0);
		setuid(77);
		TRY(put(q, 1, "x", 0));
		TRY(msgctl(q, IPC_STAT, &d));
		exit(0);
	}
	end();
	msgctl(q, IPC_STAT, &d);
	d.msg_perm.uid = 77;
	TRY(msgctl(q, IPC_SET, &d));
	if (!begin()) {
		setuid(77);
		TRY(put(q, 1, "x", 0));
		TRY(msgctl(q, IPC_RMID, NULL));
		exit(0);
	}
	end();
	TRY(msgctl(q, IPC_RMID, NULL));
	semctl(s, 0, IPC_RMID);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	alarm(110);
	return !strcmp(what, "messages")     ? messages()
	       : !strcmp(what, "waits")      ? waits()
	       : !strcmp(what, "semaphores") ? semaphores()
	       : !strcmp(what, "undo")       ? undo()
	       : !strcmp(what, "memory")     ? memory()
					     : rights();
}
