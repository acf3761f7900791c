import Foundation
import Testing
import TruceBrowserTestSupport
import TruceRunTestSupport

@testable import TruceReport

/// Whether the tests in a real browser can run here.
let canBrowse = Browser.program != nil && ReportFixture.plotly != nil

@Suite(
  "The page in Chromium", .serialized,
  .enabled(
    if: canBrowse, "needs the program `chromium` and the plotly.min.js that `Scripts/setup plotly` fetches"))
struct PageInBrowserTests {
  @Test func everyFigureDrawsAndNothingComplains() throws {
    let report = ReportFixture.full()
    try ReportFixture.withFolder(report) { folder in
      let browser = try Browser()
      try browser.open(folder.appending(path: "index.html"))
      let drawn = try browser.evaluate("document.querySelectorAll('.js-plotly-plot .main-svg').length > 0")
      #expect(drawn as? Bool == true)
      for figure in report.figures {
        for index in figure.views.indices { try checkView(index, of: figure, in: browser) }
      }
      #expect(browser.complaints.isEmpty, "\(browser.complaints)")
      #expect(!browser.requests.isEmpty)
      #expect(browser.requests.allSatisfy { $0.hasPrefix("file://\(folder.path)/") }, "\(browser.requests)")
    }
  }

  private func checkView(_ index: Int, of figure: Figure, in browser: Browser) throws {
    if figure.views.count > 1 {
      try browser.click("#figure-\(figure.id) .choices button:nth-of-type(\(index + 1))")
    }
    let host = "document.querySelector('#figure-\(figure.id) .host')"
    guard figure.views[index].chart.plot != nil else {
      try browser.wait(
        for:
          "document.querySelector('#figure-\(figure.id) .drawing[data-view=\"\(index)\"] svg').getBoundingClientRect().width > 0"
          + " && \(host).hidden")
      return
    }
    try browser.wait(for: "\(host).querySelector('.main-svg') !== null")
    let shapes = try browser.evaluate(
      "\(host).querySelectorAll('.trace, .parcoords, .hm, .contour, .y-axis, .scatterlayer path').length")
    #expect((shapes as? Int ?? 0) > 0, "\(figure.id), view \(index + 1), draws nothing")
  }

  @Test func readersCanWorkWithThePage() throws {
    try ReportFixture.withFolder(ReportFixture.full()) { folder in
      let browser = try Browser()
      try browser.open(folder.appending(path: "index.html"))
      try headingsSortTables(in: browser)
      try draggingAlongAnAxisBrushesTheLines(in: browser)
      try theLegendHidesAndShowsCurves(in: browser)
      try darkAndLightAreFollowed(in: browser)
      try paperShowsTheStaticDrawings(in: browser)
      #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }
  }

  private func headingsSortTables(in browser: Browser) throws {
    let column =
      "[...document.querySelectorAll('#table-results tbody tr')].map((row) => row.cells[3].dataset.value)"
    let heading = "#table-results thead th:nth-of-type(4)"
    try browser.click("\(heading) button")
    let up = (try browser.evaluate(column) as? [String] ?? []).compactMap { Double($0) }
    #expect(
      up.count == 13 && Array(up.dropFirst()) == up.dropFirst().sorted(), "the reference row stays on top")
    try browser.click("\(heading) button")
    let down = (try browser.evaluate(column) as? [String] ?? []).compactMap { Double($0) }
    #expect(down.first == up.first && Array(down.dropFirst()) == up.dropFirst().reversed())
    let direction = try browser.evaluate("document.querySelector('\(heading)').getAttribute('aria-sort')")
    #expect(direction as? String == "descending")
  }

  private func draggingAlongAnAxisBrushesTheLines(in browser: Browser) throws {
    let host = "document.querySelector('#figure-parallel-coordinates .host')"
    let range = "\(host)._fullData[0].dimensions[0].constraintrange ?? null"
    #expect(try browser.evaluate(range) as? [Double] == nil)
    let axis = try browser.middle(of: "#figure-parallel-coordinates .y-axis .axis-brush")
    try browser.mouse("mouseMoved", at: axis)
    try browser.mouse("mousePressed", at: axis)
    for step in 1...5 { try browser.mouse("mouseMoved", at: (axis.x, axis.y - 12 * Double(step))) }
    try browser.mouse("mouseReleased", at: (axis.x, axis.y - 60))
    try browser.wait(for: "(\(range)) !== null")
    let kept = try #require(try browser.evaluate(range) as? [Double])
    #expect(kept.count == 2 && kept[0] < kept[1])
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  private func theLegendHidesAndShowsCurves(in browser: Browser) throws {
    let shown = "document.querySelectorAll('#figure-learning-curves .scatterlayer .trace').length"
    let before = try browser.evaluate(shown) as? Int ?? 0
    let button = "#figure-learning-curves .legend li:first-child button"
    try browser.click(button)
    try browser.wait(for: "\(shown) === \(before - 2)")
    let pressed = try browser.evaluate("document.querySelector('\(button)').getAttribute('aria-pressed')")
    #expect(pressed as? String == "false")
    try browser.click(button)
    try browser.wait(for: "\(shown) === \(before)")
  }

  private func darkAndLightAreFollowed(in browser: Browser) throws {
    let color = "document.querySelector('#figure-learning-curves .xtick text').style.fill"
    let light = try browser.evaluate(color) as? String
    try browser.emulate(isDark: true)
    try browser.wait(for: "\(color) !== '\(light ?? "")'")
  }

  private func paperShowsTheStaticDrawings(in browser: Browser) throws {
    try browser.call("Emulation.setEmulatedMedia", ["media": "print"])
    let broken = try browser.evaluate(
      "[...document.querySelectorAll('.static img')].filter((image) => !image.naturalWidth || !image.offsetWidth).length"
    )
    #expect(broken as? Int == 0)
    let interactive = try browser.evaluate("document.querySelector('.canvas').offsetWidth")
    #expect(interactive as? Int == 0)
  }

  @Test func hostileNamesRunNothing() throws {
    let hostile = "<img src=x onerror=\"window.ran=1\">"
    let report = ReportFixture.full {
      $0.taskNames = [hostile, "</script><script>window.ran=2</script>"]
      $0.problem = hostile
      $0.methods = ["ew", hostile, "%{x}"]
    }
    try ReportFixture.withFolder(report) { folder in
      let browser = try Browser()
      try browser.open(folder.appending(path: "index.html"))
      for figure in report.figures where figure.views.count > 1 {
        for index in figure.views.indices {
          try browser.click("#figure-\(figure.id) .choices button:nth-of-type(\(index + 1))")
        }
      }
      #expect(try browser.evaluate("window.ran ?? 0") as? Int == 0)
      #expect(browser.complaints.isEmpty, "\(browser.complaints)")
      #expect(browser.requests.allSatisfy { $0.hasPrefix("file://\(folder.path)/") })
      let text = try browser.evaluate("document.querySelector('#setup dd').textContent")
      #expect(text as? String == hostile)
    }
  }

  @Test func thePageFitsLaptopsAndPhones() throws {
    try ReportFixture.withFolder(ReportFixture.full()) { folder in
      let browser = try Browser()
      try browser.open(folder.appending(path: "index.html"))
      for width in [1280, 390] {
        try browser.resize(width: width, height: 900)
        // The figures follow the window a moment later.
        try browser.wait(for: "document.documentElement.scrollWidth <= window.innerWidth")
        try browser.wait(for: "window.innerWidth === \(width)")
        try takePictures(in: browser, width: width)
      }
      try wideTablesSaySo(in: browser)
      try nothingIsCutOffOnAPhone(in: browser)
      try paperHidesNothing(in: browser)
    }
  }

  private func wideTablesSaySo(in browser: Browser) throws {
    let silent = """
      [...document.querySelectorAll('figure.table .scroll')].filter((node) => !node.closest('details:not([open])')
        && (node.scrollWidth > node.clientWidth + 1) !== (node.parentElement.querySelector('.hint').offsetHeight > 0)).length
      """
    try browser.wait(for: "\(silent) === 0")
    let told = try browser.evaluate(
      "[...document.querySelectorAll('.hint')].filter((node) => node.offsetHeight > 0).length")
    #expect((told as? Int ?? 0) > 0)
  }

  /// The navigation wraps, and no drawing is wider than its place unless it can be scrolled there.
  private func nothingIsCutOffOnAPhone(in browser: Browser) throws {
    let navigation = try browser.evaluate(
      "(() => { const list = document.querySelector('nav ul'); return list.scrollWidth <= list.clientWidth; })()"
    )
    #expect(navigation as? Bool == true)
    let cut = """
      [...document.querySelectorAll('.canvas .host')].filter((node) => node.offsetWidth > 0 && !node.style.minWidth
        && node.querySelector('.main-svg').getBoundingClientRect().width > node.parentElement.clientWidth + 1).length
      """
    try browser.wait(for: "\(cut) === 0")
  }

  private func paperHidesNothing(in browser: Browser) throws {
    let closed = "document.querySelectorAll('details:not([open])').length"
    let before = try browser.evaluate(closed) as? Int
    #expect((before ?? 0) > 0)
    _ = try browser.evaluate("window.dispatchEvent(new Event('beforeprint')) && 0")
    #expect(try browser.evaluate(closed) as? Int == 0)
    _ = try browser.evaluate("window.dispatchEvent(new Event('afterprint')) && 0")
    #expect(try browser.evaluate(closed) as? Int == before)
  }

  /// Keeps pictures in light and dark where `TRUCE_SCREENSHOTS` names a folder for them.
  private func takePictures(in browser: Browser, width: Int) throws {
    guard let pictures = ProcessInfo.processInfo.environment["TRUCE_SCREENSHOTS"] else { return }
    for isDark in [false, true] {
      try browser.emulate(isDark: isDark)
      try browser.screenshots(
        to: URL(filePath: pictures), name: "report-\(width)-\(isDark ? "dark" : "light")", width: width)
    }
    try browser.call("Emulation.setEmulatedMedia", ["media": "print"])
    try browser.screenshots(to: URL(filePath: pictures), name: "report-\(width)-print", width: width)
    try browser.call("Emulation.setEmulatedMedia", ["media": ""])
  }
}
