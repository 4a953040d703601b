// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// init without exit: it can never be unloaded.
#include <linux/init.h>
#include <linux/module.h>

static int __init no_exit_init(void)
{
	return 0;
}

module_init(no_exit_init);

MODULE_LICENSE("GPL");
