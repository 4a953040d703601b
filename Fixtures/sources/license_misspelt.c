// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// A licence that the kernel does not know: it is spelt GPL v2.
#include <linux/init.h>
#include <linux/module.h>

static int __init license_misspelt_init(void)
{
	return 0;
}

static void __exit license_misspelt_exit(void)
{
}

module_init(license_misspelt_init);
module_exit(license_misspelt_exit);

MODULE_LICENSE("GPLv2");
