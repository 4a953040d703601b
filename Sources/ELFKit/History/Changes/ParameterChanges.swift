// Values of parameters (lib/kstrtox.c, `kstrtobool`). Rows only, oldest first.

extension KernelChange {
  /// `true` and `false` are truth values.
  public static let boolTrueFalse = KernelChange(
    "bool-true-false", since: (5, 19), .nearest, "a truth value may begin with t or f",
    source: "kstrtobool: 5.10.223 and 6.1.176 compared")
  /// `enable` and `disable` are truth values.
  public static let boolEnableDisable = KernelChange(
    "bool-enable-disable", since: (6, 13), .nearest, "a truth value may begin with e or d",
    source: "kstrtobool: 6.12.107 and 7.2.13 compared")

  static let parameterChanges = [boolTrueFalse, boolEnableDisable]
}
