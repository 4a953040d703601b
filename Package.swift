// swift-tools-version: 6.2
import PackageDescription

/// Warnings become errors in `.ci/run`, not here: a newer compiler must never break a user's build.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "KoInspect",
  products: [
    .library(name: "ELFKit", targets: ["ELFKit"]),
    .executable(name: "koinspect", targets: ["KoInspect"]),
  ],
  targets: [
    .target(name: "ELFKit", swiftSettings: strict),
    .executableTarget(name: "KoInspect", dependencies: ["ELFKit"], swiftSettings: strict),
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
