import Foundation

/// Everything that the server has to give at one moment, in memory.
///
/// A request names an entry of a table and never a file of the disk, so no path can lead out of it.
struct Site: Sendable {
  /// A document.
  struct Document: Sendable {
    /// The content.
    let content: [UInt8]
    /// What sets it apart from other contents under the same path; nil for one that must never be kept.
    let version: String?
  }

  private var documents: [String: Document] = [:]

  /// Puts a document at a path, which has no leading slash.
  mutating func put(_ content: [UInt8], at path: String, version: String?) {
    documents[path] = Document(content: content, version: version)
  }

  /// Drops the documents whose paths fail a test.
  mutating func keep(where isKept: (String) -> Bool) {
    documents = documents.filter { isKept($0.key) }
  }

  // MARK: Answering

  /// Answers a request.
  func response(to request: SiteRequest) -> SiteResponse {
    guard Self.isLocal(request.host) else {
      return .refusal(421, "This server answers to 127.0.0.1 and localhost alone.")
    }
    guard ["GET", "HEAD"].contains(request.method) else {
      return .refusal(405, "This server only shows.", headers: ["Allow": "GET, HEAD"])
    }
    guard let path = Self.path(of: request.target), let document = documents[path] else {
      return .refusal(404, "There is nothing here.")
    }
    return Self.answer(request, with: document, at: path)
  }

  private static func answer(
    _ request: SiteRequest, with document: Document, at path: String
  ) -> SiteResponse {
    let tag = document.version.map { "\"\($0)\"" }
    var headers = [
      "Content-Type": contentType(of: path), "Content-Length": "\(document.content.count)",
      // Kept, but not shown again without asking whether it still holds.
      "Cache-Control": tag == nil ? "no-store" : "no-cache",
    ]
    headers["ETag"] = tag
    if let tag, request.knownVersion == tag { return SiteResponse(status: 304, headers: headers) }
    let body = request.method == "HEAD" ? [] : document.content
    return SiteResponse(status: 200, headers: headers, body: body)
  }

  /// Whether a request was sent to this machine by a name of its own.
  ///
  /// A page elsewhere can point its own name at 127.0.0.1, but its requests then carry that name. Ports are not
  /// compared, so that the server can be reached through a tunnel.
  static func isLocal(_ host: String?) -> Bool {
    guard let host = host?.lowercased() else { return false }
    return ["127.0.0.1", "localhost", "[::1]"].contains { name in
      guard host.hasPrefix(name) else { return false }
      let rest = host.dropFirst(name.count)
      return rest.isEmpty || (rest.first == ":" && UInt16(rest.dropFirst()) != nil)
    }
  }

  /// The table's key for a request's target; nil where it is no path.
  private static func path(of target: String) -> String? {
    let path = target.prefix { $0 != "?" }
    guard path.first == "/", let plain = String(path.dropFirst()).removingPercentEncoding else { return nil }
    return plain.isEmpty ? "index.html" : plain
  }

  private static func contentType(of path: String) -> String {
    switch path.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "json": "application/json"
    case "svg": "image/svg+xml"
    case "csv": "text/csv; charset=utf-8"
    case "md": "text/markdown; charset=utf-8"
    default: "text/plain; charset=utf-8"
    }
  }
}
