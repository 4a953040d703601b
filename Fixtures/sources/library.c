// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Neither init nor exit: only something for others to use.
#include <linux/module.h>

int fixture_library(int value)
{
	return value + 1;
}
EXPORT_SYMBOL_GPL(fixture_library);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Offers one symbol and runs nothing");
