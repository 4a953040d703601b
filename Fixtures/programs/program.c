// A program that is small and has a bit of everything. SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
#ifndef NO_LIBRARY
extern int puts(const char *);
extern void exit(int) __attribute__((noreturn));
static int number(int x) { return x + 1; }
// Relative relocations, several in a row.
int (*const table[])(int) = {number, number, number, 0, number};
const char *text = "hello";
// A place where SystemTap can look in.
asm(".pushsection .note.stapsdt,\"\",\"note\"\n.balign 4\n.4byte 8, 2f-1f, 3\n.asciz \"stapsdt\"\n"
    "1: .8byte _start, 0, 0\n.asciz \"fixture\"\n.asciz \"start\"\n.asciz \"-4@%edi\"\n2: .balign 4\n"
    ".popsection");
void _start(void) { puts(text); exit(table[1](3)); }
#else
static int counter = 3;
int twice(int x) { return x * 2 + counter++; }
// Unwound by the index alone, and with a table.
int frame(int x) {
  volatile int many[300];
  many[0] = x;
  return twice(many[0]) + many[1] + many[x];
}
void _start(void) { for (;;) frame(4); }
void __aeabi_unwind_cpp_pr0(void) {}
void __aeabi_unwind_cpp_pr1(void) {}
#endif
