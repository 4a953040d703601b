// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Exports on every kind of terms, and things that fill special sections.
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/module.h>

int fixture_plain(int value)
{
	WARN_ON(value < 0);
	return value;
}
EXPORT_SYMBOL(fixture_plain);

int fixture_gpl(int value)
{
	WARN_ONCE(value > 9, "too large\n");
	return value;
}
EXPORT_SYMBOL_GPL(fixture_gpl);

int fixture_ns(void)
{
	return 1;
}
EXPORT_SYMBOL_NS(fixture_ns, FIXTURE);

int fixture_ns_gpl(void)
{
	return 2;
}
EXPORT_SYMBOL_NS_GPL(fixture_ns_gpl, FIXTURE);

int fixture_data = 42;
EXPORT_SYMBOL(fixture_data);

static int chosen __ro_after_init;

static int __init exporter_init(void)
{
	chosen = fixture_data;
	return 0;
}

static void __exit exporter_exit(void)
{
	pr_info("%d\n", chosen);
}

module_init(exporter_init);
module_exit(exporter_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Offers symbols");
