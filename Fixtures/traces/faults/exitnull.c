// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Reads from nowhere when it is unloaded (Scripts/record-faults).
#include <linux/module.h>
#include <linux/bug.h>

static int *volatile nowhere;

static __always_inline int load(const int *from)
{
	return *(const volatile int *)from;
}

static int __init exitnull_init(void)
{
	return 0;
}

static noinline __exit int tidy(int n)
{
	return load(nowhere) + n;
}

static void __exit exitnull_exit(void)
{
	pr_info("%d\\n", tidy(1));
}

module_init(exitnull_init);
module_exit(exitnull_exit);
MODULE_DESCRIPTION("Reads from nowhere when it is unloaded");
MODULE_LICENSE("Dual BSD/GPL");
