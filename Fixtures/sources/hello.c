// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// The classic first module: one parameter, init and exit that print.
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static char *name = "World";
module_param(name, charp, 0660);
MODULE_PARM_DESC(name, "Whom to greet");

static int __init hello_init(void)
{
	pr_info("Hello, %s!\n", name);
	return 0;
}

static void __exit hello_exit(void)
{
	pr_info("Goodbye, %s!\n", name);
}

module_init(hello_init);
module_exit(hello_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The KoInspect authors");
MODULE_DESCRIPTION("Greets whoever it is told to");
MODULE_VERSION("1.0");
