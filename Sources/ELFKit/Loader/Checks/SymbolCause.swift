// Why a module needs a symbol that nothing exports: of many names what the compiler, or a newer kernel, has to
// do with them is known. Rows only.

/// What makes modules need a symbol that their kernel does not export.
public struct SymbolCause: Sendable {
  /// How such symbols are called.
  let names: [String]
  /// How names of others begin.
  let beginnings: [String]
  /// The cause, and what to do about it.
  public let text: String

  /// The cause of a need for `name`; `nil` when none is known.
  public static func of(_ name: ByteSlice) -> Self? {
    all.first { cause in
      cause.names.contains { name.equals($0) }
        || cause.beginnings.contains { name.starts(with: $0) }
    }
  }

  private init(names: [String], beginnings: [String] = [], text: String) {
    (self.names, self.beginnings, self.text) = (names, beginnings, text)
  }

  private static let build =
    "build the module by the kernel's own build, with its headers and .config"

  static let all = compiler + options + kernels

  /// What compilers put in.
  private static let compiler = [
    Self(
      names: ["__stack_chk_fail", "__stack_chk_guard", "__stack_chk_fail_local"],
      text:
        "the module was compiled with protection of the stack, in a way that this kernel has not (CONFIG_STACKPROTECTOR): \(build), or with -fno-stack-protector"
    ),
    Self(
      names: ["_GLOBAL_OFFSET_TABLE_", "__tls_get_addr"],
      text:
        "some object was compiled as position-independent code (-fPIC, -fPIE; a compiler's default): \(build); compile objects of your own with -fno-pic"
    ),
    Self(
      names: ["mcount", "_mcount", "__fentry__", "__gnu_mcount_nc"],
      text:
        "the module was compiled for tracing (-pg) in a way that this kernel has not (CONFIG_FUNCTION_TRACER): \(build)"
    ),
    Self(
      names: [
        "__udivdi3", "__divdi3", "__umoddi3", "__moddi3", "__udivmoddi4", "__divmoddi4",
        "__aeabi_uldivmod", "__aeabi_ldivmod",
      ],
      text:
        "a number of 64 bits is divided with / or %, which needs the compiler's library on 32 bits: use div_u64, div64_u64 or do_div (linux/math64.h)"
    ),
    Self(
      names: [
        "__adddf3", "__subdf3", "__muldf3", "__divdf3", "__addsf3", "__subsf3", "__mulsf3",
        "__divsf3", "__floatsidf", "__floatunsidf", "__fixdfsi", "__extendsfdf2", "__truncdfsf2",
        "__aeabi_i2d", "__aeabi_ui2d",
      ], beginnings: ["__aeabi_d", "__aeabi_f"],
      text: "the code computes with floating-point numbers, which kernels do not: use integers"),
    Self(
      names: [], beginnings: ["__aarch64_"],
      text:
        "the compiler calls its library for atomic operations (-moutline-atomics): \(build), which says -mno-outline-atomics"
    ),
    Self(
      names: [
        "__popcountdi2", "__popcountsi2", "__clzdi2", "__ctzdi2", "__clzsi2", "__ctzsi2",
        "__ffsdi2",
        "__ashldi3", "__ashrdi3", "__lshrdi3", "__muldi3", "__multi3", "__cmpdi2", "__ucmpdi2",
        "__bswapdi2", "__bswapsi2",
      ],
      text:
        "the compiler calls its own library (libgcc), of which this kernel does not export the function: \(build), or use the kernel's own function (hweight64, fls64, __ffs, swab64)"
    ),
    Self(
      names: [
        "printf", "fprintf", "puts", "putchar", "malloc", "calloc", "realloc", "free", "exit",
        "abort", "fopen", "fclose", "fread", "fwrite", "perror", "atoi", "strtol", "rand",
        "__errno_location", "__printf_chk", "__sprintf_chk", "__snprintf_chk", "__memcpy_chk",
        "__strcpy_chk", "__memset_chk", "__assert_fail",
      ], beginnings: ["pthread_"],
      text:
        "it is a function of the C library, which kernels do not have: printk, kmalloc, kfree and kstrtoint are the kernel's; objects made for user space cannot be linked in"
    ),
    Self(
      names: ["_Znwm", "__gxx_personality_v0"], beginnings: ["_ZdlPv", "__cxa_", "_Unwind_"],
      text:
        "it is of C++'s or Rust's library, or of exceptions, which kernels do not have (-fno-exceptions -fno-rtti; panic=abort)"
    ),
    Self(
      names: [], beginnings: ["__cyg_profile_func_"],
      text: "some object was compiled with -finstrument-functions: \(build)"),
  ]

  /// What depends on an option of the kernel's: the name, and the option.
  private static let options = [
    option(
      ["__x86_return_thunk"], beginnings: ["__x86_indirect_thunk_"],
      "CONFIG_RETPOLINE, CONFIG_MITIGATION_…"),
    option([], beginnings: ["__asan_", "__kasan_", "__hwasan_"], "CONFIG_KASAN"),
    option([], beginnings: ["__tsan_"], "CONFIG_KCSAN"),
    option([], beginnings: ["__msan_"], "CONFIG_KMSAN"),
    option([], beginnings: ["__ubsan_"], "CONFIG_UBSAN"),
    option([], beginnings: ["__sanitizer_cov_"], "CONFIG_KCOV"),
    option([], beginnings: ["__gcov_", "llvm_gcov_", "llvm_gcda_"], "CONFIG_GCOV_KERNEL"),
    option([], beginnings: ["__cfi_slowpath", "__cfi_check"], "CONFIG_CFI_CLANG"),
    option(["fortify_panic", "__fortify_panic"], "CONFIG_FORTIFY_SOURCE"),
    option(
      [
        "__list_add_valid", "__list_del_entry_valid", "__list_add_valid_or_report",
        "__list_del_entry_valid_or_report",
      ], "CONFIG_DEBUG_LIST, CONFIG_LIST_HARDENED"),
    option(["pv_ops", "pv_lock_ops", "pv_irq_ops", "pv_cpu_ops", "pv_mmu_ops"], "CONFIG_PARAVIRT"),
    option(["__rcu_read_lock", "__rcu_read_unlock"], "CONFIG_PREEMPT_RCU"),
    option(
      ["preempt_schedule", "preempt_schedule_notrace"], beginnings: ["__SCT__preempt_schedule"],
      "CONFIG_PREEMPTION"),
    option(
      ["lock_acquire", "lock_release", "lock_is_held_type"], beginnings: ["lockdep_init_map"],
      "CONFIG_LOCKDEP"),
    option(["__dynamic_pr_debug", "__dynamic_dev_dbg"], "CONFIG_DYNAMIC_DEBUG"),
    option(["module_put", "try_module_get", "__module_get"], "CONFIG_MODULE_UNLOAD"),
  ]

  private static func option(
    _ names: [String], beginnings: [String] = [], _ option: String
  ) -> Self {
    Self(
      names: names, beginnings: beginnings,
      text:
        "whether kernels export it depends on how they are configured (\(option)), and on their version; the module's build went by another one's: \(build)"
    )
  }

  /// What kernels have renamed, or do not export any more.
  private static let kernels = [
    renamed(["printk"], "_printk"),
    renamed(["PDE_DATA"], "pde_data"),
    renamed(
      ["complete_and_exit", "do_exit"], "kthread_complete_and_exit, or a return of the thread"),
    renamed(["__class_create"], "class_create, with one argument less"),
    renamed(["strlcpy"], "strscpy"),
    renamed(["del_timer", "del_timer_sync"], "timer_delete and timer_delete_sync"),
    renamed(["prandom_u32"], "get_random_u32"),
    renamed(["netif_rx_ni", "netif_rx_any_context"], "netif_rx"),
    renamed(["sched_setscheduler"], "sched_set_fifo and its like"),
    renamed(["probe_kernel_read", "probe_kernel_write"], "copy_from_kernel_nofault"),
    renamed(["ioremap_nocache"], "ioremap"),
    renamed(["do_gettimeofday", "getnstimeofday"], "ktime_get_real_ts64"),
    Self(
      names: ["_printk"],
      text:
        "older kernels call it printk: build the module with this kernel's headers"
    ),
    Self(
      names: ["kallsyms_lookup_name", "kallsyms_on_each_symbol"],
      text:
        "newer kernels do not export it to modules any more: use what they export (kprobes find an address), or a kernel of your own"
    ),
    Self(
      names: ["sys_call_table", "init_mm", "sys_open", "sys_close", "sys_read", "sys_write"],
      text: "kernels do not export it, on purpose: modules have other ways (filp_open, kernel_read)"
    ),
  ]

  private static func renamed(_ names: [String], _ instead: String) -> Self {
    Self(
      names: names,
      text:
        "newer kernels do not export it; what they have is \(instead): build the module with this kernel's headers, and take its newer version where that does not compile"
    )
  }
}
