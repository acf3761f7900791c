import Foundation
import Testing
import Torch
import TruceFiles

@testable import TruceData

/// A folder of tiny pictures by domain and class.
private struct Domains {
  let folder: TemporaryFolder

  /// - Parameter counts: The number of pictures in each folder of a class.
  init(_ counts: KeyValuePairs<String, Int>) throws {
    folder = try TemporaryFolder()
    let picture = try [UInt8](#require(PNG.data(of: Tensor.full([3, 4, 6], 0.5))))
    for (name, count) in counts {
      if count == 0 {
        try FileManager.default.createDirectory(
          atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
      }
      for number in 0..<count { try folder.write("\(name)/\(number).png", picture) }
    }
  }

  /// Two domains with two classes of five pictures each.
  static func usual() throws -> Domains {
    try Domains([
      "amazon/images/bike": 5, "amazon/images/mug": 5, "web cam/images/bike": 5, "web cam/images/mug": 5,
    ])
  }

  func found(_ choice: DomainFolders.Choice = .init()) throws -> DomainFolders {
    try DomainFolders(folder.path, choice)
  }

  /// What is wrong and what helps, with paths from the folder.
  func faults(_ choice: DomainFolders.Choice = .init()) -> [String] {
    let faults = FaultList()
    let found = DomainFolders(folder.path, choice, noting: faults)
    #expect((found == nil) == !faults.isEmpty)
    return faults.faults.map { "\($0); \($0.help)".replacing(folder.path + "/", with: "") }
      .map { $0.replacing(folder.path, with: ".") }
  }

  /// The paths of a split's pictures from the folder.
  func paths(_ found: DomainFolders, _ split: Split, _ domain: Int) -> [String] {
    let samples = found.samples(of: split, in: found.domains[domain], side: 2)
    return (0..<samples.count).map { samples.name(ofSample: $0).replacing(folder.path + "/", with: "") }
  }
}

@Suite("Pictures in folders by domain and class")
struct DomainFoldersTests {
  @Test("are divided within each domain by shares from a seed")
  func shares() throws {
    let domains = try Domains.usual()
    let found = try domains.found()
    #expect(found.domains.map(\.name) == ["amazon", "web_cam"])
    #expect(found.classes == ["bike", "mug"])
    for place in 0..<2 {
      let parts = Split.allCases.map { domains.paths(found, $0, place) }
      #expect(parts.map(\.count) == [6, 2, 2])
      #expect(Set(parts.flatMap { $0 }).count == 10)
      #expect(
        parts.flatMap { $0 }.allSatisfy { $0.hasPrefix(place == 0 ? "amazon/images/" : "web cam/images/") })
    }
    let seeds = try (0..<4).map { seed in
      domains.paths(
        try domains.found(.init(division: .ratio(DomainFolders.Choice.usualShares(seed: seed)))), .test, 0)
    }
    #expect(seeds[0] == domains.paths(found, .test, 0) && Set(seeds).count > 1)
    #expect(
      found.encoding.tasks == [
        TableEncoding.Task(name: "amazon", label: .classes(["bike", "mug"])),
        TableEncoding.Task(name: "web_cam", label: .classes(["bike", "mug"])),
      ])
  }

  @Test("have the picture as input and the class as target of the domain's task")
  func sample() throws {
    let domains = try Domains(["a/x": 1, "a/y": 1, "b/x": 1, "b/y": 1])
    let ratio = SplitRatio(shares: [.training: 0.5, .test: 0.5], seed: 0)
    let found = try domains.found(.init(division: .ratio(ratio)))
    for split in [Split.training, .test] {
      let samples = found.samples(of: split, in: found.domains[1], side: 2)
      let sample = try samples.sample(at: 0)
      #expect(sample.inputs.map(\.name) == ["image"] && sample.targets.map(\.task) == ["b"])
      #expect(
        sample.inputs[0].values == HostArray([Float](repeating: 128 / 255, count: 12), shape: [3, 2, 2]))
      let label = samples.name(ofSample: 0).contains("/y/") ? 1 : 0
      #expect(samples.label(ofSample: 0) == label)
      #expect(
        sample.targets[0].values == HostArray([Int64(label)], shape: []) && sample.targets[0].mask == nil)
    }
  }

  @Test("may have folders beside them that hold neither folders nor pictures, and be chosen by name")
  func choice() throws {
    let domains = try Domains(["a/x": 3, "a/y": 3, "b/x": 3, "b/y": 3, "c d/x": 3, "c d/y": 3])
    try domains.folder.write("lists/a_train.txt", text: "")
    try domains.folder.write(".hidden/x/1.png", text: "")
    #expect(try domains.found().domains.map(\.name) == ["a", "b", "c_d"])
    #expect(try domains.found(.init(domains: ["c_d", "a"])).domains.map(\.name) == ["a", "c_d"])
    #expect(try domains.found(.init(domains: ["c d", "a"])).domains.map(\.name) == ["a", "c_d"])
    #expect(
      domains.faults(.init(domains: ["a", "bb", "photos"])) == [
        "bb: there is no such domain; did you mean 'b'?",
        "photos: there is no such domain; the domains are a, b, c d",
      ])
  }

  @Test("are divided by lists as LibMTL's and DomainNet's are called")
  func lists() throws {
    let domains = try Domains.usual()
    try domains.folder.write(
      "lists/amazon_train.txt", text: "amazon/images/bike/0.png 17\namazon/images/mug/1.png 3\r\n\n")
    try domains.folder.write("lists/amazon_val.txt", text: "bike/2.png")
    try domains.folder.write("lists/amazon_test.txt", text: "images/bike/3.png\nmug/4.png 5\n")
    try domains.folder.write("lists/web_cam_train.txt", text: "web_cam/images/bike/0.png 0\n")
    try domains.folder.write("lists/web_cam_test.txt", text: "web cam/images/mug/1.png 1\n")
    let lists = domains.folder.path + "/lists"
    let found = try domains.found(.init(division: .lists(lists)))
    #expect(domains.paths(found, .training, 0) == ["amazon/images/bike/0.png", "amazon/images/mug/1.png"])
    #expect(domains.paths(found, .validation, 0) == ["amazon/images/bike/2.png"])
    #expect(domains.paths(found, .test, 0) == ["amazon/images/bike/3.png", "amazon/images/mug/4.png"])
    #expect(domains.paths(found, .training, 1) == ["web cam/images/bike/0.png"])
    #expect(domains.paths(found, .test, 1) == ["web cam/images/mug/1.png"])
    #expect(found.domains.map(\.leftOut) == [5, 8])
  }

  @Test("are divided by PACS's lists, of which the one of all pictures is not read")
  func officialLists() throws {
    let domains = try Domains(["art/dog": 3, "art/cat": 3, "sketch/dog": 3, "sketch/cat": 3])
    for name in ["art", "sketch"] {
      try domains.folder.write(
        "lists/\(name)_train_kfold.txt", text: "\(name)/dog/0.png 1\n\(name)/cat/0.png 2\n")
      try domains.folder.write("lists/\(name)_crossval_kfold.txt", text: "\(name)/dog/1.png 1\n")
      try domains.folder.write(
        "lists/\(name)_test_kfold.txt",
        text: "\(name)/dog/0.png 1\n\(name)/cat/0.png 2\n\(name)/dog/1.png 1\n")
    }
    let found = try domains.found(.init(division: .lists(domains.folder.path + "/lists")))
    for (place, name) in ["art", "sketch"].enumerated() {
      #expect(domains.paths(found, .training, place) == ["\(name)/cat/0.png", "\(name)/dog/0.png"])
      #expect(domains.paths(found, .validation, place) == [])
      #expect(domains.paths(found, .test, place) == ["\(name)/dog/1.png"])
    }
  }

  @Test("whose lists are wrong are refused, naming the line")
  func wrongLists() throws {
    let domains = try Domains.usual()
    let choice = DomainFolders.Choice(division: .lists(domains.folder.path + "/lists"))
    #expect(domains.faults(choice) == ["lists: there is no such folder; check the path"])
    try domains.folder.write("lists/README.txt", text: "")
    #expect(
      domains.faults(choice).first
        == "lists/amazon_train.txt: there is no list of the domain's pictures; name the folder that holds a _train.txt "
        + "and a _test.txt of every domain, or leave `lists` out")
    for name in ["amazon", "web_cam"] {
      try domains.folder.write("lists/\(name)_train.txt", text: "bike/0.png\n")
      try domains.folder.write("lists/\(name)_test.txt", text: "bike/1.png\n")
    }
    // A picture of another domain is not one of this.
    try domains.folder.write(
      "lists/amazon_test.txt", text: "bike/1.png\nbike/0.png\nwebcam/images/mug/0.png 4\n")
    #expect(
      domains.faults(choice) == [
        "lists/amazon_test.txt:2:1: 'bike/0.png' is in the training split already; name each picture in one list, once",
        "lists/amazon_test.txt:3:1: no picture 'webcam/images/mug/0.png' lies in amazon/images; write its path from the "
          + "folder of the domains or from this one, add the picture, or set `unmatched: skip`",
      ])
    try domains.folder.write("lists/amazon_test.txt", text: "bike/1.png\nbike/77.png\n")
    #expect(domains.faults(choice).count == 1)
    var skipping = choice
    skipping.unmatched = .skip
    #expect(domains.faults(skipping).isEmpty)
    try domains.folder.write("lists/amazon_test.txt", text: "bike/77.png\n")
    #expect(
      domains.faults(skipping) == [
        "amazon: no picture of the domain is in the test split; give the domain more pictures, or the split a larger "
          + "share or a list of its own"
      ])
    try FileManager.default.removeItem(atPath: domains.folder.path + "/lists/amazon_test.txt")
    #expect(domains.faults(choice).first?.hasPrefix("lists/amazon_test.txt: ") == true)
  }

  @Test("lacking a class are refused by name, or the class is left out")
  func unmatched() throws {
    let domains = try Domains([
      "a/x": 4, "a/y": 4, "a/z": 4, "b/x": 4, "b/y": 4, "c/x": 4, "c/y": 4, "c/z": 4, "c/w": 4,
    ])
    let help = "add the folder, or set `unmatched: skip` to leave out classes that not all domains have"
    #expect(
      domains.faults() == [
        "a/w: the domain 'a' has no class 'w', which 'c' has; \(help)",
        "b/w: the domain 'b' has no class 'w', which 'c' has; \(help)",
        "b/z: the domain 'b' has no class 'z', which 'a' has; \(help)",
      ])
    let found = try domains.found(.init(unmatched: .skip))
    #expect(found.classes == ["x", "y"])
    #expect(found.domains.map { $0.count(of: .training) } == [4, 4, 4])
  }

  @Test("that cannot be learned from are refused with the path and the fix")
  func faults() throws {
    let pictures = "put its pictures into folders named after their classes"
    #expect(
      try Domains(["amazon/x": 2, "amazon/y": 2]).faults() == [
        ".: it holds one domain only, 'amazon'; give the folder that holds one for each domain, such as amazon, dslr "
          + "and webcam, with folders of pictures by class in each; a single domain is a matter of the problem `folders`"
      ])
    #expect(try Domains([:]).faults().first?.hasPrefix(".: it holds no domain; ") == true)
    #expect(
      try Domains(["a": 0, "b/x": 2, "b/y": 2]).faults() == [
        "a: the domain has no folder of a class; \(pictures)"
      ])
    #expect(
      try Domains(["a/x": 2, "a/y": 0, "b/x": 2, "b/y": 2]).faults() == [
        "a/y: no picture lies in the folder; put PNG or JPEG files there; their names must end in .png, .jpg or .jpeg"
      ])
    #expect(
      try Domains(["a/x": 2, "a/y": 2, "a": 1, "b/x": 2, "b/y": 2]).faults() == [
        "a/0.png: the picture lies in no folder of a class; move it, and others beside it, into folders named after "
          + "their classes"
      ])
    #expect(
      try Domains(["a/x": 2, "a/y": 2, "b/z": 2, "b/w": 2]).faults() == [
        ".: the domains have no class in common: 'a' has x, y; 'b' has w, z; name the folders of the classes alike in "
          + "every domain, or move away what is no domain"
      ])
    #expect(
      try Domains(["a/x": 2, "b/x": 2]).faults().first?.hasPrefix(
        ".: the domains have only the class 'x' in common")
        == true)
    #expect(
      try Domains(["a/x": 1, "a/y": 1, "b/x": 9, "b/y": 9]).faults() == [
        "a: no picture of the domain is in the test split; give the domain more pictures, or the split a larger share "
          + "or a list of its own"
      ])
    let error = #expect(throws: DataError.self) { try DomainFolders("/nowhere/at/all") }
    #expect(error?.description == "/nowhere/at/all: there is no such folder" && error?.exitCode == 66)
  }

  @Test("that are chosen twice, alone, or under one task's name are refused")
  func wrongChoice() throws {
    let domains = try Domains(["a b/x": 3, "a b/y": 3, "c/x": 3, "c/y": 3])
    let twice = "the domain is named twice; name each domain once in `domains`"
    #expect(domains.faults(.init(domains: ["c", "a b", "c"])) == ["c: \(twice)"])
    #expect(domains.faults(.init(domains: ["a_b", "a b", "c"])) == ["a b: \(twice)"])
    #expect(
      domains.faults(.init(domains: ["c"])) == [
        ".: one domain only is chosen, 'c'; name two or more in `domains`, or leave it out; the domains are a b, c"
      ])
    let alike = try Domains(["a b/x": 3, "a b/y": 3, "a_b/x": 3, "a_b/y": 3])
    #expect(
      alike.faults() == [
        "a_b: its task would be called 'a_b', as that of the folder 'a b'; rename one of the folders"
      ])
  }

  @Test("may be links, as classes and pictures may be; links that lead nowhere or deeper are refused")
  func links() throws {
    let (real, domains) = (
      try Domains.usual(), try Domains(["amazon/bike": 5, "amazon/mug": 5, "web/bike": 5])
    )
    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(
        atPath: domains.folder.path + "/" + name, withDestinationPath: target)
    }
    let classes = real.folder.path + "/web cam/images"
    try link("web/mug", to: classes + "/mug")
    try link("web/bike/9.png", to: classes + "/bike/1.png")
    try link("third", to: real.folder.path + "/amazon")
    let found = try domains.found()
    #expect(found.domains.map(\.name) == ["amazon", "third", "web"])
    #expect(found.domains.map { $0.pictures.pictures.count } == [10, 10, 11])
    try link("gone", to: "/nowhere/at/all")
    try link("web/pen", to: "/nowhere")
    let help = "let it lead to a folder, or remove it"
    #expect(
      domains.faults().prefix(2) == [
        "gone: the link leads to '/nowhere/at/all', where no folder is; \(help)",
        "web/pen: the link leads to '/nowhere', where no folder is; \(help)",
      ])
    #expect(
      domains.faults(.init(domains: ["amazon", "gone"])).first
        == "gone: the link leads to '/nowhere/at/all', where no folder is; \(help)")
    try link("amazon/mug/more", to: classes)
    #expect(
      domains.faults(.init(domains: ["amazon", "third"])) == [
        "amazon/mug/more: a link to a folder, in which no pictures are looked for; put the folder itself there, or remove "
          + "the link"
      ])
  }

  @Test("pass over hidden files and texts, and name pictures of formats that are not read")
  func otherFiles() throws {
    let domains = try Domains(["a/x": 3, "a/y": 3, "b/x": 3, "b/y": 3])
    for name in ["a/x/._0.png", "a/x/.cache/1.png", "a/y/notes.txt", "b/y/Thumbs.db", "README.md"] {
      try domains.folder.write(name, text: "no picture")
    }
    #expect(DomainCheck(of: domains.folder.path).faultCount == 0)
    try domains.folder.write("a/x/3.webp", text: "RIFF")
    try domains.folder.write("b/y/deep/4.BMP", text: "BM")
    let unread =
      "a picture of a format that is not read; convert it to PNG or JPEG, with a name that ends in .png, .jpg or "
      + ".jpeg, or move it away"
    #expect(domains.faults() == ["a/x/3.webp: \(unread)", "b/y/deep/4.BMP: \(unread)"])
    let other = try Domains(["a/x": 3, "a/y": 3, "b/x": 3, "b/y": 0])
    try other.folder.write("b/y/0.jfif", text: "")
    #expect(
      other.faults().first?.hasPrefix(
        "b/y: no picture lies in the folder, but '0.jfif' of a format that is not read; ") == true)
  }

  @Test(
    "that may not be looked into are named", .enabled(if: getuid() != 0, "root may look into every folder"))
  func permissions() throws {
    let domains = try Domains.usual()
    let path = domains.folder.path + "/amazon/images/mug"
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path) }
    #expect(domains.faults() == ["amazon/images/mug: the folder cannot be read; check its permissions"])
  }

  @Test("are looked at before training: what is missing, empty, cut short or no picture is named")
  func glance() throws {
    let domains = try Domains.usual()
    let found = try domains.found(
      .init(division: .ratio(SplitRatio(shares: [.training: 0.5, .test: 0.5], seed: 0))))
    try found.glance(at: Split.allCases, of: found.domains)
    let (learned, measured) = (domains.paths(found, .training, 1), domains.paths(found, .test, 1))
    let bytes = try Data(contentsOf: URL(filePath: domains.folder.path + "/" + learned[0]))
    try domains.folder.write(learned[0], [UInt8](bytes.dropLast(20)))
    try domains.folder.write(learned[1], text: "")
    try domains.folder.write(measured[0], text: "no picture")
    try FileManager.default.removeItem(atPath: domains.folder.path + "/" + measured[1])
    func faults(_ splits: [Split], _ place: Int) -> [String] {
      let error = #expect(throws: DataError.self) { try found.glance(at: splits, of: [found.domains[place]]) }
      guard case .faults(let faults, _) = error else { return [] }
      return faults.map { "\($0)".replacing(domains.folder.path + "/", with: "") }
    }
    #expect(
      faults([.test], 1) == [
        "\(measured[0]): it is neither a PNG nor a JPEG", "\(measured[1]): there is no such file",
      ])
    let all = faults([.training, .test], 1)
    #expect(all.count == 4 && all.contains("\(learned[1]): the file is empty"))
    #expect(all.contains { $0.hasPrefix("\(learned[0]): the picture is damaged") })
    try found.glance(at: Split.allCases, of: [found.domains[0]])
  }

  @Test("are checked picture by picture")
  func check() throws {
    let domains = try Domains.usual()
    let sound = DomainCheck(of: domains.folder.path)
    let contents = try #require(sound.contents)
    #expect(sound.faultCount == 0 && contents.classes == ["bike", "mug"])
    #expect(
      contents.domains.map(\.examples)
        == Array(repeating: ["training": 6, "validation": 2, "test": 2], count: 2))
    #expect(contents.domains.allSatisfy { (0.5...1).contains($0.mostFrequent) })
    try domains.folder.write("web cam/images/mug/1.png", text: "no picture")
    let check = DomainCheck(of: domains.folder.path)
    #expect(check.faultCount == 1 && check.contents == nil)
    #expect(check.faults[0].path.hasSuffix("web cam/images/mug/1.png"))
    #expect(check.faults[0].reason == "it is neither a PNG nor a JPEG")
  }

  @Test("are told from folders of maps")
  func recognition() throws {
    let (domains, maps) = (try Domains.usual(), try Domains(["train/image": 1, "val/image": 1]))
    let flat = try Domains(["a": 1])
    #expect(
      [domains, maps, flat].map { DomainFolders.looksLikeOne($0.folder.path) } == [true, false, false])
    #expect(!DomainFolders.looksLikeOne("/nowhere/at/all"))
  }
}
