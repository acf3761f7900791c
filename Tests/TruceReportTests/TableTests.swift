import Testing

@testable import TruceReport

@Suite("Tables")
struct TableTests {
  let table = Table(
    id: "results", title: "Results_1", caption: "50% of <all> runs.",
    columns: [
      .init("method"), .init("accuracy", .higherIsBetter),
      .init("Δm (%)", .lowerIsBetter, decimals: 2, isSigned: true),
      .init("note"),
    ],
    rows: [
      .init(["single", .number(0.95), .missing, .missing], isReference: true),
      .init(["EW | a", .number(0.90), .number(2.5, deviation: 0.25, remark: "lr 0.1"), "x_y"]),
      .init(["UW", .number(0.91), .number(-1.004), .missing]),
      .init(["RLW", .number(0.912), .number(-1.0039), .missing]),
    ])

  @Test func bestAndSecondBestAreMarkedWithoutReferences() {
    let marks = table.marks()
    #expect(marks.map { $0[1] } == [nil, nil, .secondBest, .best])
    #expect(marks.map { $0[2] } == [nil, .secondBest, .best, .best], "equal prints are equally good")
    #expect(marks.allSatisfy { $0[0] == nil && $0[3] == nil })
  }

  @Test func everyRunSaysWhereItTookPlace() throws {
    let tables = ReportFixture.full().tables
    let runs = try #require(tables.first { $0.title == "All finished runs" }).grid
    let machine = try #require(runs.headings.firstIndex { $0.text == "machine" })
    #expect(runs.headings[machine...].prefix(3).map(\.text) == ["machine", "device", "threads"])
    #expect(runs.rows.allSatisfy { Array($0[machine..<(machine + 3)]) == ["example", "cpu", "2"] })
  }

  @Test func columnsMayBeRankedTogether() {
    let joint = Table(
      id: "t", title: "t", caption: "",
      columns: [
        .init("a", .lowerIsBetter, rankedWith: "s", decimals: 0),
        .init("b", .lowerIsBetter, rankedWith: "s", decimals: 0),
      ], rows: [.init([.number(3), .number(1)]), .init([.number(2), .missing])])
    #expect(joint.marks() == [[nil, .best], [.secondBest, nil]])
  }

  @Test func aColumnOfEqualValuesHasNoMarks() {
    let equal = Table(
      id: "t", title: "t", caption: "", columns: [.init("a", .lowerIsBetter)],
      rows: [.init([.number(1)]), .init([.number(1)]), .init([.number(.nan)])])
    #expect(equal.marks() == [[nil], [nil], [nil]])
  }

  @Test func markdown() {
    #expect(
      table.markdown
        == """
        **Results\\_1.** 50% of &lt;all&gt; runs.

        | method | accuracy ↑ | Δm (%) ↓ | note |
        | --- | ---: | ---: | --- |
        | single | 0.9500 | – | – |
        | EW \\| a | 0.9000 | +2.50 ± 0.25 (lr 0.1) | x\\_y |
        | UW | <u>0.9100</u> | **−1.00** | – |
        | RLW | **0.9120** | **−1.00** | – |

        """.replacing("+2.50 ±", with: "<u>+2.50</u> ±"))
  }

  @Test func latex() {
    #expect(
      table.latex == #"""
        % \usepackage{booktabs}
        \begin{table}
          \centering
          \caption{\textbf{Results\_1.} 50\% of $<$all$>$ runs.}
          \label{tab:results}
          \begin{tabular}{lrrl}
            \toprule
            method & accuracy $\uparrow$ & $\Delta$m (\%) $\downarrow$ & note \\
            \midrule
            single & 0.9500 & -- & -- \\
            \midrule
            EW | a & 0.9000 & \underline{+2.50} $\pm$ 0.25 {\scriptsize (lr 0.1)} & x\_y \\
            UW & \underline{0.9100} & \textbf{$-$1.00} & -- \\
            RLW & \textbf{0.9120} & \textbf{$-$1.00} & -- \\
            \bottomrule
          \end{tabular}
        \end{table}

        """#)
  }

  @Test func latexTakesAnyText() {
    let hostile = Table(
      id: "t", title: "t", caption: "", columns: [.init("a")], rows: [.init(["\\input{x}$_^~#&%\n"])])
    #expect(
      hostile.latex.contains(
        ##"\textbackslash{}input\{x\}\$\_\textasciicircum{}\textasciitilde{}\#\&\%  \\"##))
  }

  @Test func csv() {
    #expect(
      table.csv.split(separator: "\r\n") == [
        "method,accuracy,Δm (%),Δm (%) std,Δm (%) remark,note", "single,0.95,,,,",
        "EW | a,0.9,2.5,0.25,lr 0.1,x_y", "UW,0.91,-1.004,,,", "RLW,0.912,-1.0039,,,",
      ])
  }

  @Test func spreadsheetsRunNoFormulas() {
    let file = DataFile(
      columns: ["a", "b,c"],
      rows: [["=1+1", "say \"hi\"\nthere"], ["@x", .number(-2)], ["-", .missing]])
    #expect(
      file.csv == "a,\"b,c\"\r\n'=1+1,\"say \"\"hi\"\"\nthere\"\r\n'@x,-2\r\n'-,\r\n")
    #expect(file.json.contains("\"a\" : \"=1+1\""))
  }

  @Test func htmlSortsAndEscapes() {
    let text = table.html(filesIn: "data").text
    #expect(text.contains("<b class=\"best\">−1.00</b>") && text.contains("data-value=\"-1.004\""))
    #expect(text.contains("<tr class=\"reference\">") && text.contains("of &lt;all&gt; runs"))
    #expect(text.contains("href=\"data/results.tex\""))
  }
}
