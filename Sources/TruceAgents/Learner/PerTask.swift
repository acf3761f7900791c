/// Something that each task has, or that all share.
///
/// All share it where they cannot have their own, and in checkpoints of versions in which they did: a single value is read as a
/// list of one, and what is drawn with it goes on as it did there.
struct PerTask<Value> {
  /// One for each task, or one for all.
  var values: [Value]

  /// Takes one for each task, or one for all.
  init(_ values: [Value]) {
    precondition(!values.isEmpty, "there is one for all at least")
    self.values = values
  }

  /// The one that all share; nil where each has its own.
  var shared: Value? { values.count == 1 ? values[0] : nil }

  /// The task's own, or the one that all share.
  subscript(task: Int) -> Value {
    get { values[values.count == 1 ? 0 : task] }
    set { values[values.count == 1 ? 0 : task] = newValue }
  }

  /// Whether so many tasks can have it.
  func fits(taskCount: Int) -> Bool { values.count == 1 || values.count == taskCount }
}

extension PerTask: Encodable where Value: Encodable {
  /// Encodes a list.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }
}

extension PerTask: Decodable where Value: Decodable {
  /// Decodes a list that is not empty, or a single value.
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let one = try? container.decode(Value.self) {
      values = [one]
      return
    }
    values = try container.decode([Value].self)
    guard values.isEmpty else { return }
    throw DecodingError.dataCorruptedError(in: container, debugDescription: "a list of nothing")
  }
}
