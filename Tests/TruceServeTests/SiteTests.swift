import Foundation
import Testing

@testable import TruceServe

@Suite("What the server answers")
struct SiteTests {
  private static let site: Site = {
    var site = Site()
    site.put(Array("<!doctype html>".utf8), at: "index.html", version: "7-1")
    site.put(Array("a,b".utf8), at: "data/runs table.csv", version: "7-1")
    site.put(Array("{}".utf8), at: "status.json", version: nil)
    return site
  }()

  private func answer(_ target: String, _ change: (inout SiteRequest) -> Void = { _ in }) -> SiteResponse {
    var request = SiteRequest(target: target)
    change(&request)
    return Self.site.response(to: request)
  }

  @Test(arguments: [
    ("/", "text/html; charset=utf-8"), ("/index.html", "text/html; charset=utf-8"),
    ("/?again=1", "text/html; charset=utf-8"), ("/data/runs%20table.csv", "text/csv; charset=utf-8"),
    ("/status.json", "application/json"),
  ])
  func documentsHaveTheirTypes(_ target: String, _ type: String) {
    let answer = answer(target)
    #expect(answer.status == 200)
    #expect(answer.headers["Content-Type"] == type)
    #expect(answer.headers["Content-Length"] == "\(answer.body.count)")
    #expect(!answer.body.isEmpty)
  }

  @Test func everyAnswerForbidsForeignContent() {
    let answers = [
      answer("/"), answer("/status.json"), answer("/nothing"), answer("/") { $0.method = "POST" },
      answer("/") { $0.host = "evil.example" },
    ]
    for answer in answers {
      let policy = answer.headers["Content-Security-Policy"] ?? ""
      #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
      #expect(policy.contains("script-src 'self' 'unsafe-eval';"), "no script within a page")
      #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
      #expect(answer.headers["Cross-Origin-Resource-Policy"] == "same-origin")
      #expect(answer.headers["Cache-Control"] != nil)
    }
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get"])
  func onlyReadingIsAllowed(_ method: String) {
    let answer = answer("/") { $0.method = method }
    #expect(answer.status == 405)
    #expect(answer.headers["Allow"] == "GET, HEAD")
  }

  @Test func aHeadIsAnAnswerWithoutItsContent() {
    let head = answer("/") { $0.method = "HEAD" }
    #expect(head.status == 200 && head.body.isEmpty)
    #expect(head.headers == answer("/").headers)
  }

  @Test(arguments: [
    "/../etc/passwd", "/%2e%2e/etc/passwd", "/..%2fetc%2fpasswd", "/%252e%252e%252fetc/passwd",
    "//etc/passwd",
    "/data/../index.html", "/data/%2e%2e/index.html", "/./index.html", "/data//runs%20table.csv",
    "/..\\..\\etc\\passwd", "/index.html%00.csv", "/%", "/%zz", "/%ff%fe", "index.html", "",
    "http://127.0.0.1/index.html", "*", "/study.yaml", "/study.sqlite", "/INDEX.HTML",
  ])
  func pathsLeadNowhereElse(_ target: String) {
    let answer = answer(target)
    #expect(answer.status == 404)
    #expect(String(decoding: answer.body, as: UTF8.self) == "There is nothing here.\n")
  }

  @Test(arguments: ["127.0.0.1", "127.0.0.1:8765", "localhost", "LocalHost:1", "[::1]:65535"])
  func thisMachineHasTheseNames(_ host: String) {
    #expect(answer("/") { $0.host = host }.status == 200)
  }

  @Test(arguments: [
    nil, "", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8765",
    "evil.example:127.0.0.1",
    "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:80@evil.example", "localhost:80,evil.example", "0.0.0.0",
    "2130706433", "[::1", "127.0.0.2",
  ])
  func foreignNamesAreRefused(_ host: String?) {
    let answer = answer("/") { $0.host = host }
    #expect(answer.status == 421)
    #expect(!String(decoding: answer.body, as: UTF8.self).contains("doctype"))
  }

  @Test func whatABrowserHasIsNotSentAgain() {
    let tag = answer("/").headers["ETag"]
    #expect(tag == "\"7-1\"")
    let second = answer("/") { $0.knownVersion = tag }
    #expect(second.status == 304 && second.body.isEmpty)
    #expect(answer("/") { $0.knownVersion = "\"7-0\"" }.status == 200)
    #expect(answer("/status.json").headers["ETag"] == nil)
    #expect(answer("/status.json").headers["Cache-Control"] == "no-store")
  }
}
