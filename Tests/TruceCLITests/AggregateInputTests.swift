import Foundation
import Testing
import TruceTestSupport

@Suite("truce aggregate refuses bad input")
struct AggregateInputTests {
  private func expectFailure(
    _ name: String, _ content: Data, _ status: Int32, _ error: String, help: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file(name, content)
    try truce("aggregate", "--method", "mgda", file, "--output", folder.path("d.csv")).expectFailure(
      status, "\(file): \(error)", help: help, sourceLocation: sourceLocation)
    #expect(folder.names == [name], "nothing is written", sourceLocation: sourceLocation)
  }

  @Test("A NumPy file that is cut off")
  func truncated() throws {
    try expectFailure(
      "g.npy", NPY.data([[1, 2], [3, 4]]).dropLast(5), 65,
      "the header promises 2×2 elements of 8 bytes, 27 bytes follow",
      help: "the file is cut off or damaged: save it again")
  }

  @Test("A NumPy file cut off in its header")
  func truncatedHeader() throws {
    try expectFailure(
      "g.npy", NPY.data([[1, 2], [3, 4]]).prefix(60), 65, "not a NumPy file: its header is cut off",
      help: "write it with numpy.save")
  }

  @Test("A foreign file under NumPy's ending")
  func foreign() throws {
    try expectFailure(
      "g.npy", Data("PK\u{3}\u{4}".utf8), 65, "not a NumPy file: it does not begin as one",
      help: "write it with numpy.save")
  }

  @Test("An array of another type")
  func complexNumbers() throws {
    try expectFailure(
      "g.npy", NPY.data([[1, 2], [3, 4]], descr: "<c16"), 65, "elements of type '<c16' cannot be read",
      help: "save the array as float32 or float64")
  }

  @Test("Rows of different length")
  func ragged() throws {
    try expectFailure(
      "g.csv", Data("# a header\n1,2,3\n\n4,5\n".utf8), 65, "row 2 has 2 numbers, row 1 has 3",
      help: "give every task's gradient the same length")
  }

  @Test("A text among the numbers")
  func nonNumeric() throws {
    try expectFailure(
      "g.csv", Data("1,2\n3,four\n".utf8), 65, "line 2, column 2: 'four' is not a number",
      help: "write numbers separated by commas; begin a header line with #")
  }

  @Test("A number that is not finite", arguments: ["nan", "inf", "-inf"])
  func nonFinite(number: String) throws {
    try expectFailure(
      "g.csv", Data("1,2\n3,\(number)\n".utf8), 65, "row 2, column 2 is \(number)",
      help: "gradients must be finite: look for an overflow or a division by zero in task 1")
  }

  @Test("Nothing at all", arguments: ["", "\n\n", "# only a comment\n"])
  func empty(content: String) throws {
    try expectFailure(
      "g.csv", Data(content.utf8), 65, "holds no numbers", help: "write one row for each task")
  }

  @Test("JSON of another shape", arguments: ["{}", "[[1, \"2\"]]", "[[1, 2], 3]", "[[1, 2", ""])
  func json(content: String) throws {
    try expectFailure(
      "g.json", Data(content.utf8), 65, "not a JSON array of arrays of numbers",
      help: "write one array for each task: [[1, -2], [0.5, 3]]")
  }

  @Test("A file that is not there")
  func missing() throws {
    try truce("aggregate", "--method", "mgda", "/nowhere/g.npy").expectFailure(
      66, "/nowhere/g.npy: does not exist", help: "check the path")
  }

  @Test("A folder in place of a file")
  func folder() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.location.appending(path: "g.npy"), withIntermediateDirectories: false)
    try truce("aggregate", "--method", "mgda", folder.path("g.npy")).expectFailure(
      66, "\(folder.path("g.npy")): is a folder", help: "name a file in it")
  }

  @Test("An ending that says nothing")
  func ending() throws {
    try truce("aggregate", "--method", "mgda", "g.txt").expectFailure(
      64, "g.txt: '.txt' is no known kind of matrix file", help: "use .npy, .csv or .json")
  }

  @Test("A folder for the direction that does not exist")
  func outputFolder() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,4\n")
    try truce("aggregate", "--method", "mgda", file, "--output", "/nowhere/d.csv").expectFailure(
      74, "cannot write /nowhere/d.csv: its folder does not exist",
      help: "choose a folder that exists, is writable and has space")
  }

  @Test("A folder where the direction should go")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,4\n")
    let target = folder.path("d.csv")
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
    try truce("aggregate", "--method", "mgda", file, "--output", target, "--force").expectFailure(
      74, "cannot write \(target): it is a folder",
      help: "choose a folder that exists, is writable and has space")
  }

  @Test("Options that break a rule, do not exist or are given twice")
  func options() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,4\n")
    try truce("aggregate", "--method", "cagrad", "--option", "c=-1", file).expectFailure(
      64, "cagrad: c must be at least 0, got -1",
      help: "`truce methods cagrad` lists the parameters with their ranges and defaults")
    try truce("aggregate", "--method", "cagrad", "--option", "rescal=none", file).expectFailure(
      64, "cagrad: unknown option 'rescal'", help: "did you mean 'rescale'?")
    try truce("aggregate", "--method", "cagrad", "--option", "c=1", "--option", "c=2", file).expectFailure(
      64, "--option c is given twice", help: "keep one of them")
    let malformed = try truce("aggregate", "--method", "cagrad", "--option", "c", file)
    #expect(malformed.status == 64)
    #expect(
      malformed.errors.hasPrefix("truce: error: the value 'c' is invalid for '--option <name=value>'"))
  }

  @Test("Losses that are missing or too few")
  func losses() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,4\n")
    try truce("aggregate", "--method", "uw", file).expectFailure(
      64, "uw: needs the losses of the tasks: give --losses",
      help: "`truce methods` shows what each method needs")
    try truce("aggregate", "--method", "uw", "--losses", "1", file).expectFailure(
      64, "--losses has 1 value, \(file) has 2 rows", help: "give one loss for each row, in the same order")
    try truce("aggregate", "--method", "ew", "--losses", "1,nan", file).expectFailure(
      65, "the loss of task 1 is not finite",
      help:
        "lower the learning rate, check that task's labels, or choose the policy 'skip-step' or 'drop-task'")
  }
}
