import Testing
import TruceData
import TruceTasks

@testable import TruceTraining

@Suite("The watch over the loader")
struct LoaderWatchTests {
  /// What is said at the end of an epoch whose steps took two seconds together.
  private func lines(_ statistics: LoaderStatistics) -> [String] {
    var text = ""
    let watch = LoaderWatch(on: Console(isTerminal: false) { text += $0 }) { statistics }
    let progress = TrainingProgress()
    for _ in 0..<4 {
      watch.handle(
        .stepped(StepEvent(seconds: 0.5, step: LearnerStep(losses: [], values: [:]))), at: progress)
    }
    watch.handle(.epochEnded(EpochEvent(values: [:], isMeasured: false)), at: progress)
    return text.split(separator: "\n").map(String.init)
  }

  @Test("says where an epoch waited for its data, and nothing where it did not")
  func waiting() {
    #expect(lines(LoaderStatistics(waitedSeconds: 0.04)).isEmpty)
    #expect(lines(LoaderStatistics(waitedSeconds: 0.06))[0].hasPrefix("training waited 3 % of the epoch"))
    #expect(
      lines(LoaderStatistics(waitedSeconds: 0.7))
        == ["training waited 35 % of the epoch for its data: more `workers` may read them faster"])
  }

  @Test("names what was left out", arguments: [1, 3])
  func skipped(count: Int) {
    let error = DataError.damaged(path: "a.png", reason: "it is cut short")
    let said = lines(
      LoaderStatistics(skipped: (0..<count).map { SkippedExample(position: $0, error: error) }))
    let examples = count == 1 ? "1 example was" : "3 examples were"
    #expect(said == ["\(examples) left out, the first because: \(error)"])
  }
}
