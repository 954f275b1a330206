"""Errors of a disk for one process tree: functions of libc fail for files below a folder, while a test says so.

A library that is loaded before libc (`LD_PRELOAD`) reads which functions fail, and with which error, from a shared
file. Needs a C compiler and Linux.
"""

from __future__ import annotations

import enum
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Calls(enum.IntFlag):
    """Groups of functions; the numbers are those of the C source."""

    OPEN_TO_READ = 1
    READ = 2
    STAT = 4
    OPEN_TO_WRITE = 8
    WRITE = 16
    FLUSH = 32
    NAMES = 64


ALL_CALLS = Calls(127)

SOURCE = r"""
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile int *state;  /* groups of functions that fail, number of the error */
static const char *folder;

__attribute__((constructor)) static void start(void) {
    int (*really_open)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    int file = really_open(getenv("FAILING_CALLS"), O_RDONLY | O_CLOEXEC);
    folder = getenv("FAILING_FOLDER");
    if (file >= 0 && folder) state = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0) close(file);
}

static int is_inside(const char *path) { return path && !strncmp(path, folder, strlen(folder)); }

static int is_open_inside(int descriptor) {
    char link[64], target[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length < 0) return 0;
    target[length] = 0;
    return is_inside(target);
}

static int path_fails(int group, int at, const char *path) {
    if (!state || !(state[0] & group)) return 0;
    if (!(is_inside(path) || (path && path[0] != '/' && at >= 0 && is_open_inside(at)))) return 0;
    errno = state[1];
    return 1;
}

static int file_fails(int group, int descriptor) {
    if (!state || !(state[0] & group) || !is_open_inside(descriptor)) return 0;
    errno = state[1];
    return 1;
}

#define REAL(type, name, ...) ((type (*)(__VA_ARGS__)) dlsym(RTLD_NEXT, #name))
#define OPENS(flags) ((flags) & (O_WRONLY | O_RDWR | O_CREAT) ? 8 : 1)
#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) \
    { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

#define OPEN(name) int name(const char *path, int flags, ...) { MODE(flags) \
    if (path_fails(OPENS(flags), -1, path)) return -1; \
    return REAL(int, name, const char *, int, ...)(path, flags, mode); }
#define OPENAT(name) int name(int at, const char *path, int flags, ...) { MODE(flags) \
    if (path_fails(OPENS(flags), at, path)) return -1; \
    return REAL(int, name, int, const char *, int, ...)(at, path, flags, mode); }
OPEN(open) OPEN(open64) OPENAT(openat) OPENAT(openat64)

#define STAT(name) int name(const char *path, void *result) { \
    return path_fails(4, -1, path) ? -1 : REAL(int, name, const char *, void *)(path, result); }
#define FSTAT(name) int name(int file, void *result) { \
    return file_fails(4, file) ? -1 : REAL(int, name, int, void *)(file, result); }
#define STATAT(name) int name(int at, const char *path, void *result, int flags) { \
    return path_fails(4, at, path) ? -1 : REAL(int, name, int, const char *, void *, int)(at, path, result, flags); }
STAT(stat) STAT(stat64) STAT(lstat) STAT(lstat64) FSTAT(fstat) FSTAT(fstat64) STATAT(fstatat) STATAT(fstatat64)
DIR *opendir(const char *path) { return path_fails(1, -1, path) ? 0 : REAL(DIR *, opendir, const char *)(path); }

#define TRANSFER(group, name, kind) ssize_t name(int file, kind buffer, size_t size) { \
    return file_fails(group, file) ? -1 : REAL(ssize_t, name, int, kind, size_t)(file, buffer, size); }
#define TRANSFER_AT(group, name, kind) ssize_t name(int file, kind buffer, size_t size, off_t place) { \
    return file_fails(group, file) ? -1 : REAL(ssize_t, name, int, kind, size_t, off_t)(file, buffer, size, place); }
TRANSFER(2, read, void *) TRANSFER_AT(2, pread, void *) TRANSFER_AT(2, pread64, void *)
TRANSFER(16, write, const void *) TRANSFER_AT(16, pwrite, const void *) TRANSFER_AT(16, pwrite64, const void *)

#define RESIZE(name) int name(int file, off_t size) { \
    return file_fails(64, file) ? -1 : REAL(int, name, int, off_t)(file, size); }
RESIZE(ftruncate) RESIZE(ftruncate64)
#define FILE_CALL(group, name) int name(int file) { \
    return file_fails(group, file) ? -1 : REAL(int, name, int)(file); }
FILE_CALL(32, fsync) FILE_CALL(32, fdatasync)

#define PATH_CALL(name, kind) int name(const char *path, kind value) { \
    return path_fails(64, -1, path) ? -1 : REAL(int, name, const char *, kind)(path, value); }
PATH_CALL(rename, const char *) PATH_CALL(link, const char *) PATH_CALL(mkdir, mode_t) PATH_CALL(chmod, mode_t)
PATH_CALL(truncate, off_t) PATH_CALL(truncate64, off_t)
int unlink(const char *path) { return path_fails(64, -1, path) ? -1 : REAL(int, unlink, const char *)(path); }
int rmdir(const char *path) { return path_fails(64, -1, path) ? -1 : REAL(int, rmdir, const char *)(path); }
int fchmod(int file, mode_t mode) { return file_fails(64, file) ? -1 : REAL(int, fchmod, int, mode_t)(file, mode); }
"""


class FailingCalls:
    """The library, compiled into `place`, for files below `folder`."""

    def __init__(self, place: Path, folder: Path) -> None:
        source, library, self._state = (place / f"failing_calls.{end}" for end in ("c", "so", "state"))
        source.write_text(SOURCE)
        self._state.write_bytes(bytes(8))
        command = ["cc", "-shared", "-fPIC", "-O1", "-w", "-o", str(library), str(source), "-ldl"]
        subprocess.run(command, check=True)
        self.environ = {
            "LD_PRELOAD": str(library),
            "FAILING_CALLS": str(self._state),
            "FAILING_FOLDER": str(folder),
        }
        """The environment of processes whose calls may fail."""

    @contextmanager
    def fail(self, calls: Calls, error: int) -> Iterator[None]:
        """Let these functions fail with that error in all processes."""
        self._set(calls, error)
        try:
            yield
        finally:
            self._set(Calls(0), 0)

    def _set(self, calls: Calls, error: int) -> None:
        with self._state.open("r+b") as file:
            file.write(calls.to_bytes(4, "little") + error.to_bytes(4, "little"))
