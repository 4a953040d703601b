// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Every standard parameter type, arrays, strings, modes, flags and levels.
#include <linux/init.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static unsigned char a_byte = 200;
module_param(a_byte, byte, 0);
MODULE_PARM_DESC(a_byte, "a byte, not in sysfs");
static short a_short = -300;
module_param(a_short, short, 0400);
static unsigned short a_ushort = 60000;
module_param(a_ushort, ushort, 0444);
MODULE_PARM_DESC(a_ushort, "an unsigned short");
static int an_int = INT_MIN;
module_param(an_int, int, 0600);
MODULE_PARM_DESC(an_int, "the smallest int");
static unsigned int a_uint = UINT_MAX;
module_param(a_uint, uint, 0644);
static unsigned int a_hexint = 0xdeadbeef;
module_param(a_hexint, hexint, 0660);
MODULE_PARM_DESC(a_hexint, "shown in base 16");
static long a_long = LONG_MIN;
module_param(a_long, long, 0444);
static unsigned long a_ulong = ULONG_MAX - 1;
module_param(a_ulong, ulong, 0444);
static unsigned long long a_ullong = ULLONG_MAX;
module_param(a_ullong, ullong, 0444);
static char *a_charp = "some text";
module_param(a_charp, charp, 0644);
MODULE_PARM_DESC(a_charp, "text with\na second line");
static char *a_null;
module_param(a_null, charp, 0444);
static bool a_bool = true;
module_param(a_bool, bool, 0644);
static bool an_invbool = true;
module_param(an_invbool, invbool, 0644);
MODULE_PARM_DESC(an_invbool, "stored as true, shown as false");
static int a_bint = 1;
module_param(a_bint, bint, 0444);
static bool an_enable_only;
module_param(an_enable_only, bool_enable_only, 0644);
static char a_string[16] = "fixed";
module_param_string(a_string, a_string, sizeof(a_string), 0644);
MODULE_PARM_DESC(a_string, "a buffer of 16 characters");
static int zero;
module_param(zero, int, 0644);
static int renamed_variable = 7;
module_param_named(public_name, renamed_variable, int, 0444);

static int counted[4] = { 1, -2, 3, 0 };
static unsigned int counted_count = 3;
module_param_array(counted, int, &counted_count, 0444);
MODULE_PARM_DESC(counted, "three of four");
static int whole[3] = { 7, 8, 9 };
module_param_array(whole, int, NULL, 0444);
static char *words[3] = { "one", NULL, "three" };
module_param_array(words, charp, NULL, 0444);
static bool flags[2] = { true, false };
module_param_array(flags, bool, NULL, 0444);
static unsigned char bytes[4] = { 1, 2, 254, 255 };
module_param_array(bytes, byte, NULL, 0444);
static unsigned int none_count;
static int none[8];
module_param_array(none, int, &none_count, 0);

static int risky = 1;
module_param_unsafe(risky, int, 0644);
static int port = 0x3f8;
module_param_hw(port, int, ioport, 0444);

static int custom_set(const char *text, const struct kernel_param *parameter)
{
	return kstrtoint(text, 0, parameter->arg);
}
static int custom_get(char *buffer, const struct kernel_param *parameter)
{
	return sysfs_emit(buffer, "<%d>\n", *(int *)parameter->arg);
}
static const struct kernel_param_ops custom_ops = {
	.set = custom_set,
	.get = custom_get,
};
static int custom = 5;
module_param_cb(custom, &custom_ops, &custom, 0644);
MODULE_PARM_DESC(custom, "has its own functions");
static int leveled = 6;
device_param_cb(leveled, &param_ops_int, &leveled, 0444);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Parameters of every type");
