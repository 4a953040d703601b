// A library with versions. SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
__thread int per_thread = 5;
__thread int per_thread_zero;
int counter;
static int fast(int x) { return x + 1; }
static void *choose(void) { return (void *)fast; }
int chosen(int) __attribute__((ifunc("choose")));
int old_add(int x) { return x + counter; }
int new_add_with_a_very_long_name(int x) { return x + per_thread + per_thread_zero; }
asm(".symver old_add, add@ONE_1.0");
asm(".symver new_add_with_a_very_long_name, add@@TWO_WITH_A_LONG_NAME_2.0");
extern int missing(int) __attribute__((weak));
int call(int x) { return missing ? missing(x) : chosen(x); }
int *where = &counter;
