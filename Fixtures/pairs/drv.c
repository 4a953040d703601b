// SPDX-License-Identifier: GPL-2.0
/* A driver of nothing, with one of each of what a build may change. build.sh makes the variants. */
#include <linux/bug.h>
#include <linux/firmware.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "variant.h"

#ifndef CONSTANT
#define CONSTANT 41
#endif
#ifndef TEXT
#define TEXT "pair: %d of %s\n"
#endif
#ifndef DEFAULT
#define DEFAULT 3
#endif
#ifndef LICENSE
#define LICENSE "GPL"
#endif
#ifndef DESCRIPTION
#define DESCRIPTION "a driver of nothing"
#endif

#ifndef START
#define START 0
#endif
#ifndef FOURTH
#define FOURTH 4
#endif
#ifndef SECTION
#define SECTION noinline
#endif
#ifndef PAIR_EXPORT
#define PAIR_EXPORT EXPORT_SYMBOL_GPL
#endif

static int level = DEFAULT;
module_param(level, int, 0644);
MODULE_PARM_DESC(level, "how much");
#ifdef NEW_PARAMETER
static bool quiet;
module_param(quiet, bool, 0444);
#endif

static const u8 table[] = { 1, 2, 3, FOURTH, 5, 6, 7, 8 };
static DEFINE_STATIC_KEY_FALSE(fast);
static DEFINE_MUTEX(lock);

struct state {
	int count;
#ifdef LARGER_STRUCT
	int spare[4];
#endif
	char name[16];
};

void pair_failed(const char *text, const char *file, int line);

noinline void pair_failed(const char *text, const char *file, int line)
{
	pr_err("%s in %s at line %d\n", text, file, line);
}
EXPORT_SYMBOL_GPL(pair_failed);

#define pair_assert(x) do { if (!(x)) pair_failed(#x, __FILE__, __LINE__); } while (0)

#ifdef SWAPPED
static noinline int pair_second(int x)
{
	char *text = kasprintf(GFP_KERNEL, "%d", x);
	int length = text ? strlen(text) : 0;

	kfree(text);
	return length;
}
#endif

static noinline int pair_first(int x)
{
	int i, sum = START;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		sum += table[i] * x;
	return sum;
}

#ifndef SWAPPED
static noinline int pair_second(int x)
{
	char *text = kasprintf(GFP_KERNEL, "%d", x);
	int length = text ? strlen(text) : 0;

	kfree(text);
	return length;
}
#endif

#ifdef NEW_EXPORT
int pair_new(int x) { return x + 7; }
EXPORT_SYMBOL_GPL(pair_new);
#endif

long pair_copy(struct state *state, const char __user *from, size_t size)
{
	long rest = -EFAULT;

	pair_assert(size < 1 << 20);
	mutex_lock(&lock);
	if (static_branch_unlikely(&fast))
		state->count++;
	if (WARN_ON(size > sizeof(state->name)))
		goto out;
	rest = copy_from_user(state->name, from, size);
#ifdef NEW_CALL
	might_resched();
	kvfree(state);
#endif
out:
	mutex_unlock(&lock);
	return rest;
}
#ifndef NO_EXPORT
PAIR_EXPORT(pair_copy);
#endif

static int SECTION pair_start(void)
{
	pr_info(TEXT, pair_first(level) + pair_second(level), __FILE__);
	return WARN_ON(level > CONSTANT) ? -EINVAL : 0;
}

static int __init pair_init(void)
{
	return pair_start();
}

static void __exit pair_exit(void)
{
	pr_info("pair: bye\n");
}

module_init(pair_init);
module_exit(pair_exit);

static const struct pci_device_id pair_ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1000) },
#ifdef NEW_ALIAS
	{ PCI_DEVICE(0x1af4, 0x1001) },
#endif
	{ }
};
MODULE_DEVICE_TABLE(pci, pair_ids);
#ifdef NEW_FIRMWARE
MODULE_FIRMWARE("pair.bin");
#endif
#ifdef NEW_SOFTDEP
MODULE_SOFTDEP("pre: crc32c");
#endif
#ifdef VERSION
MODULE_VERSION(VERSION);
#endif
MODULE_LICENSE(LICENSE);
MODULE_DESCRIPTION(DESCRIPTION);
MODULE_AUTHOR("nobody");
