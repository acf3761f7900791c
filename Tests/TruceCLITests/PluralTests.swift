import Foundation
import Testing
import TruceTestSupport

@Suite("One of a thing is one thing")
struct PluralTests {
  /// A number one before a noun in the plural, as `1 runs`.
  private static func mistakes(in text: String) -> [String] {
    let usual = ["1 means", "1 is", "1 has", "1 was", "1 does"]
    return text.matches(of: /(?:^|[^\d.,])(1 [a-z]+s)\b/).map { String($0.1) }.filter { !usual.contains($0) }
  }

  @Test("The smallest gradients", arguments: [[], ["--method", "mean"], ["--method", "graddrop"]])
  func aggregate(_ method: [String]) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "5\n")
    let result = try BuiltCommand("truce").run(["aggregate", file] + method)
    #expect(result.status == 0 && result.output.contains("1 task, 1 coordinate"))
    #expect(Self.mistakes(in: result.output + result.errors).isEmpty)
    let diagnosis = try truce("diagnose", folder.file("two.csv", "5\n-5\n")).output
    #expect(diagnosis.contains("1 sample, 2 tasks, 1 coordinate") && Self.mistakes(in: diagnosis).isEmpty)
  }

  @Test("The smallest messages")
  func messages() throws {
    let folder = try TemporaryFolder()
    let rows = try truce("aggregate", folder.file("g.csv", "1,2\n3\n"))
    #expect(rows.errors.contains("row 2 has 1 number, row 1 has 2"))
    let losses = try truce("aggregate", folder.file("h.csv", "1,2\n3,4\n"), "--losses", "1")
    #expect(losses.errors.contains("--losses has 1 value,") && losses.errors.contains("has 2 rows"))
    let toy = try truce("toy", "--method", "ew", "--iterations", "1").output
    #expect(Self.mistakes(in: toy).isEmpty, "\(toy)")
  }

  @Test(
    "The smallest study, from its plan to its report", .enabled(if: StudyBench.hasPython, "needs python3"))
  func study() throws {
    let bench = try StudyBench(learningRates: [0.1])
    bench.further["TRUCE_PLOTLY"] = try bench.folder.file("plotly.js", "// draws nothing")
    let plan = try bench.study("plan", bench.file, "--worker", StudyBench.worker, "--no-probe").output
    #expect(plan.contains("\n1 cell, 1 run\n"))
    let run = try bench.study("run", bench.file, "--worker", StudyBench.worker, "--output", bench.output)
    #expect(run.output.contains("1 run, 1 finished"))
    let rest = try ["status", "index", "report", "table"].map { command in
      let result = try bench.study(command, bench.output)
      return result.output + result.errors
    }
    let page = try String(contentsOfFile: "\(bench.output)/report/index.html", encoding: .utf8)
    let words = page.replacing(/<(script|style)[\s\S]*?<\/(script|style)>/, with: "").replacing(
      /<[^>]*>/, with: "|")
    for text in [plan, run.output, run.errors, words] + rest {
      #expect(Self.mistakes(in: text).isEmpty, "\(Self.mistakes(in: text))")
    }
  }

  @Test("Nothing is suggested for a word that is near to nothing; all stands for all where a command has it")
  func allMethods() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("g.csv", "1,2\n3,-4\n")
    let (all, usual) = (try truce("aggregate", "--method", "all", file), try truce("aggregate", file))
    #expect(all.status == 0 && all.agrees(with: usual))
    let none = try truce("methods", "all")
    #expect(none.status == 64 && !none.errors.contains("did you mean"), "\(none.errors)")
  }
}
