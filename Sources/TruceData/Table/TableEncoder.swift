import TruceFiles

/// Learns a table's encoding from the training rows and applies it to every row.
struct TableEncoder {
  let content: TableContent
  let encoding: TableEncoding
  private let path: String
  private let tasks: [TableSpecification.Task]
  private let faults: FaultList
  /// For each input or task of words, the position of each code; nil for a word no training row has.
  private let inputPositions: [[Int32?]]
  private let labelPositions: [[Int32?]]

  /// Learns from the training rows; notes what cannot be learned from.
  ///
  /// - Parameters:
  ///   - content: The rows.
  ///   - tasks: What the labels of the rows mean.
  ///   - unseen: What becomes of a word among the inputs that no training row has.
  ///   - path: The specification.
  ///   - faults: Receives what is wrong.
  init(
    _ content: TableContent, tasks: [TableSpecification.Task],
    unseen: TableSpecification.UnseenCategory = .refuse,
    path: String, faults: FaultList
  ) {
    self.content = content
    self.path = path
    self.tasks = tasks
    self.faults = faults
    let learner = Learner(rows: content.rows(of: .training))
    let features = content.inputs.map { learner.feature($0.column, $0.kind, $0.store) }
    let labels = zip(tasks, content.labels).map { task, store in
      TableEncoding.Task(
        name: task.name, label: learner.label(task.kind, store), metrics: task.metrics)
    }
    encoding = TableEncoding(features: features, tasks: labels)
    inputPositions = zip(features, content.inputs).map { feature, input in
      guard case .category(_, let words, _) = feature else { return [] }
      return Self.positions(of: input.store.words, in: words)
    }
    labelPositions = zip(labels, content.labels).map { task, store in
      guard case .classes(let words) = task.label else { return [] }
      return Self.positions(of: store.words, in: words)
    }
    check(learner.rows, unseen)
  }

  private static func positions(of words: [String], in known: [String]) -> [Int32?] {
    let places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, Int32($0)) })
    return words.map { places[$0] }
  }

  // MARK: Checks

  private func check(_ training: [Int], _ unseen: TableSpecification.UnseenCategory) {
    for (task, store) in zip(tasks, content.labels)
    where !training.contains(where: store.hasValue) {
      faults.append(
        FileFault(
          path: path, line: task.line,
          reason: "task '\(task.name)' has no label in the training split",
          help: "check the column '\(task.column)', `missing` and the split"))
    }
    if unseen == .refuse {
      for (input, positions) in zip(content.inputs, inputPositions) {
        noteUnseen(
          input.store, positions, "column '\(input.column)'", help: "set `unseen: zeros`, or change the split"
        )
      }
    }
    for (task, (store, positions)) in zip(tasks, zip(content.labels, labelPositions)) {
      noteUnseen(store, positions, "task '\(task.name)'", help: "list all of its words under `classes`")
    }
  }

  /// Notes the first row of each word that has no position.
  private func noteUnseen(_ store: any TableColumn, _ positions: [Int32?], _ owner: String, help: String) {
    guard positions.contains(nil) else { return }
    var noted: Set<Int32> = []
    for (row, code) in store.codes.enumerated() where code >= 0 && positions[Int(code)] == nil {
      guard let split = content.splits[row], noted.insert(code).inserted else { continue }
      let (place, word) = (content.places[row], store.words[Int(code)])
      faults.append(
        FileFault(
          path: content.files[place.file], line: place.line,
          reason: "\(owner): '\(word)' is in the \(split.rawValue) split and not among the words known",
          help: help))
    }
  }

  // MARK: Rows

  /// Writes the inputs of rows, one after the other, into zeros.
  func write(inputsOf rows: [Int], to values: UnsafeMutableBufferPointer<Float>) {
    let width = encoding.inputCount
    var offset = 0
    for (index, feature) in encoding.features.enumerated() {
      fill(values, index, feature, rows, offset: offset, width: width)
      offset += feature.width
    }
  }

  private func fill(
    _ values: UnsafeMutableBufferPointer<Float>, _ index: Int, _ feature: TableEncoding.Feature,
    _ rows: [Int], offset: Int,
    width: Int
  ) {
    let store = content.inputs[index].store
    switch feature {
    case .number(_, let mean, let deviation, let filling):
      let numbers = store.numbers
      for (place, row) in rows.enumerated() {
        let value = numbers[row].isNaN ? filling ?? mean : numbers[row]
        values[place * width + offset] = Float((value - mean) / deviation)
      }
    case .category(_, let words, let countsMissing):
      let codes = store.codes
      let positions = inputPositions[index]
      for (place, row) in rows.enumerated() {
        let code = codes[row]
        let position = code >= 0 ? positions[Int(code)].map(Int.init) : countsMissing ? words.count : nil
        if let position { values[place * width + offset + position] = 1 }
      }
    }
  }

  /// The labels of a task, with NaN or a negative position for one that is missing.
  func labels(ofTask task: Int, rows: [Int]) -> TableLabels {
    let store = content.labels[task]
    switch encoding.tasks[task].label {
    case .regression(let mean, let deviation):
      let numbers = store.numbers
      return .numbers(rows.map { Float((numbers[$0] - mean) / deviation) })
    case .binary:
      let truths = store.numbers
      return .numbers(rows.map { Float(truths[$0]) })
    case .classes:
      let codes = store.codes
      return .classes(
        rows.map { codes[$0] >= 0 ? labelPositions[task][Int(codes[$0])].map(Int64.init) ?? -1 : -1 })
    }
  }
}

/// The labels of one task.
enum TableLabels {
  case numbers([Float])
  case classes([Int64])
}

/// Learns from the training rows of a column.
private struct Learner {
  let rows: [Int]

  func feature(
    _ column: String, _ kind: TableSpecification.InputKind, _ store: any TableColumn
  ) -> TableEncoding.Feature {
    switch kind {
    case .number(let isStandardised, let rule):
      let (mean, deviation) = spread(of: store.numbers)
      let filling: Double? = rule == .refuse ? nil : rule == .mean || isStandardised ? mean : 0
      return .number(
        column: column, mean: isStandardised ? mean : 0, deviation: isStandardised ? deviation : 1,
        filling: filling)
    case .category(let rule):
      return .category(column: column, words: words(of: store), countsMissing: rule == .own)
    }
  }

  func label(_ kind: TableSpecification.TaskKind, _ store: any TableColumn) -> TableEncoding.Label {
    switch kind {
    case .regression(false): return .regression(mean: 0, deviation: 1)
    case .regression(true):
      let (mean, deviation) = spread(of: store.numbers)
      return .regression(mean: mean, deviation: deviation)
    case .binary: return .binary
    case .classes(let known): return .classes(known ?? words(of: store))
    }
  }

  private func spread(of values: [Double]) -> (mean: Double, deviation: Double) {
    meanAndDeviation(rows.lazy.map { values[$0] }.filter { !$0.isNaN })
  }

  private func words(of store: any TableColumn) -> [String] {
    let (codes, words) = (store.codes, store.words)
    let used = Set(rows.lazy.map { codes[$0] }.filter { $0 >= 0 })
    return stableOrder(used.map { words[Int($0)] })
  }
}
