// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Reads from nowhere when it is loaded (Scripts/record-faults).
#include <linux/module.h>
#include <linux/bug.h>

static int *volatile nowhere;

static __always_inline int load(const int *from)
{
	return *(const volatile int *)from;
}

static noinline __init int prepare(int n)
{
	return load(nowhere) + n;
}

static int __init initnull_init(void)
{
	return prepare(1) > 5;
}

static void __exit initnull_exit(void)
{
}

module_init(initnull_init);
module_exit(initnull_exit);
MODULE_DESCRIPTION("Reads from nowhere when it is loaded");
MODULE_LICENSE("Dual BSD/GPL");
