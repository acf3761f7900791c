import Foundation
import TruceEnvironments
import TruceRun
import TruceShell

extension DoctorReport {
  /// Looks around on this machine; starts the engine, where there is one, to ask it about itself.
  static func onThisMachine(_ program: Program) -> DoctorReport {
    var problems: [Problem] = []
    let tools = Examination.tools()
    problems += tools.filter { $0.path == nil }.map(Examination.problem(with:))
    let inside = program.engineReport?()
    let engine = inside ?? Examination.engine(&problems)
    let folders = Examination.dataFolders()
    if folders.isEmpty { problems.append(Examination.missingData) }
    let process = ProcessInfo.processInfo
    return DoctorReport(
      version: Release.version, executable: ProgramLocation.program.path(percentEncoded: false),
      system: process.operatingSystemVersionString, cores: process.activeProcessorCount, tools: tools,
      enginePath: inside == nil
        ? SiblingProgram.engine.path : ProgramLocation.program.path(percentEncoded: false),
      engine: engine, environments: EnvironmentsDoctor(), dataFolders: folders, problems: problems)
  }
}

/// The single looks of ``DoctorReport/onThisMachine()``.
private enum Examination {
  /// What the set-up and the build call, with the fix where one is missing.
  private static let wantedTools = [
    ("swift", "install Swift 6.1 or newer from swift.org/install"),
    ("python3", "install Python 3 with pip; the set-up fetches libtorch through it"),
    ("make", "install make"),
    ("c++", "install a C++ compiler, such as g++ or clang"),
  ]

  static func tools() -> [DoctorReport.Tool] {
    wantedTools.map { DoctorReport.Tool(name: $0.0, path: search($0.0)) }
  }

  private static func search(_ name: String) -> String? {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func problem(with tool: DoctorReport.Tool) -> DoctorReport.Problem {
    let fix = wantedTools.first { $0.0 == tool.name }?.1 ?? ""
    return DoctorReport.Problem(problem: "\(tool.name) is not on the search path", fix: fix)
  }

  static let missingData = DoctorReport.Problem(
    problem: "no data sets found",
    fix: "`make setup` fetches the demo's data, `truce data fetch` the others; or set TRUCE_DATA to a folder")

  // MARK: Engine

  static func engine(_ problems: inout [DoctorReport.Problem]) -> EngineReport? {
    guard let path = SiblingProgram.engine.path else {
      let hasLibtorch = packageFolder.map { exists($0 + "/.libtorch/libtorch.pc") } ?? false
      problems.append(
        DoctorReport.Problem(
          problem: hasLibtorch ? "truce-engine is not built" : "libtorch is not set up",
          fix: hasLibtorch ? "`make release`" : "`make setup`, then `make release`"))
      return nil
    }
    let (report, complaint) = ask(path)
    if report == nil {
      problems.append(
        DoctorReport.Problem(
          problem: "truce-engine does not answer: \(complaint)", fix: "`make setup`, then `make release`"))
    }
    return report
  }

  private static func ask(_ path: String) -> (EngineReport?, complaint: String) {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: path)
    process.arguments = ["doctor", "--format", "json"]
    process.standardOutput = output
    process.standardError = errors
    do { try process.run() } catch { return (nil, error.localizedDescription) }
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let firstLine = complaint.split(separator: "\n").first.map(String.init) ?? "it says nothing"
    return (try? JSONDecoder().decode(EngineReport.self, from: answer), firstLine)
  }

  // MARK: Folders

  static func dataFolders() -> [DoctorReport.DataFolder] {
    let here = FileManager.default.currentDirectoryPath
    let named = ProcessInfo.processInfo.environment["TRUCE_DATA"].map { [$0] } ?? []
    let roots = Set([here, packageFolder].compactMap(\.self)).sorted()
    let candidates = named + roots.flatMap { [$0 + "/.truce/data", $0 + "/data", $0 + "/../shared/data"] }
    var seen: Set<String> = []
    return candidates.compactMap { candidate in
      let url = URL(filePath: candidate).standardizedFileURL
      let sets = folders(in: url.path)
      let path = url.path(percentEncoded: false)
      // A link and what it leads to are one folder.
      let isNew = seen.insert(url.resolvingSymlinksInPath().path).inserted
      return sets.isEmpty || !isNew ? nil : DoctorReport.DataFolder(path: path, sets: sets)
    }
  }

  private static func folders(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { exists("\(path)/\($0)/.") && !$0.hasPrefix(".") }.sorted()
  }

  private static var packageFolder: String? { ProgramLocation.packageFolder?.path(percentEncoded: false) }

  private static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
