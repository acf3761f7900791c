import Truce
import TruceFiles
import TruceRun

/// Finds the domains of a folder, what their classes have in common, and their splits.
struct DomainFinder {
  typealias Found = (name: DomainName, pictures: ClassFolders)

  let root: String
  let choice: DomainFolders.Choice
  let faults: FaultList

  // MARK: Domains

  /// The pictures of the domains that were chosen; nil where any has none, or there are not two domains.
  func pictures() -> [Found]? {
    guard hasFolders else { return nil }
    let known = candidates
    let names = chosen(among: known)
    guard names.count > 1 else {
      if faults.isEmpty { faults.append(tooFew(names, of: known)) }
      return nil
    }
    noteSameTasks(names)
    let found = names.compactMap { name -> Found? in
      if let fault = FolderContent.fault(of: "\(root)/\(name)") {
        faults.append(fault)
        return nil
      }
      return ClassFolders("\(root)/\(name)", noting: faults).map { (name: DomainName(name), pictures: $0) }
    }
    return found.count == names.count ? found : nil
  }

  /// Whether the folders of the domains and of the lists are there; what is wrong is noted.
  private var hasFolders: Bool {
    if let fault = FolderContent.fault(of: root) { faults.append(fault) }
    if case .lists(let folder) = choice.division, let fault = FolderContent.fault(of: folder) {
      faults.append(fault)
    }
    return faults.isEmpty
  }

  /// The folders that may be domains, and the links that lead nowhere, each a domain that is missing.
  private var candidates: [String] {
    let content = FolderContent(root)
    return (content.folders.filter(mayBeDomain) + content.brokenLinks)
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func noteSameTasks(_ names: [String]) {
    for (place, name) in names.enumerated() {
      let task = DomainName(name).task
      guard let other = names[..<place].first(where: { DomainName($0).task == task }) else { continue }
      faults.append(
        FileFault(
          path: "\(root)/\(name)",
          reason: "its task would be called '\(task)', as that of the folder '\(other)'",
          help: "rename one of the folders"))
    }
  }

  private func mayBeDomain(_ name: String) -> Bool {
    let content = FolderContent("\(root)/\(name)")
    return !content.folders.isEmpty || content.files.isEmpty
      || content.files.contains(where: PictureFile.isPicture)
  }

  private func chosen(among known: [String]) -> [String] {
    guard let wanted = choice.domains else { return known }
    noteTwice(wanted)
    let isWanted = { (name: String, folder: String) in name == folder || name == DomainName(folder).task }
    for name in wanted where !known.contains(where: { isWanted(name, $0) }) {
      let hint = closestName(to: name, among: known).map { "did you mean '\($0)'?" }
      faults.append(
        FileFault(
          kind: .missing, path: "\(root)/\(name)", reason: "there is no such domain",
          help: hint ?? "the domains are \(known.joined(separator: ", "))"))
    }
    return known.filter { folder in wanted.contains { isWanted($0, folder) } }
  }

  private func noteTwice(_ wanted: [String]) {
    for (place, name) in wanted.enumerated() {
      let task = DomainName(name).task
      guard wanted[..<place].contains(where: { DomainName($0).task == task }) else { continue }
      faults.append(
        FileFault(
          path: "\(root)/\(name)", reason: "the domain is named twice",
          help: "name each domain once in `domains`"))
    }
  }

  private func tooFew(_ names: [String], of known: [String]) -> FileFault {
    if known.count > 1, let name = names.first {
      return FileFault(
        path: root, reason: "one domain only is chosen, '\(name)'",
        help:
          "name two or more in `domains`, or leave it out; the domains are \(known.joined(separator: ", "))")
    }
    return FileFault(
      path: root, reason: names.first.map { "it holds one domain only, '\($0)'" } ?? "it holds no domain",
      help:
        "give the folder that holds one for each domain, such as amazon, dslr and webcam, with folders of "
        + "pictures by class in each; a single domain is a matter of the problem `folders`")
  }

  // MARK: Classes

  /// The classes that all domains have; nil where those are fewer than two.
  func shared(_ domains: [Found]) -> [String]? {
    let all = Set(domains.flatMap(\.pictures.classes)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let shared = all.filter { name in domains.allSatisfy { $0.pictures.classes.contains(name) } }
    guard shared.count > 1 else {
      faults.append(
        FileFault(
          path: root,
          reason:
            "the domains have \(shared.first.map { "only the class '\($0)'" } ?? "no class") in common: "
            + domains.map(Self.summary).joined(separator: "; "),
          help: "name the folders of the classes alike in every domain, or move away what is no domain"))
      return nil
    }
    if choice.unmatched == .refuse {
      for name in all where !shared.contains(name) { noteMissing(name, domains) }
    }
    return shared
  }

  /// The first classes of a domain: `amazon has bike, mug, …`.
  private static func summary(of domain: Found) -> String {
    let classes = domain.pictures.classes
    let shown = classes.prefix(3).joined(separator: ", ") + (classes.count > 3 ? ", …" : "")
    return "'\(domain.name.folder)' has \(shown)"
  }

  private func noteMissing(_ name: String, _ domains: [Found]) {
    guard let owner = domains.first(where: { $0.pictures.classes.contains(name) }) else { return }
    for domain in domains where !domain.pictures.classes.contains(name) {
      faults.append(
        FileFault(
          kind: .missing, path: "\(domain.pictures.base)/\(name)",
          reason:
            "the domain '\(domain.name.folder)' has no class '\(name)', which '\(owner.name.folder)' has",
          help: "add the folder, or set `unmatched: skip` to leave out classes that not all domains have"))
    }
  }

  // MARK: Splits

  /// A domain with its pictures of some classes divided; what is wrong is noted.
  func domain(_ name: DomainName, _ pictures: ClassFolders, keeping classes: Set<String>)
    -> DomainFolders.Domain
  {
    var pictures = pictures
    pictures.keep(classes)
    let before = faults.total
    let domain = DomainFolders.Domain(
      name: name.task, pictures: pictures, splits: splits(of: pictures, name))
    for split in [Split.training, .test] where faults.total == before && domain.count(of: split) == 0 {
      faults.append(
        FileFault(
          path: "\(root)/\(name.folder)",
          reason: "no picture of the domain is in the \(split.rawValue) split",
          help: "give the domain more pictures, or the split a larger share or a list of its own"))
    }
    return domain
  }

  private func splits(of pictures: ClassFolders, _ name: DomainName) -> [Split?] {
    switch choice.division {
    case .ratio(let ratio): ratio.assignment(of: pictures.pictures.count)
    case .lists(let folder):
      DomainLists(folder: folder, unmatched: choice.unmatched, faults: faults)
        .assignment(of: pictures, domain: name)
    }
  }
}
