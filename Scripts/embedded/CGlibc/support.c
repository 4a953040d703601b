// What Embedded Swift expects of the system, or leaves to the program.

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static void say(const char *text) { (void)!write(STDERR_FILENO, text, strlen(text)); }

// To size a hash table: a library less to load when the program starts.
double ceil(double x) {
  if (!(x > -0x1p52 && x < 0x1p52)) return x;
  double whole = (double)(long long)x;
  return whole < x ? whole + 1 : whole;
}

// To seed hashing. The C library has it since 2.36 only.
void arc4random_buf(void *bytes, size_t size) {
  if (getrandom(bytes, size, 0) != (ssize_t)size) abort();
}

// All memory; the linker sends those who ask here (--wrap=posix_memalign).
int __real_posix_memalign(void **, size_t, size_t);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size) {
  if (__real_posix_memalign(memory, alignment, size) != 0) {
    say("koinspect: out of memory\n");
    abort();
  }
  return 0;
}

// A trap is an instruction that the processor refuses; what Swift's run-time library would say of it has
// been left out.
static void trapped(int number) {
  say("koinspect: a defect of the program itself: please report the command and the file\n");
  raise(number);  // SA_RESETHAND: now it ends the process, as it would have.
}

__attribute__((constructor)) static void speakOfTraps(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = trapped;
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGILL, &action, NULL);
  sigaction(SIGTRAP, &action, NULL);
}
