public import ArgumentParser
import Foundation
public import Truce
import TruceRun
public import TruceShell

/// An option of a method as written on the command line: `name=value`.
///
/// The value is read as in a run's configuration and in a study file, so `rescale=squared` needs no quotes.
public struct OptionAssignment: ExpressibleByArgument, Sendable, Equatable {
  /// The option's name.
  public let name: String
  /// The option's value.
  public let value: OptionValue

  /// Reads `name=value`, or returns nil where there is no name or no value.
  public init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    name = String(parts[0])
    guard let value = try? ConfigurationNode(override: String(parts[1]), key: name).option() else {
      return nil
    }
    self.value = value
  }
}

extension [OptionAssignment] {
  /// The options by name.
  ///
  /// - Throws: ``CommandFailure`` where an option is given twice.
  public func dictionary() throws(CommandFailure) -> [String: OptionValue] {
    var options: [String: OptionValue] = [:]
    for assignment in self {
      guard options.updateValue(assignment.value, forKey: assignment.name) == nil else {
        throw .usage("--option \(assignment.name) is given twice", help: "keep one of them")
      }
    }
    return options
  }
}

/// Numbers separated by commas.
public struct NumberList: ExpressibleByArgument, Sendable, Equatable {
  /// The numbers.
  public let values: [Double]

  /// Reads numbers separated by commas, or returns nil where one of them is none.
  public init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard values.count == parts.count else { return nil }
  }
}
