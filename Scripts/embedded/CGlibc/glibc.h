// The part of the C library that the program uses, as one module.

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#pragma clang assume_nonnull begin

// Swift calls no function of a variable number of arguments.
static inline int koinspect_open(const char *path, int flags, mode_t mode) {
  return open(path, flags, mode);
}
static inline int koinspect_fcntl(int descriptor, int command, int value) {
  return fcntl(descriptor, command, value);
}
static inline int koinspect_ioctl(int descriptor, unsigned long request, void *value) {
  return ioctl(descriptor, request, value);
}

#pragma clang assume_nonnull end
