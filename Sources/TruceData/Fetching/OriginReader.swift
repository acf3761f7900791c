import Foundation

/// Knows how to get files out of each kind of origin.
struct OriginReader {
  let downloader: any Downloader
  let tools: any ToolRunner
  let environment: [String: String]

  /// Gets and unpacks the archive of an origin that has one.
  func unpack(_ origin: Origin, into scratch: String) -> Result<Void, OriginFailure> {
    Result { () throws(OriginFailure) in
      switch origin {
      case .web: break
      case .pythonPackage(let project, let archive, let sum, _):
        try unpackPythonPackage(project, archive: archive, sha256: sum, into: scratch)
      case .debianPackage(let name, _):
        try unpackDebianPackage(name, into: scratch)
      }
    }
  }

  /// Returns the path at which a file of the origin lies within the scratch folder, whole and checked.
  func deliver(
    _ file: OriginalFile, of collection: OriginalCollection, from origin: Origin, through scratch: String
  ) -> Result<String, OriginFailure> {
    Result { () throws(OriginFailure) in
      let path = try draft(of: file.publishedName, from: origin, in: scratch)
      do throws(DataError) {
        try collection.verify(file, at: path)
      } catch {
        throw OriginFailure(reason: "\(origin.title) delivered another file: \(error)")
      }
      return path
    }
  }

  private func draft(of name: String, from origin: Origin, in scratch: String) throws(OriginFailure) -> String
  {
    switch origin {
    case .web(let folder):
      let path = scratch + "/" + name
      try downloader.download(folder + "/" + name, to: path)
      return path
    case .pythonPackage(_, _, _, let folder), .debianPackage(_, let folder):
      return scratch + "/" + folder + "/" + name
    }
  }

  // MARK: Debian packages

  private func unpackDebianPackage(_ name: String, into scratch: String) throws(OriginFailure) {
    _ = try tools.run(["apt-get", "download", name], in: scratch)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? []
    guard let archive = files.first(where: { $0.hasSuffix(".deb") }) else {
      throw OriginFailure(reason: "apt-get left no package of \(name)")
    }
    _ = try tools.run(["dpkg-deb", "-x", archive, "."], in: scratch)
  }

  // MARK: Python packages

  // Not `pip download`: it would build a source package only to learn what it depends on.
  private func unpackPythonPackage(
    _ project: String, archive: String, sha256 sum: String, into scratch: String
  ) throws(OriginFailure) {
    let page = indexAddress(in: scratch) + "/" + project + "/"
    try downloader.download(page, to: scratch + "/index.html")
    let address = try link(to: archive, on: page, savedAt: scratch + "/index.html")
    try downloader.download(address, to: scratch + "/" + archive)
    guard (try? Checksum.sha256(ofFile: scratch + "/" + archive)) == sum else {
      throw OriginFailure(reason: "\(archive) has another check sum than \(sum)")
    }
    _ = try tools.run(["python3", "-m", "zipfile", "-e", archive, "."], in: scratch)
  }

  private func indexAddress(in folder: String) -> String {
    let command = ["python3", "-m", "pip", "config", "get", "global.index-url"]
    let configured = environment["PIP_INDEX_URL"] ?? (try? tools.run(command, in: folder))
    let address = (configured ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    guard !address.isEmpty else { return "https://pypi.org/simple" }
    return address.hasSuffix("/") ? String(address.dropLast()) : address
  }

  /// The address behind the link on an index page whose last part is the archive's name.
  private func link(
    to archive: String, on page: String, savedAt path: String
  ) throws(OriginFailure) -> String {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let links = text.matches(of: /href\s*=\s*"([^"#]+)/).map {
      $0.output.1.replacingOccurrences(of: "&amp;", with: "&")
    }
    let address = links.first { $0.hasSuffix("/" + archive) }
      .flatMap { URL(string: $0, relativeTo: URL(string: page)) }
    guard let address else { throw OriginFailure(reason: "\(page) does not offer \(archive)") }
    return address.absoluteString
  }
}

extension Origin {
  /// The origin in a few words.
  var title: String {
    switch self {
    case .web(let folder): URL(string: folder)?.host ?? folder
    case .pythonPackage(_, let archive, _, _): "\(archive) of the Python package index"
    case .debianPackage(let name, _): "the Debian package \(name)"
    }
  }
}
