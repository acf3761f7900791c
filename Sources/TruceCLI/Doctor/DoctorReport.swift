import TruceEnvironments
import TruceRun
import TruceShell

/// What `truce doctor` found.
struct DoctorReport: Encodable, Equatable {
  /// A program on the search path.
  struct Tool: Encodable, Equatable {
    let name: String
    @ExplicitNull var path: String?
  }

  /// A folder with data sets.
  struct DataFolder: Encodable, Equatable {
    let path: String
    let sets: [String]
  }

  /// Something that is not in place, and what to do about it.
  struct Problem: Encodable, Equatable {
    let problem: String
    let fix: String
  }

  let version: String
  let executable: String
  let system: String
  let cores: Int
  let tools: [Tool]
  @ExplicitNull var enginePath: String?
  @ExplicitNull var engine: EngineReport?
  /// What environments in Python need; that it is missing is no problem, since little asks for it.
  let environments: EnvironmentsDoctor
  let dataFolders: [DataFolder]
  let problems: [Problem]

  enum CodingKeys: String, CodingKey {
    case version, executable, system, cores, tools
    case enginePath = "engine_path"
    case engine, environments
    case dataFolders = "data_folders"
    case problems
  }
}

// MARK: Text

extension DoctorReport {
  func plain(on terminal: Terminal) -> String {
    var lines = [terminal.bold("truce \(version)"), line("program", executable), line("system", systemText)]
    lines += tools.map { line($0.name, $0.path ?? terminal.red("not found")) }
    lines += engineLines(on: terminal)
    lines.append(line("environments", environmentsText))
    lines += dataLines(on: terminal)
    lines.append("")
    if problems.isEmpty { lines.append(terminal.green("No problems found.")) }
    for problem in problems {
      lines += [terminal.red("problem: ") + problem.problem, "    fix: \(problem.fix)"]
    }
    return lines.joined(separator: "\n")
  }

  private var systemText: String { "\(system), \(Counted.text(cores, "core"))" }

  private func line(_ label: String, _ text: String) -> String {
    let space = String(repeating: " ", count: max(14 - label.count, 1))
    return "  \(label)\(space)\(text)"
  }

  private func engineLines(on terminal: Terminal) -> [String] {
    let path = line("engine", enginePath ?? terminal.red("not found"))
    guard let engine else { return [path] }
    let memory = { (bytes: Int) in ", \(bytes >> 20) MiB" }
    let devices = engine.devices.map { "\($0.name) (\($0.description)\($0.memory.map(memory) ?? ""))" }
    return [
      path, line("libtorch", "\(engine.libtorchVersion) in \(engine.libtorchPath)"),
      line("BLAS", engine.blas), line("devices", devices.joined(separator: ", ")),
      line("CUDA", engine.cudaAvailable ? "available" : "not available"),
      line("threads", "\(engine.threads) in an operator, \(engine.interopThreads) between operators"),
      line("waiting", engine.openMPWaiting ?? "as OpenMP likes"),
      line("memory", engine.heap ?? "as the allocator likes"), line("build", engine.mode),
    ]
  }

  private var environmentsText: String {
    let versions = environments.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let found = versions.isEmpty ? nil : versions.joined(separator: ", ")
    let place = environments.python.map { " in \($0)" } ?? ""
    guard let problem = environments.problem else { return (found ?? "nothing") + place }
    return "not ready: \(problem.problem); where that is wanted, \(problem.fix)"
  }

  private func dataLines(on terminal: Terminal) -> [String] {
    guard !dataFolders.isEmpty else { return [line("data", terminal.red("no folder found"))] }
    return dataFolders.map { line("data", "\($0.path): \($0.sets.joined(separator: ", "))") }
  }
}
