// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Text that tries to drive terminals and CI logs.
#include <linux/init.h>
#include <linux/module.h>

static int __init hostile_text_init(void)
{
	return 0;
}

static void __exit hostile_text_exit(void)
{
}

module_init(hostile_text_init);
module_exit(hostile_text_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("A\033[2J\033]8;;http://example.com\007\r\nlicense:        MIT\n::error::owned");
MODULE_DESCRIPTION("bidi \342\200\256 c1 \302\233 xml ]]> bad \377\376 end");
static int knob;
module_param(knob, int, 0644);
MODULE_PARM_DESC(knob, "\033[31mred\n::set-output name=x::y");
