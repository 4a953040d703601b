// A module by hand for machines of 32 bits, whose relocations have their addends in the bytes: a longer TEXT
// moves what lies behind it, and nothing else changes.
#define INFO(name, text) static const char name[] __attribute__((used, section(".modinfo"))) = text
INFO(license, "license=GPL");
INFO(name, "name=narrow");

#ifndef TEXT
#define TEXT "second %d\n"
#endif

extern int _printk(const char *, ...);

const char *names[] = {"one of the names", "another of the names"};
static int counter, level = 3;
static const int table[8] = {1, 2, 3, 4, 5, 6, 7, 8};

__attribute__((noinline)) int pair_first(int x)
{
	counter += x;
	return _printk("first: %d\n", counter);
}

__attribute__((noinline)) int pair_second(int x)
{
	return pair_first(table[x & 7] + level) + _printk(TEXT, x);
}

int init_module(void)
{
	return pair_second(level);
}

void cleanup_module(void)
{
	_printk("bye %d\n", counter);
}

char __this_module[384] __attribute__((section(".gnu.linkonce.this_module")));
