import Foundation
import Testing
import Truce
import TruceTestSupport

@Suite("truce aggregate at the edges")
struct AggregateRangeTests {
  @Test(
    "A result that is not finite is an error in words, whatever the format", arguments: ["table", "json"])
  func nonFiniteResult(format: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1e308,1\n1e308,2\n")
    let target = folder.path("d.npy")
    let result = try truce(
      "aggregate", "--method", "sum", file, "--format", format, "--output", target)
    #expect(result.status == 65)
    #expect(result.output.isEmpty && !folder.names.contains("d.npy"))
    #expect(result.errors.hasPrefix("truce: error: ") && !result.errors.contains("EncodingError"))
  }

  @Test(
    "Loss weightings, too, end with JSON or with an error in words",
    arguments: Catalogue.entries.map(\.about).filter { $0.kind == .lossWeighting }.map(\.name))
  func weightings(_ name: String) throws {
    let folder = try TemporaryFolder()
    let matrices = [
      "1.7e308,1.7e308\n-1.7e308,-1.7e308\n", "1e200,1\n1,-1e200\n", "1e160,1e160\n1e-160,0\n",
      "5e-324,0\n0,-5e-324\n",
    ]
    for matrix in matrices {
      let file = try folder.file("g.csv", matrix)
      let result = try truce(
        "aggregate", "--method", name, "--losses", "0.5,0.6", file, "--format", "json")
      #expect([0, 65].contains(result.status), "\(matrix): \(result.errors)")
      if result.status == 0 {
        let direction = try #require(result.object()["direction"] as? [Double])
        #expect(direction.allSatisfy { $0.isFinite })
      } else {
        #expect(
          result.output.isEmpty && result.errors.hasPrefix("truce: error: \(name): "), "\(result.errors)")
      }
    }
  }

  @Test("All methods at once stand numbers whose products do not", arguments: ["1e200", "1e-200", "1.7e308"])
  func comparisonAtTheEdge(_ size: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "-\(size),\(size)\n\(size),\(size)\n")
    let result = try truce("aggregate", file, "--losses", "1,2", "--format", "json")
    let methods = try #require(result.object()["methods"] as? [[String: Any]])
    let mgda = try #require(methods.first { $0["method"] as? String == "mgda" })
    #expect(mgda["weights"] as? [Double] == [0.5, 0.5])
    let one = try truce("aggregate", "--method", "mgda", file, "--format", "json").object()
    #expect((one["conflict"] as? [String: Any])?["conflicting_share"] as? Double == 0)
    #expect(try truce("aggregate", file).status == 0)
  }

  @Test("Negative numbers may stand apart from their option")
  func negativeNumbers() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,4\n")
    let apart = try truce("aggregate", "--method", "ew", "--losses", "-0.5,1", file)
    let joined = try truce("aggregate", "--method", "ew", "--losses=-0.5,1", file)
    #expect(apart.status == 0 && apart.agrees(with: joined))
    let seed = try truce("aggregate", "--method", "rlw", "--seed", "-1", file)
    #expect(seed.status == 64 && seed.errors.contains("the value '-1' is invalid for '--seed <seed>'"))
    let point = try truce(
      "toy", "--method", "ew", "--iterations", "10", "--starts", "-8.5,7.5", "--format", "json")
    #expect(point.status == 0)
    try truce("toy", "--iterations", "-5").expectFailure(
      64, "--iterations must be at least 1, got -5", help: "try --iterations 100000")
    try truce("study", "run", "x.yaml", "--jobs", "-2").expectFailure(
      64, "--jobs must be at least 1, got -2", help: "see `truce study run --help`")
  }

  @Test("Numbers are read as in configurations", arguments: ["c=.4", "c=0.4", "c=4e-1", "c=+0.4"])
  func spellings(_ option: String) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,-4\n")
    let expected = try truce("aggregate", "--method", "cagrad", "--option", "c=0.4", file, "--format", "json")
    let result = try truce("aggregate", "--method", "cagrad", "--option", option, file, "--format", "json")
    #expect(result.status == 0 && result.output == expected.output)
  }

  @Test("Standard input is a file, told by how it begins")
  func standardInput() throws {
    let folder = try TemporaryFolder()
    let program = try BuiltCommand("truce").location.path
    let rows = [[-4.0, 1, 1], [6, 1, 1]]
    for content in [Data("[[-4, 1, 1], [6, 1, 1]]".utf8), Data("-4,1,1\n6,1,1\n".utf8), NPY.data(rows)] {
      let file = try folder.file("input", content)
      let result = try BuiltCommand(at: URL(filePath: "/bin/sh")).run(
        ["-c", "'\(program)' aggregate --method mgda - --format json < '\(file)'"])
      #expect(result.status == 0 && result.output.contains("\"gramian\" : [\n    [18, -22],"))
    }
  }

  @Test("Numbers between quotes are numbers")
  func quotedNumbers() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "\"-4\", \"1\",1\n6,\" 1\",\"1e0\"\n")
    let result = try truce("aggregate", "--method", "mgda", file, "--format", "json")
    #expect(result.output.contains("[18, -22]"))
  }

  @Test(
    "A shape without numbers is refused at once",
    arguments: ["9223372036854775807, 0", "0, 9223372036854775807", "0,"])
  func emptyShapes(_ shape: String) throws {
    let folder = try TemporaryFolder()
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(shape)), }\n"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    let file = try folder.file("g.npy", Data(bytes))
    try truce("aggregate", "--method", "mgda", file).expectFailure(
      65, "\(file): holds no numbers", help: "write one row for each task")
  }

  @Test("More rows than columns get a note that says how they were read")
  func transposed() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,4\n5,7\n")
    let result = try truce("aggregate", "--method", "mgda", file)
    #expect(result.status == 0)
    #expect(
      result.errors
        == "truce: \(file) is read as 3 tasks with 2 coordinates each; if it is the other way round, transpose it: "
        + "one row for each task\n")
    #expect(try truce("aggregate", "--method", "mgda", folder.file("h.csv", "1,2\n3,4\n")).errors.isEmpty)
  }

  @Test("A thousand tasks do not fill the screen or the memory")
  func manyTasks() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<300).map { k in
      (0..<3).map { "\(Double((7 * k + 3 * $0) % 13) - 5.5)" }.joined(separator: ",")
    }
    let result = try truce(
      "aggregate", "--method", "mean", folder.file("g.csv", lines.joined(separator: "\n")))
    #expect(result.status == 0)
    #expect(result.output.contains("of the first 20 tasks; --format json writes all"))
    #expect(result.output.contains("the 10 most conflicting of 44850 pairs"))
  }

  @Test("Without a method all are compared")
  func comparison() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.json", "[[-4, 1, 1], [6, 1, 1]]")
    let text = try truce("aggregate", file)
    #expect(text.status == 0)
    for words in [
      "mgda", "0.6 0.4", "upgrad", "Left out: ew, uw,", "needs the losses of the tasks: give --losses",
    ] {
      #expect(text.output.contains(words))
    }
    let object = try truce("aggregate", file, "--losses", "1,2", "--format", "json").object()
    let methods = try #require(object["methods"] as? [[String: Any]])
    let mgda = try #require(methods.first { $0["method"] as? String == "mgda" })
    let weights = try #require(mgda["weights"] as? [Double])
    #expect((weights[0] - 0.6).magnitude < 1e-12)
    #expect(methods.contains { $0["method"] as? String == "ew" })
    let refused = try #require(object["refused"] as? [[String: String]])
    #expect(refused.contains { $0["method"] == "rotograd" })
    try truce("aggregate", file, "--option", "c=1").expectFailure(
      64, "--option needs the --method it belongs to", help: "see `truce aggregate --help`")
  }

  @Test("An empty argument is refused by the option it stands behind")
  func emptyArguments() throws {
    let help = "give a value, or leave it out; an unset variable of the shell leaves such a one"
    try truce("aggregate", "--method", "mgda", "g.csv", "--output", "").expectFailure(
      64, "--output is empty", help: help)
    try truce("study", "run", "x.yaml", "--output=").expectFailure(64, "--output is empty", help: help)
    try truce("aggregate", "").expectFailure(64, "an argument is empty", help: help)
  }
}
