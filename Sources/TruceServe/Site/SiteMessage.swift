/// What a browser asks for: the parts of an HTTP request that matter here.
struct SiteRequest: Equatable, Sendable {
  /// The method, such as `GET`.
  var method = "GET"
  /// The path with its query, as it was sent.
  var target: String
  /// The `Host` header.
  var host: String? = "127.0.0.1"
  /// The `If-None-Match` header.
  var knownVersion: String?
}

/// What a browser is answered.
struct SiteResponse: Equatable, Sendable {
  /// The status code.
  var status: Int
  /// The headers by name; each occurs once.
  var headers: [String: String]
  /// The content.
  var body: [UInt8]

  /// Creates an answer with the headers that every answer has.
  init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = Self.commonHeaders.merging(headers) { $1 }
    self.body = body
  }

  /// A refusal in one line of text.
  static func refusal(_ status: Int, _ text: String, headers: [String: String] = [:]) -> SiteResponse {
    let body = Array((text + "\n").utf8)
    let own = [
      "Content-Type": "text/plain; charset=utf-8", "Content-Length": "\(body.count)",
      "Cache-Control": "no-store",
    ]
    return SiteResponse(status: status, headers: own.merging(headers) { $1 }, body: body)
  }

  /// A page may load scripts, styles and data from this server alone and be framed or embedded by nobody; plotly.js
  /// compiles its shaders' code and sets styles on its elements.
  private static let commonHeaders = [
    "Content-Security-Policy": """
    default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    """,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
  ]
}
