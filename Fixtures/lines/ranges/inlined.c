// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// An inlined function whose rare half the compiler puts behind the rest: its code is in several ranges.
extern int printed(const char *, int);
extern int gone(int);

static inline __attribute__((always_inline)) int inner(int x)
{
	if (__builtin_expect(x < 0, 0)) {
		printed("negative", x);
		x = gone(x) + 3;
	}
	return x * 5 + 1;
}

static inline __attribute__((always_inline)) int middle(int x)
{
	int sum = 0;

	for (int i = 0; i < x; i++) {
		sum += inner(x - i * 3);
		if (__builtin_expect(sum > 1000, 0))
			return printed("large", sum);
	}
	return sum + inner(sum);
}

int first(int x)
{
	int y = middle(x + 2);

	if (y > 7)
		return printed("first", y);
	return inner(y);
}

int second(int x, int y)
{
	printed("second", middle(x));
	return middle(y) + inner(x);
}

__attribute__((section(".init.text"))) int start(int x)
{
	return first(x) + middle(second(x, 1));
}
