// swift-tools-version: 6.1
import Foundation
import PackageDescription

// MARK: Engine

// The rooms that compute with tensors join the package only where `Scripts/setup` has put a libtorch,
// so that the mathematics, the study and the report build and test on any machine.
let libtorch = Context.packageDirectory + "/.libtorch"
let hasEngine = FileManager.default.fileExists(atPath: libtorch + "/libtorch.pc")

/// `make` sets `TRUCE_STRICT`; a package that depends on Truce does not, and so meets no unsafe flag.
let isStrict = Context.environment["TRUCE_STRICT"] == "1"

// MARK: Products

var products: [Product] = [
  .library(name: "TruceOptions", targets: ["TruceOptions"]),
  .library(name: "TruceFiles", targets: ["TruceFiles"]),
  .library(name: "Truce", targets: ["Truce"]),
  .library(name: "TruceToy", targets: ["TruceToy"]),
  .library(name: "TruceRun", targets: ["TruceRun"]),
  .library(name: "TruceStudy", targets: ["TruceStudy"]),
  .library(name: "TruceReport", targets: ["TruceReport"]),
  .library(name: "TruceEnvironments", targets: ["TruceEnvironments"]),
  .executable(name: "truce", targets: ["TruceCommand"]),
  .executable(name: "truce-serve", targets: ["TruceServeCommand"]),
]

// MARK: Dependencies

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let server: [Target.Dependency] = [
  lifecycle,
  .product(name: "Hummingbird", package: "hummingbird"),
  .product(name: "HTTPTypes", package: "swift-http-types"),
  .product(name: "Logging", package: "swift-log"),
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]

var dependencies: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  .package(url: "https://github.com/apple/swift-numerics", from: "1.0.3"),
  .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.5.0"),
  .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
  .package(url: "https://github.com/apple/swift-log", from: "1.5.0"),
  .package(url: "https://github.com/apple/swift-nio", from: "2.63.0"),
  .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
]

// MARK: Rooms without an engine

// The kernels are worth nothing without optimisation, which a debug build of this package keeps for them. Elsewhere, where no
// unsafe flag may appear, a debug build leaves their work to libtorch.
let kernelSettings: [CSetting] =
  isStrict ? [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])] : []

var targets: [Target] = [
  .target(name: "CTruceKernels", cSettings: kernelSettings),
  .target(name: "TruceOptions"),
  .target(name: "Truce", dependencies: ["TruceOptions", realModule]),
  .target(name: "TruceToy", dependencies: ["Truce", realModule]),
  .target(name: "TruceFiles"),
  .target(name: "TruceRun", dependencies: ["TruceOptions", "Truce", "TruceFiles", yams]),
  .target(
    name: "TruceEnvironments", dependencies: ["TruceOptions", "Truce", "TruceRun", realModule],
    resources: [.embedInCode("Resources")]),
  .systemLibrary(
    name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
  .target(
    name: "TruceStudy",
    dependencies: ["TruceOptions", "Truce", "TruceToy", "TruceFiles", "TruceRun", realModule, "CSQLite"]),
  .target(
    name: "TruceReport", dependencies: ["Truce", "TruceToy", "TruceFiles", "TruceRun", "TruceStudy"],
    resources: [.embedInCode("Resources")]),
  .target(name: "TruceServe", dependencies: ["TruceRun", "TruceStudy", "TruceReport"] + server),
  .target(
    name: "TruceServeCLI",
    dependencies: ["TruceShell", "TruceRun", "TruceStudy", "TruceReport", "TruceServe", argumentParser]),
  .executableTarget(name: "TruceServeCommand", dependencies: ["TruceServeCLI", "TruceShell"]),
  .target(
    name: "TruceShell",
    dependencies: ["TruceOptions", "Truce", "TruceRun", realModule, argumentParser]),
  .target(
    name: "TruceCLI",
    dependencies: [
      "TruceShell",
      "TruceOptions", "Truce", "TruceToy", "TruceFiles", "TruceRun", "TruceEnvironments", "TruceStudy",
      "TruceReport", realModule, argumentParser,
    ]),
  .executableTarget(name: "TruceCommand", dependencies: ["TruceCLI", "TruceShell"]),
]

// MARK: Tests without an engine

targets += [
  .target(name: "TruceTestSupport", dependencies: ["Truce"], path: "Tests/TruceTestSupport"),
  .testTarget(
    name: "TruceTests", dependencies: ["Truce", "TruceTestSupport", realModule],
    resources: [.copy("ReferenceValues")]),
  .testTarget(name: "TruceKernelsTests", dependencies: ["CTruceKernels"]),
  .testTarget(name: "TruceToyTests", dependencies: ["Truce", "TruceToy", "TruceTestSupport"]),
  .testTarget(name: "TruceFilesTests", dependencies: ["TruceFiles"]),
  .target(
    name: "TruceRunTestSupport", dependencies: ["Truce", "TruceRun"], path: "Tests/TruceRunTestSupport"),
  .testTarget(
    name: "TruceRunTests",
    dependencies: ["TruceOptions", "Truce", "TruceRun", "TruceRunTestSupport", "TruceTestSupport"]),
  .testTarget(
    name: "TruceEnvironmentsTests",
    dependencies: ["TruceOptions", "Truce", "TruceRun", "TruceEnvironments", "TruceTestSupport"]),
  .testTarget(
    name: "TruceStudyTests",
    dependencies: [
      "TruceOptions", "Truce", "TruceFiles", "TruceStudy", "TruceRun", "TruceRunTestSupport",
      "TruceTestSupport",
    ],
    resources: [.copy("Analyses/ReferenceValues")]),
  .testTarget(
    name: "TruceReportTests",
    dependencies: [
      "Truce", "TruceReport", "TruceStudy", "TruceRun", "TruceRunTestSupport", "TruceTestSupport",
      "TruceBrowserTestSupport",
    ]),
  .target(name: "TruceBrowserTestSupport", path: "Tests/TruceBrowserTestSupport"),
  .testTarget(
    name: "TruceServeTests",
    dependencies: [
      "TruceServe", "TruceServeCommand", "TruceReport", "TruceStudy", "TruceRun", "TruceCommand",
      "TruceBrowserTestSupport", "TruceTestSupport", lifecycle,
    ]),
  .testTarget(
    name: "TruceCLITests",
    dependencies: [
      "TruceOptions", "Truce", "TruceShell", "TruceRun", "TruceStudy", "TruceCLI", "TruceCommand",
      "TruceTestSupport",
    ]),
]

// MARK: Rooms with an engine

if hasEngine {
  // An executable must find libtorch when it runs. Unsafe flags are confined to executables and
  // tests, which no other package can depend on.
  let findsLibtorch: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", libtorch + "/lib"])
  ]
  products += [
    .library(name: "Torch", targets: ["Torch"]),
    .library(name: "TorchNN", targets: ["TorchNN"]),
    .library(name: "TruceTorch", targets: ["TruceTorch"]),
    .library(name: "TruceData", targets: ["TruceData"]),
    .library(name: "TruceModels", targets: ["TruceModels"]),
    .library(name: "TruceTasks", targets: ["TruceTasks"]),
    .library(name: "TruceProblems", targets: ["TruceProblems"]),
    .library(name: "TruceTraining", targets: ["TruceTraining"]),
    .library(name: "TruceAgents", targets: ["TruceAgents"]),
    .library(name: "TruceEngine", targets: ["TruceEngine"]),
    .executable(name: "truce-engine", targets: ["TruceEngineCommand"]),
  ]
  targets += [
    .systemLibrary(name: "CLibtorch", pkgConfig: libtorch + "/libtorch.pc"),
    .target(
      name: "CTorch", dependencies: ["CLibtorch", "CTruceKernels"],
      sources: ["unit_programs.cpp", "unit_tensors.cpp"],
      cxxSettings: isStrict ? [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])] : []),
    .target(name: "Torch", dependencies: ["CTorch", "TruceFiles"]),
    .target(name: "TorchNN", dependencies: ["TruceOptions", "Torch"]),
    .target(name: "TruceTorch", dependencies: ["Truce", "Torch", "TorchNN"]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(
      name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg62-turbo-dev"]), .brew(["jpeg-turbo"])]),
    .target(
      name: "CImages", dependencies: ["CPNG", "CJPEG"],
      cSettings: isStrict ? [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])] : []),
    .target(
      name: "TruceData",
      dependencies: ["Truce", "TruceFiles", "TruceRun", "Torch", "CZlib", "CCrypto", "CImages"]),
    .target(name: "TruceModels", dependencies: ["TruceOptions", "Torch", "TorchNN"]),
    .target(
      name: "TruceTasks",
      dependencies: [
        "TruceOptions", "TruceFiles", "Torch", "TorchNN", "TruceData", "TruceModels", "TruceRun",
      ]),
    .target(
      name: "TruceProblems",
      dependencies: [
        "TruceOptions", "Truce", "Torch", "TruceData", "TruceModels", "TruceTasks", "TruceRun",
      ]),
    .target(
      name: "TruceTraining",
      dependencies: [
        "TruceOptions", "Truce", "TruceEnvironments", "Torch", "TorchNN", "TruceTorch", "TruceData",
        "TruceModels", "TruceTasks",
        "TruceRun",
      ]),
    .target(
      name: "TruceAgents",
      dependencies: [
        "TruceOptions", "Truce", "TruceRun", "TruceEnvironments", "Torch", "TorchNN", "TruceTorch",
        "TruceTasks", "TruceTraining", "CZlib",
      ]),
    .target(
      name: "TruceEngineCLI",
      dependencies: [
        "TruceOptions", "Truce", "TruceFiles", "TruceEnvironments", "Torch", "TorchNN", "TruceShell",
        "TruceRun", "TruceTorch",
        "TruceData", "TruceModels", "TruceTasks", "TruceProblems", "TruceTraining", "TruceAgents",
        argumentParser,
      ]),
    .target(
      name: "TruceEngine",
      dependencies: [
        "TruceOptions", "Truce", "TruceEnvironments", "Torch", "TorchNN", "TruceData", "TruceModels",
        "TruceTasks", "TruceRun",
        "TruceShell", "TruceCLI", "TruceTraining", "TruceEngineCLI", argumentParser,
      ]),
    .executableTarget(
      name: "TruceEngineCommand", dependencies: ["TruceEngineCLI", "TruceShell"],
      linkerSettings: findsLibtorch),
    .testTarget(
      name: "TorchTests", dependencies: ["CTorch", "Torch", "TruceTestSupport"],
      linkerSettings: findsLibtorch),
    .target(
      name: "TorchTestSupport", dependencies: ["Torch", "TorchNN"], path: "Tests/TorchTestSupport"),
    .testTarget(
      name: "TorchNNTests", dependencies: ["Torch", "TorchNN", "TorchTestSupport"],
      resources: [.copy("ReferenceValues")], linkerSettings: findsLibtorch),
    .testTarget(
      name: "TruceModelsTests",
      dependencies: ["TruceOptions", "Torch", "TorchNN", "TruceModels", "TorchTestSupport"],
      resources: [.copy("ReferenceValues"), .copy("SavedModules"), .copy("GoldenNetworks")],
      linkerSettings: findsLibtorch),
    .testTarget(
      name: "TruceTorchTests",
      dependencies: [
        "TruceOptions", "Truce", "Torch", "TorchNN", "TruceTorch", "TruceModels", "TruceTestSupport",
      ],
      linkerSettings: findsLibtorch),
    .testTarget(
      name: "TruceDataTests",
      dependencies: [
        "Truce", "TruceData", "TruceFiles", "TruceRun", "Torch", "CZlib", "TruceTestSupport",
      ],
      resources: [.copy("Pictures"), .copy("QM9"), .copy("ReferenceValues")],
      linkerSettings: findsLibtorch),
    .testTarget(
      name: "TruceTasksTests",
      dependencies: [
        "TruceFiles", "Torch", "TorchNN", "TruceData", "TruceModels", "TruceRun", "TruceTasks",
        "TorchTestSupport",
      ],
      resources: [.copy("ReferenceValues")], linkerSettings: findsLibtorch),
    .testTarget(
      name: "TruceTrainingTests",
      dependencies: [
        "TruceOptions", "Truce", "Torch", "TorchNN", "TruceTorch", "TruceData", "TruceModels",
        "TruceRun", "TruceTasks", "TruceProblems", "TruceTraining", "TruceStudy",
      ],
      linkerSettings: findsLibtorch),
    .testTarget(
      name: "TruceAgentsTests",
      dependencies: [
        "TruceOptions", "Truce", "TruceRun", "TruceEnvironments", "Torch", "TorchNN", "TruceTorch",
        "TruceTasks", "TruceTraining", "TruceAgents", "TorchTestSupport",
      ],
      resources: [.copy("ReferenceValues")], linkerSettings: findsLibtorch),
    .testTarget(
      name: "TruceEngineCLITests",
      dependencies: [
        "TruceOptions", "Truce", "TruceEngineCLI", "TruceEngineCommand", "TruceRun", "TruceStudy", "Torch",
        "TruceData",
        "TruceShell",
        "TruceTraining", "TruceTestSupport",
      ],
      linkerSettings: findsLibtorch),
  ]
}

// MARK: A few rooms only

/// `TRUCE_ROOMS=TruceTorchTests swift test` builds the rooms named, with what they use, and no others; `make demo` builds
/// its two programs this way, at once, and without the packages that the server needs.
if let rooms = Context.environment["TRUCE_ROOMS"] {
  var wanted = Set(rooms.split(separator: ",").map(String.init))
  var count = 0
  while wanted.count > count {
    count = wanted.count
    for target in targets where wanted.contains(target.name) {
      wanted.formUnion(
        target.dependencies.compactMap { if case .byNameItem(let name, _) = $0 { name } else { nil } })
    }
  }
  targets.removeAll { !wanted.contains($0.name) }
  products.removeAll { product in
    let program = [
      "truce": "TruceCommand", "truce-serve": "TruceServeCommand", "truce-engine": "TruceEngineCommand",
    ]
    return !wanted.contains(program[product.name] ?? product.name)
  }
  // What no room uses is not even fetched.
  let packages = Set(
    targets.flatMap(\.dependencies).compactMap { dependency in
      if case .productItem(_, let package, _, _) = dependency { package } else { nil }
    })
  dependencies.removeAll { dependency in
    guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
    let name = location.split(separator: "/").last.map(String.init) ?? location
    return !packages.contains(name)
  }
}

// MARK: Settings every target shares

for target in targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ]
  if isStrict { target.swiftSettings?.append(.unsafeFlags(["-warnings-as-errors"])) }
}

let package = Package(
  name: "truce",
  platforms: [.macOS(.v14)],
  products: products,
  dependencies: dependencies,
  targets: targets,
  cxxLanguageStandard: .cxx20
)
