import Foundation
import Testing
import TruceTestSupport

@Suite("truce toy")
struct ToyCommandTests {
  @Test("One setting prints one JSON object with a list entry for each start")
  func json() throws {
    let result = try truce(
      "toy", "--method", "cagrad", "--optimizer", "adam", "--learning-rate", "0.1", "--iterations", "900",
      "--format", "json")
    #expect(result.status == 0)
    let object = try result.object()
    #expect(object["starts"] as? [[Double]] == [[-8.5, 7.5], [-8.5, -5], [9, 9]])
    let counts = try #require(object["iterations_to_global_minimum"] as? [NSNumber]).map(\.intValue)
    #expect(counts.count == 3 && counts.allSatisfy { (1...900).contains($0) })
    let final = try #require(object["final"] as? [[String: Any]])
    for point in final {
      let mean = try #require(point["mean_loss"] as? Double)
      #expect((mean + 15.0916).magnitude < 0.1)
      #expect((point["x"] as? [Double])?.count == 2 && (point["losses"] as? [Double])?.count == 2)
    }
    let criterion = try #require(object["criterion"] as? [String: Double])
    #expect(criterion["tolerance"] == 0.1)
    let options = try #require(object["options"] as? [String: Any])
    #expect(options["c"] as? Double == 0.5 && options["rescale"] as? String == "linear")
  }

  @Test("A start that never arrives is null, and several settings are a list")
  func never() throws {
    let result = try truce(
      "toy", "--method", "ew,cagrad", "--optimizer", "gd", "--learning-rate", "0.1", "--iterations", "300",
      "--format", "json")
    let list = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(list.map { $0["method"] as? String } == ["ew", "cagrad"])
    let counts = try #require(list[0]["iterations_to_global_minimum"] as? [Any])
    #expect(counts[0] is NSNull)
    #expect(counts[1] is NSNumber)
  }

  @Test("The table of runs names the criterion")
  func table() throws {
    let output = try truce("toy", "--method", "ew", "--iterations", "100", "--starts", "1,2;3,-4").output
    #expect(output.contains("(1, 2)") && output.contains("(3, -4)"))
    #expect(output.contains("Reached: the mean loss is within 0.1 of its global minimum -15.0916."))
  }

  @Test("The grid's table has a row for each optimizer and method, in Markdown too")
  func grid() throws {
    let arguments = ["toy", "--table", "--iterations", "800", "--learning-rate", "1,0.1"]
    let plain = try BuiltCommand("truce").run(arguments).output
    let lines = plain.split(separator: "\n")
    #expect(lines[0].split(separator: " ") == ["optimizer", "method", "1", "0.1"])
    #expect(
      lines[1...6].map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
        "GD EW", "GD PCGrad", "GD CAGrad", "Adam EW", "Adam PCGrad", "Adam CAGrad",
      ])
    let markdown = try BuiltCommand("truce").run(arguments + ["--format", "markdown"]).output
    #expect(markdown.hasPrefix("| optimizer | method | 1 | 0.1 |\n"))
  }

  @Test("Perturbed starts give each cell a spread")
  func perturbation() throws {
    let object = try truce(
      "toy", "--table", "--perturb", "1e-6", "--repeats", "3", "--iterations", "800", "--learning-rate",
      "0.1",
      "--optimizer", "adam", "--method", "ew", "--format", "json"
    ).object()
    let cell = try #require((object["cells"] as? [[String: Any]])?.first)
    #expect((cell["iterations_to_global_minimum"] as? [NSNumber])?.count == 3)
    #expect(cell["share_arrived"] as? Double == 1)
    let (least, most) = (try #require(cell["least"] as? Int), try #require(cell["most"] as? Int))
    #expect(least <= most && abs(most - 709) < 36)
  }

  @Test("Trajectories and figure are written in one piece, and not over others")
  func files() throws {
    let folder = try TemporaryFolder()
    let (csv, figure) = (folder.path("t.csv"), folder.path("t.svg"))
    let arguments = [
      "toy", "--method", "ew", "--iterations", "100", "--every", "50", "--format", "csv", "--output", csv,
      "--figure", figure,
    ]
    let result = try BuiltCommand("truce").run(arguments)
    #expect(result.status == 0 && result.output.isEmpty)
    #expect(folder.names == ["t.csv", "t.svg"])
    let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 + 3 * 3)
    #expect(lines[0] == "method,optimizer,learning_rate,start,iteration,x1,x2,loss1,loss2,mean_loss")
    #expect(try String(contentsOfFile: figure, encoding: .utf8).hasPrefix("<svg "))
    try BuiltCommand("truce").run(arguments).expectFailure(
      64, "\(csv) exists", help: "add --force to replace it, or choose another name")
  }

  @Test(
    "Numbers outside their range are refused",
    arguments: [
      (
        ["--learning-rate", "0"], "--learning-rate must be greater than 0, got 0.0",
        "try --learning-rate 0.001"
      ),
      (["--iterations", "0"], "--iterations must be at least 1, got 0", "try --iterations 100000"),
      (["--momentum", "1"], "--momentum must be at least 0 and less than 1, got 1.0", "try --momentum 0.9"),
      (
        ["--table", "--perturb", "1e-6", "--repeats", "9223372036854775807"],
        "--repeats must be from 1 to 100000, got 9223372036854775807", "try --repeats 20"
      ),
      (["--perturb", "1e-6"], "--perturb goes with --table", "add --table"),
      (
        ["--format", "markdown"], "--format markdown goes with --table",
        "add --table, or choose table, json or csv"
      ),
      (["--option", "c=1"], "--option needs exactly one --method", "name the method it belongs to"),
      (["--figure", "a.png"], "--figure writes SVG, got 'a.png'", "end the name in .svg"),
      (
        ["--method", "cagard"], "unknown method 'cagard'",
        "did you mean 'cagrad'? `truce methods` lists them all"
      ),
    ])
  func ranges(arguments: [String], error: String, help: String) throws {
    try BuiltCommand("truce").run(["toy"] + arguments).expectFailure(64, error, help: help)
  }
}
