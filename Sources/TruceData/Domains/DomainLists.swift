import TruceFiles

/// Files that name the pictures of each split of a domain, one a line.
///
/// A line is a picture's path from the folder of all domains, or from the domain's own, and may end in the number of its
/// class, which is not read: the folder says the class. The names are those of LibMTL and DomainNet, `art_train.txt`,
/// `art_val.txt` where there is one and `art_test.txt`, or those of PACS, `art_train_kfold.txt` and
/// `art_crossval_kfold.txt`.
///
/// - Note: PACS's `art_test_kfold.txt` names all pictures of the domain, for networks that have never seen it, and
///   cannot measure one that was trained on them. It is not read.
struct DomainLists {
  private static let schemes: [[Split: String]] = [
    [.training: "train", .validation: "val", .test: "test"],
    [.training: "train_kfold", .test: "crossval_kfold"],
  ]

  let folder: String
  let unmatched: FoldersSpecification.Unmatched
  let faults: FaultList

  /// The split of each picture of a domain; nil for one that is in no list.
  func assignment(of pictures: ClassFolders, domain: DomainName) -> [Split?] {
    var splits = [Split?](repeating: nil, count: pictures.pictures.count)
    let places = Dictionary(uniqueKeysWithValues: pictures.pictures.enumerated().map { ($1.name[...], $0) })
    for (split, path) in lists(of: domain) {
      for line in faults.attempting({ () throws(FileFault) in try ListedNames(path) })?.names ?? [] {
        guard let place = places[Self.name(line.text, in: domain)] else {
          noteUnlisted(line, path, pictures)
          continue
        }
        if let other = splits[place] { noteTwice(line, path, other) }
        splits[place] = split
      }
    }
    return splits
  }

  /// The files of a domain, those of the first scheme that it has.
  private func lists(of domain: DomainName) -> [(split: Split, path: String)] {
    for scheme in Self.schemes {
      for name in [domain.folder, domain.task] {
        let paths = Split.allCases.compactMap { split in
          scheme[split].map { (split: split, path: "\(folder)/\(name)_\($0).txt") }
        }
        guard paths.contains(where: { $0.split == .training && isThere($0.path) }) else { continue }
        return paths.filter { $0.split != .validation || isThere($0.path) }
      }
    }
    faults.append(
      FileFault(
        kind: .missing, path: "\(folder)/\(domain.folder)_train.txt",
        reason: "there is no list of the domain's pictures",
        help: "name the folder that holds a _train.txt and a _test.txt of every domain, or leave `lists` out")
    )
    return []
  }

  /// A picture's path from the folder of the classes, as a list writes it.
  private static func name(_ text: Substring, in domain: DomainName) -> Substring {
    var rest = text
    for folder in [domain.task, ClassFolders.inner] {
      let parts = rest.split(separator: "/", maxSplits: 1)
      guard parts.count == 2, DomainName(String(parts[0])).task == folder, parts[1].contains("/") else {
        continue
      }
      rest = parts[1]
    }
    return rest
  }

  private func noteUnlisted(_ line: ListedNames.Line, _ path: String, _ pictures: ClassFolders) {
    guard unmatched == .refuse else { return }
    faults.append(
      FileFault(
        path: path, line: line.number, column: 1,
        reason: "no picture '\(line.text)' lies in \(pictures.base)",
        help:
          "write its path from the folder of the domains or from this one, add the picture, or set `unmatched: skip`"
      ))
  }

  private func noteTwice(_ line: ListedNames.Line, _ path: String, _ split: Split) {
    faults.append(
      FileFault(
        path: path, line: line.number, column: 1,
        reason: "'\(line.text)' is in the \(split.rawValue) split already",
        help: "name each picture in one list, once"))
  }
}

/// The names of pictures in a list, without the numbers of classes behind them.
private struct ListedNames {
  struct Line {
    let number: Int
    let text: Substring
  }

  let names: [Line]

  init(_ path: String) throws(FileFault) {
    let lines = try TextLines(path).lines
    names = lines.enumerated().compactMap { place, line in
      let text = Self.withoutNumber(line)
      return text.isEmpty ? nil : Line(number: place + 1, text: text)
    }
  }

  private static func withoutNumber(_ line: Substring) -> Substring {
    guard let space = line.lastIndex(where: \.isWhitespace),
      Int(line[line.index(after: space)...]) != nil
    else { return line }
    let name = line[..<space]
    return name.lastIndex { !$0.isWhitespace }.map { name[...$0] } ?? name[..<name.startIndex]
  }
}
