import Foundation
import Testing
import Torch
import TruceFiles

@testable import TruceData

extension TemporaryFolder {
  /// Writes a text file and returns its path.
  @discardableResult
  func write(_ name: String, text: String) throws -> String { try write(name, Array(text.utf8)) }
}

@Suite("Tables")
struct TableTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Six people, two of whom are for the test.
  private static let people = """
    name,age,job,city,income,married,fold
    Ann,20,baker,Rome,10.5,yes,train
    Bob,30,smith,Oslo,20.5,no,train
    Cid,40,baker,,30.5,,train
    Dee,50,smith,Rome,,no,train
    Eva,60,baker,Oslo,50.5,yes,test
    Fay,25,smith,Oslo,60.5,maybe,test
    """

  private static let specification = """
    file: people.csv
    split: {column: fold, training: train, test: test}
    ignore: [name]
    missing: [""]
    inputs:
      age: number
      job: category
      city: {kind: category, missing: own}
    tasks:
      income: {kind: regression, standardise: true}
      married: {kind: binary, positive: yes, negative: [no, maybe]}
      trade: {column: fold, kind: classes, classes: [train, test]}
    """

  private func data(_ specification: String, people: String = people) throws -> TableData {
    try folder.write("people.csv", text: people)
    return try TableData(contentsOf: folder.write("table.yaml", text: specification))
  }

  private func faults(_ specification: String, people: String = people) throws -> [String] {
    try folder.write("people.csv", text: people)
    let faults = FaultList()
    let path = try folder.write("table.yaml", text: specification)
    #expect(TableData(contentsOf: path, noting: faults) == nil)
    return faults.faults.map { "\($0)".replacing(folder.path + "/", with: "") }
  }

  @Test("numbers are standardised and words become inputs, as the training rows say")
  func inputs() throws {
    let data = try data(Self.specification)
    #expect(
      data.encoding.features.flatMap(\.names) == [
        "age", "job=baker", "job=smith", "city=Oslo", "city=Rome", "city missing",
      ])
    let training = data.splits.training.batch(at: [0, 1, 2, 3]).input
    // Ages 20 to 50 have mean 35 and deviation √125.
    let ages = [-15.0, -5, 5, 15].map { Float($0 / 125.0.squareRoot()) }
    let expected: [[Float]] = [
      [ages[0], 1, 0, 0, 1, 0], [ages[1], 0, 1, 1, 0, 0], [ages[2], 1, 0, 0, 0, 1], [ages[3], 0, 1, 0, 1, 0],
    ]
    #expect(training.shape == [4, 6])
    #expect(training.toArray(as: Float.self) == expected.flatMap { $0 })
    let test = data.splits.test.batch(at: [0]).input.toArray(as: Float.self)
    #expect(test == [Float(25 / 125.0.squareRoot()), 1, 0, 1, 0, 0])
  }

  @Test("labels that are missing are masked, the others are numbers or classes")
  func labels() throws {
    let data = try data(Self.specification)
    let training = data.splits.training.batch(at: [0, 1, 2, 3])
    let income = try #require(training[task: "income"])
    #expect(income.values.shape == [4, 1])
    #expect(income.mask?.toArray(as: Bool.self) == [true, true, true, false])
    let mean = 20.5
    let deviation = (200.0 / 3).squareRoot()
    let expected: [Float] = [10.5, 20.5, 30.5].map { Float(($0 - mean) / deviation) } + [0]
    #expect(income.values.toArray(as: Float.self) == expected)
    let married = try #require(training[task: "married"])
    #expect(married.values.toArray(as: Float.self) == [1, 0, 0, 0])
    #expect(married.mask?.toArray(as: Bool.self) == [true, true, false, true])
    let trade = try #require(data.splits.test.batch(at: [0, 1])[task: "trade"])
    #expect(trade.values.toArray(as: Int.self) == [1, 1])
    #expect(trade.mask == nil)
    #expect(data.encoding.tasks.map(\.label.outputCount) == [1, 1, 2])
  }

  @Test("the encoding can be written down and read again")
  func recorded() throws {
    let encoding = try data(Self.specification).encoding
    let again = try JSONDecoder().decode(TableEncoding.self, from: JSONEncoder().encode(encoding))
    #expect(again == encoding)
  }

  @Test("classes without a list come in the order of their numbers, or of their texts")
  func classOrder() throws {
    #expect(stableOrder(["10", "9", "-1"]) == ["-1", "9", "10"])
    #expect(stableOrder(["b", "a10", "a9"]) == ["a10", "a9", "b"])
  }

  @Test("a star stands for every other column")
  func star() throws {
    let specification = """
      file: people.csv
      split: {column: fold, training: train, test: test}
      ignore: [name, city, married]
      inputs: {age: {kind: number, standardise: false}, "*": category}
      tasks: {income: {kind: regression}}
      """
    let encoding = try data(specification).encoding
    #expect(encoding.features.map(\.column) == ["age", "job"])
    #expect(encoding.features[0] == .number(column: "age", mean: 0, deviation: 1, filling: nil))
  }

  @Test("shares of the rows are drawn from the seed, each as large as it says")
  func ratio() throws {
    let rows = (0..<50).map { "\($0),\($0 % 3)" }.joined(separator: "\n")
    let specification = { (seed: Int) in
      """
      file: people.csv
      split: {ratio: {training: 0.7, validation: 0.1, test: 0.2}, seed: \(seed)}
      inputs: {a: number}
      tasks: {b: {kind: classes}}
      """
    }
    let first = try data(specification(1), people: "a,b\n" + rows).splits
    #expect([first.training.count, first.validation?.count, first.test.count] == [35, 5, 10])
    let values = { (splits: DatasetSplits) in
      splits.test.batch(at: Array(0..<10)).input.toArray(as: Float.self)
    }
    #expect(values(try data(specification(1), people: "a,b\n" + rows).splits) == values(first))
    #expect(values(try data(specification(2), people: "a,b\n" + rows).splits) != values(first))
  }

  @Test("a file for each split, without header, spaces trimmed, as Census-Income comes")
  func files() throws {
    try folder.write("train.csv", text: "73, ?, Widowed, - 50000.\n58, Clerk, Divorced, 50000+.\n")
    try folder.write("test.csv", text: "20, Smith, Widowed, - 50000.\n")
    let path = try folder.write(
      "table.yaml",
      text: """
        file: {training: train.csv, test: test.csv}
        header: false
        trim: true
        columns: [age, job, marital, income]
        missing: ["?"]
        inputs: {age: number, job: {kind: category, missing: own}}
        unseen: zeros
        tasks:
          income: {kind: binary, positive: 50000+.}
          marital: {kind: binary, positive: Widowed}
        """)
    let data = try TableData(contentsOf: path)
    #expect(data.encoding.inputCount == 3)
    #expect(data.splits.training.batch(at: [0, 1]).input.toArray(as: Float.self) == [1, 0, 1, -1, 1, 0])
    let test = data.splits.test.batch(at: [0])
    #expect(test.input.toArray(as: Float.self).dropFirst() == [0, 0])
    #expect(test[task: "income"]?.values.toArray(as: Float.self) == [0])
    #expect(test[task: "marital"]?.values.toArray(as: Float.self) == [1])
  }

  @Test("a matrix of NumPy's is a table whose columns have numbers for names")
  func npy() throws {
    let matrix = Tensor([1.0, 0, 2, 1, 3, .nan, 4, 1, 5, 0].map { $0 }, shape: [5, 2])
    try NPY.write(matrix, to: URL(filePath: folder.path + "/m.npy"))
    let path = try folder.write(
      "table.yaml",
      text: """
        file: m.npy
        split: {ratio: {training: 0.8, test: 0.2}}
        inputs: {"0": {kind: number, standardise: false}}
        tasks: {label: {column: "1", kind: classes, classes: [0, 1]}}
        """)
    let data = try TableData(contentsOf: path)
    #expect(data.splits.training.count == 4)
    let all = data.splits.training.batch(at: [0, 1, 2, 3])
    let labels = try #require(all[task: "label"])
    let masks = labels.mask?.toArray(as: Bool.self) ?? [true, true, true, true]
    for (input, (label, isThere)) in zip(
      all.input.toArray(as: Float.self), zip(labels.values.toArray(as: Int.self), masks))
    {
      #expect(isThere == (input != 3))
      if isThere { #expect(label == (input == 2 || input == 4 ? 1 : 0)) }
    }
  }
}

@Suite("Faults of tables")
struct TableFaultTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func faults(_ specification: String, _ table: String = "a,b,c\n1,x,0\n2,y,1\n") throws -> [String] {
    try folder.write("t.csv", text: table)
    let faults = FaultList()
    let path = try folder.write("t.yaml", text: specification)
    #expect(TableData(contentsOf: path, noting: faults) == nil)
    #expect(faults.total == faults.faults.count)
    #expect(faults.faults.allSatisfy { !$0.help.isEmpty })
    return faults.faults.map { "\($0)".replacing(folder.path + "/", with: "") }
  }

  private static let rest = """
    file: t.csv
    split: {ratio: {training: 0.5, test: 0.5}}

    """

  @Test("of the specification are found at once, each with its line")
  func specification() throws {
    let found = try faults(
      """
      file: t.csv
      delimeter: ;
      split: {ratio: {training: 0.5, test: 0.4}}
      inputs:
        a: nummer
        b: {kind: category, missing: drop}
      tasks:
        c: {kind: binary, positiv: 1}
        d: {colum: e}
      """)
    #expect(
      found == [
        "t.yaml:2: unknown key 'delimeter'",
        "t.yaml:3: split.ratio must be shares of training and test, and perhaps validation, that sum to 1, got a mapping",
        "t.yaml:5: inputs.a must be one of number, category (did you mean 'number'?), got 'nummer'",
        "t.yaml:6: inputs.b.missing must be one of refuse, own, zeros, got 'drop'",
        "t.yaml:8: unknown key 'tasks.c.positiv'",
        "t.yaml:9: key 'tasks.d.kind' is required",
      ])
  }

  @Test("of fields are all found, each with its line and column")
  func fields() throws {
    let found = try faults(
      Self.rest + "inputs: {a: number, b: category}\ntasks: {c: {kind: binary}}",
      "a,b,c\n1,x,0\nabc,x,1\n3,,2\n4,x\n\"5,x,1\n6,x,1\n")
    #expect(
      found == [
        "t.csv:3:1: column 'a': 'abc' is not a number",
        "t.csv:4:3: column 'b': the field is missing",
        "t.csv:4:4: column 'c': '2' is neither yes nor no (1, true, True, TRUE, 0, false, False, FALSE)",
        "t.csv:5:1: 2 fields, where there are 3 columns",
        "t.csv:6:1: a quote is opened and never closed",
      ])
  }

  @Test("of columns name the closest one")
  func columns() throws {
    let found = try faults(
      Self.rest + "inputs: {aa: number}\ntasks: {d: {kind: classes, column: c}}\nignore: [zzz]")
    #expect(
      found == [
        "t.yaml:3: t.csv has no column 'aa'",
        "t.yaml: t.csv has no column 'zzz'",
      ])
    #expect(
      try faults(Self.rest + "inputs: {a: number}\ntasks: {a: {kind: regression}}") == [
        "t.yaml:4: column 'a' is an input and holds the labels of task 'a' at once"
      ])
  }

  @Test("of words that training has not seen are found before training")
  func unseen() throws {
    let specification = """
      file: t.csv
      split: {column: c, training: 0, test: 1}
      inputs: {b: category}
      tasks: {a: {kind: classes}}
      """
    #expect(
      try faults(specification) == [
        "t.csv:3: column 'b': 'y' is in the test split and not among the words known",
        "t.csv:3: task 'a': '2' is in the test split and not among the words known",
      ])
  }

  @Test("of a task without labels, a split without rows and a header that repeats itself")
  func empty() throws {
    #expect(
      try faults(
        Self.rest + "inputs: {a: number}\ntasks: {c: {kind: classes}}\nmissing: [0, 1]",
        "a,b,c\n5,x,0\n6,y,1\n")
        == ["t.yaml:4: task 'c' has no label in the training split"])
    let column =
      "file: t.csv\nsplit: {column: c, training: 0, test: 7}\ninputs: {a: number}\ntasks: {b: {kind: classes}}"
    #expect(try faults(column) == ["t.yaml: no example is in the test split"])
    #expect(try faults(column, "a,b,b\n") == ["t.csv:1:5: a second column named 'b'"])
    #expect(try faults(column, "") == ["t.csv: the file is empty"])
    let missing = FaultList()
    #expect(TableData(contentsOf: folder.path + "/none.yaml", noting: missing) == nil)
    #expect(missing.faults.map(\.kind) == [.missing])
  }

  @Test("are counted beyond those that are kept, and the first says how many there are")
  func many() throws {
    let rows = (0..<500).map { _ in "x,y,0\n" }.joined()
    try folder.write("t.csv", text: "a,b,c\n" + rows)
    let path = try folder.write("t.yaml", text: Self.rest + "inputs: {a: number}\ntasks: {c: {kind: binary}}")
    let faults = FaultList(keeping: 10)
    #expect(TableData(contentsOf: path, noting: faults) == nil)
    #expect(faults.faults.count == 10)
    #expect(faults.total == 500)
    let error = #expect(throws: DataError.self) { try TableData(contentsOf: path) }
    let text = try #require(error)
    #expect("\(text)".hasSuffix("t.csv:2:1: column 'a': 'x' is not a number (and 499 more)"))
    #expect(text.help == "`truce data check FILE` lists them all")
    #expect(text.exitCode == 65)
  }
}
