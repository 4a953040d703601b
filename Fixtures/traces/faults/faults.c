// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// A module that goes wrong in the way that is written to its parameter: what kernels print of that is recorded
// (Scripts/record-faults).
#include <linux/module.h>
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

static int *volatile nowhere;

static __always_inline int load(const int *from)
{
	return *(const volatile int *)from;
}

static __always_inline int check(int n)
{
	WARN_ON(n == 2);
	BUG_ON(n == 3);
	return n == 4 ? load(nowhere) : n;
}

static noinline __cold int rarely(int n)
{
	dump_stack();
	return n + 1;
}

static noinline int deep(int n)
{
	if (unlikely(n == 1)) {
		pr_err("dumping\n");
		dump_stack();
		return 2;
	}
	if (n == 5)
		return rarely(n) + 1;
	return check(n) + 1;
}

static noinline int deeper(int n)
{
	pr_debug("going %d deep\n", n);
	return deep(n) * 3;
}

static int (*volatile pointer)(int) = deeper;

static noinline int pointed(int n)
{
	return pointer(n) + 7;
}

static void late(struct timer_list *timer)
{
	WARN(1, "late\n");
}
static DEFINE_TIMER(timer, late);

static void worked(struct work_struct *work)
{
	deeper(1);
}
static DECLARE_WORK(work, worked);

static int sleeper(void *data)
{
	while (!kthread_should_stop())
		msleep_interruptible(60000);
	return 0;
}
static struct task_struct *thread;

static int go_set(const char *text, const struct kernel_param *kp)
{
	int n = text[0] - '0';

	if (n == 6)
		mod_timer(&timer, jiffies + 1);
	else if (n == 7)
		schedule_work(&work);
	else
		return pointed(n) > 0 ? 0 : -EINVAL;
	return 0;
}

static const struct kernel_param_ops go_ops = { .set = go_set };
module_param_cb(go, &go_ops, NULL, 0200);

static int __init faults_init(void)
{
	WARN_ON(!nowhere);
	thread = kthread_run(sleeper, NULL, "sleeper");
	return deeper(1) < 0;
}

static void __exit faults_exit(void)
{
	kthread_stop(thread);
	WARN_ON(!nowhere);
	dump_stack();
}

module_init(faults_init);
module_exit(faults_exit);
MODULE_DESCRIPTION("Goes wrong when it is asked to");
MODULE_LICENSE("Dual BSD/GPL");
