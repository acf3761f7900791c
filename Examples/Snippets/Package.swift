// swift-tools-version: 6.1
import PackageDescription

// The code that README and documentation show, compiled and run by `make examples`.

// Where libtorch lies, which the program loads when it runs.
let libtorch = Context.packageDirectory + "/../../.libtorch/lib"

let package = Package(
  name: "Snippets",
  platforms: [.macOS(.v14)],
  dependencies: [.package(name: "truce", path: "../..")],
  targets: [
    .executableTarget(name: "Mathematics", dependencies: [.product(name: "Truce", package: "truce")]),
    .executableTarget(
      name: "Training",
      dependencies: ["Truce", "TruceTorch", "TruceModels", "Torch", "TorchNN", "TruceFiles", "TruceRun"]
        .map { .product(name: $0, package: "truce") },
      linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", libtorch])]),
  ]
)
