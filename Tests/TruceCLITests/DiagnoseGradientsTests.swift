import Foundation
import Testing
import TruceTestSupport

@Suite("truce diagnose on gradients in files")
struct DiagnoseGradientsTests {
  @Test("Tasks that oppose each other and differ in length are told so, with the methods that address it")
  func words() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.npy", NPY.data([[-4, 1, 1], [6, 1, 1], [0.1, 0, 0.1]]))
    let result = try truce("diagnose", file)
    #expect(result.status == 0)
    for text in [
      "1 sample, 3 tasks, 3 coordinates",
      "task 0 and task 1 conflict in direction for 100 % of the samples.",
      "task 1 and task 2 agree in direction",
      "task 0 and task 1 agree in size: the gradients of task 1 are 1.5 times as long as those of task 0.",
      "\n  1. nash-mtl (Nash-MTL, K backward passes) never steps against a task", "task 1 are 43.6 times",
    ] { #expect(result.output.contains(text), "\(text)") }
  }

  @Test("Several files are samples; the first axis of three is, too")
  func samples() throws {
    let folder = try TemporaryFolder()
    let (one, two) = ([[1.0, 0], [1, 0.5]], [[1.0, 0], [-1, 0.5]])
    let files = try [folder.file("a.npy", NPY.data(one)), folder.file("b.csv", "1,0\n-1,0.5\n")]
    let separate = try truce("diagnose", files[0], files[1], "--format", "json").object()
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 2), }\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8))
    for value in (one + two).flatMap(\.self) { withUnsafeBytes(of: value) { data.append(contentsOf: $0) } }
    let stacked = try truce("diagnose", "--format", "json", folder.file("c.npy", data)).object()
    for object in [separate, stacked] {
      #expect(object["samples"] as? Int == 2)
      let pair = try #require((object["pairs"] as? [[String: Any]])?.first)
      #expect(pair["conflict_share"] as? Double == 0.5)
      let cosine = try #require(pair["cosine"] as? [String: Double])
      #expect(abs(cosine["mean"] ?? 1) < 1e-12 && cosine["largest"] == -(cosine["smallest"] ?? 0))
    }
  }

  @Test("Files of different shapes and single tasks are answered in words")
  func shapes() throws {
    let folder = try TemporaryFolder()
    let files = try [folder.file("a.csv", "1,2\n3,4\n"), folder.file("b.csv", "1,2,3\n3,4,5\n")]
    try truce("diagnose", files[0], files[1]).expectFailure(
      65, "the files hold matrices of 2×2 and of 2×3",
      help: "give samples of the same tasks and parameters: one row for each task")
    #expect(try truce("diagnose", folder.file("c.csv", "1,2\n")).output.contains("There is one task only"))
    try truce("diagnose", folder.path("none.npy")).expectFailure(
      66, "\(folder.path("none.npy")): does not exist", help: "check the path")
  }

  @Test("Anything else is the engine's", arguments: [["--problem", "x"], ["--checkpoint", "a.npy"], []])
  func handOver(_ arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let program = try folder.installTruce()
    let result = try BuiltCommand(at: program).run(["diagnose"] + arguments)
    #expect(result.status == 66 && result.errors.contains("this command needs truce-engine"))
  }
}
