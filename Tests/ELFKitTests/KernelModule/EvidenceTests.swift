import ELFKit
import TestSupport
import Testing

/// What an unknown module could do, with the places where it shows.
@Suite("Evidence")
struct EvidenceTests {
  private func evidence(_ builder: ELFBuilder) throws -> [String] {
    try KernelModule(try ELFImage(ByteSlice(builder.build()))).evidence().map { item in
      let place = item.section.map { section in
        " @\(section.text)" + (item.offset.map { "+\($0)" } ?? "")
      }
      return "\(item.kind.rawValue): \(item.text.text)\(place ?? "")"
    }
  }

  @Test("A module that does nothing special")
  func nothing() throws {
    var builder = ELFBuilder.module(modinfo: ["license=GPL"])
    builder.symbol("_printk")
    builder.section(".rodata.str1.1", Array("sys_call_tables\0xcommit_creds\0".utf8))
    builder.section(".text", flags: 6, [0x0f, 0x22, 0xd8, 0x0f, 0x20, 0xc0])
    try expect(evidence(builder), is: [])
  }

  @Test("Finding a symbol by a probe: the text, and the structure that points to it")
  func probe() throws {
    var builder = ELFBuilder.module(modinfo: ["license=GPL"])
    let texts = builder.section(
      ".rodata.str1.1", flags: 0x32, Array("x\0kallsyms_lookup_name\0".utf8))
    let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 128))
    let text = builder.symbol("", section: UInt16(texts), type: 3)
    builder.symbol("kp", section: UInt16(data), size: 120, binding: 0, type: 1)
    builder.relocations(of: data, [(48, text, 1, 2)])
    builder.symbol("register_kprobe")
    try expect(
      evidence(builder),
      is: [
        "symbols: has the text 'kallsyms_lookup_name' @.rodata.str1.1+2",
        "symbols: 'kp' points to 'kallsyms_lookup_name' @.data+48",
        "hooks: needs register_kprobe: runs where it likes in the kernel's code",
      ])
  }

  @Test("Taking itself off the list, writing cr0, running a program, claiming to be the kernel's")
  func deeds() throws {
    var builder = ELFBuilder.module()
    let texts = builder.section(".rodata.str1.1", flags: 0x32, Array("/bin/sh\0".utf8))
    // lea sh(%rip),%rdi; call; mov %rax,%cr0; mov list.prev(%rip),%rdx
    let code = builder.section(
      ".text", flags: 6,
      [0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0x0f, 0x22, 0xc0]
        + [0x48, 0x8b, 0x15, 0, 0, 0, 0])
    let text = builder.symbol("", section: UInt16(texts), type: 3)
    let run = builder.symbol("call_usermodehelper")
    let own = builder.symbol("__this_module", section: 2, size: 896, type: 1)
    builder.relocations(
      of: code, [(3, text, 2, -4), (8, run, 4, -4), (18, own, 2, 16 - 4)])
    try expect(
      evidence(builder),
      is: [
        "hiding: refers to its own place in the list of modules (struct module+16) @.text+18",
        "programs: needs call_usermodehelper: runs programs as root",
        "programs: calls call_usermodehelper with '/bin/sh' @.text+8",
        "protection: has the bytes of a write to cr0 (mov %…, %cr0) @.text+12",
        "claims: says that it belongs to the kernel's tree (intree=), and is not signed @.modinfo",
      ])
  }

  @Test("Offsets that lie nowhere")
  func hostile() throws {
    var builder = ELFBuilder.module(modinfo: ["license=GPL"])
    let code = builder.section(".text", flags: 6, [0x0f])
    let texts = builder.section(".rodata.str1.1", [0x41])
    let text = builder.symbol("", section: UInt16(texts), value: .max, type: 3)
    let run = builder.symbol("filp_open")
    builder.relocations(
      of: code, [(.max, text, 2, .max), (1, run, 4, 0), (0, run, 4, 0), (.max, run, 4, .min)])
    try expect(evidence(builder), is: ["files: needs filp_open: opens files"])
  }
}
