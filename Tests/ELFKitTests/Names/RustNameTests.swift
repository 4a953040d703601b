import TestSupport
import Testing

@testable import ELFKit

@Suite("Names of Rust")
struct RustNameTests {
  private func demangled(_ name: String) -> String? {
    RustName.demangled(ByteSlice(Array(name.utf8))).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Names of Debian's modules of 7.2 and of rustc 1.95, with what c++filt (2.40) makes of them without its
  /// hashes and types of constants.
  private static let names: [(mangled: String, written: String)] = [
    (
      "_RINvCsjMaewn57Afh_1t2g2INtNtCsgEmfK2I1SDS_4core6option6OptionINtNtCslNYArtu3iFV_5alloc5boxed3BoxDNtNtNtNtBq_4iter6traits8iterator8Iteratorp4ItemmNtNtBq_6marker4SendEL_EEEB2_",
      "t::g2::<core::option::Option<alloc::boxed::Box<dyn core::iter::traits::iterator::Iterator<Item = u32> + core::marker::Send>>>"
    ),
    (
      "_RINvCsjMaewn57Afh_1t2g2ThcAnj3_Auj0_EEB2_",
      "t::g2::<(u8, char, [i128; 3], [(); 0])>"
    ),
    (
      "_RINvMNtCsgEmfK2I1SDS_4core6optionINtB3_6OptionReE11map_or_elseNtNtCslNYArtu3iFV_5alloc6string6StringNCNvNtB12_3fmt6format0NvYeNtNtB12_6borrow7ToOwned8to_ownedECsjMaewn57Afh_1t",
      "<core::option::Option<&str>>::map_or_else::<alloc::string::String, alloc::fmt::format::{closure#0}, <str as alloc::borrow::ToOwned>::to_owned>"
    ),
    (
      "_RINvMNtNtCsgEmfK2I1SDS_4core3fmt2rtNtB3_8Argument11new_displayjECsjMaewn57Afh_1t",
      "<core::fmt::rt::Argument>::new_display::<usize>"
    ),
    (
      "_RINvNtCsgEmfK2I1SDS_4core3ptr13drop_in_placeINtNtB4_6option6OptionINtNtCslNYArtu3iFV_5alloc5boxed3BoxDNtNtNtNtB4_4iter6traits8iterator8Iteratorp4ItemmNtNtB4_6marker4SendEL_EEECsjMaewn57Afh_1t",
      "core::ptr::drop_in_place::<core::option::Option<alloc::boxed::Box<dyn core::iter::traits::iterator::Iterator<Item = u32> + core::marker::Send>>>"
    ),
    (
      "_RINvNtCsgEmfK2I1SDS_4core3ptr13drop_in_placeINtNtCslNYArtu3iFV_5alloc3vec3VechEECsjMaewn57Afh_1t",
      "core::ptr::drop_in_place::<alloc::vec::Vec<u8>>"
    ),
    (
      "_RINvNtCsgEmfK2I1SDS_4core3ptr13drop_in_placeNtNtCslNYArtu3iFV_5alloc6string6StringECsjMaewn57Afh_1t",
      "core::ptr::drop_in_place::<alloc::string::String>"
    ),
    (
      "_RNCNvCsjMaewn57Afh_1t4main0B3_",
      "t::main::{closure#0}"
    ),
    (
      "_RNSNvYNCINvNtCsjrHSEGnQ3l9_3std2rt10lang_startuE0INtNtNtCsgEmfK2I1SDS_4core3ops8function6FnOnceuE9call_once6vtableCsjMaewn57Afh_1t",
      "<std::rt::lang_start<()>::{closure#0} as core::ops::function::FnOnce<()>>::call_once::{shim:vtable#0}"
    ),
    (
      "_RNvCsfLfy6EI15iL_7___rustc35___rust_no_alloc_shim_is_unstable_v2",
      "__rustc::__rust_no_alloc_shim_is_unstable_v2"
    ),
    (
      "_RNvMNtNtCsdJ13ReMSUMg_6kernel3net3phyNtB2_6Device14genphy_suspend",
      "<kernel::net::phy::Device>::genphy_suspend"
    ),
    (
      "_RNvMs5_NtNtCsbZfwWpAStWS_4core3fmt8buildersNtB5_9DebugList6finish",
      "<core::fmt::builders::DebugList>::finish"
    ),
    (
      "_RNvNtCsbZfwWpAStWS_4core9panicking26panic_nounwind_nobacktrace",
      "core::panicking::panic_nounwind_nobacktrace"
    ),
    (
      "_RNvNtCsgEmfK2I1SDS_4core9panicking19panic_cannot_unwind",
      "core::panicking::panic_cannot_unwind"
    ),
    (
      "_RNvNtCsgEmfK2I1SDS_4core9panicking9panic_fmt",
      "core::panicking::panic_fmt"
    ),
    (
      "_RNvNtNtCs1lago9ikuyD_6qt202513___module_init13___module_init16___IS_RUST_MODULE",
      "qt2025::__module_init::__module_init::__IS_RUST_MODULE"
    ),
    (
      "_RNvNtNtNtCsbZfwWpAStWS_4core7unicode12unicode_data9uppercase17BITSET_CHUNKS_MAP",
      "core::unicode::unicode_data::uppercase::BITSET_CHUNKS_MAP"
    ),
    (
      "_RNvNvMs1_NtNtCsgEmfK2I1SDS_4core3ptr8non_nullINtB7_7NonNullpE13new_unchecked18precondition_checkCsjMaewn57Afh_1t",
      "<core::ptr::non_null::NonNull<_>>::new_unchecked::precondition_check"
    ),
    (
      "_RNvNvNtNtCsgEmfK2I1SDS_4core5slice3raw14from_raw_parts18precondition_checkCsjMaewn57Afh_1t",
      "core::slice::raw::from_raw_parts::precondition_check"
    ),
    (
      "_RNvXs12_NtNtCsbZfwWpAStWS_4core3num11niche_typesNtB6_14NonZeroI8InnerNtNtBa_3fmt5Debug3fmt",
      "<core::num::niche_types::NonZeroI8Inner as core::fmt::Debug>::fmt"
    ),
    (
      "_RNvXs1_NtCslNYArtu3iFV_5alloc7raw_vecINtB5_6RawVechENtNtNtCsgEmfK2I1SDS_4core3ops4drop4Drop4dropCsduwmD7cSIQq_5gimli",
      "<alloc::raw_vec::RawVec<u8> as core::ops::drop::Drop>::drop"
    ),
    (
      "_RNvXs1_NtNtCsbZfwWpAStWS_4core4char6decodeNtB5_16DecodeUtf16ErrorNtNtB9_3fmt7Display3fmt",
      "<core::char::decode::DecodeUtf16Error as core::fmt::Display>::fmt"
    ),
    (
      "_RNvXs1b_NtNtCsbZfwWpAStWS_4core4sync6atomicINtB6_6AtomicyENtNtBa_3fmt5Debug3fmt",
      "<core::sync::atomic::Atomic<u64> as core::fmt::Debug>::fmt"
    ),
    (
      "_RNvXs1d_NtNtCsbZfwWpAStWS_4core3net7ip_addrNtB6_8Ipv4AddrINtNtNtBa_3ops3bit11BitOrAssignRBF_E12bitor_assign",
      "<core::net::ip_addr::Ipv4Addr as core::ops::bit::BitOrAssign<&core::net::ip_addr::Ipv4Addr>>::bitor_assign"
    ),
    (
      "_RNvXs1p_NtNtCsbZfwWpAStWS_4core3net7ip_addrNtB6_8Ipv6AddrINtNtNtBa_3ops3bit11BitOrAssignRBF_E12bitor_assign",
      "<core::net::ip_addr::Ipv6Addr as core::ops::bit::BitOrAssign<&core::net::ip_addr::Ipv6Addr>>::bitor_assign"
    ),
    (
      "_RNvXs2_NtCsjMaewn57Afh_1t1aINtB5_1CKc78_Kb1_Kan3_ENtB5_2Tr2goB7_",
      "<t::a::C<'x', true, -3> as t::a::Tr>::go"
    ),
    (
      "_RNvXs4_NtNtNtCsdJ13ReMSUMg_6kernel3net3phy3regNtB5_3C45NtB5_8Register11read_status",
      "<kernel::net::phy::reg::C45 as kernel::net::phy::reg::Register>::read_status"
    ),
    (
      "_RNvXsd_NtCsgEmfK2I1SDS_4core5arrayAhj1_INtNtNtB7_3ops5index5IndexNtNtBG_5range9RangeFullE5indexCsjMaewn57Afh_1t",
      "<[u8; 1] as core::ops::index::Index<core::ops::range::RangeFull>>::index"
    ),
    (
      "_RNvXse_NtNtCsgEmfK2I1SDS_4core3fmt3numhNtB7_8LowerHex3fmt",
      "<u8 as core::fmt::LowerHex>::fmt"
    ),
    (
      "_RNvXsm_NtNtCsbZfwWpAStWS_4core3fmt3numtNtB7_8LowerHex3fmt",
      "<u16 as core::fmt::LowerHex>::fmt"
    ),
    (
      "_RNvXsq_NtCslNYArtu3iFV_5alloc6stringNtB5_6StringNtNtCsgEmfK2I1SDS_4core3fmt7Display3fmtCsjMaewn57Afh_1t",
      "<alloc::string::String as core::fmt::Display>::fmt"
    ),
    (
      "_RNvXst_NtNtCsbZfwWpAStWS_4core3fmt3numlNtB7_5Octal3fmt",
      "<i32 as core::fmt::Octal>::fmt"
    ),
    (
      "_RNvXsv_NtNtCsbZfwWpAStWS_4core3fmt3numlNtB7_8LowerHex3fmt",
      "<i32 as core::fmt::LowerHex>::fmt"
    ),
    (
      "_RNvYNCINvNtCsjrHSEGnQ3l9_3std2rt10lang_startuE0INtNtNtCsgEmfK2I1SDS_4core3ops8function6FnOnceuE9call_onceCsjMaewn57Afh_1t",
      "<std::rt::lang_start<()>::{closure#0} as core::ops::function::FnOnce<()>>::call_once"
    ),
    (
      "_RNvYNCNvCsjMaewn57Afh_1t4mains0_0INtNtNtCsgEmfK2I1SDS_4core3ops8function6FnOnceTRhEE9call_onceB6_",
      "<t::main::{closure#2} as core::ops::function::FnOnce<(&u8,)>>::call_once"
    ),
    (
      "_RNvYNvYeNtNtCslNYArtu3iFV_5alloc6borrow7ToOwned8to_ownedINtNtNtCsgEmfK2I1SDS_4core3ops8function6FnOnceTReEE9call_onceCsjMaewn57Afh_1t",
      "<<str as alloc::borrow::ToOwned>::to_owned as core::ops::function::FnOnce<(&str,)>>::call_once"
    ),
    (
      "_ZN1t4main28_$u7b$$u7b$closure$u7d$$u7d$17hf0052a73cd52d4b2E",
      "t::main::{{closure}}"
    ),
    (
      "_ZN4core3mem11size_of_val17h91f2f7645c3fdf4cE",
      "core::mem::size_of_val"
    ),
    (
      "_ZN4core3mem11size_of_val17h9d26189cbfe15084E",
      "core::mem::size_of_val"
    ),
    (
      "_ZN4core3ops8function6FnOnce9call_once17h0cc6d7a66fbfc789E",
      "core::ops::function::FnOnce::call_once"
    ),
    (
      "_ZN4core3ops8function6FnOnce9call_once17h32ad660e15c0e4a3E",
      "core::ops::function::FnOnce::call_once"
    ),
    (
      "_ZN4core3ptr117drop_in_place$LT$dyn$u20$core..iter..traits..iterator..Iterator$u2b$Item$u20$$u3d$$u20$u32$u2b$core..marker..Send$GT$17h01ef9ff1a8c728c4E",
      "core::ptr::drop_in_place<dyn core::iter::traits::iterator::Iterator+Item = u32+core::marker::Send>"
    ),
    (
      "_ZN4core5array85_$LT$impl$u20$core..ops..index..Index$LT$I$GT$$u20$for$u20$$u5b$T$u3b$$u20$N$u5d$$GT$5index17h8b2185134ec1096aE",
      "core::array::<impl core::ops::index::Index<I> for [T; N]>::index"
    ),
    (
      "_ZN4core9ub_checks23maybe_is_nonoverlapping7runtime17hf188b784e8c25e3eE",
      "core::ub_checks::maybe_is_nonoverlapping::runtime"
    ),
    (
      "_ZN87_$LT$T$u20$as$u20$alloc..slice..$LT$impl$u20$$u5b$T$u5d$$GT$..to_vec_in..ConvertVec$GT$6to_vec17hc5db51e559d37447E",
      "<T as alloc::slice::<impl [T]>::to_vec_in::ConvertVec>::to_vec"
    ),
    (
      "_ZN97_$LT$core..ops..range..RangeFull$u20$as$u20$core..slice..index..SliceIndex$LT$$u5b$T$u5d$$GT$$GT$5index17hf165aa5085e6f8d5E",
      "<core::ops::range::RangeFull as core::slice::index::SliceIndex<[T]>>::index"
    ),
  ]

  @Test("They are read as they stand in the source")
  func written() {
    for (mangled, written) in Self.names { #expect(demangled(mangled) == written) }
  }

  @Test("What is behind a point is kept, but for LLVM's own mark")
  func suffixes() {
    #expect(demangled("_RNvC1a1b.cold") == "a::b.cold")
    #expect(demangled("_RNvC1a1b.llvm.123") == "a::b")
    #expect(demangled("_ZN1a1b17h0123456789abcdefE.cold") == "a::b.cold")
  }

  @Test("Other names are none of Rust's")
  func others() {
    for name in [
      "", "_R", "_Z", "_ZN", "_ZN3fooE", "printk", "_ZN3foo3barEv", "_ZN1a17h0123456789abcdeE",
      "_RNvC1a",
      "_RNvC9a1b", "_R1NvC1a1b", "_RNvB_1b", "_RB_", "_RNvC1a1bX", "_ZN99999999999999999999a17h0E",
      "_RIC1aKcffffffff_E", "_RMC1a",
    ] {
      #expect(demangled(name) == nil, "\(name)")
    }
  }

  @Test("References cannot make a name grow without end")
  func growth() {
    // Each tuple has the one before twice.
    var name = "_RIC1aTmmE"
    var last = 4
    for _ in 0..<40 {
      let start = name.utf8.count - 2
      let back = "B" + (last == 0 ? "_" : base62(last - 1) + "_")
      name += "T" + back + back + "E"
      last = start
    }
    #expect(demangled(name + "E") == nil)
    #expect(demangled("_R" + String(repeating: "I", count: 3000)) == nil)
    #expect(demangled("_RIC1a" + String(repeating: "S", count: 3000) + "hE") == nil)
    #expect(demangled(String(repeating: "_R", count: 3000)) == nil)
  }

  private func base62(_ value: Int) -> String {
    let digits = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return value < 62 ? "\(digits[value])" : base62(value / 62) + "\(digits[value % 62])"
  }

  @Test("Damaged names trap nothing")
  func damaged() {
    var random = SeededGenerator(62)
    for (mangled, _) in Self.names {
      for _ in 0..<200 {
        var bytes = Array(mangled.utf8)
        for _ in 0..<2 {
          let letters = Array("BECNMXYIRQLKTSFDpshu_0179aAzZ".utf8)
          bytes[2 + Int(random.next() % UInt64(bytes.count - 2))] =
            letters[Int(random.next() % UInt64(letters.count))]
        }
        #expect((RustName.demangled(ByteSlice(bytes))?.count ?? 0) <= 2 * RustName.longest)
      }
    }
  }
}
