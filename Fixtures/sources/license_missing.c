// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// No licence: modpost refuses that, so build.sh takes the string out afterwards.
#include <linux/init.h>
#include <linux/module.h>

static int __init license_missing_init(void)
{
	return 0;
}

static void __exit license_missing_exit(void)
{
}

module_init(license_missing_init);
module_exit(license_missing_exit);

MODULE_LICENSE("GPL");
