public import Foundation

/// Where and with what a run takes place: the content of `environment.json`.
public struct RunEnvironment: Codable, Equatable, Sendable {
  /// The version of Truce.
  public var truceVersion: String
  /// The revision of Truce's sources from which the program was built; nil where it lies elsewhere.
  public var gitRevision: String?
  /// Whether the program may hold something else: tracked files differ, or it is older than the revision.
  public var gitIsDirty: Bool?
  /// The revision of the working folder's repository, where it is in one that is not Truce's own.
  public var userGitRevision: String?
  /// Whether files of that repository differ from the revision.
  public var userGitIsDirty: Bool?
  /// The version of libtorch, where a run uses it.
  public var libtorchVersion: String?
  /// The device, such as `cpu` or the name of a graphics card.
  public var device: String
  /// The name of the machine.
  public var host: String
  /// The operating system and its version.
  public var operatingSystem: String
  /// CPU threads in use.
  public var threads: Int
  /// How those threads wait for work, such as `GOMP_SPINCOUNT=10000`; see ``StartVariables/waiting``.
  public var openMPWaiting: String?
  /// How much freed memory the process keeps, in the variables of its allocator; see ``StartVariables/heap``.
  public var heap: String?
  /// The versions of what else the run's results depend on, such as a simulator, by name; nil for none.
  public var packages: [String: String]?
  /// How the task gradients of a step are held: `rows`, or `stream` for a layer at a time; nil for methods without.
  public var gradientMemory: String?
  /// The Swift compiler's version.
  public var swiftVersion: String
  /// When the run began, or was continued last.
  public var startedAt: Date
  /// The command line.
  public var commandLine: [String]

  /// Describes this process.
  ///
  /// - Parameters:
  ///   - device: The device in words.
  ///   - threads: CPU threads in use.
  ///   - libtorchVersion: The engine's version, where there is one.
  ///   - repository: The state of the user's repository; see ``GitState/init(of:)``.
  ///   - build: The state of Truce's own; see ``GitState/ofProgram()``.
  ///   - gradientMemory: How the task gradients of a step are held, where there are any.
  ///   - startedAt: The time.
  public init(
    device: String, threads: Int, libtorchVersion: String?, repository: GitState?,
    build: GitState? = .ofProgram(), gradientMemory: String? = nil, startedAt: Date
  ) {
    let isOwn = repository != nil && repository?.root == build?.root
    self.truceVersion = Release.version
    self.gitRevision = build?.revision
    self.gitIsDirty = build?.isDirty
    self.userGitRevision = isOwn ? nil : repository?.revision
    self.userGitIsDirty = isOwn ? nil : repository?.isDirty
    self.libtorchVersion = libtorchVersion
    self.device = device
    self.host = ProcessInfo.processInfo.hostName
    self.operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
    self.threads = threads
    self.openMPWaiting = StartVariables.waiting.description()
    self.heap = StartVariables.heap.description()
    self.gradientMemory = gradientMemory
    self.swiftVersion = Release.swiftVersion
    self.startedAt = startedAt
    self.commandLine = CommandLine.arguments
  }

  enum CodingKeys: String, CodingKey {
    case truceVersion = "truce_version"
    case gitRevision = "git_revision"
    case gitIsDirty = "git_is_dirty"
    case userGitRevision = "user_git_revision"
    case userGitIsDirty = "user_git_is_dirty"
    case libtorchVersion = "libtorch_version"
    case device, host
    case operatingSystem = "operating_system"
    case threads
    case openMPWaiting = "openmp_waiting"
    case heap, packages
    case gradientMemory = "gradient_memory"
    case swiftVersion = "swift_version"
    case startedAt = "started_at"
    case commandLine = "command_line"
  }
}

/// The versions this build was made of.
public enum Release {
  /// The version of Truce.
  public static let version = "0.1.0"

  /// The Swift compiler's version, as far as a program can tell.
  public static let swiftVersion: String = {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }()
}

/// The state of a folder's git repository.
public struct GitState: Equatable, Sendable {
  /// The revision that is checked out.
  public let revision: String
  /// Whether tracked files differ from it.
  public private(set) var isDirty: Bool
  /// The topmost folder of the repository.
  public let root: String

  /// Asks `git` about a folder; nil where it is in no repository or there is no `git`.
  public init?(of folder: URL) {
    guard let revision = Self.git(["rev-parse", "HEAD"], in: folder),
      let changes = Self.git(["status", "--porcelain", "--untracked-files=no"], in: folder),
      let root = Self.git(["rev-parse", "--show-toplevel"], in: folder)
    else { return nil }
    self.revision = revision
    self.root = root
    self.isDirty = !changes.isEmpty
  }

  /// The state of the sources among which the running program was built; nil where it lies elsewhere.
  ///
  /// A program that is older than the revision counts as one that differs from it.
  public static func ofProgram() -> GitState? { ofProgram(ProgramLocation.program) }

  package static func ofProgram(_ program: URL) -> GitState? {
    guard let folder = ProgramLocation.packageFolder(of: program), var state = GitState(of: folder),
      // A package inside some other repository is not what that repository's revision names.
      URL(filePath: state.root).resolvingSymlinksInPath().path == folder.resolvingSymlinksInPath().path
    else { return nil }
    let committed = git(["log", "-1", "--format=%ct"], in: folder).flatMap(Double.init) ?? 0
    let built = try? FileManager.default.attributesOfItem(atPath: program.path)[.modificationDate] as? Date
    if (built ?? .distantPast).timeIntervalSince1970 < committed { state.isDirty = true }
    return state
  }

  private static func git(_ arguments: [String], in folder: URL) -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder.path] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
