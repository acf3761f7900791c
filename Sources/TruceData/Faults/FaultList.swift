public import TruceFiles
import TruceRun

/// The faults that a reader of a user's files has found so far: the first hundred, and how many there were.
public final class FaultList {
  /// The faults kept, in the order in which they were found.
  public private(set) var faults: [FileFault] = []
  /// The number of faults found.
  public private(set) var total = 0
  private let limit: Int

  /// Creates an empty list.
  public init(keeping limit: Int = 100) {
    self.limit = limit
  }

  /// Runs a reader and gives what it read beside the faults that it noted.
  ///
  /// - Parameters:
  ///   - limit: The number of faults that are kept.
  ///   - read: Reads, and returns nil where anything is wrong.
  static func collecting<Contents>(
    keeping limit: Int, _ read: (FaultList) -> Contents?
  ) -> (contents: Contents?, faults: [FileFault], count: Int) {
    let list = FaultList(keeping: limit)
    let contents = read(list)
    return (contents, list.faults, list.total)
  }

  /// Whether nothing was found.
  public var isEmpty: Bool { total == 0 }

  /// Writes a fault down.
  public func append(_ fault: FileFault) {
    total += 1
    if faults.count < limit { faults.append(fault) }
  }

  /// Throws what was found, where anything was.
  ///
  /// - Throws: ``DataError/faults(_:total:)``.
  public func check() throws(DataError) {
    guard isEmpty else { throw .faults(faults, total: total) }
  }

  /// Runs `body` and writes down what it throws; nil then.
  func attempt<Result>(_ body: () throws(RunError) -> Result) -> Result? {
    do throws(RunError) {
      return try body()
    } catch {
      append(FileFault(error))
      return nil
    }
  }

  /// Runs `body` and writes down what it throws; nil then.
  @discardableResult
  func attempting<Result>(_ body: () throws(FileFault) -> Result) -> Result? {
    do throws(FileFault) {
      return try body()
    } catch {
      append(error)
      return nil
    }
  }
}

extension FileFault {
  /// A configuration's fault, with the place taken out of its text.
  init(_ error: RunError) {
    let (path, line) = error.filePlace
    let prefix = ([path] + [line.map(String.init)].compactMap { $0 }).joined(separator: ":") + ": "
    let text = error.description
    self.init(
      kind: error.fileKind, path: path, line: line,
      reason: text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text, help: error.help)
  }
}

extension RunError {
  fileprivate var filePlace: (path: String, line: Int?) {
    switch self {
    case .unreadableText(let place, _), .unknownKey(let place, _, _), .missingKey(let place, _),
      .invalidValue(let place, _, _, _), .tooLarge(let place, _):
      if case .file(let path, let line) = place { (path, line) } else { ("\(place)", nil) }
    case .damaged(let path, let line, _): (path, line)
    case .missing(let path, _), .unreadable(let path, _): (path, nil)
    // The others are about runs and methods, which no specification names.
    default: ("configuration", nil)
    }
  }

  fileprivate var fileKind: FileFault.Kind {
    switch self {
    case .missing: .missing
    case .unreadable, .busy, .unwritable, .diskFull: .unreadable
    default: .content
    }
  }
}
