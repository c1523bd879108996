/* SPDX-FileCopyrightText: 2026 Meldeweg contributors
 * SPDX-License-Identifier: EUPL-1.2
 *
 * A disk and a clock that go wrong when a test says so.
 *
 * Preloaded into a process, it stands in front of libc where that syncs, writes, and looks at the
 * wall clock. What it does stands in a file of nine numbers of 64 bits, shared with the test
 * (tests/faults/disk.py), which may change them at any moment. Only files whose path begins in one
 * way are touched: logs and sockets go on working. Times that only run, as CLOCK_MONOTONIC, are left
 * alone.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

struct control {
    int64_t sync_error;   /* errno of every sync, 0 for none */
    int64_t sync_grace;   /* syncs that still succeed before sync_error counts */
    int64_t sync_delay;   /* microseconds that each sync takes longer */
    int64_t write_error;  /* errno of every write, 0 for none */
    int64_t clock;        /* seconds by which the wall clock is put ahead */
    int64_t syncs;        /* counted: syncs that succeeded */
    int64_t failed;       /* counted: syncs and writes that were made to fail */
    int64_t last_breath;  /* dies by SIGKILL right after so many more syncs; 0 lives on */
    int64_t not_journals; /* 1: sync_error is not for files that end in -wal */
};

static struct control nothing;
static struct control *control = &nothing;
static char below[PATH_MAX];

/* Whoever else asks before this has run gets the plain libc. */
__attribute__((constructor)) static void begin(void)
{
    const char *file = getenv("FAULTS_CONTROL");
    const char *prefix = getenv("FAULTS_BELOW");
    if (file == NULL || prefix == NULL)
        return;
    int fd = open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (shared == MAP_FAILED)
        return;
    snprintf(below, sizeof below, "%s", prefix);
    control = shared;
}

enum place { ELSEWHERE, BELOW, JOURNAL };

static enum place place_of(int fd)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0 || below[0] == '\0')
        return ELSEWHERE;
    path[length] = '\0';
    if (strncmp(path, below, strlen(below)) != 0)
        return ELSEWHERE;
    return length > 4 && strcmp(path + length - 4, "-wal") == 0 ? JOURNAL : BELOW;
}

static int64_t look(int64_t *place)
{
    return __atomic_load_n(place, __ATOMIC_SEQ_CST);
}

static int fail(int64_t error)
{
    __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
    errno = (int)error;
    return -1;
}

static int synced(int fd, int (*really)(int))
{
    int saved = errno;
    enum place place = place_of(fd);
    if (place == ELSEWHERE) {
        errno = saved;
        return really(fd);
    }
    int64_t delay = look(&control->sync_delay), error = look(&control->sync_error);
    if (delay > 0)
        usleep((useconds_t)delay);
    if (place == JOURNAL && look(&control->not_journals))
        error = 0;
    if (error != 0 && __atomic_fetch_sub(&control->sync_grace, 1, __ATOMIC_SEQ_CST) <= 0)
        return fail(error);
    errno = saved;
    int result = really(fd);
    if (result == 0) {
        __atomic_add_fetch(&control->syncs, 1, __ATOMIC_SEQ_CST);
        if (look(&control->last_breath) > 0
            && __atomic_sub_fetch(&control->last_breath, 1, __ATOMIC_SEQ_CST) == 0)
            kill(getpid(), SIGKILL);
    }
    return result;
}

static int64_t refused(int fd)
{
    int64_t error = look(&control->write_error);
    int saved = errno;
    if (error != 0 && place_of(fd) == ELSEWHERE)
        error = 0;
    errno = saved;
    return error;
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))

int fsync(int fd)
{
    static int (*really)(int);
    if (really == NULL)
        really = REAL("fsync", int (*)(int));
    return synced(fd, really);
}

int fdatasync(int fd)
{
    static int (*really)(int);
    if (really == NULL)
        really = REAL("fdatasync", int (*)(int));
    return synced(fd, really);
}

ssize_t write(int fd, const void *data, size_t length)
{
    static ssize_t (*really)(int, const void *, size_t);
    if (really == NULL)
        really = REAL("write", ssize_t (*)(int, const void *, size_t));
    int64_t error = refused(fd);
    return error != 0 ? fail(error) : really(fd, data, length);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at)
{
    static ssize_t (*really)(int, const void *, size_t, off_t);
    if (really == NULL)
        really = REAL("pwrite", ssize_t (*)(int, const void *, size_t, off_t));
    int64_t error = refused(fd);
    return error != 0 ? fail(error) : really(fd, data, length, at);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at)
{
    static ssize_t (*really)(int, const void *, size_t, off64_t);
    if (really == NULL)
        really = REAL("pwrite64", ssize_t (*)(int, const void *, size_t, off64_t));
    int64_t error = refused(fd);
    return error != 0 ? fail(error) : really(fd, data, length, at);
}

int clock_gettime(clockid_t which, struct timespec *now)
{
    static int (*really)(clockid_t, struct timespec *);
    if (really == NULL)
        really = REAL("clock_gettime", int (*)(clockid_t, struct timespec *));
    int result = really(which, now);
    if (result == 0 && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
        now->tv_sec += look(&control->clock);
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    static int (*really)(struct timeval *restrict, void *restrict);
    if (really == NULL)
        really = REAL("gettimeofday", int (*)(struct timeval *restrict, void *restrict));
    int result = really(now, zone);
    if (result == 0)
        now->tv_sec += look(&control->clock);
    return result;
}

time_t time(time_t *kept)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (kept != NULL)
        *kept = now.tv_sec;
    return now.tv_sec;
}
