// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
// Device tables, aliases, dependencies and firmware.
#include <linux/acpi.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/usb.h>

static const struct pci_device_id fixture_pci[] __used = {
	{ PCI_DEVICE(0x1234, 0x5678) },
	{ PCI_DEVICE_CLASS(0x020000, 0xffff00) },
	{}
};
MODULE_DEVICE_TABLE(pci, fixture_pci);

static const struct usb_device_id fixture_usb[] __used = {
	{ USB_DEVICE(0x0bda, 0x8153) },
	{}
};
MODULE_DEVICE_TABLE(usb, fixture_usb);

static const struct of_device_id fixture_of[] __used = {
	{ .compatible = "koinspect,fixture" },
	{}
};
MODULE_DEVICE_TABLE(of, fixture_of);

static const struct acpi_device_id fixture_acpi[] __used = {
	{ "KOIN0001", 0 },
	{}
};
MODULE_DEVICE_TABLE(acpi, fixture_acpi);

MODULE_LICENSE("GPL");
MODULE_ALIAS("fixture-alias");
MODULE_SOFTDEP("pre: hello post: library");
MODULE_FIRMWARE("koinspect/fixture.bin");
