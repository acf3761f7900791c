import Foundation
import TruceOptions

/// What distinguishes the environments of one family that workers run.
struct WorkerFamily: Sendable {
  /// The name in messages: that of the catalogue's entry.
  let name: String
  /// What the worker calls it: a name, or `file.py:Class`.
  let className: String
  /// What the class is given beside task and seed.
  var options: [String: OptionValue] = [:]
  /// The versions of packages that there must be; others are recorded only.
  var versions: [String: String] = [:]
  /// How long a step of a task takes beside another's; 1 where nothing is known.
  var costs: [String: Double] = [:]
  /// What to do where a package is missing or of another version.
  var remedy = "install it for that Python, or set TRUCE_RL_PYTHON to one that has it"

  /// Throws where a worker speaks another protocol, or misses a package or has one of another version.
  ///
  /// - Throws: ``EnvironmentError``.
  func check(_ hello: HelloAnswer, python path: String) throws(EnvironmentError) {
    guard hello.protocolVersion == workerProtocol else {
      throw .wrongProtocol(found: hello.protocolVersion, expected: workerProtocol)
    }
    let missing = hello.packages.filter { $0.value == nil }.keys.sorted()
    if !missing.isEmpty {
      throw .missingPackages(missing, family: name, python: path, help: remedy)
    }
    for (package, expected) in versions.sorted(by: { $0.key < $1.key }) {
      guard let found = hello.packages[package] ?? nil, found != expected else { continue }
      throw .wrongVersion(
        package: package, found: found, expected: expected, family: name, python: path, help: remedy)
    }
  }

  /// The versions that a run records.
  func recorded(_ hello: HelloAnswer) -> [String: String] {
    let own = ["python": hello.python, "protocol": "\(hello.protocolVersion)"]
    return hello.packages.compactMapValues { $0 }.merging(own) { $1 }
  }

  /// Groups of tasks, one for each worker, that take about as long as one another.
  ///
  /// The dearest task that is left goes to the worker with the least to do. Inside a group tasks keep their order.
  ///
  /// - Source: R. L. Graham, "Bounds on multiprocessing timing anomalies", SIAM J. Appl. Math. 17(2), 1969.
  func groups(of tasks: [String], count: Int) -> [[Int]] {
    var groups = [[Int]](repeating: [], count: count)
    var loads = [Double](repeating: 0, count: count)
    let prices = tasks.map { costs[$0] ?? 1 }
    for place in tasks.indices.sorted(by: { (-prices[$0], $0) < (-prices[$1], $1) }) {
      let least = loads.indices.min { loads[$0] < loads[$1] } ?? 0
      groups[least].append(place)
      loads[least] += prices[place]
    }
    return groups.map { $0.sorted() }
  }
}
