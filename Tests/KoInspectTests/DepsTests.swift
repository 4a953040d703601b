import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("deps")
struct DepsTests {
  /// A small tree: disk needs bus by symbols and sum by its alias, and may ask for extra.
  private static func tree() throws -> ModuleTree {
    let tree = try ModuleTree()
    try tree.add("kernel/bus.ko", offers: ["bus_add", "bus_drop"], needs: ["core_x"])
    try tree.add("kernel/core.ko", offers: ["core_x"])
    try tree.add("kernel/sum-a.ko", ["alias=crypto-sum"])
    try tree.add(
      "kernel/disk.ko", needs: ["bus_add", "bus_drop", "printk"],
      [
        "depends=bus", "softdep=pre: crypto-sum kern", "weakdep=extra", "firmware=disk.bin",
      ])
    try tree.add("kernel/extra.ko")
    try tree.write("modules.builtin", "kernel/kern.ko\n")
    try tree.write(
      "modules.order",
      ["core", "bus", "sum-a", "disk", "extra"].map { "kernel/\($0).ko\n" }.joined())
    return tree
  }

  /// Runs `deps` with the tree's path taken out of what it prints.
  private static func deps(_ tree: ModuleTree, _ arguments: String...) -> (Run, String) {
    let run = Run(["deps", "--modules", tree.path] + arguments)
    return (run, run.output.replacingOccurrences(of: tree.path, with: ""))
  }

  @Test("A tree with the reason of each edge")
  func text() throws {
    let tree = try Self.tree()
    let (run, output) = Self.deps(tree, "disk")
    expect(run.status == 0 && run.errors.isEmpty)
    expect(
      output,
      is: """
        disk  /kernel/disk.ko
          bus         2 symbols: bus_add, bus_drop
            core      1 symbol: core_x
          crypto-sum  soft, loaded before: sum_a
          kern        soft, loaded before (built in)
          extra       weak, may be asked for while it runs
          disk.bin    firmware

        """)
  }

  @Test("--flat is modprobe's order; what is built in is said")
  func flat() throws {
    let tree = try Self.tree()
    let (_, output) = Self.deps(tree, "--flat", "disk")
    expect(
      output,
      is: """
        /kernel/core.ko
        /kernel/bus.ko
        /kernel/sum-a.ko
        builtin kern
        /kernel/disk.ko

        """)
  }

  @Test("--reverse tells who needs it, and who through others")
  func reverse() throws {
    let (_, output) = Self.deps(try Self.tree(), "--reverse", "core")
    expect(output.contains("bus  1 symbol: core_x\n  2 modules cannot be loaded without it\n"))
    expect(Self.deps(try Self.tree(), "--reverse", "disk").1.contains("no module here needs it"))
  }

  @Test("--reverse of a whole tree asks each module once, whatever it is needed for")
  func reverseTree() throws {
    let tree = try Self.tree()
    let run = Run(["deps", "--reverse", tree.path])
    expect(run.status, is: 0)
    let lines = run.output.split(separator: "\n").filter { $0.hasPrefix("  ") }
    expect(
      lines.map { $0.split(separator: " ")[0] }, is: ["bus", "2", "disk", "disk", "no", "disk"],
      "\(run.output)")
  }

  @Test("--firmware: the folders of updates come first, compressed files count, others are missing")
  func firmware() throws {
    let tree = try ModuleTree()
    try tree.add(
      "kernel/a.ko",
      [
        "firmware=a/one.bin", "firmware=two.bin", "firmware=three-*", "firmware=no.bin",
        "firmware=b/*/c-*", "firmware=no-*", "firmware=z*/x.bin", "firmware=../fw/two*",
      ])
    for name in [
      "fw/updates/a/one.bin", "fw/a/one.bin", "fw/two.bin.zst", "fw/three-1.xz", "fw/three-2",
      "fw/b/1/c-2", "fw/b/1/2/c-3", "fw/b/c-4", "fw/b/1/c_5", "fw/no_1",
    ] {
      try tree.write(name, "x")
    }
    // A link that comes first does not hide what it leads to; one that leads back ends.
    try tree.write("fw/zz/x.bin", "x")
    for (link, folder) in [("fw/aa", "zz"), ("fw/b/back", "..")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(tree.path)/\(link)", withDestinationPath: folder)
    }
    let run = Run(["deps", "--json", "--firmware", "\(tree.path)/fw", "\(tree.path)/kernel/a.ko"])
    let object = try #require(try run.json().first)
    let files = try #require(object["firmware"] as? [[String: Any]]).map { firmware in
      (firmware["files"] as? [String] ?? []).map {
        $0.replacingOccurrences(of: "\(tree.path)/fw/", with: "")
      }
    }
    expect(
      files,
      is: [
        ["updates/a/one.bin"], ["two.bin.zst"], ["three-1.xz", "three-2"], [],
        ["b/1/2/c-3", "b/1/c-2"], [], ["zz/x.bin"], [],
      ])
    let check = Run([
      "deps", "--check", "--firmware", "\(tree.path)/fw", "\(tree.path)/kernel/a.ko",
    ])
    expect(check.status == 1 && check.output.contains("firmware no.bin is missing\n"))
  }

  @Test("--why tells the chain; status 1 when there is none")
  func why() throws {
    let tree = try Self.tree()
    let (run, output) = Self.deps(tree, "--why", "disk", "core")
    expect(run.status, is: 0)
    expect(
      output,
      is: """
        disk needs bus  2 symbols: bus_add, bus_drop
        bus needs core  1 symbol: core_x

        """)
    let (none, words) = Self.deps(tree, "--why", "core", "disk")
    expect(none.status == 1 && words == "core does not need disk\n")
    expect(Self.deps(tree, "--why", "core").0.status, is: 2)
  }

  @Test("--closure has files, what may be asked for, bytes and firmware")
  func closure() throws {
    let (run, output) = Self.deps(try Self.tree(), "--closure", "disk")
    expect(run.status, is: 0)
    expect(output.contains("/kernel/extra.ko  (weak)\n"))
    expect(output.contains("bytes in 5 files\nfirmware, 1 file:\n  disk.bin\n"))
  }

  @Test("Graphs name every node and quote what a name may be")
  func graphs() throws {
    let tree = try Self.tree()
    let dot = Self.deps(tree, "--dot", "disk").1
    expect(dot.contains("\"disk\" -> \"bus\" [label=\"2 symbols\"];"))
    expect(dot.contains("\"disk\" -> \"sum_a\" [label=\"softBefore\", style=dashed];"))
    let mermaid = Self.deps(tree, "--mermaid", "--reverse", "core").1
    expect(mermaid.contains("m1[\"bus\"]") && mermaid.contains("m1 -->|1 symbol| m0"))
    try tree.add("kernel/a\"];x.ko", needs: ["core_x"])
    expect(Self.deps(tree, "--dot", "--reverse", "core").1.contains("\"a\\\"];x\" -> \"core\""))
    expect(Self.deps(tree, "--mermaid", "--reverse", "core").1.contains("a#quot;];x"))
  }

  @Test("A file that is named counts before the tree's, and alone it is looked at by itself")
  func files() throws {
    let tree = try Self.tree()
    let other = try TemporaryFile(
      ELFBuilder.linked("disk", needs: ["core_x"], ["depends=core,gone"]).build(), name: "disk.ko")
    let (_, output) = Self.deps(tree, other.path)
    expect(output.contains("  core  1 symbol: core_x\n"))
    expect(output.contains("  gone  named by depends=: no module here is called so\n"))
    let alone = Run(["deps", other.path])
    expect(alone.status == 0 && alone.output.contains("core  named by depends=: no module here"))
  }

  @Test("--check: nothing to say about a whole tree, and a line for each thing that is wrong")
  func check() throws {
    let tree = try Self.tree()
    try tree.write("symvers", "0x00000000\tprintk\tvmlinux\tEXPORT_SYMBOL\n")
    let clean = Self.deps(tree, "--symvers", "\(tree.path)/symvers", "--check").0
    expect(clean.status == 0 && clean.output.isEmpty && clean.errors.isEmpty)
    try tree.add("updates/core.ko", offers: ["core_y"])
    try tree.add("extra/bus.ko")
    try tree.add("kernel/late.ko", offers: ["core_y"], ["softdep=pre: none"])
    let (run, output) = Self.deps(tree, "--symvers", "\(tree.path)/symvers", "--check")
    expect(run.status, is: 1)
    let lines = Set(output.split(separator: "\n").map(String.init))
    expect(
      lines,
      is: [
        "/kernel/disk.ko needs unknown symbol bus_add",
        "/kernel/disk.ko needs unknown symbol bus_drop",
        "/kernel/late.ko: softdep= names none, which is no module here, nor built in",
        "kernel/core.ko is not used: updates/core.ko comes before it",
        "kernel/bus.ko and extra/bus.ko have one name and one rank: depmod takes the one that it "
          + "meets first",
        "symbol core_y is offered by core, late: the last one counts",
      ])
    let unknown = Self.deps(tree, "--check").0
    expect(unknown.errors.contains("unknown symbols were not looked for"))
  }

  @Test("Circles are findings")
  func circle() throws {
    let tree = try ModuleTree()
    try tree.add("a.ko", offers: ["a"], needs: ["b"])
    try tree.add("b.ko", offers: ["b"], needs: ["a"])
    let run = Run(["deps", "--check", tree.path])
    expect(run.status, is: 1)
    expect(
      run.output, is: "Cycle detected: a -> b -> a\nFound 2 modules in dependency cycles!\n")
  }

  @Test("A word that nothing is called, and nothing at all, are status 2")
  func wrong() throws {
    let tree = try Self.tree()
    let (run, _) = Self.deps(tree, "nosuch", "disk")
    expect(run.status == 2 && run.errors.contains("nosuch: no module here is called so"))
    expect(run.output.contains("disk"))
    expect(Run(["deps"]).status, is: 2)
  }

  @Test("The JSON is what Docs/deps.schema.json says, which is what --schema prints")
  func json() throws {
    let file = Fixtures.folder.deletingLastPathComponent().appending(path: "Docs/deps.schema.json")
    let schema = try JSONSchema(contentsOf: file, isClosed: true)
    let printed = try #require(try Run(["deps", "--schema"]).json().first)
    let page = try JSONSerialization.jsonObject(with: try Data(contentsOf: file))
    expect(NSDictionary(dictionary: printed).isEqual(page))
    let tree = try Self.tree()
    let objects = try Run(["deps", "--json", "--reverse", tree.path]).json()
    expect(objects.count, is: 5)
    for object in objects { expect(schema.problems(object), is: []) }
    let disk = try #require(objects.first { $0["name"] as? String == "disk" })
    let order = try #require(disk["loadOrder"] as? [[String: Any]])
    expect(order.map { $0["name"] as? String }, is: ["core", "bus", "sum_a", "kern", "disk"])
    expect(order[3]["path"] is NSNull)
  }
}

@Suite("depmod")
struct DepmodTests {
  private static func tree() throws -> ModuleTree {
    let tree = try ModuleTree()
    try tree.add("kernel/core.ko", offers: ["core_x"])
    try tree.add("kernel/bus.ko", offers: ["bus_x"], needs: ["core_x"])
    try tree.add(
      "kernel/my-disk.ko", needs: ["core_x", "bus_x"],
      [
        "alias=pci:v1-x", "softdep=pre: bus", "weakdep=a b", "alias=devname:disk/ctl",
        "alias=char-major-10-239",
      ])
    try tree.write("modules.order", "kernel/my-disk.ko\nkernel/bus.ko\nkernel/core.ko\n")
    return tree
  }

  private static let expected = """
    kernel/my-disk.ko: kernel/bus.ko kernel/core.ko
    kernel/bus.ko: kernel/core.ko
    kernel/core.ko:
    # Aliases extracted from modules themselves.
    alias pci:v1-x my_disk
    alias devname:disk/ctl my_disk
    alias char-major-10-239 my_disk
    # Soft dependencies extracted from modules themselves.
    softdep my_disk pre: bus
    # Weak dependencies extracted from modules themselves.
    weakdep my_disk a b
    # Aliases for symbols, used by symbol_request().
    alias symbol:bus_x bus
    alias symbol:core_x core
    # Device nodes to trigger on-demand module loading.
    my_disk disk/ctl c10:239

    """

  @Test("-n prints what depmod -n prints")
  func dryRun() throws {
    let tree = try Self.tree()
    let run = Run(["depmod", "-n", tree.path])
    expect(run.status == 0 && run.errors.isEmpty)
    expect(run.output, is: Self.expected)
  }

  @Test("--check-indexes tells what is stale, missing and true, whatever the order of lines")
  func stale() throws {
    let tree = try Self.tree()
    let missing = Run(["depmod", "--check-indexes", tree.path])
    expect(missing.status == 1 && missing.output.contains("modules.dep: missing"))
    let parts = Self.expected.components(separatedBy: "# ")
    try tree.write(
      "modules.dep", parts[0].split(separator: "\n").reversed().joined(separator: "\n"))
    let names = ["alias", "softdep", "weakdep", "symbols", "devname"]
    for (name, part) in zip(names, parts.dropFirst()) {
      try tree.write("modules.\(name)", "# \(part)")
    }
    let clean = Run(["depmod", "--check-indexes", tree.path])
    expect(clean.status == 0 && !clean.output.contains("stale"))
    try tree.write("modules.softdep", "softdep my_disk pre: sub\n")
    let run = Run(["depmod", "--check-indexes", tree.path])
    expect(run.status, is: 1)
    expect(
      run.output.contains(
        "modules.softdep: stale\n  + softdep my_disk pre: bus\n  - softdep my_disk pre: sub\n"))
  }

  @Test("modules.dep may have modules in any order in which each comes before those that it needs")
  func orders() throws {
    let tree = try ModuleTree()
    try tree.add("a.ko", offers: ["a"])
    try tree.add("b.ko", offers: ["b"])
    try tree.add("c.ko", offers: ["c"], needs: ["a", "b"])
    try tree.add("d.ko", needs: ["c"])
    func check(_ line: String) throws -> String {
      try tree.write("modules.dep", "a.ko:\nb.ko:\nc.ko: b.ko a.ko\n\(line)\n")
      return Run(["depmod", "--check-indexes", tree.path]).output
    }
    try expect(check("d.ko: c.ko b.ko a.ko").contains("modules.dep: as depmod would write it\n"))
    try expect(check("d.ko: c.ko a.ko b.ko").contains("modules.dep: as depmod would write it\n"))
    for line in ["d.ko: b.ko c.ko a.ko", "d.ko: c.ko b.ko", "d.ko: c.ko b.ko b.ko"] {
      try expect(check(line).contains("modules.dep: stale\n"), "\(line)")
    }
  }

  @Test("Who of several offers a symbol is chance without modules.order")
  func chance() throws {
    let tree = try ModuleTree()
    try tree.add("a.ko", offers: ["x"])
    try tree.add("b.ko", offers: ["x"])
    try tree.add("c.ko")
    func check(_ module: String) throws -> Bool {
      try tree.write("modules.symbols", "alias symbol:x \(module)\n")
      return Run(["depmod", "--check-indexes", tree.path]).output.contains(
        "modules.symbols: as depmod would write it\n")
    }
    try expect(check("a") && check("b") && !check("c"))
    try tree.write("modules.order", "b.ko\na.ko\nc.ko\n")
    try expect(check("a") && !check("b"))
  }

  @Test("A circle in depmod's words, and who only hangs on it is in none")
  func loop() throws {
    let tree = try ModuleTree()
    // As in kmod's detect-loop: two circles, and modules beside them.
    for (name, needs) in [
      ("a", ["b"]), ("b", ["c"]), ("c", ["a"]), ("d", ["e"]), ("e", ["d"]), ("f", ["a"]), ("g", []),
    ] as [(String, [String])] {
      try tree.add("\(name).ko", offers: [name], needs: needs)
    }
    let run = Run(["depmod", "-n", tree.path])
    expect(run.status == 1 && run.output.isEmpty)
    expect(
      run.errors,
      is: """
        koinspect: Cycle detected: a -> b -> c -> a
        koinspect: Cycle detected: d -> e -> d
        koinspect: Found 5 modules in dependency cycles!

        """)
  }

  @Test("A node without a number is left out and said, a circle leaves all out")
  func problems() throws {
    let tree = try ModuleTree()
    try tree.add("a.ko", offers: ["a"], ["alias=devname:x"])
    let run = Run(["depmod", "-n", tree.path])
    expect(
      run.errors,
      is: "koinspect: Module 'a' has devname (x) but lacks major and minor information. Ignoring.\n"
    )
    expect(!run.output.contains("# Device"))
    try tree.add("b.ko", offers: ["b"], needs: ["c"])
    try tree.add("c.ko", offers: ["c"], needs: ["b"])
    let circle = Run(["depmod", "-n", tree.path])
    expect(circle.status == 1 && circle.output.isEmpty)
    expect(circle.errors.contains("Cycle detected: b -> c -> b"))
  }

  @Test("A file of depmod.d decides which file of a name counts")
  func configuration() throws {
    let tree = try Self.tree()
    try tree.add("extra/bus.ko", offers: ["bus_y"])
    let file = try TemporaryFile(Array("search extra built-in\n".utf8), name: "depmod.conf")
    expect(Run(["depmod", "-n", tree.path]).output.contains("symbol:bus_"), is: true)
    let run = Run(["depmod", "-n", "-C", file.path, tree.path])
    expect(run.output.contains("alias symbol:bus_y bus\n"))
    expect(!run.output.contains("alias symbol:bus_x bus\n"))
  }

  @Test("Folders outside of the tree count where depmod.d names them, by their whole paths")
  func externalFolders() throws {
    let tree = try Self.tree()
    let outside = try ModuleTree()
    try outside.add("sub/bus.ko", offers: ["bus_y"])
    let lines = """
      external 9[.]9|TREE \(outside.path)
      external [ /nowhere
      external * /nowhere
      search external built-in
      silly words
      """
    let release = tree.path.split(separator: "/").last ?? ""
    let file = try TemporaryFile(
      Array(lines.replacing("TREE", with: release).utf8), name: "depmod.conf")
    let run = Run(["depmod", "-n", "-C", file.path, tree.path])
    expect(run.output.contains("\(outside.path)/sub/bus.ko:"))
    expect(!run.output.contains("alias symbol:bus_x bus\n"))
    expect(run.errors.contains("a pattern for kernels that is not understood: ["))
    expect(run.errors.contains("/nowhere: "))
    expect(run.errors.contains("line 5 is none of search, override, external and exclude"))
  }

  @Test("The configuration of the system that a tree is a part of counts, and no other one")
  func systemConfiguration() throws {
    let root = try ModuleTree()
    try root.add("lib/modules/6.1.0/kernel/bus.ko", offers: ["bus_x"])
    try root.add("lib/modules/6.1.0/extra/bus.ko", offers: ["bus_y"])
    let run = { Run(["depmod", "-n", "\(root.path)/lib/modules/6.1.0"]).output }
    try root.write("usr/lib/depmod.d/order.conf", "search extra built-in\n")
    expect(run().contains("extra/bus.ko:"))
    try root.write("etc/depmod.d/order.conf", "search kernel built-in\n")
    expect(run().contains("kernel/bus.ko:"))
    let outside = try ModuleTree()
    try outside.add("own.ko", offers: ["own_x"])
    try root.write("etc/depmod.d/order.conf", "external * \(outside.path)\n")
    expect(run().contains("\(outside.path)/own.ko:"))
    let deps = Run(["deps", "--flat", "--modules", "\(root.path)/lib/modules/6.1.0", "own"])
    expect(deps.output, is: "\(outside.path)/own.ko\n")
  }

  @Test("Without a word of what is wanted nothing is done")
  func nothing() throws {
    let tree = try Self.tree()
    expect(Run(["depmod", tree.path]).status, is: 2)
  }
}
