import CTorch
import Foundation

/// An operation of libtorch found by name, with what a program gives it.
final class PreparedCall {
  /// What an argument is, before a run.
  enum Argument {
    case none
    case number(ExportedNumber)
    case text(String)
    case tensor(Int)
    case tensors([Int?])
    /// A running statistic, left out in training where the values have one number a channel: what it learns from them
    /// would be no number.
    case statistic(Int, ofValues: Int)
    case integers([ExportedNumber])
    case reals([Double])
    case truths([Bool])
    case dtype(DType)
    case memoryFormat(Int)
    case strided
    /// Where the run's first input lies.
    case device
    /// Whether the program runs in training.
    case mode
    /// A number in training, and zero in evaluation.
    case inTraining(Double)
  }

  private let reference: ct_call
  private let arguments: [Argument]
  /// The texts among the arguments, as C reads them, in order.
  private let texts: [UnsafeMutablePointer<CChar>?]

  /// Looks an operation up.
  ///
  /// - Throws: ``TorchError`` where there is none, or it takes other arguments.
  init(name: String, overload: String, arguments: [(name: String, value: Argument)]) throws(TorchError) {
    var result: ct_call?
    let names = arguments.map { strdup($0.name) }
    defer { names.forEach { free($0) } }
    // An empty array has no address to lend.
    let status = (names.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { names in
      names.baseAddress.map { ct_call_create(name, overload, $0, Int64(names.count - 1), &result) }
        ?? CT_FAILED
    }
    try check(status, "prepare", on: [])
    guard let result else { throw TorchError(operation: "prepare", reason: "libtorch found nothing") }
    reference = result
    self.arguments = arguments.map(\.value)
    texts = arguments.map { if case .text(let text) = $0.value { strdup(text) } else { nil } }
  }

  deinit {
    ct_call_release(reference)
    texts.forEach { free($0) }
  }

  /// Whether the operation draws random numbers.
  var isRandom: Bool { ct_call_is_random(reference) }

  /// The places, among a run's values, of those the call takes.
  var places: [Int] {
    arguments.flatMap { argument -> [Int] in
      switch argument {
      case .tensor(let place), .number(.place(let place)): [place]
      case .tensors(let places): places.compactMap { $0 }
      case .statistic(let place, let values): [place, values]
      case .integers(let numbers):
        numbers.compactMap { if case .place(let place) = $0 { place } else { nil } }
      default: []
      }
    }
  }

  /// Runs the operation on the values of a run.
  func results(in run: ExportedRun) throws(TorchError) -> [Tensor?] {
    var memory = ArgumentMemory()
    for (argument, text) in zip(arguments, texts) { memory.append(argument, text: text, run: run) }
    return try produceList("call", from: memory.tensors) { result in
      memory.withValues { ct_call_run(reference, $0, Int64(arguments.count), result) }
    }
  }
}

/// The arguments of one call: their lists one after the other, and where each begins.
private struct ArgumentMemory {
  private(set) var tensors: [Tensor?] = []
  private var integers: [Int64] = []
  private var reals: [Double] = []
  private var truths: [Bool] = []
  /// The arguments, with the beginnings of their lists still missing.
  private var values: [(value: ct_value, start: Int)] = []

  mutating func append(
    _ argument: PreparedCall.Argument, text: UnsafeMutablePointer<CChar>?, run: ExportedRun
  ) {
    var value = ct_value()
    var start = 0
    switch argument {
    case .none: value.kind = CT_VALUE_NONE
    case .number(let number): value.set(number, run)
    case .text:
      value.kind = CT_VALUE_TEXT
      value.text = UnsafePointer(text)
    case .tensor(let place):
      value.kind = CT_VALUE_TENSOR
      start = tensors.count
      tensors.append(run.tensor(place))
    case .statistic(let place, let values):
      guard !run.isTraining || run.hasSpread(values) else { break }
      value.kind = CT_VALUE_TENSOR
      start = tensors.count
      tensors.append(run.tensor(place))
    case .tensors(let places):
      (value.kind, value.count, start) = (CT_VALUE_TENSORS, Int64(places.count), tensors.count)
      tensors += places.map { $0.map(run.tensor) ?? nil }
    case .integers(let numbers):
      (value.kind, value.count, start) = (CT_VALUE_INTEGERS, Int64(numbers.count), integers.count)
      integers += numbers.map { Int64(run.integer($0)) }
    case .reals(let numbers):
      (value.kind, value.count, start) = (CT_VALUE_REALS, Int64(numbers.count), reals.count)
      reals += numbers
    case .truths(let flags):
      (value.kind, value.count, start) = (CT_VALUE_TRUTHS, Int64(flags.count), truths.count)
      truths += flags
    default: value.set(argument, run)
    }
    values.append((value, start))
  }

  /// Lends the arguments for the length of `body`.
  func withValues<Result>(_ body: (UnsafePointer<ct_value>) -> Result) -> Result {
    Tensor.withHandles(of: tensors + [nil]) { handles in
      handles.withUnsafeBufferPointer { handles in
        (integers + [0]).withUnsafeBufferPointer { integers in
          (reals + [0]).withUnsafeBufferPointer { reals in
            (truths + [false]).withUnsafeBufferPointer { truths in
              let complete = values.map { value, start in
                value.complete(start, handles, integers, reals, truths)
              }
              return (complete + [ct_value()]).withUnsafeBufferPointer { lent in
                guard let start = lent.baseAddress else {
                  preconditionFailure("a padded array is never empty")
                }
                return body(start)
              }
            }
          }
        }
      }
    }
  }
}

extension ct_value {
  fileprivate mutating func set(_ number: ExportedNumber, _ run: ExportedRun) {
    switch run.value(number) {
    case .real(let value):
      kind = CT_VALUE_REAL
      real = value
    case .truth(let value):
      kind = CT_VALUE_TRUTH
      integer = value ? 1 : 0
    case .integer(let value):
      kind = CT_VALUE_INTEGER
      integer = Int64(value)
    case .tensor, nil: kind = CT_VALUE_NONE
    }
  }

  fileprivate mutating func set(_ argument: PreparedCall.Argument, _ run: ExportedRun) {
    switch argument {
    case .dtype(let type):
      kind = CT_VALUE_DTYPE
      dtype = type.code
    case .memoryFormat(let code):
      kind = CT_VALUE_MEMORY_FORMAT
      integer = Int64(code)
    case .strided: kind = CT_VALUE_STRIDED
    case .device:
      kind = CT_VALUE_DEVICE
      device = run.device.code
    case .mode:
      kind = CT_VALUE_TRUTH
      integer = run.isTraining ? 1 : 0
    case .inTraining(let value):
      kind = CT_VALUE_REAL
      real = run.isTraining ? value : 0
    default: kind = CT_VALUE_NONE
    }
  }

  /// The value with the address of its list, or its tensor.
  fileprivate func complete(
    _ start: Int, _ handles: UnsafeBufferPointer<ct_tensor?>, _ integers: UnsafeBufferPointer<Int64>,
    _ reals: UnsafeBufferPointer<Double>, _ truths: UnsafeBufferPointer<Bool>
  ) -> ct_value {
    var value = self
    switch kind {
    case CT_VALUE_TENSOR: value.tensor = handles[start]
    case CT_VALUE_TENSORS: value.tensors = handles.baseAddress.map { $0 + start }
    case CT_VALUE_INTEGERS: value.integers = integers.baseAddress.map { $0 + start }
    case CT_VALUE_REALS: value.reals = reals.baseAddress.map { $0 + start }
    case CT_VALUE_TRUTHS: value.truths = truths.baseAddress.map { $0 + start }
    default: break
    }
    return value
  }
}
