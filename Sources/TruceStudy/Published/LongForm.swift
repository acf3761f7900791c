import TruceFiles

/// The form of results with a line for each method and metric.
struct LongForm {
  private let method: Int
  private let metric: Int
  private let value: Int
  private let task: Int?
  private let direction: Int?
  private let seed: Int?

  /// Recognizes the form by columns `metric` and `value`; nil where they are missing.
  init?(_ sheet: Sheet) {
    let names = sheet.header.map { LooseName.key($0.text) }
    guard let metric = names.firstIndex(of: "metric"), let value = names.firstIndex(of: "value")
    else { return nil }
    self.metric = metric
    self.value = value
    method = sheet.header.firstIndex { ResultHeading($0.text).role == .method } ?? 0
    task = names.firstIndex(of: "task")
    direction = names.firstIndex(of: "direction")
    seed = names.firstIndex(of: "seed")
  }

  /// The metrics' names with their tasks, each once.
  func metricNames(of sheet: Sheet) -> [String] {
    var names: [String] = []
    for name in sheet.records.map({ heading(of: $0).name }) where !names.contains(name) { names.append(name) }
    return names
  }

  private func heading(of record: [Sheet.Cell]) -> ResultHeading {
    let task = task.map { record[$0].text }.flatMap { $0.isEmpty ? nil : $0 + "/" } ?? ""
    let direction = direction.map { record[$0].text }.flatMap { $0.isEmpty ? nil : " (\($0))" } ?? ""
    return ResultHeading(task + record[metric].text + direction)
  }

  /// Puts the values of a method, or of a method and seed, side by side.
  func lines(of sheet: Sheet, reader: ResultReader) throws(FileFault) -> ResultLines {
    var lines = ResultLines(path: sheet.path)
    var names: [String] = []
    var places: [String: Sheet.Cell] = [:]
    var order: [[String]] = []
    var found: [[String]: (cell: Sheet.Cell, values: [String: ResultTable.Value])] = [:]
    for record in sheet.records {
      let heading = heading(of: record)
      guard reader.isWanted(heading.name) else { continue }
      if !names.contains(heading.name) {
        names.append(heading.name)
        try lines.add(reader.metric(heading, at: record[metric]), at: record[metric])
      }
      let key = [record[method].text] + (seed.map { [record[$0].text] } ?? [])
      if found[key] == nil { order.append(key) }
      var line = found[key] ?? (record[method], [:])
      let place = (key + [heading.name]).joined(separator: "\n")
      if let earlier = places[place] { throw lines.repeated(record[method], earlier, hasSeeds: seed != nil) }
      places[place] = record[method]
      line.values[heading.name] = try reader.value(record[value])
      found[key] = line
    }
    for key in order {
      guard let line = found[key] else { continue }
      try lines.add(
        ResultLines.Line(
          name: line.cell, seed: key.count > 1 ? key[1] : nil, values: names.map { line.values[$0] }))
    }
    return lines
  }
}
