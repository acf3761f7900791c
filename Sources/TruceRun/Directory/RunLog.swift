public import Foundation

/// What a run prints, each line with the time: the file `log.txt`.
///
/// It is appended to by every part of a run. What cannot be written is dropped, as what cannot be shown is: whether
/// there is room for the results is told by those who write them.
public final class RunLog {
  private let directory: RunDirectory
  private let now: () -> Date
  private var file: DurableFile?

  /// Names the log of a run's folder; the file is opened with the first line.
  ///
  /// - Parameters:
  ///   - directory: The run's folder, which need not exist yet; what is printed before it does is not logged.
  ///   - now: The time.
  public init(in directory: RunDirectory, now: @escaping () -> Date = Date.init) {
    self.directory = directory
    self.now = now
  }

  /// Adds what was printed, line by line.
  public func append(_ text: String) {
    if file == nil { file = try? DurableFile(appendingTo: directory.logFile) }
    let time = now().formatted(.iso8601)
    let lines = text.split(whereSeparator: \.isNewline).map { "\(time)  \($0)\n" }
    try? file?.append(Data(lines.joined().utf8))
  }
}
