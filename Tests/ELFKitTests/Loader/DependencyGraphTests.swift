import ELFKit
import TestSupport
import Testing

@Suite("Dependencies between modules")
struct DependencyGraphTests {
  private static func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  private static func member(
    _ path: String, offers: [String] = [], needs: [String] = [], weakly: [String] = [],
    _ modinfo: [String] = []
  ) throws -> ModuleMember {
    let builder = ELFBuilder.linked("x", offers: offers, needs: needs, weakly: weakly, modinfo)
    return try ModuleMember(
      KernelModule(try ELFImage(builder.build())), path: slice(path), [.offers, .needs, .words])
  }

  private static func names(_ graph: DependencyGraph, _ modules: [ModuleNames.Meaning]) -> [String]
  {
    modules.map { module in
      switch module {
      case .file(let position): graph.members[position].name.text
      case .builtIn(let name): "builtin \(name.text)"
      }
    }
  }

  @Test("An edge has all its symbols, weak ones make one too, and depends= alone makes none")
  func edges() throws {
    let graph = DependencyGraph([
      try Self.member("a.ko", needs: ["b1", "printk", "b2"], weakly: ["c1"], ["depends=d,gone"]),
      try Self.member("b.ko", offers: ["b1", "b2"]), try Self.member("c.ko", offers: ["c1"]),
      try Self.member("d.ko"),
    ])
    expect(graph.edges[0].map(\.provider), is: [1, 2])
    expect(graph.edges[0].map { $0.symbols.map(\.text) }, is: [["b1", "b2"], ["c1"]])
    expect(graph.edges[0].map(\.isWeak), is: [false, true])
    expect(graph.users, is: [[], [0], [0], []])
    expect(graph.closure(of: 0).count, is: 2)
    let declared = graph.needs(of: 0).filter { $0.reason == .declared }
    expect(declared.map(\.word.text), is: ["d", "gone"])
    expect(declared.map(\.meanings), is: [[.file(3)], []])
    expect(graph.unknownSymbols(of: 0, SymbolProviders()).map(\.text), is: ["printk"])
  }

  @Test("Functions of ppc64 have a dot before their name")
  func dots() throws {
    let graph = DependencyGraph([
      try Self.member("a.ko", needs: [".b1"]), try Self.member("b.ko", offers: ["b1"]),
    ])
    expect(graph.edges[0].map(\.provider), is: [1])
  }

  @Test("Of a symbol that two modules offer the later one counts, and that is said")
  func clashes() throws {
    let graph = DependencyGraph([
      try Self.member("b.ko", offers: ["s"]), try Self.member("c.ko", offers: ["s"]),
      try Self.member("a.ko", needs: ["s"]),
    ])
    expect(graph.edges[2].map(\.provider), is: [1])
    expect(graph.clashes.map(\.symbol.text), is: ["s"])
    expect(graph.clashes.map(\.owners), is: [[0, 1]])
  }

  /// kmod's test detect-loop: four circles of nine modules, and two modules that need some of them.
  @Test("Circles are told in depmod's words")
  func circles() throws {
    let needs = [
      "a": ["b"], "b": ["c"], "c": ["a"], "d": ["e"], "e": ["d"], "f": ["d"], "g": ["h"],
      "h": ["i"],
      "i": ["j"], "j": ["k"], "k": ["h"],
    ]
    let graph = DependencyGraph(
      try needs.keys.sorted().map { name in
        try Self.member("\(name).ko", offers: ["s\(name)"], needs: needs[name]!.map { "s\($0)" })
      })
    expect(
      graph.cycleMessages.map(\.text),
      is: [
        "Cycle detected: a -> b -> c -> a", "Cycle detected: d -> e -> d",
        "Cycle detected: h -> i -> j -> k -> h", "Found 9 modules in dependency cycles!",
      ])
    // What needs each other is listed all the same.
    expect(graph.closure(of: 0).sorted(), is: [1, 2])
  }

  @Test("Soft dependencies come before and after, with what they need, and by their aliases")
  func probe() throws {
    let graph = DependencyGraph(
      [
        try Self.member("a.ko", needs: ["b1"], ["softdep=ignored pre: crypto-x kern post: z gone"]),
        try Self.member("b.ko", offers: ["b1"], ["softdep=pre: b-soft"]),
        try Self.member("b_soft.ko"),
        try Self.member("x1.ko", needs: ["y1"], ["alias=crypto-x"]),
        try Self.member("x2.ko", ["alias=crypto-?"]),
        try Self.member("y.ko", offers: ["y1"]),
        try Self.member("z.ko", ["softdep=pre: a"]),
        try Self.member("ignored.ko"),
      ], builtIns: ["kern"])
    expect(
      Self.names(graph, graph.probeOrder(of: [.file(0)])),
      is: [
        "b_soft", "b", "y", "x1", "x2", "builtin kern", "a", "z",
      ])
  }

  @Test("Names, symbols, aliases and what is built in, in kmod's order")
  func meanings() throws {
    let graph = DependencyGraph(
      [
        try Self.member("snd-x.ko", offers: ["dvb_attach"], ["alias=pci:v*d1", "alias=other"]),
        try Self.member("other.ko", ["alias=pci:v000012d?"]),
      ], builtIns: ["ext_b"],
      aliases: [.init(pattern: "fs-*", name: "ext_b"), .init(pattern: "pci:*", name: "ext_b")])
    func meant(_ word: String) -> [String] {
      Self.names(graph, graph.names.meanings(of: Self.slice(word)))
    }
    expect(meant("snd_x") == ["snd_x"] && meant("snd-x") == ["snd_x"])
    expect(meant("symbol:dvb_attach"), is: ["snd_x"])
    expect(meant("other"), is: ["other"])
    expect(meant("pci:v000012d1"), is: ["snd_x", "other"])
    expect(meant("pci:v1d3"), is: ["builtin ext_b"])
    expect(meant("fs-ext") == ["builtin ext_b"] && meant("ext-b") == ["builtin ext_b"])
    expect(meant("nothing") == [] && meant("") == [] && meant("[") == [])
  }

  @Test("A chain is the shortest, by symbols where there is one")
  func chains() throws {
    let graph = DependencyGraph([
      try Self.member("a.ko", needs: ["b1"], ["softdep=pre: c"]),
      try Self.member("b.ko", offers: ["b1"], needs: ["c1"]),
      try Self.member("c.ko", offers: ["c1"], ["softdep=post: d"]), try Self.member("d.ko"),
    ])
    expect(graph.chain(from: 0, to: 2), is: [0, 1, 2])
    expect(graph.chain(from: 0, to: 3), is: [0, 2, 3])
    expect(graph.chain(from: 3, to: 0), is: nil)
    expect(graph.dependents(of: 2), is: [0, 1])
  }

  @Test("Chains of soft dependencies may be as long as somebody makes them")
  func longChain() throws {
    let count = 5_000
    let graph = DependencyGraph(
      try (0..<count).map { try Self.member("m\($0).ko", ["softdep=pre: m\($0 + 1)"]) })
    expect(graph.probeOrder(of: [.file(0)]).first, is: .file(count - 1))
  }
}

/// What depmod's own tests ask (testsuite/test-depmod.c, search-order-*).
@Suite("Which file of a name is the module")
struct SearchOrderTests {
  private static func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  private static func chosen(
    _ configuration: String?, _ paths: [String], list: String? = nil, named: Set<ByteSlice> = []
  ) throws -> (paths: [String], shadowed: [ShadowedModule]) {
    var order = SearchOrder()
    if let configuration {
      expect(order.add(slice(configuration)) { $0 == slice("4.4.4") }, is: [])
    }
    let members = try paths.map { path in
      try ModuleMember(
        KernelModule(try ELFImage(ELFBuilder.module().build())), path: slice(path), [])
    }
    let (chosen, shadowed) = order.chosen(
      from: members, order: list.map(slice), named: named)
    return (chosen.map(\.path.text), shadowed)
  }

  @Test(
    "updates come before all others, search says otherwise, and an override before all",
    arguments: [
      (nil, ["kernel/a.ko", "updates/a.ko"], "updates/a.ko"),
      (nil, ["extra/a.ko", "updates/sub/a.ko.xz"], "updates/sub/a.ko.xz"),
      (nil, ["kernel/a-b.ko", "updates/a_b.ko"], "updates/a_b.ko"),
      ("search foo built-in foobar", ["foo/a.ko", "foobar/a.ko"], "foo/a.ko"),
      ("search foobar foo built-in", ["foo/a.ko", "foobar/a.ko"], "foobar/a.ko"),
      ("search built-in updates", ["kernel/a.ko", "updates/a.ko"], "kernel/a.ko"),
      ("override a 4.4.4 kernel/x", ["kernel/x/a.ko", "updates/a.ko"], "kernel/x/a.ko"),
      ("override a * kernel/x", ["kernel/x/a.ko", "updates/a.ko"], "kernel/x/a.ko"),
      ("override a 5.0.0 kernel/x", ["kernel/x/a.ko", "updates/a.ko"], "updates/a.ko"),
      ("# search kernel\nsearch", ["kernel/a.ko", "updates/a.ko"], "kernel/a.ko"),
      ("search extra \\\n built-in", ["kernel/a.ko", "extra/a.ko"], "extra/a.ko"),
      ("search updates\nsearch extra built-in", ["extra/a.ko", "updates/a.ko"], "updates/a.ko"),
      // External folders, as kmod 30 and 34 rank them.
      ("external * /e\nsearch external built-in", ["kernel/a.ko", "/e/sub/a.ko"], "/e/sub/a.ko"),
      ("search external built-in\nexternal 4.4.4 /e", ["kernel/a.ko", "/e/a.ko"], "/e/a.ko"),
      ("external 5 /e\nsearch external built-in", ["kernel/a.ko", "/e/a.ko"], "kernel/a.ko"),
      ("external * /e\nsearch updates external", ["updates/a.ko", "/e/a.ko"], "updates/a.ko"),
      ("external * /e/\nsearch external built-in", ["kernel/a.ko", "/e/a.ko"], "/e/a.ko"),
      (
        "external * /e\noverride a * /e\nsearch built-in", ["kernel/a.ko", "/e/a.ko"], "kernel/a.ko"
      ),
      ("external * /e", ["kernel/a.ko", "/e/a.ko"], "kernel/a.ko"),
      ("external * /e\nexternal * /f\nsearch external", ["/f/a.ko", "/e/a.ko"], "/e/a.ko"),
      ("external * /e /f\nsearch external built-in", ["kernel/a.ko", "/f/a.ko"], "kernel/a.ko"),
      (
        "external * /e\noverride a * kernel\nsearch external", ["kernel/a.ko", "/e/a.ko"],
        "kernel/a.ko"
      ),
    ] as [(String?, [String], String)])
  func search(configuration: String?, paths: [String], winner: String) throws {
    let (chosen, shadowed) = try Self.chosen(configuration, paths)
    expect(chosen, is: [winner])
    expect(shadowed.map(\.path.text), is: paths.filter { $0 != winner })
    expect(shadowed.map(\.winner.text), is: [winner])
  }

  @Test("Excluded names are not looked at, unless they are given by hand")
  func exclusion() throws {
    let paths = ["kernel/a.ko", "kernel/sub/b.ko", "kernel/c.ko"]
    try expect(Self.chosen("exclude sub c.ko", paths).paths, is: ["kernel/a.ko"])
    try expect(Self.chosen("exclude sub", paths, named: ["kernel/sub/b.ko"]).paths, is: paths)
  }

  @Test("Lines that mean nothing are counted from where they begin")
  func mistakes() {
    var order = SearchOrder()
    let text = "# a comment\n\nsearch \\\n updates\nfoo\nexternal *\noverride a *\nexclude x\n"
    expect(order.add(Self.slice(text)) { _ in true }, is: [5, 6, 7])
  }

  @Test("Two of one rank: the first that is met, and that this is chance is said")
  func ties() throws {
    let (chosen, shadowed) = try Self.chosen(nil, ["kernel/a.ko", "extra/a.ko"])
    expect(chosen == ["kernel/a.ko"] && shadowed.map(\.isTie) == [true])
  }

  @Test("What was named comes before all; modules.order sorts, whatever the compression")
  func order() throws {
    let (chosen, _) = try Self.chosen(
      nil, ["kernel/a.ko", "kernel/b.ko.xz", "kernel/c.ko.zst", "updates/a.ko"],
      list: "kernel/c.ko\nkernel/b.ko\n", named: ["kernel/a.ko"])
    expect(chosen, is: ["kernel/c.ko.zst", "kernel/b.ko.xz", "kernel/a.ko"])
  }
}
