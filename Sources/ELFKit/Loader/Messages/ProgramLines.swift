// What the programs say that load modules (kmod, Busybox, module-init-tools), index them and build them
// (modpost, kbuild, DKMS): what somebody pastes who has not got as far as the kernel. Rows only.

extension KernelMessage {
  static let programs = [
    Self(
      "Unknown symbol in module", "unresolved-symbol",
      meaning:
        "the kernel's log has a line for each symbol that is meant: 'Unknown symbol NAME (err N)'",
      .noEntry),
    Self(
      "No such device",
      meaning:
        "ENODEV comes from the module's own init, the kernel has taken the file: what it drives is not here, or another driver has it already. The lines of the log before it, 'koinspect aliases MODULE' (which devices) and 'lspci -k' tell"
    ),
    Self("ENODEV", meaning: "No such device: the module's own init says it; the file was taken"),
    Self(
      "Module has wrong symbol version", "crc-mismatch",
      meaning: "the log names the symbol: 'disagrees about version of symbol'"),
    Self(
      "Module * not found in *",
      meaning:
        "no file and no alias of that name is in the index of that folder: it is not installed for this kernel (uname -r), or depmod -a has not run since; 'koinspect depmod --check-indexes' says whether the index is stale"
    ),
    Self(
      "could not open moddep file *",
      meaning:
        "there is no index of modules for the kernel that runs (uname -r): it was updated without a reboot, its modules are not installed, or the initramfs is another kernel's; else: depmod -a"
    ),
    Self(
      "can't change directory to '*'",
      meaning:
        "there is no folder of modules for the kernel that runs (uname -r): it was updated without a reboot, its modules are not installed, or the initramfs is another kernel's"
    ),
    Self(
      "Could not find dependencies",
      meaning: "the index (modules.dep) does not have the module: depmod -a"),
    Self(
      "Module * is in use",
      meaning:
        "another module uses it, or an open file, a mount or a device (lsmod's last columns); '[permanent]' there means that it cannot be unloaded at all: explain '[permanent]'",
      .busy),
    Self(
      "could not remove*: Device or resource busy", "init-without-exit",
      meaning:
        "it has no exit, or not where this kernel's struct module has it ('koinspect check --reference M.ko', M.ko being a module of that kernel), or it is in use",
      .busy),
    Self(
      "[permanent]", "init-without-exit",
      meaning:
        "it cannot be unloaded: it has no exit, or not where this kernel's struct module has it: it was then built for another kernel or configuration ('koinspect check --reference M.ko', M.ko being a module of that kernel)",
      .busy),
    Self(
      "Module * is builtin",
      meaning: "it is a part of the kernel itself: it is there without being loaded, and stays"),
    Self("is not currently loaded", meaning: "no module of that name is loaded (lsmod)"),
    Self(
      "needs unknown symbol *", "unresolved-symbol",
      meaning:
        "depmod: neither the kernel (System.map, given with -F) nor a module of the folder exports it; it will fail with ENOENT when it is loaded"
    ),
    Self(
      "Cycle detected*",
      meaning:
        "modules that need each other's symbols can be loaded in no order: one of them has to give up what it uses of the others"
    ),
    Self(
      "modules in dependency cycles",
      meaning:
        "modules that need each other's symbols can be loaded in no order: one of them has to give up what it uses of the others"
    ),
  ]

  static let builds = [
    Self(
      "\"*\" [*] undefined!", "unresolved-symbol",
      meaning:
        "modpost: the symbol is not in the kernel's Module.symvers, nor in those that KBUILD_EXTRA_SYMBOLS names (what other modules of your own export); or it is not exported at all"
    ),
    Self("missing MODULE_LICENSE*", "missing-license"),
    Self(
      "sign-file: *",
      meaning:
        "the build could not sign the module: the key or the certificate that it names is not there, or cannot be read (CONFIG_MODULE_SIG_KEY; certs/signing_key.pem belongs to the kernel's own build). Unsigned, the module loads where the kernel does not insist"
    ),
    Self("missing MODULE_DESCRIPTION*", "missing-description"),
    Self("GPL-incompatible module * uses GPL-only symbol *", "gpl-only-in-proprietary"),
    Self(
      "uses symbol * from namespace *, but does not import it", "namespace-not-imported"),
    Self("Section mismatch in reference*", "section-mismatch"),
    Self("section mismatch: *", "section-mismatch"),
    Self("exported twice*", "duplicate-export"),
    Self(
      "Module.symvers is missing*", "missing-modversions",
      meaning:
        "modpost: without the kernel's Module.symvers the module gets no versions and no depends=; install the kernel's headers, or build the kernel with its modules first"
    ),
    Self(
      "Skipping BTF generation for *",
      meaning:
        "the build has no vmlinux at hand, so the module has no types (.BTF) for BPF; it loads all the same"
    ),
    Self(
      "Kernel configuration is invalid",
      meaning:
        "the kernel's source is not prepared: make oldconfig && make modules_prepare there, or use its headers' package"
    ),
    Self(
      "/build: No such file or directory",
      meaning:
        "the headers of that kernel are not installed (linux-headers-RELEASE, kernel-devel); in a container uname -r is the host's: KDIR= or KERNELRELEASE= names the one that is meant"
    ),
    Self(
      "kernel headers for kernel * cannot be found",
      meaning:
        "DKMS: the headers of that kernel are not installed: linux-headers-RELEASE, or its distribution's package of headers"
    ),
    Self(
      "compiler differs from the one used to build the kernel",
      meaning:
        "harmless between patch levels; another major version, or clang for gcc, makes modules that the kernel's mitigations do not fit: use the kernel's own (CC=, LLVM=1)"
    ),
    Self(
      "Bad return status for module build on kernel*",
      meaning: "DKMS: the compiler's own errors are in /var/lib/dkms/NAME/VERSION/build/make.log"),
  ]
}
