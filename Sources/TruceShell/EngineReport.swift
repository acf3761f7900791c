/// What `truce-engine doctor --format json` tells about the engine: the contract between the two programs.
///
/// Keys are in snake case.
public struct EngineReport: Codable, Equatable, Sendable {
  /// The version of libtorch, such as `2.13.0`.
  public let libtorchVersion: String
  /// The folder from which libtorch was loaded.
  public let libtorchPath: String
  /// The library behind matrix products, such as `MKL` or `OpenBLAS`.
  public let blas: String
  /// The devices tensors can live on, the CPU first.
  public let devices: [Device]
  /// The number of threads inside one operator.
  public let threads: Int
  /// The number of threads between operators.
  public let interopThreads: Int
  /// Whether a CUDA device can be used.
  public let cudaAvailable: Bool
  /// How the engine was built: `debug` or `release`.
  public let mode: String
  /// How its threads wait for work, such as `GOMP_SPINCOUNT=10000`; nil where nothing says so.
  public let openMPWaiting: String?
  /// How much freed memory the process keeps, in the variables of its allocator; nil where nothing says so.
  public let heap: String?

  /// A device.
  public struct Device: Codable, Equatable, Sendable {
    /// The name used on the command line, such as `cuda:0`.
    public let name: String
    /// What it is, such as the card's product name.
    public let description: String
    /// Its memory in bytes, where known.
    public let memory: Int?

    /// Creates a device.
    public init(name: String, description: String, memory: Int? = nil) {
      self.name = name
      self.description = description
      self.memory = memory
    }
  }

  /// Creates a report.
  public init(
    libtorchVersion: String, libtorchPath: String, blas: String, devices: [Device], threads: Int,
    interopThreads: Int, cudaAvailable: Bool, mode: String, openMPWaiting: String? = nil,
    heap: String? = nil
  ) {
    self.libtorchVersion = libtorchVersion
    self.libtorchPath = libtorchPath
    self.blas = blas
    self.devices = devices
    self.threads = threads
    self.interopThreads = interopThreads
    self.cudaAvailable = cudaAvailable
    self.mode = mode
    self.openMPWaiting = openMPWaiting
    self.heap = heap
  }

  enum CodingKeys: String, CodingKey {
    case libtorchVersion = "libtorch_version"
    case libtorchPath = "libtorch_path"
    case blas, devices, threads
    case interopThreads = "interop_threads"
    case cudaAvailable = "cuda_available"
    case mode
    case openMPWaiting = "openmp_waiting"
    case heap
  }
}
