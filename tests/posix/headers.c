/* headers.c - the headers that programs include, and the numbers in them.
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <alloca.h>
#include <arpa/inet.h>
#include <assert.h>
#include <byteswap.h>
#include <complex.h>
#include <crypt.h>
#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <features.h>
#include <fenv.h>
#include <float.h>
#include <fmtmsg.h>
#include <fnmatch.h>
#include <ftw.h>
#include <getopt.h>
#include <glob.h>
#include <grp.h>
#include <iconv.h>
#include <ifaddrs.h>
#include <inttypes.h>
#include <iso646.h>
#include <langinfo.h>
#include <libgen.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <math.h>
#include <memory.h>
#include <monetary.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nl_types.h>
#include <paths.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <regex.h>
#include <sched.h>
#include <search.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <sys/cdefs.h>
#include <sys/epoll.h>
#include <sys/errno.h>
#include <sys/eventfd.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/param.h>
#include <sys/poll.h>
#include <sys/prctl.h>
#include <sys/queue.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timeb.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/types.h>
#include <sys/ucontext.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/unistd.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <sysexits.h>
#include <syslog.h>
#include <tar.h>
#include <termios.h>
#include <tgmath.h>
#include <time.h>
#include <uchar.h>
#include <ucontext.h>
#include <unistd.h>
#include <utime.h>
#include <values.h>
#include <wait.h>
#include <wchar.h>
#include <wctype.h>
#include <wordexp.h>

#define P(x) printf(#x " %lld\n", (long long)(x))

int main(void)
{
	P(MB_LEN_MAX);
	P(PATH_MAX);
	P(NAME_MAX);
	P(IOV_MAX);
	P(PIPE_BUF);
	P(NSIG);
	P(SIGRTMAX);
	P(FD_SETSIZE);
	P(CHAR_BIT);
	P(LONG_MAX == LLONG_MAX);
	P(SSIZE_MAX);
	P(RAND_MAX);
	P(EOF);
	P(BUFSIZ);
	P(FILENAME_MAX);
	P(FOPEN_MAX);
	P(INT_FAST16_MAX);
	P(INTMAX_MAX);
	P(SIZE_MAX == ULONG_MAX);
	P(WINT_MIN);
	P(WCHAR_MAX);
	P(WEOF == (wint_t)-1);
	P(EXIT_FAILURE);
	P(CLOCKS_PER_SEC);
	P(TIME_UTC);
	P(LC_ALL != LC_CTYPE);
	P(DBL_DIG);
	P(FLT_RADIX);
	P(LDBL_MANT_DIG);
	P(DECIMAL_DIG);
	P(FLT_EVAL_METHOD);
	P(O_CREAT);
	P(O_APPEND);
	P(O_NONBLOCK);
	P(O_CLOEXEC);
	P(F_DUPFD);
	P(AT_FDCWD);
	P(S_IFREG);
	P(SEEK_END);
	P(R_OK);
	P(STDERR_FILENO);
	P(SIGKILL);
	P(SIGUSR1);
	P(SIGCHLD);
	P(SA_RESTART);
	P(SIG_BLOCK);
	P(SIGSTKSZ >= 8192);
	P(CLOCK_MONOTONIC);
	P(TIMER_ABSTIME);
	P(WNOHANG);
	P(WEXITSTATUS(0x300));
	P(WSTOPSIG(0x137f) == 0x13);
	P(WIFSIGNALED(9));
	P(WTERMSIG(9));
	P(WIFSTOPPED(0x137f));
	P(POLLIN);
	P(POLLHUP);
	P(EPOLLIN);
	P(EPOLLET != 0);
	P(EFD_NONBLOCK == O_NONBLOCK);
	P(PROT_EXEC);
	P(MAP_ANONYMOUS);
	P(MAP_FAILED == (void *)-1);
	P(RLIMIT_NOFILE);
	P(RUSAGE_SELF);
	P(RLIM_INFINITY == ~0ul);
	P(PRIO_PROCESS);
	P(EX_USAGE);
	P(LOG_ERR);
	P(DT_DIR);
	P(FNM_NOMATCH);
	P(GLOB_NOMATCH);
	P(REG_NOMATCH);
	P(major(makedev(8, 300)));
	P(minor(makedev(8, 300)));
	P(makedev(1, 3));
	P(sizeof(struct pollfd));
	P(sizeof(struct epoll_event));
	P(sizeof(struct rusage));
	P(sizeof(regoff_t));
	P(sizeof(wchar_t));
	P(sizeof(wint_t));
	P(sizeof(max_align_t));
	P(sizeof(jmp_buf) >= 64);
	P(sizeof(fd_set));
	P(sizeof(sigset_t) >= 8);
	P(MIN(3, 5));
	P(MAX(3, 5));
	P(howmany(10, 3));
	P(roundup(10, 4));
	P(bswap_32(0x01020304));
	P(htobe16(0x0102));
	P(BYTE_ORDER == LITTLE_ENDIAN);
	P(htonl(1));
	P(offsetof(struct tm, tm_year));
	P(CHAR_MIN);
	P(NULL == (void *)0);
	P(ATOMIC_INT_LOCK_FREE);
	P(TCSANOW);
	P(ECHO);
	P(ICANON);
	P(VMIN);
	P(VTIME);
	P(B9600);
	P(TIOCGWINSZ);
	P(AF_INET);
	P(AF_UNIX);
	P(AF_INET6);
	P(SOCK_STREAM);
	P(SOCK_DGRAM);
	P(SOL_SOCKET);
	P(SO_REUSEADDR);
	P(IPPROTO_TCP);
	P(TCP_NODELAY);
	P(INADDR_LOOPBACK);
	P(SHUT_WR);
	P(MSG_PEEK);
	P(AI_PASSIVE);
	P(EAI_NONAME);
	P(sizeof(struct sockaddr_in));
	P(sizeof(struct sockaddr_in6));
	P(sizeof(struct sockaddr_un));
	P(sizeof(struct sockaddr_storage));
	P(sizeof(struct termios));
	P(sizeof(struct winsize));
	P(NCCS);
	P(sizeof(struct iovec));
	P(sizeof(struct timeval));
	P(sizeof(struct utsname));
	P(_SC_PAGESIZE >= 0);
	P(sysconf(_SC_PAGESIZE));
	P(sysconf(_SC_CLK_TCK));
	P(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
	P(sysconf(_SC_OPEN_MAX) >= 256);
	P(sysconf(12345));
	P(pathconf("/", _PC_NAME_MAX));
	P(pathconf("/", _PC_PATH_MAX));
	printf("%s %s %s %s\n", _PATH_DEVNULL, _PATH_TMP, _PATH_BSHELL, PRId64);
	printf("%" PRIu64 " %" PRIxPTR " %" PRIdMAX "\n", UINT64_C(5), (uintptr_t)255,
	       (intmax_t)-1);
	static_assert(sizeof(long) == 8, "long");
	return 0;
}
