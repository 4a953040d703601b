// swift-tools-version: 6.2
import PackageDescription

/// Warnings become errors in `.ci/run`, not here: a newer compiler must never break a user's build.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// How the program is linked. Its target alone has flags that SwiftPM calls unsafe: a package that depends
/// on the library ELFKit meets none, and may do so.
///
/// The folder holds the linkers that are called: nothing that lies beside the program is loaded. What is
/// bound at once cannot be bound to something else later. Scripts/release makes the binary that is handed out.
let linking = [
  "-Xclang-linker", "-B\(Context.packageDirectory)/Scripts/link/linkers",
  "-Xclang-linker", "-static-libgcc", "-Xlinker", "-z", "-Xlinker", "now",
]

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
      linkerSettings: [.unsafeFlags(linking, .when(platforms: [.linux]))]),
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
