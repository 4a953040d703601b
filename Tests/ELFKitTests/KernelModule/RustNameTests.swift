import TestSupport
import Testing

@testable import ELFKit

@Suite("Names of Rust's symbols")
struct RustNameTests {
  private static func readable(_ name: String) -> String? {
    RustName.readable(ByteSlice(Array(name.utf8)))?.text
  }

  @Test(
    "are those of its source",
    arguments: [
      // Of Debian's ax88796b_rust.ko (Linux 7.2).
      (
        "_RNvMNtNtCsdJ13ReMSUMg_6kernel3net3phyNtB2_6Device7init_hw",
        "<kernel::net::phy::Device>::init_hw"
      ),
      (
        "_RNvXs0_NtNtNtCsdJ13ReMSUMg_6kernel3net3phy3regNtB5_3C22NtB5_8Register5write",
        "<kernel::net::phy::reg::C22 as kernel::net::phy::reg::Register>::write"
      ),
      (
        "_RNvXs4_NtNtCsdJ13ReMSUMg_6kernel3net3phyNtB5_12RegistrationNtNtNtCsbZfwWpAStWS_4core3ops4drop4Drop4drop",
        "<kernel::net::phy::Registration as core::ops::drop::Drop>::drop"
      ),
      // The encoding before RFC 2603, as rustc 1.63 writes it.
      ("_ZN4core3ptr8write_at17h0123456789abcdefE", "core::ptr::write_at"),
      (
        "_ZN57_$LT$mycrate..Device$u20$as$u20$core..ops..drop..Drop$GT$4drop17hfedcba9876543210E.llvm.7",
        "<mycrate::Device as core::ops::drop::Drop>::drop.llvm.7"
      ),
      (
        "_ZN7mycrate4main28_$u7b$$u7b$closure$u7d$$u7d$17h00000000000000ffE",
        "mycrate::main::{{closure}}"
      ),
      // Forms of RFC 2603.
      ("_RNvC6_123foo3bar", "123foo::bar"),
      ("_RNvCs1234_7mycrate3foo", "mycrate::foo"),
      ("_RNCNvCs1234_7mycrate4main0", "mycrate::main::{closure#0}"),
      ("_RNCNvCs1234_7mycrate4mains_0", "mycrate::main::{closure#1}"),
      ("_RINvCs1234_7mycrate3foohE", "mycrate::foo::<u8>"),
      ("_RINvC7mycrate3fooINtB2_3VechEE", "mycrate::foo::<mycrate::Vec<u8>>"),
      ("_RINvC7mycrate3fooRQTahEKj10_E", "mycrate::foo::<&&mut (i8, u8), 16>"),
      ("_RINvC7mycrate3fooAhj4_ShPeE", "mycrate::foo::<[u8; 4], [u8], *const str>"),
      ("_RINvC7mycrate3fooFUKCtEuE", "mycrate::foo::<extern \"C\" fn(u16)>"),
      (
        "_RINvC7mycrate3fooDNtB2_5Tracep4ItemhEL_E", "mycrate::foo::<dyn mycrate::Trace<Item = u8>>"
      ),
      ("_RNvC7mycrate3foo.llvm.123", "mycrate::foo.llvm.123"),
      ("_RNvC7mycrate3fooC5other", "mycrate::foo"),
      ("_RINvC7mycrate3fooKana_Kb1_E", "mycrate::foo::<-10, true>"),
    ])
  func readable(name: String, source: String) { expect(Self.readable(name), is: source) }

  @Test(
    "What is none is left alone",
    arguments: [
      "printk", "_R", "_RNv", "_R0NvC3foo3bar", "_RNvC7my", "_RNvC7mycrate3foo!", "_RB_",
      "_RNvB_3foo",
      "_RNvC99999999999999999999a3foo", "_RNvCs9999999999999999999999_7mycrate3foo",
      "_ZN4core3fmt5WriteE", "_ZN4core3fmt16h0123456789abcdeE", "_ZN99core17h0123456789abcdefE",
      "_ZN4co$a17h0123456789abcdefE", "_ZN6$u1F6$17h0123456789abcdefE", "_ZN17h0123456789abcdefE",
      "_ZN4core3fmt17h0123456789abcdefEx", "_ZN99999999999999999999core17h0123456789abcdefE",
    ])
  func none(name: String) { expect(Self.readable(name), is: nil) }

  @Test("A name that would never end, or grow without end, is none")
  func endless() {
    expect(Self.readable("_RINvC1a1bR" + String(repeating: "R", count: 100_000)), is: nil)
    // Each tuple refers twice to the one before: two to the power of 30.
    var name = "_RINvC1a1bTuuE"
    for _ in 0..<30 {
      let last = name.utf8.count - 2
      name += "TB\(base62(last - 4))B\(base62(last - 4))E"
    }
    expect(Self.readable(name + "E"), is: nil)
  }

  private func base62(_ number: Int) -> String {
    number == 0 ? "_" : String(number - 1, radix: 36) + "_"
  }
}
