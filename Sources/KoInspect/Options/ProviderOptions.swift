// The options about who offers symbols: a kernel's list of them, a tree of its modules.

import ELFKit

/// A command's names for these options.
protocol ProviderOptionName: InputOptionName {
  static var symvers: Self { get }
  static var modules: Self { get }
}

/// Their rows in the command's table.
extension Option where Name: ProviderOptionName {
  static var symvers: Self {
    Self(
      .symvers, nil, "symvers", argument: .required("FILE"),
      help: "a Module.symvers: what a kernel and its modules offer")
  }

  static var modules: Self {
    Self(
      .modules, nil, "modules", argument: .required("DIR"),
      help: "a tree of modules, such as /lib/modules/RELEASE: what they offer")
  }
}

extension ParsedArguments where Name: ProviderOptionName {
  /// The symbols that the files and trees named offer, `nil` when none is named; and `failure`
  /// when something among them cannot be read, which has been reported.
  func providers(
    _ command: String, _ console: inout Console
  ) -> (providers: SymbolProviders?, status: ExitStatus) {
    guard has(.symvers) || has(.modules) else { return (nil, .clean) }
    let limits = limits ?? Input.Limits()
    var providers = SymbolProviders()
    var status = ExitStatus.clean
    for path in values(.symvers) {
      do {
        let source = try Input(path, .everything, limits: limits).source
        providers.add(try ModuleSymvers(try source.slice(0, source.size, in: .file)))
      } catch {
        console.report(path, "\(error)")
        status = .failure
      }
    }
    for directory in values(.modules) {
      let operands = Operands([directory], limits: limits, &console)
      status = max(status, operands.status)
      let files = operands.files
      let offers = OrderedWork.run(files.count, &console) { item, console -> Offer? in
        do {
          let input = try files[item].open(.ranges, limits)
          let module = KernelModule(try ELFImage(asLoaded: input.source))
          let exports = try module.exports().map { $0.copied() }
          let license = exports.isEmpty ? nil : try module.info().first("license")
          return Offer(
            exports: exports, isGPLCompatible: license.map(License.isGPLCompatible) ?? false)
        } catch {
          console.report(files[item].path, "\(error)")
          return nil
        }
      }
      for (file, offer) in zip(files, offers) {
        guard let offer else {
          status = .failure
          continue
        }
        let path = Array(file.path.dropFirst(directory.count).drop { $0 == 0x2f })
        let provider = ByteSlice(path.isEmpty ? file.path : path)
        providers.add(offer.exports, of: provider)
        if !offer.isGPLCompatible, !offer.exports.isEmpty { providers.markProprietary(provider) }
      }
    }
    return (providers, status)
  }
}

/// What one module of a tree offers.
private struct Offer: Sendable {
  let exports: [ModuleExport]
  let isGPLCompatible: Bool
}
