/// The page of a study as a server shows it: the same content as the written report, which asks the server for changes.
///
/// Style and script are files beside it, so that the server's policy can forbid scripts within pages.
public struct LivePage: Sendable {
  /// The name of the style sheet.
  public static let styleName = "report.css"
  /// The name of the script.
  public static let scriptName = "report.js"
  /// The name of the document that tells how the study stands; see ``revision``.
  public static let statusName = "status.json"

  /// The style sheet.
  public static var style: String { String(decoding: PackageResources.report_css, as: UTF8.self) }
  /// The script.
  public static var script: String { String(decoding: PackageResources.report_js, as: UTF8.self) }

  /// What sets this content apart from the next; the page is loaded again once the status names another one.
  public let revision: String

  /// Names the content.
  public init(revision: String) {
    self.revision = revision
  }

  /// The files of a report by path, the page among them as `index.html`.
  public func files(of report: StudyReport) -> [String: String] {
    var files = report.dataFiles
    files[StudyReport.page] = Page(report, live: self).html.text
    files[Self.styleName] = Self.style
    files[Self.scriptName] = Self.script
    return files
  }
}
