// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Uses everything the exporter offers, and one symbol that need not be there.
#include <linux/init.h>
#include <linux/module.h>

extern int fixture_plain(int value);
extern int fixture_gpl(int value);
extern int fixture_ns(void);
extern int fixture_ns_gpl(void);
extern int fixture_data;
extern int fixture_optional(void) __weak;

static int __init importer_init(void)
{
	int sum = fixture_plain(1) + fixture_gpl(2) + fixture_ns() + fixture_ns_gpl() + fixture_data;

	if (fixture_optional)
		sum += fixture_optional();
	pr_info("%d\n", sum);
	return 0;
}

static void __exit importer_exit(void)
{
}

module_init(importer_init);
module_exit(importer_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Needs symbols of exporter");
MODULE_IMPORT_NS(FIXTURE);
