// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Functions that are built into each other, in parts that lie apart: what `lines` of the fixtures is made
// of. No kernel is needed to compile it.

extern int printed(const char *text, int value);
extern void gone(void) __attribute__((noreturn, cold));

static inline __attribute__((always_inline)) int innermost(int value)
{
	if (__builtin_expect(value == 17, 0)) {
		printed("cold\n", value);
		gone();
	}
	return value * 3 + printed("inner\n", value);
}

static inline __attribute__((always_inline)) int middle(int value)
{
	int sum = 0;

	for (int step = 0; step < value; step++) {
		int next = innermost(step);

		sum += next ^ step;
	}
	return sum + innermost(value);
}

int outer(int value)
{
	return middle(value) + middle(value + 1);
}

__attribute__((section(".init.text"), cold)) int began(int value)
{
	return middle(value) - innermost(1);
}

static __attribute__((noinline)) int apart(int value)
{
	return innermost(value) + 1;
}

__attribute__((section(".exit.text"))) int ended(int value)
{
	return apart(value) + middle(2);
}
