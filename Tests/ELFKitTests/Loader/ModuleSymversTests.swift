import ELFKit
import TestSupport
import Testing

@Suite("Module.symvers")
struct ModuleSymversTests {
  @Test("Each line is a symbol; the first of repeats counts; old files have no namespaces")
  func lines() throws {
    let text = """
      0x1f3dbdb9\t_printk\tvmlinux\tEXPORT_SYMBOL\t
      0x00000000\tdma_buf_fd\tdrivers/dma-buf/dma-buf\tEXPORT_SYMBOL_GPL\tDMA_BUF

      0x12345678\told\tvmlinux\tEXPORT_SYMBOL_GPL
      0x87654321\told\tvmlinux\tEXPORT_SYMBOL\t
      """
    let symvers = try ModuleSymvers(ByteSlice(Array(text.utf8)))
    var providers = SymbolProviders()
    providers.add(symvers)
    expect(symvers.symbols.count, is: 4)
    let printk = try #require(providers["_printk"])
    expect(printk.crc, is: 0x1f3d_bdb9)
    expect(printk.provider.text, is: "vmlinux")
    expect(!printk.isGPLOnly)
    expect(printk.namespace.isEmpty)
    let dma = try #require(providers["dma_buf_fd"])
    expect(dma.isGPLOnly)
    expect(dma.namespace.text, is: "DMA_BUF")
    expect(providers["old"]?.crc, is: 0x1234_5678)
    expect(providers["absent"] == nil)
  }

  @Test(
    "What is not modpost's is refused, at its offset",
    arguments: [
      ("CONFIG_MODULES=y\n", 0), ("0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\n0x2\tb\n", 29),
      ("0x1ffffffff\ta\tvmlinux\tEXPORT_SYMBOL\t\n", 0),
      ("0x1\ta\tvmlinux\tEXPORT_SYMBOL\t\tmore\n", 0),
    ] as [(String, UInt64)])
  func malformed(text: String, offset: UInt64) throws {
    let error = try #require(throws: ELFError.self) {
      try ModuleSymvers(ByteSlice(Array(text.utf8)))
    }
    expect(error.offset, is: offset)
  }
}
