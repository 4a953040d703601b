// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Two licences: the loader sees the first, modpost sees both.
#include <linux/init.h>
#include <linux/module.h>

static int __init license_two_init(void)
{
	return 0;
}

static void __exit license_two_exit(void)
{
}

module_init(license_two_init);
module_exit(license_two_exit);

// gcc puts the strings into .modinfo in reverse order: the loader sees GPL.
MODULE_LICENSE("Proprietary");
MODULE_LICENSE("GPL");
