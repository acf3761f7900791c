import CTorch
import Foundation

/// How much memory the process, or a device's allocator, holds, in bytes.
public struct MemoryUsage: Hashable, Sendable, Codable {
  /// What is in use now.
  public let current: Int
  /// The most that was in use at one time.
  public let peak: Int

  /// The memory of this process that is in the host's main memory, or nil where the system does not tell.
  public static var process: MemoryUsage? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let current = kilobytes("VmRSS", in: status), let peak = kilobytes("VmHWM", in: status)
    else { return nil }
    return MemoryUsage(current: current * 1024, peak: peak * 1024)
  }

  /// What libtorch's allocator has handed out on a CUDA device, or nil for a device without one.
  public static func allocated(on device: Device) -> MemoryUsage? {
    memory(of: device).map { MemoryUsage(current: Int($0.allocated), peak: Int($0.peak_allocated)) }
  }

  /// What libtorch's allocator has taken from a CUDA device, or nil for a device without one.
  public static func reserved(on device: Device) -> MemoryUsage? {
    memory(of: device).map { MemoryUsage(current: Int($0.reserved), peak: Int($0.peak_reserved)) }
  }

  /// Starts the peaks of a CUDA device's allocator over from what is in use now.
  ///
  /// - Throws: ``TorchError`` for a device without an allocator of its own.
  public static func resetPeak(on device: Device) throws(TorchError) {
    try check(ct_reset_peak_memory(device.code), "resetPeak", on: [])
  }

  /// The bytes that a device has in all, in use or not: of the host what this process may take; nil where it is not known.
  public static func total(on device: Device) -> Int? {
    guard device != .cpu else { return totalOfHost }
    var bytes: Int64 = 0
    guard device.isAvailable, ct_total_memory(device.code, &bytes) == CT_OK else { return nil }
    return Int(bytes)
  }

  /// The machine's memory, or less where a limit on this process's group is lower.
  private static var totalOfHost: Int {
    let group =
      text("/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3) ?? ""
    let limits = ["\(group)/memory.max", "/memory.max", "/memory/memory.limit_in_bytes"].compactMap {
      text("/sys/fs/cgroup\($0)").flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
    return limits.reduce(Int(clamping: ProcessInfo.processInfo.physicalMemory), min)
  }

  private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

  private static func memory(of device: Device) -> ct_memory? {
    var memory = ct_memory()
    guard device != .cpu, device.isAvailable else { return nil }
    return ct_device_memory(device.code, &memory) == CT_OK ? memory : nil
  }

  /// The number in a line such as `VmRSS:    1234 kB`.
  private static func kilobytes(_ key: String, in status: String) -> Int? {
    let line = status.split(separator: "\n").first { $0.hasPrefix(key + ":") }
    return line?.split(separator: " ").compactMap { Int($0) }.first
  }
}
