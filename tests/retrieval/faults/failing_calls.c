/* Makes one call that changes files below a folder fail, or kills the process just before it.
 *
 * Loaded with LD_PRELOAD, so that it stands before the C library for Python, SQLite, FAISS and tantivy alike; it
 * does nothing until arm() is called. Calls are counted by kind over all threads. See failing_calls.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE, SYNC, RENAME, CREATE, RESIZE, MODE, KINDS };

static char root[PATH_MAX];
static size_t length; /* of root; 0 while not armed */
static int chosen, code, lasting, traced = -1;
static long number;
static atomic_long counts[KINDS];

/* The nth call (from 0) of a kind fails with error, once or from then on; error 0 kills. Kind -1: none does.
 * Every call is written to the descriptor trace as "kind path", unless that is -1. */
void arm(const char *folder, int kind, long nth, int error, int from_then_on, int trace) {
    strncpy(root, folder, sizeof root - 1);
    chosen = kind, number = nth, code = error, lasting = from_then_on, traced = trace;
    length = strlen(root);
}

static int fails(enum kind kind, const char *path) {
    if (!length || strncmp(path, root, length)) return 0;
    long count = atomic_fetch_add(&counts[kind], 1);
    if (traced >= 0) dprintf(traced, "%d %s\n", kind, path + length);
    if ((int)kind != chosen || count < number || (count > number && !lasting)) return 0;
    if (!code) kill(getpid(), SIGKILL);
    errno = code;
    return 1;
}

static int fails_at(enum kind kind, int descriptor) {
    char link[64], path[PATH_MAX];
    int before = errno;
    if (!length) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, path, sizeof path - 1);
    errno = before;
    if (size < 0) return 0;
    path[size] = 0;
    return fails(kind, path);
}

static int writes(FILE *stream) { return (fcntl(fileno(stream), F_GETFL) & O_ACCMODE) != O_RDONLY; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define AT(kind, type, name, declared, ...) \
    type name declared { return fails_at(kind, fd) ? (type)-1 : REAL(name)(__VA_ARGS__); }
#define ON(kind, name, path, declared, ...) \
    int name declared { return fails(kind, path) ? -1 : REAL(name)(__VA_ARGS__); }

AT(WRITE, ssize_t, write, (int fd, const void *data, size_t size), fd, data, size)
AT(WRITE, ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), fd, data, size, at)
AT(WRITE, ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), fd, data, size, at)
AT(WRITE, ssize_t, writev, (int fd, const struct iovec *parts, int many), fd, parts, many)
AT(WRITE, ssize_t, sendfile, (int fd, int from, off_t *at, size_t size), fd, from, at, size)
AT(WRITE, ssize_t, sendfile64, (int fd, int from, off64_t *at, size_t size), fd, from, at, size)
AT(WRITE, ssize_t, copy_file_range, (int from, off64_t *begin, int fd, off64_t *at, size_t size, unsigned flags),
   from, begin, fd, at, size, flags)
AT(SYNC, int, fsync, (int fd), fd)
AT(SYNC, int, fdatasync, (int fd), fd)
AT(RESIZE, int, ftruncate, (int fd, off_t size), fd, size)
AT(RESIZE, int, ftruncate64, (int fd, off64_t size), fd, size)
AT(RESIZE, int, fallocate, (int fd, int how, off_t at, off_t size), fd, how, at, size)
AT(MODE, int, fchmod, (int fd, mode_t mode), fd, mode)
ON(MODE, chmod, path, (const char *path, mode_t mode), path, mode)
ON(CREATE, mkdir, path, (const char *path, mode_t mode), path, mode)
ON(CREATE, link, to, (const char *from, const char *to), from, to)
ON(CREATE, symlink, to, (const char *from, const char *to), from, to)
ON(RENAME, rename, from, (const char *from, const char *to), from, to)
ON(RENAME, renameat, from, (int a, const char *from, int b, const char *to), a, from, b, to)
ON(RENAME, renameat2, from, (int a, const char *from, int b, const char *to, unsigned how), a, from, b, to, how)

#define OPENS(name, before, ...)                              \
    int name(before const char *path, int flags, ...) {       \
        va_list more;                                         \
        va_start(more, flags);                                \
        mode_t mode = va_arg(more, mode_t);                   \
        va_end(more);                                         \
        if ((flags & O_CREAT) && fails(CREATE, path)) return -1; \
        return REAL(name)(__VA_ARGS__ path, flags, mode);     \
    }
#define FIRST int folder,
#define NOTHING
OPENS(open, NOTHING, )
OPENS(open64, NOTHING, )
OPENS(openat, FIRST, folder, )
OPENS(openat64, FIRST, folder, )

FILE *fopen(const char *path, const char *mode) {
    return *mode != 'r' && fails(CREATE, path) ? NULL : REAL(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
    return *mode != 'r' && fails(CREATE, path) ? NULL : REAL(fopen64)(path, mode);
}

size_t fwrite(const void *data, size_t size, size_t many, FILE *stream) {
    return fails_at(WRITE, fileno(stream)) ? 0 : REAL(fwrite)(data, size, many, stream);
}

/* What is still in the buffer is lost, as on a full disk. */
int fclose(FILE *stream) {
    if (!writes(stream) || !fails_at(WRITE, fileno(stream))) return REAL(fclose)(stream);
    int failed = errno;
    __fpurge(stream);
    REAL(fclose)(stream);
    errno = failed;
    return EOF;
}
