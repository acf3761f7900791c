public import ArgumentParser
import Torch
import TruceRun
public import TruceShell

/// `truce-engine doctor`: what the engine is and what it can use, for `truce doctor` to show.
public struct DoctorCommand: ParsableCommand {
  /// The command's help.
  public static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Report libtorch, its devices and its threads as JSON.",
    shouldDisplay: false)

  @Option(help: "How to write it: json.")
  var format = "json"

  /// Creates the command.
  public init() {}

  /// Prints one JSON object.
  public func run() throws {
    print(try Output.json(EngineReport.ofThisProcess))
  }
}

extension EngineReport {
  /// What the engine in this process is and what it can use.
  public static var ofThisProcess: EngineReport {
    EngineReport(
      libtorchVersion: Torch.Engine.version, libtorchPath: Torch.Engine.libraryFolder, blas: blas,
      devices: devices, threads: threads, interopThreads: interopThreads,
      cudaAvailable: Torch.Device.cudaCount > 0, mode: mode,
      openMPWaiting: StartVariables.waiting.description(),
      heap: StartVariables.heap.description())
  }

  /// The threads that a run uses which is told no number.
  private static var threads: Int {
    let chosen = Torch.Engine.threadCount
    return ProcessorShare.threads(insteadOf: chosen) ?? chosen
  }

  private static var devices: [EngineReport.Device] {
    let cpu = EngineReport.Device(name: "cpu", description: "CPU with \(Torch.Engine.cpuCapability)")
    let cards = (0..<Torch.Device.cudaCount).map { index in
      EngineReport.Device(name: "cuda:\(index)", description: "CUDA device \(index)")
    }
    let metal = Torch.Device.mps.isAvailable ? [EngineReport.Device(name: "mps", description: "Metal")] : []
    return [cpu] + cards + metal
  }

  /// The library behind matrix products, read from libtorch's build configuration.
  private static var blas: String {
    let text = Torch.Engine.configuration
    let name = text.split(separator: "BLAS_INFO=").dropFirst().first?.prefix { $0 != "," }
    return name.map { $0.uppercased() } ?? "unknown"
  }

  /// The threads between operators, read from libtorch's own report.
  private static var interopThreads: Int {
    let line = Torch.Engine.parallelism.split(separator: "\n").first { $0.contains("interop") }
    return line?.split(separator: " ").compactMap { Int($0) }.last ?? 1
  }

  private static var mode: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }
}
