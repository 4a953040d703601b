// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// A function with pr_debugs, between whose code others stand.
#include <linux/module.h>
#include <linux/jiffies.h>

static noinline unsigned long steps(unsigned long n)
{
	pr_debug("first %lu\n", n);
	n += msecs_to_jiffies(n);
	pr_debug("second %lu\n", n);
	n ^= msecs_to_jiffies(n);
	return n;
}

static int __init debugs_init(void)
{
	return steps(jiffies) == 0;
}

static void __exit debugs_exit(void)
{
}

module_init(debugs_init);
module_exit(debugs_exit);
MODULE_DESCRIPTION("Has pr_debugs");
MODULE_LICENSE("Dual BSD/GPL");
