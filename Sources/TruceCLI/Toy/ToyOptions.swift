public import ArgumentParser
import Foundation
import Truce
import TruceShell
public import TruceToy

/// The options that say what is run.
struct ToyProblemOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A method's name, several with commas, or all. (default: ew,mgda,pcgrad,cagrad)", valueName: "names"),
    completion: MethodNames.completion)
  var method: [String] = []

  @Option(
    name: [.customShort("p"), .long],
    help: ArgumentHelp("A parameter of the method, where there is only one.", valueName: "name=value"))
  var option: [OptionAssignment] = []

  @Option(
    help: ArgumentHelp(
      "gd, sgd (with momentum) or adam; several with commas. (default: adam)", valueName: "names"),
    completion: .list(["gd", "sgd", "adam"]))
  var optimizer: ToyOptimizerList?

  @Option(help: ArgumentHelp("The learning rate; several with commas. (default: 0.001)", valueName: "rates"))
  var learningRate: NumberList?

  @Option(help: "The momentum of sgd.")
  var momentum = 0.9

  @Option(help: "The number of steps.")
  var iterations = 100_000

  @Option(help: ArgumentHelp("code, paper, nash, or points such as '-8.5,7.5;9,9'.", valueName: "starts"))
  var starts = ToyStartList.code

  @Option(help: "float32, as the authors' code, or float64.")
  var precision: ToyPrecision = .float32

  @Option(
    help: ArgumentHelp(
      "The constant that the authors' toy has under CAGrad's roots; 0 for the exact rule.",
      valueName: "constant"))
  var smoothing = 1e-4

  @Option(help: "The seed of the perturbation and of methods that draw random numbers.")
  var seed: UInt64 = 0

  /// Throws where a number is outside its range.
  func check() throws(CommandFailure) {
    for rate in learningRate?.values ?? [] where !(rate.isFinite && rate > 0) {
      throw .usage("--learning-rate must be greater than 0, got \(rate)", help: "try --learning-rate 0.001")
    }
    guard (0..<1).contains(momentum) else {
      throw .usage(
        "--momentum must be at least 0 and less than 1, got \(momentum)", help: "try --momentum 0.9")
    }
    guard smoothing.isFinite, smoothing >= 0 else {
      throw .usage("--smoothing must be at least 0, got \(smoothing)", help: "try --smoothing 1e-4")
    }
    guard iterations >= 1 else {
      throw .usage("--iterations must be at least 1, got \(iterations)", help: "try --iterations 100000")
    }
  }

  /// The settings of every method with every optimizer and learning rate.
  func allSettings(recordingInterval: Int?) throws -> [ToySettings] {
    let rates = learningRate?.values ?? [0.001]
    return try methods(orElse: ["ew", "mgda", "pcgrad", "cagrad"]).flatMap { name in
      try (optimizer?.rules ?? [.adam]).flatMap { rule in
        try rates.map { rate in
          let optimizer = ToyOptimizer(rule, learningRate: rate, momentum: momentum)
          var settings = try settings(optimizer, method: name)
          settings.recordingInterval = recordingInterval
          return settings
        }
      }
    }
  }

  /// The grid of a table: what was asked for, over the published one.
  func grid() throws -> ToyGrid {
    let published = ToyGrid.published
    return ToyGrid(
      methods: try methods(orElse: published.methods),
      optimizers: optimizer?.rules ?? published.optimizers,
      learningRates: learningRate?.values ?? published.learningRates)
  }

  /// One method's settings.
  func settings(_ optimizer: ToyOptimizer, method: String) throws -> ToySettings {
    var settings = ToySettings(method: method, options: try option.dictionary(), optimizer: optimizer)
    settings.iterations = iterations
    settings.precision = precision
    settings.seed = seed
    settings.smoothing = smoothing
    return settings
  }

  private func methods(orElse usual: [String]) throws -> [String] {
    let named = method.flatMap { $0.split(separator: ",").map(String.init) }
    let names =
      named == [MethodNames.all] ? Catalogue.entries.map(\.about).filter(Toy.canRun).map(\.name) : named
    guard option.isEmpty || names.count == 1 else {
      throw CommandFailure.usage("--option needs exactly one --method", help: "name the method it belongs to")
    }
    for name in names { _ = try Catalogue.entry(named: name) }
    return names.isEmpty ? usual : names
  }
}

extension ToyPrecision: ExpressibleByArgument {}

/// Optimizers separated by commas.
struct ToyOptimizerList: ExpressibleByArgument {
  let rules: [ToyOptimizer.Rule]

  init?(argument: String) {
    let names = argument.split(separator: ",")
    rules = names.compactMap { ToyOptimizer.Rule(rawValue: String($0)) }
    guard !rules.isEmpty, rules.count == names.count else { return nil }
  }
}

/// A published set of starts, or points separated by semicolons.
struct ToyStartList: ExpressibleByArgument {
  static let code = ToyStartList(points: ToyStarts.code.points)

  let points: [SIMD2<Double>]

  init(points: [SIMD2<Double>]) { self.points = points }

  init?(argument: String) {
    if let set = ToyStarts(rawValue: argument) {
      points = set.points
      return
    }
    let texts = argument.split(separator: ";")
    points = texts.compactMap { text in
      guard let numbers = NumberList(argument: String(text))?.values, numbers.count == 2,
        numbers.allSatisfy(\.isFinite)
      else { return nil }
      return SIMD2(numbers[0], numbers[1])
    }
    guard !points.isEmpty, points.count == texts.count else { return nil }
  }

  var defaultValueDescription: String { "code" }
}
