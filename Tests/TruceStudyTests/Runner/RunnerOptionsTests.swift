import Testing
import TruceRun
import TruceStudy

@Suite("A runner's options")
struct RunnerOptionsTests {
  @Test(
    "share the threads out evenly, one at least for each worker",
    arguments: [(8, 1, 8), (8, 2, 4), (8, 3, 2), (7, 4, 1), (2, 5, 1), (1, 1, 1)])
  func threads(_ threads: Int, _ jobs: Int, _ expected: Int) {
    #expect(RunnerOptions(jobs: jobs, threads: threads).threadsPerJob == expected)
  }

  @Test("begin with the processors that this process may keep busy, and one worker at least")
  func defaults() {
    #expect(RunnerOptions().threads == ProcessorShare.count() && RunnerOptions().jobs == 1)
    #expect(RunnerOptions(jobs: 0, threads: 3).threadsPerJob == 3)
  }
}
