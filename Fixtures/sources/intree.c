// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Says that it was built with the kernel.
#include <linux/init.h>
#include <linux/module.h>

static int __init intree_init(void)
{
	return 0;
}

static void __exit intree_exit(void)
{
}

module_init(intree_init);
module_exit(intree_exit);

MODULE_LICENSE("GPL");
MODULE_INFO(intree, "Y");
