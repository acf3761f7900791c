import Foundation
import Testing
import TruceBrowserTestSupport
import TruceRun
import TruceStudy

@testable import TruceServe

@Suite(
  "The live page in Chromium", .serialized,
  .enabled(
    if: Browser.program != nil && StudyBench.plotly != nil,
    "needs the program `chromium` and the plotly.min.js that `Scripts/setup plotly` fetches"))
struct LivePageInBrowserTests {
  @Test func thePageFollowsTheStudy() async throws {
    let bench = try StudyBench()
    try bench.end(0..<7)
    try await withServer(of: bench, library: StudyBench.plotly) { address in
      let browser = try Browser()
      try browser.open(address)
      try browser.wait(for: "document.querySelector('#live').textContent.includes('7 of 12 runs done')")
      try readTheMiddle(of: browser)
      let claim = try bench.begin(bench.plan.runs[8], epochs: 1).claim()
      try withExtendedLifetime(claim) {
        try bench.end(bench.plan.runs[7])
        try bench.end(bench.plan.runs[9], .failed, reason: "<b>no</b> space")
        try browser.wait(
          for: "document.querySelector('header.page').textContent.includes('eight finished runs')")
        try takePictures(of: browser)
      }
      try thePlaceIsKept(in: browser)
      try theStripTellsTheRest(in: browser)
      #expect(browser.complaints.isEmpty, "\(browser.complaints)")
      #expect(browser.requests.count > 4)
      #expect(browser.requests.allSatisfy { $0.hasPrefix(address.absoluteString) }, "\(browser.requests)")
      try aSilentServerIsTold(in: browser)
    }
  }

  /// A reader who sorted a table, hid a curve, opened a fold and scrolled to a figure.
  private func readTheMiddle(of browser: Browser) throws {
    try browser.click("#table-results thead th:nth-of-type(4) button")
    try browser.click("#figure-learning-curves .legend li:first-child button")
    _ = try browser.evaluate("document.querySelector('#study-file').open = true")
    _ = try browser.evaluate(
      """
      document.querySelector('#figure-learning-curves').scrollIntoView({ behavior: "instant" });
      window.place = document.querySelector('#figure-learning-curves').getBoundingClientRect().top;
      window.node = document.querySelector('#figure-learning-curves .host');
      true;
      """)
  }

  private func thePlaceIsKept(in browser: Browser) throws {
    let moved = try browser.evaluate(
      "document.querySelector('#figure-learning-curves').getBoundingClientRect().top - window.place")
    #expect(abs(moved as? Double ?? .infinity) < 2)
    let kept = try browser.evaluate(
      """
      [
        document.querySelector('#table-results thead th:nth-of-type(4)').getAttribute('aria-sort') === 'ascending',
        document.querySelector('#figure-learning-curves .legend button').getAttribute('aria-pressed') === 'false',
        document.querySelector('#study-file').open,
        document.querySelector('#figure-learning-curves .host') === window.node,
        window.node.querySelector('.main-svg') !== null,
      ]
      """)
    #expect(kept as? [Bool] == [true, true, true, true, true])
  }

  private func theStripTellsTheRest(in browser: Browser) throws {
    let strip = try browser.evaluate("document.querySelector('#live').textContent") as? String ?? ""
    #expect(strip.contains("9 of 12 runs done, 1 failed"))
    #expect(strip.contains("<b>no</b> space"))
    #expect(try browser.evaluate("document.querySelector('#live b') === null") as? Bool == true)
  }

  private func aSilentServerIsTold(in browser: Browser) throws {
    try browser.call(
      "Network.emulateNetworkConditions",
      ["offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1])
    try browser.wait(for: "document.body.classList.contains('offline')")
    let note = "document.querySelector('#live .lost')"
    #expect(try browser.evaluate("\(note).offsetHeight > 0") as? Bool == true)
  }

  /// Keeps pictures where `TRUCE_SCREENSHOTS` names a folder for them.
  private func takePictures(of browser: Browser) throws {
    guard let pictures = ProcessInfo.processInfo.environment["TRUCE_SCREENSHOTS"] else { return }
    try browser.screenshots(to: URL(filePath: pictures), name: "live-1280", width: 1280)
  }
}
