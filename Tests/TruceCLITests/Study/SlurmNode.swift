import Foundation

/// A Slurm of one node on the loopback, with everything it keeps in a temporary folder.
final class SlurmNode {
  private let folder: TemporaryFolder
  private var daemons: [(shell: Process, leash: Pipe)] = []

  /// Whether Debian's `slurm-wlm`, or its like, is installed.
  static var isInstalled: Bool { ["slurmctld", "slurmd", "sbatch"].allSatisfy { path(of: $0) != nil } }

  private static func path(of program: String) -> URL? {
    let search = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin"
    return search.split(separator: ":").map { URL(filePath: "\($0)/\(program)") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Starts the daemons and waits until the node takes jobs.
  init() throws {
    folder = try TemporaryFolder()
    for name in ["state", "spool"] {
      try FileManager.default.createDirectory(
        at: folder.location.appending(path: name), withIntermediateDirectories: true)
    }
    _ = try folder.file("slurm.conf", configuration(ports: freePorts(2)))
    try start("slurmctld", ["-D"])
    try start("slurmd", ["-D", "-N", "localhost"])
    do { try wait { try run("sinfo", ["-h", "-o", "%T"]) == "idle" } } catch {
      let logs = ["slurmctld.log", "slurmd.log"].map {
        (try? String(contentsOfFile: folder.path($0), encoding: .utf8)) ?? "no \($0)"
      }
      throw Problem(description: logs.joined(separator: "\n"))
    }
  }

  deinit {
    for daemon in daemons.reversed() {
      try? daemon.leash.fileHandleForWriting.close()
      daemon.shell.waitUntilExit()
    }
  }

  /// What commands need to find this Slurm.
  var environment: [String: String] { ["SLURM_CONF": folder.path("slurm.conf")] }

  /// Waits until a condition holds.
  func wait(for condition: () throws -> Bool) throws {
    for _ in 0..<600 {
      if try condition() { return }
      usleep(50_000)
    }
    throw Problem(description: "Slurm: \(try run("squeue", ["-h"]))")
  }

  /// Waits until no job is waiting or running.
  func waitUntilEmpty() throws {
    try wait { try run("squeue", ["-h"]).isEmpty }
  }

  /// Starts jobs that were queued again after three seconds, where Slurm makes them wait for two minutes.
  ///
  /// Sooner their new permission may carry the second in which the old one was withdrawn, and count as withdrawn.
  func releaseJobs() throws {
    try wait { try run("squeue", ["-h", "-t", "PENDING", "-o", "%i"]) != "" }
    for job in try run("squeue", ["-h", "-r", "-t", "PENDING", "-o", "%i"]).split(separator: "\n") {
      try control("scontrol", "update", "JobId=\(job)", "StartTime=now+3")
    }
  }

  /// Runs one of Slurm's commands.
  func control(_ program: String, _ arguments: String...) throws {
    _ = try run(program, arguments)
  }

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts a daemon under a shell that ends it when this process lets go of the pipe, by whatever end.
  ///
  /// A daemon closes the descriptors that it inherits, by which `Process` would take it for dead and wait for it for
  /// ever; and it keeps the signals blocked that a test's thread blocks, so they are released first.
  private func start(_ program: String, _ arguments: [String]) throws {
    let shell = try process(program, arguments)
    let path = shell.executableURL?.path ?? program
    shell.executableURL = URL(filePath: "/usr/bin/env")
    shell.arguments =
      ["--default-signal", "sh", "-c", "\"$@\" </dev/null & read line; kill $!; wait $!", "sh", path]
      + arguments
    let leash = Pipe()
    shell.standardInput = leash
    shell.standardOutput = FileHandle.nullDevice
    shell.standardError = FileHandle.nullDevice
    try shell.run()
    daemons.append((shell, leash))
  }

  private func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = try process(program, arguments)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func process(_ program: String, _ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = Self.path(of: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    return process
  }

  private func configuration(ports: [UInt16]) -> String {
    """
    ClusterName=trial
    SlurmctldHost=localhost
    SlurmctldPort=\(ports[0])
    SlurmdPort=\(ports[1])
    CommunicationParameters=NoInAddrAny
    AuthType=auth/none
    CredType=cred/none
    SlurmUser=\(NSUserName())
    SlurmdUser=\(NSUserName())
    StateSaveLocation=\(folder.path("state"))
    SlurmdSpoolDir=\(folder.path("spool"))
    SlurmctldPidFile=\(folder.path("slurmctld.pid"))
    SlurmdPidFile=\(folder.path("slurmd.pid"))
    SlurmctldLogFile=\(folder.path("slurmctld.log"))
    SlurmdLogFile=\(folder.path("slurmd.log"))
    ProctrackType=proctrack/linuxproc
    TaskPlugin=task/none
    MpiDefault=none
    SelectType=select/cons_tres
    SelectTypeParameters=CR_CPU
    SchedulerParameters=sched_interval=1,batch_sched_delay=0
    KillWait=5
    ReturnToService=2
    NodeName=localhost CPUs=2 State=UNKNOWN
    PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP

    """
  }
}

/// Ports of the loopback that nobody listens on.
private func freePorts(_ count: Int) throws -> [UInt16] {
  #if os(Linux)
    let stream = Int32(SOCK_STREAM.rawValue)
  #else
    let stream = SOCK_STREAM
  #endif
  var sockets: [Int32] = []
  defer { sockets.forEach { close($0) } }
  return try (0..<count).map { _ in
    let descriptor = socket(AF_INET, stream, 0)
    sockets.append(descriptor)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isBound else { throw SlurmNode.Problem(description: "no free port") }
    return UInt16(bigEndian: address.sin_port)
  }
}
