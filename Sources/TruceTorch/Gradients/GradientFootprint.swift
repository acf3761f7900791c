import Torch
public import Truce

/// What the task gradients of a network take, beside what there is.
public struct GradientFootprint: Equatable, Sendable {
  /// The number of tasks, K.
  public let taskCount: Int
  /// The number of shared coordinates, P.
  public let coordinateCount: Int
  /// The bytes of the K rows.
  public let bytes: Int
  /// The bytes that the parameters' device has in all; nil where it does not say.
  public let deviceBytes: Int?
  /// The number of processes that share them.
  public let processes: Int

  /// The rows may take one part in so many of a process's share of the memory.
  private static let share = 4

  /// Looks at a network and the device on which its shared parameters are.
  ///
  /// - Parameters:
  ///   - partition: The network's parameters by who uses them.
  ///   - memory: The bytes that there are, and among how many processes they are shared.
  public init(of partition: ParameterPartition, memory: MemoryShare = MemoryShare()) {
    taskCount = partition.taskCount
    coordinateCount = partition.sharedCount
    bytes = partition.taskCount * Self.rowBytes(partition.sharedTensors)
    processes = memory.processes
    deviceBytes =
      memory.bytes ?? partition.sharedTensors.first.flatMap { MemoryUsage.total(on: $0.device) }
  }

  /// What a step does that is asked for `memory`: rows or stream.
  public func resolved(_ memory: GradientMemory) -> GradientMemory {
    guard memory == .auto else { return memory }
    return deviceBytes.map { bytes > $0 / (Self.share * processes) } ?? false ? .stream : .rows
  }

  /// The bytes of a row: the numbers of narrow parameters have single precision there.
  private static func rowBytes(_ parameters: [Tensor]) -> Int {
    parameters.reduce(0) { $0 + $1.count * max($1.dtype.byteCount, DType.float32.byteCount) }
  }
}
