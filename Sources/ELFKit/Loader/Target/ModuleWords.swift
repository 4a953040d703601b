// What a module says in its own words: what it is also called, and what it wants beside the symbols that it
// imports (include/linux/module.h MODULE_ALIAS, MODULE_SOFTDEP, MODULE_WEAKDEP, MODULE_FIRMWARE).

/// The names and wishes in `.modinfo` that depmod makes its indexes of.
public struct ModuleWords: Sendable {
  /// `alias=`, in the order of the file.
  public let aliases: [ByteSlice]
  /// `softdep=`, each as it stands there.
  public let softDependencies: [ByteSlice]
  /// `weakdep=`, each as it stands there.
  public let weakDependencies: [ByteSlice]
  /// `firmware=`.
  public let firmware: [ByteSlice]

  /// What `info` says, in memory of its own.
  public init(_ info: ModuleInfo) {
    let lists = ["alias", "softdep", "weakdep", "firmware"].map { info.all($0) }
    var packed = ByteSlice.packed(lists.flatMap { $0 })[...]
    let parts = lists.map { list in
      let part = Array(packed.prefix(list.count))
      packed = packed.dropFirst(list.count)
      return part
    }
    (aliases, softDependencies, weakDependencies, firmware) = (
      parts[0], parts[1], parts[2], parts[3]
    )
  }

  /// The modules of the first `softdep=`, which is the only one that modprobe looks at
  /// (libkmod/libkmod-module.c, `kmod_module_get_softdeps`).
  public var soft: SoftDependencies? { softDependencies.first.map { SoftDependencies($0) } }

  /// The modules that `weakdep=` names, in order.
  public var weak: [ByteSlice] {
    weakDependencies.flatMap { $0.words }
  }
}

/// Modules that are to be loaded before and after another, where they are there.
public struct SoftDependencies: Equatable, Sendable {
  /// Before it.
  public private(set) var before: [ByteSlice] = []
  /// After it.
  public private(set) var after: [ByteSlice] = []

  /// Takes `pre: a b post: c` apart. What stands before the first of these two words is ignored, as kmod does.
  public init(_ text: ByteSlice) {
    var isAfter: Bool?
    for word in text.words {
      if word.equals("pre:") {
        isAfter = false
      } else if word.equals("post:") {
        isAfter = true
      } else if let isAfter {
        isAfter ? after.append(word) : before.append(word)
      }
    }
  }
}

extension ByteSlice {
  /// The same texts in one piece of memory of their own: thousands of modules have dozens each.
  static func packed(_ texts: [ByteSlice]) -> [ByteSlice] {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    for text in texts {
      bytes += text.storage[text.range]
      ends.append(bytes.count)
    }
    let all = ByteSlice(bytes)
    var start = 0
    return ends.map { end in
      defer { start = end }
      return all[within: start..<end]
    }
  }
}
