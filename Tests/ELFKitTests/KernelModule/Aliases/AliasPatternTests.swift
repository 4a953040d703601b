import ELFKit
import TestSupport
import Testing

/// The cases were tried with kmod 30: a tree of modules with these aliases, `modprobe -R NAME`.
@Suite("Alias patterns")
struct AliasPatternTests {
  private func matches(_ pattern: String, _ name: String) -> Bool {
    AliasPattern(ByteSlice(Array(pattern.utf8))).matches(ByteSlice(Array(name.utf8)))
  }

  @Test(
    "Match",
    arguments: [
      (
        "pci:v00008086d000010B9sv*sd*bc*sc*i*",
        "pci:v00008086d000010B9sv00001734sd0000110Bbc02sc00i00"
      ),
      ("platform:hello", "platform:hello"), ("snd-card-*", "snd-card-0"),
      ("snd_card_0", "snd-card-0"),
      ("*", ""), ("*", "anything"), ("a*b*c", "axxbyybzzc"), ("a?c", "abc"), ("[a-c]x", "bx"),
      ("[!a-c]x", "dx"), ("[]x]y", "]y"), ("usb:v[0-9]p*", "usb:v7pFFFF"), ("a\\*b", "a*b"),
      ("a[", "a["), ("[a-", "[a-"), ("**", "x"),
      ("of:N*T*Cvendor,chipC*", "of:NfooTbarCvendor,chipCother"),
    ])
  func matching(pattern: String, name: String) { expect(matches(pattern, name)) }

  @Test(
    "Do not match",
    arguments: [
      ("pci:v00008086d000010B9sv*sd*bc*sc*i*", "pci:v00008086d000010BAsv0sd0bc0sc0i0"),
      ("platform:hello", "platform:hello2"), ("platform:hello", "platform:hell"), ("", "x"),
      ("a?c", "ac"), ("[a-c]x", "dx"), ("[!a-c]x", "bx"), ("a*b", "ac"), ("[c-a]", "b"),
      ("a\\*b", "axb"), ("[", "x"),
    ])
  func notMatching(pattern: String, name: String) { expect(!matches(pattern, name)) }

  @Test("Many stars and brackets cost no more than the product of the lengths")
  func hostile() {
    let stars = String(repeating: "*a", count: 4_000)
    expect(!matches(stars + "b", String(repeating: "a", count: 4_000)))
    expect(!matches(String(repeating: "[", count: 50_000), "x"))
    expect(!matches(String(repeating: "[[", count: 20_000) + "]", "x"))
  }
}
