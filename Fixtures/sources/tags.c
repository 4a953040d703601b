// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Tags that taint: staging, live patch and test.
#include <linux/init.h>
#include <linux/module.h>

static int __init tags_init(void)
{
	return 0;
}

static void __exit tags_exit(void)
{
}

module_init(tags_init);
module_exit(tags_exit);

MODULE_LICENSE("GPL");
MODULE_INFO(staging, "Y");
MODULE_INFO(livepatch, "Y");
MODULE_INFO(test, "Y");
