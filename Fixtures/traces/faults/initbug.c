// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Is a BUG when it is loaded (Scripts/record-faults).
#include <linux/module.h>
#include <linux/bug.h>

static int *volatile nowhere;

static __always_inline int load(const int *from)
{
	return *(const volatile int *)from;
}

static noinline __init int prepare(int n)
{
	BUG_ON(!nowhere);
	return n;
}

static int __init initbug_init(void)
{
	return prepare(load(&(int){ 1 }));
}

static void __exit initbug_exit(void)
{
}

module_init(initbug_init);
module_exit(initbug_exit);
MODULE_DESCRIPTION("Is a BUG when it is loaded");
MODULE_LICENSE("Dual BSD/GPL");
