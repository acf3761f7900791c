import TruceRun

/// How a study stands, as the folders of its runs tell it.
public struct StudyStatus: Sendable, Equatable, Codable {
  /// How one run stands.
  public struct Run: Sendable, Equatable, Codable {
    /// The cell's identifier.
    public let cell: String
    /// The seed.
    public let seed: Int
    /// The run in words.
    public let title: String
    /// The state in one word.
    public let state: String
    /// Why, where it did not finish.
    public let reason: String?
    /// The share of its steps that is done, where that is known.
    public let fraction: Double?
  }

  /// The study's name.
  public let name: String
  /// Whether it is called off.
  public let isCancelled: Bool
  /// The runs in the order of the plan.
  public let runs: [Run]
  /// The runs in the folder that belong to an earlier study file.
  public let earlier: [EarlierRun]

  /// Looks at every run's folder.
  ///
  /// - Throws: ``StudyError/noStudy(path:)``, or what is wrong with the study file.
  public init(of folder: StudyFolder) throws {
    let plan = try folder.plan()
    let text = RunnerText(plan)
    name = plan.file.name
    isCancelled = folder.isCancelled
    earlier = folder.earlierRuns(than: plan)
    runs = plan.runs.map { key in
      let directory = folder.directory(of: key)
      let state = Self.state(of: directory)
      let position = RunPosition(of: directory, maxSteps: plan.cell(key.cell)?.configuration.maxSteps)
      return Run(
        cell: key.cell, seed: key.seed, title: text.title(of: key), state: state.word, reason: state.reason,
        fraction: state == .finished ? 1 : position?.fraction)
    }
  }

  /// What a run's folder tells, every file of it read: what the index would call damaged is damaged here too.
  private static func state(of directory: RunDirectory) -> RunState {
    let state = RunState(of: directory)
    guard state != .running, directory.hasBegun else { return state }
    do throws(RunError) { _ = try RunRecord(directory) } catch { return .damaged(reason: "\(error)") }
    return state
  }

  /// The number of runs in a state.
  public func count(_ state: RunState) -> Int { runs.count { $0.state == state.word } }

  /// The states with the number of runs in each, most settled first.
  public var counts: [(state: String, count: Int)] {
    let order = [
      "finished", "diverged", "failed", "damaged", "cancelled", "running", "interrupted", "pending",
    ]
    return order.map { word in (word, runs.count { $0.state == word }) }.filter { $0.count > 0 }
  }

  enum CodingKeys: String, CodingKey {
    case name
    case isCancelled = "is_cancelled"
    case runs, earlier
  }
}
