// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// A module that shows where it is: on loading, on unloading, and when its parameter is written.
#include <linux/module.h>
#include <linux/bug.h>

static noinline int depth(int n)
{
	if (n == 1)
		dump_stack();
	else if (n == 2)
		WARN_ON(n == 2);
	else if (n == 3)
		*(volatile int *)8 = n;
	return n + 1;
}

static int go_set(const char *text, const struct kernel_param *kp)
{
	pr_debug("asked for %s\n", text);
	return depth(text[0] - '0') > 0 ? 0 : -EINVAL;
}

static const struct kernel_param_ops go_ops = { .set = go_set };
module_param_cb(go, &go_ops, NULL, 0200);

static int __init stack_init(void)
{
	pr_info("hello, here I am\n");
	dump_stack();
	return depth(1) > 5;
}

static void __exit stack_exit(void)
{
	dump_stack();
}

module_init(stack_init);
module_exit(stack_exit);
MODULE_DESCRIPTION("Shows where it is");
MODULE_LICENSE("Dual BSD/GPL");
