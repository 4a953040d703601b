// Arguments and values of parameters (kernel/params.c; lib/kstrtox.c, `kstrtobool`). Rows only, oldest
// first.

extension KernelChange {
  /// Arguments for no parameter are let pass.
  public static let unknownArgumentsPass = KernelChange(
    "unknown-arguments-pass", since: (3, 11), .nearest,
    "an argument that no parameter takes is warned of, not refused (ENOENT)",
    source: "load_module, parse_args: 3.10 and RHEL 7 refuse it, 4.4 warns; 3.11 was not read")
  /// What follows `--` is for nobody.
  public static let argumentsEnd = KernelChange(
    "arguments-end", since: (3, 15), .nearest, "arguments end at '--'; the rest is ignored",
    source: "parse_args: 3.10 and RHEL 7 take '--' as an argument, 4.4 ends there; 3.15 was not "
      + "read")
  /// A number that does not fit is another error.
  public static let numbersOutOfRange = KernelChange(
    "numbers-out-of-range", since: (3, 17), .nearest,
    "a number that fits a long and not its parameter is out of range (ERANGE), not invalid "
      + "(EINVAL)",
    source: "STANDARD_PARAM_DEF: RHEL 7 says EINVAL, 5.10 ERANGE; commit 88a88b320a17 was not read")
  /// `on` and `off` are truth values.
  public static let boolOnOff = KernelChange(
    "bool-on-off", since: (4, 6), .nearest, "a truth value may be on or off",
    source: "kstrtobool: commit a81a5a17d44b; param_set_bool of RHEL 7 knows y, n, 0 and 1")
  /// `true` and `false` are truth values.
  public static let boolTrueFalse = KernelChange(
    "bool-true-false", since: (5, 19), .nearest, "a truth value may begin with t or f",
    source: "kstrtobool: 5.10.223 and 6.1.176 compared")
  /// `enable` and `disable` are truth values.
  public static let boolEnableDisable = KernelChange(
    "bool-enable-disable", since: (6, 16), .nearest, "a truth value may begin with e or d",
    source: "kstrtobool: commit ae5b3500856f, which was sent in March 2025, after 6.14; 6.12.107 "
      + "and 7.2.13 compared")

  static let parameterChanges = [
    unknownArgumentsPass, argumentsEnd, numbersOutOfRange, boolOnOff, boolTrueFalse,
    boolEnableDisable,
  ]
}
