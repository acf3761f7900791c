import Foundation
import TruceRun
import TruceStudy

/// The HTML of a report: question, setup, answer, evidence, caveats, how to reproduce.
struct Page {
  private let report: StudyReport
  private let live: LivePage?

  init(_ report: StudyReport, live: LivePage? = nil) {
    self.report = report
    self.live = live
  }

  private static let sections = [
    ("question", "Question"), ("setup", "Setup"), ("answer", "Answer"), ("evidence", "Evidence"),
    ("caveats", "Caveats"), ("reproduce", "How to reproduce"),
  ]

  private static let folder = "data"

  /// The line by which a report is known.
  static let generator: Markup = "<meta name=\"generator\" content=\"Truce\">"

  /// The whole document.
  var html: Markup {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    \(Self.generator)
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>\(report.study.name) – Truce</title>
    \(style)
    </head>
    <body\(bodyAttributes)>
    \(strip)
    \(header)
    \(navigation)
    <main>
    \(question)
    \(setup)
    \(answer)
    \(evidence)
    \(caveats)
    \(reproduction)
    </main>
    <footer>Written by Truce \(Release.version) on \(day). The page, its figures and its data are this folder; \
    nothing is loaded from elsewhere.</footer>
    <script src="\(PlotlyLibrary.fileName)"></script>
    \(script)
    </body>
    </html>

    """
  }

  private var day: String {
    report.date.formatted(.iso8601.year().month().day().dateSeparator(.dash))
  }

  // MARK: Style, script, live parts

  /// The style, and the policy of a page that is a file; a served page has its policy from the server.
  ///
  /// The policy lets the page load nothing but its own folder; plotly.js compiles its shaders' code.
  private var style: Markup {
    guard live == nil else { return "<link rel=\"stylesheet\" href=\"\(LivePage.styleName)\">" }
    return """
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      script-src 'self' file: 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; \
      img-src 'self' file: data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'">
      <style>
      \(Markup(trusted: LivePage.style))</style>
      """
  }

  private var script: Markup {
    guard live == nil else { return "<script src=\"\(LivePage.scriptName)\"></script>" }
    return """
      <script>
      \(Markup(trusted: LivePage.script))</script>
      """
  }

  private var bodyAttributes: Markup {
    live.map { " data-status=\"\(LivePage.statusName)\" data-revision=\"\($0.revision)\"" } ?? ""
  }

  /// Where the script shows how a running study stands.
  private var strip: Markup {
    live == nil ? "" : "<aside id=\"live\" aria-label=\"How the study stands\"></aside>"
  }

  // MARK: Head

  private var header: Markup {
    let facts = report.problems.flatMap { problem -> [String] in
      let results = problem.results
      return [
        results.problem, Words.count(results.runs.count, "finished run"),
        Words.count(results.methods.count, "method"), Words.count(results.optimizers.count, "optimizer"),
        Words.count(results.learningRates.count, "learning rate"), Words.count(results.seeds.count, "seed"),
      ]
    }
    let chips =
      report.study.tags.map { tag -> Markup in "<li class=\"tag\">\(tag)</li>" }
      + facts.map { fact -> Markup in "<li>\(fact)</li>" }
    return """
      <header class="page">
      <p class="kicker">\(live == nil ? "Study report" : "Live study report") · \(day)</p>
      <h1>\(report.study.name)</h1>
      <ul class="facts">\(chips.joined())</ul>
      </header>
      """
  }

  private var navigation: Markup {
    let items = Self.sections.map { id, title -> Markup in "<li><a href=\"#\(id)\">\(title)</a></li>" }
    return "<nav aria-label=\"Sections\"><ul>\(items.joined())</ul></nav>"
  }

  private func section(_ id: String, _ content: Markup) -> Markup {
    let title = Self.sections.first { $0.0 == id }?.1 ?? id
    return """
      <section id="\(id)">
      <h2>\(title)</h2>
      \(content)
      </section>
      """
  }

  /// Markup for each problem, under its name where there are several.
  private func eachProblem(_ content: (ProblemReport) -> Markup) -> Markup {
    guard !report.problems.isEmpty else { return "<p class=\"absent\">There are no runs yet.</p>" }
    return report.problems.map { problem -> Markup in
      let heading: Markup = report.problems.count > 1 ? "<h3>\(problem.results.problem)</h3>" : ""
      return heading + content(problem)
    }.joined(separator: "\n")
  }

  // MARK: Sections

  private var question: Markup {
    section("question", "<p class=\"question\">\(report.study.question ?? questionOfAxes)</p>")
  }

  /// A question made from what the study varies.
  private var questionOfAxes: String {
    guard let results = report.problems.first?.results, !results.runs.isEmpty else {
      return "What the runs of \(report.study.name) show."
    }
    let axes = [
      results.methods.count > 1 ? "the multi-task method" : nil,
      results.optimizers.count > 1 ? "the optimizer" : nil,
      results.learningRates.count > 1 ? "the learning rate" : nil,
    ].compactMap { $0 }
    guard !axes.isEmpty else {
      return "What does \(results.methods.first ?? "the method") reach on \(results.problem)?"
    }
    return "How much does \(Words.list(axes)) matter on \(results.problem)?"
  }

  private var setup: Markup {
    let notes = report.study.notes.map { note -> Markup in "<p>\(note)</p>" }.joined()
    return section(
      "setup",
      eachProblem { problem in
        let facts = SetupFacts(problem.results)
        let settings = facts.commonSettings.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
        return """
          \(Self.definitions(facts.all))
          <details id="\(problem.prefix)settings"><summary>Settings that all runs share</summary>
          <pre>\(settings)</pre></details>
          """
      } + notes)
  }

  private static func definitions(_ facts: [(name: String, value: String)]) -> Markup {
    let items = facts.map { fact -> Markup in "<dt>\(fact.name)</dt><dd>\(fact.value)</dd>" }
    return "<dl class=\"setup\">\(items.joined(separator: "\n"))</dl>"
  }

  private var answer: Markup {
    section(
      "answer",
      eachProblem { problem in
        guard !problem.findings.isEmpty else {
          return "<p class=\"notice\">No run has finished, so there is no answer yet.</p>"
        }
        let items = problem.findings.map { finding -> Markup in
          "<li>\(finding.text)\(link(to: finding.evidence, of: problem))</li>"
        }
        return "<ol class=\"answer\">\(items.joined(separator: "\n"))</ol>"
      })
  }

  private func link(to evidence: Finding.Evidence, of problem: ProblemReport) -> Markup {
    let id = problem.prefix + evidence.id
    switch evidence {
    case .table:
      guard problem.tables.contains(where: { $0.id == id }) else { return "" }
      return " <a class=\"see\" href=\"#table-\(id)\">see the table</a>"
    case .figure:
      guard problem.figures.contains(where: { $0.id == id }) else { return "" }
      return " <a class=\"see\" href=\"#figure-\(id)\">see the figure</a>"
    }
  }

  private var evidence: Markup {
    let additions = report.additions.map { addition -> Markup in
      let paragraphs = addition.paragraphs.map { text -> Markup in "<p>\(text)</p>" }.joined()
      return "<h3>\(addition.title)</h3>\(paragraphs)\(exhibits(addition.tables, addition.figures))"
    }
    return section(
      "evidence",
      eachProblem { problem in
        let absences = problem.absences.map { reason -> Markup in "<p class=\"absent\">\(reason)</p>" }
        return exhibits(problem.tables, problem.figures) + absences.joined(separator: "\n")
      } + additions.joined(separator: "\n"))
  }

  /// The short tables, the figures, then the long tables folded away.
  private func exhibits(_ tables: [Table], _ figures: [Figure]) -> Markup {
    let short = tables.filter { !$0.isLong }
    let shown = short.prefix(2).map { $0.html(filesIn: Self.folder) }
    let drawn = figures.map { $0.html(filesIn: Self.folder) }
    let further = short.dropFirst(2).map { $0.html(filesIn: Self.folder) }
    let folded = tables.filter(\.isLong).map { table -> Markup in
      """
      <details id="fold-\(table.id)"><summary>\(table.title) (\(Words.count(table.rows.count, "row")))</summary>
      \(table.html(filesIn: Self.folder))</details>
      """
    }
    return (shown + drawn + further + folded).joined(separator: "\n")
  }

  private var caveats: Markup {
    section(
      "caveats",
      eachProblem { problem in
        guard !problem.caveats.isEmpty else {
          return "<p>No rule of this report found anything to warn of; read the setup all the same.</p>"
        }
        let items = problem.caveats.map { caveat -> Markup in "<li>\(caveat)</li>" }
        return "<ul class=\"caveats\">\(items.joined(separator: "\n"))</ul>"
      })
  }

  private var reproduction: Markup {
    let commands = report.study.commands.joined(separator: "\n")
    let run: Markup =
      commands.isEmpty
      ? "<p class=\"absent\">The study did not record its command lines.</p>" : "<pre>\(commands)</pre>"
    let file: Markup =
      report.study.file.map { text -> Markup in
        "<details id=\"study-file\"><summary>The study file</summary><pre>\(text)</pre></details>"
      } ?? ""
    let records = report.problems.flatMap(\.results.records)
    return section(
      "reproduce",
      """
      \(run)
      \(file)
      \(Self.definitions(SetupFacts.environment(of: records)))
      <p>Every run's folder holds its resolved configuration, its environment and every value that was measured; this \
      page is made from those alone.</p>
      """)
  }
}
