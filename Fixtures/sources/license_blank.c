// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// A licence with a trailing blank, which counts.
#include <linux/init.h>
#include <linux/module.h>

static int __init license_blank_init(void)
{
	return 0;
}

static void __exit license_blank_exit(void)
{
}

module_init(license_blank_init);
module_exit(license_blank_exit);

MODULE_LICENSE("GPL ");
