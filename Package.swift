// swift-tools-version: 6.2
import PackageDescription

#if canImport(Glibc)
  import Glibc
#endif

/// Warnings become errors in `.ci/run`, not here: a newer compiler must never break a user's build.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// How a release build of the program is linked. Most of a run on one small module is spent before
/// `main`; `readelf -h` took 2.5 ms as the toolchain links, of which 0.4 ms went into binding the
/// shared C++ library symbol by symbol, 0.1 ms into loading that of the compiler, and 0.3 ms into
/// moving 18,587 addresses to where a position-independent program happens to lie. Stack, heap and
/// libraries still lie at random places. The first needs an archive that not every system has.
var linking = ["-Xclang-linker", "-no-pie", "-Xclang-linker", "-static-libgcc"]
#if canImport(Glibc)
  var archives = glob_t()
  if glob("/usr/lib/gcc/*/*/libstdc++.a", 0, nil, &archives) == 0 {
    linking += ["-L", "\(Context.packageDirectory)/Scripts/link"]
  }
#endif

/// How the program is linked in every configuration: nothing that lies beside it is loaded.
let guarding = ["-Xclang-linker", "-B\(Context.packageDirectory)/Scripts/link/linkers"]

let package = Package(
  name: "KoInspect",
  products: [
    .library(name: "ELFKit", targets: ["ELFKit"]),
    .executable(name: "koinspect", targets: ["KoInspect"]),
  ],
  targets: [
    .target(name: "ELFKit", swiftSettings: strict),
    .executableTarget(
      name: "KoInspect", dependencies: ["ELFKit"], swiftSettings: strict,
      linkerSettings: [
        .unsafeFlags(guarding, .when(platforms: [.linux])),
        .unsafeFlags(linking, .when(platforms: [.linux], configuration: .release)),
      ]),
    .target(
      name: "TestSupport", dependencies: ["ELFKit"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "ELFKitTests", dependencies: ["ELFKit", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "KoInspectTests", dependencies: ["KoInspect", "ELFKit", "TestSupport"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
