import Foundation
import Testing
import TruceRun

@Suite("Answers that ignore the input")
struct ReferenceAnswersTests {
  private let answers = ReferenceAnswers(
    problem: "nyuv2", averaging: "set",
    answers: [
      .init(
        "constant",
        [
          MetricValue(
            task: "depth", name: "absolute_error", split: "test", value: .nan, higherIsBetter: false)
        ])
    ])

  @Test func areFoundWhereTheyWereWritten() throws {
    let folder = try TemporaryFolder()
    #expect(try ReferenceAnswers.read(in: folder.url) == nil)
    try answers.write(to: folder.url)
    let read = try #require(try ReferenceAnswers.read(in: folder.url))
    #expect(read.problem == "nyuv2" && read.answers.map(\.name) == ["constant"])
    #expect(read.answers[0].metrics[0].value.isNaN)
    try Data("{".utf8).write(to: ReferenceAnswers.file(in: folder.url))
    #expect(throws: RunError.self) { try ReferenceAnswers.read(in: folder.url) }
  }

  @Test(arguments: [
    (["problem=nyuv2"], true), (["problem=nyuv2", "problem_options.averaging=set"], true),
    (["problem=nyuv2", "problem_options.averaging=published"], false), (["problem=rooms"], false),
  ])
  func areComparedWithRunsMeasuredAlike(overrides: [String], isComparable: Bool) throws {
    #expect(try answers.isComparable(with: RunConfiguration(overrides: overrides)) == isComparable)
  }
}
