// swift-tools-version: 6.1
import PackageDescription

// Where libtorch lies, which the program loads when it runs.
let libtorch = Context.packageDirectory + "/../../.libtorch/lib"

let package = Package(
  name: "OwnProblem",
  platforms: [.macOS(.v14)],
  dependencies: [.package(name: "truce", path: "../..")],
  targets: [
    .executableTarget(
      name: "OwnProblem",
      dependencies: [.product(name: "TruceEngine", package: "truce")],
      linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", libtorch])])
  ]
)
