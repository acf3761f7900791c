public import Foundation

/// What environments in Python need, and what of it is there.
public struct EnvironmentsDoctor: Codable, Equatable, Sendable {
  /// Something that is missing, and what to do about it.
  public struct Problem: Codable, Equatable, Sendable {
    /// What is missing.
    public let problem: String
    /// What to do about it.
    public let fix: String
  }

  /// The Python; nil where there is none.
  public let python: String?
  /// How it was found.
  public let origin: PythonLocation.Origin?
  /// The versions of Python and of the packages that are installed, by name.
  public let versions: [String: String]
  /// What is missing.
  public let problem: Problem?

  /// Looks for the Python that runs Metaworld and asks it what it has, which takes a tenth of a second.
  ///
  /// - Parameters:
  ///   - environment: The environment of this process.
  ///   - folders: Where ``PythonLocation`` looks.
  ///   - patience: How long to wait for an answer.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    folders: [URL] = PythonLocation.usualFolders, patience: Duration = .seconds(20)
  ) {
    let family = WorkerFamily(
      name: "Metaworld", className: "metaworld", versions: MetaworldTasks.versions,
      remedy: MetaworldTasks.remedy)
    do {
      let location = try PythonLocation.found(for: family.name, environment: environment, folders: folders)
      python = location.program.path(percentEncoded: false)
      origin = location.origin
      (versions, problem) = Self.look(location, family, patience)
    } catch {
      (python, origin, versions) = (nil, nil, [:])
      problem = Problem(error)
    }
  }

  private static func look(
    _ location: PythonLocation, _ family: WorkerFamily, _ patience: Duration
  ) -> ([String: String], Problem?) {
    do {
      let hello = try WorkerEnvironments.hello(
        WorkerPlan(
          family: family, launch: WorkerLaunch(python: location.program),
          settings: WorkerSettings(startDeadline: patience)))
      do throws(EnvironmentError) {
        try family.check(hello, python: location.program.path(percentEncoded: false))
        return (family.recorded(hello), nil)
      } catch {
        return (family.recorded(hello), Problem(error))
      }
    } catch let error as EnvironmentError {
      return ([:], Problem(error))
    } catch {
      return ([:], Problem(problem: "\(error)", fix: family.remedy))
    }
  }
}

extension EnvironmentsDoctor.Problem {
  fileprivate init(_ error: EnvironmentError) {
    problem = error.description
    // No key says how long this waits.
    if case .workerFailed(_, .silent, _, _) = error {
      fix = "look at what that Python waits for, or set TRUCE_RL_PYTHON to another"
    } else {
      fix = error.help
    }
  }
}
