import TruceFiles

/// CelebA's list of attributes: the number of pictures, the attributes' names, and for each picture 1 or -1 of each.
struct CelebAAttributeList {
  /// The answers of each picture by its name.
  private(set) var answers: [String: UInt64] = [:]

  /// Reads the file.
  ///
  /// - Throws: `FileFault` with the line.
  init(contentsOf path: String) throws(FileFault) {
    let lines = try TextLines(path).lines
    func fault(_ line: Int, _ reason: String) -> FileFault {
      FileFault(path: path, line: line + 1, reason: reason, help: "get the file again")
    }
    guard lines.count > 2, let promised = Int(lines[0].filter { !$0.isWhitespace }) else {
      throw fault(0, "it does not begin with the number of pictures")
    }
    guard lines[1].split(separator: " ").map(String.init) == CelebAFolder.attributes else {
      throw fault(1, "the attributes are not the forty official ones in their order")
    }
    for (number, line) in lines.enumerated().dropFirst(2) where !line.isEmpty {
      let words = line.split(separator: " ")
      guard words.count == CelebAFolder.attributes.count + 1,
        words.dropFirst().allSatisfy({ $0 == "1" || $0 == "-1" })
      else { throw fault(number, "no picture's name with forty times 1 or -1") }
      let bits = words.dropFirst().enumerated().reduce(UInt64(0)) { bits, word in
        word.element == "1" ? bits | 1 << UInt64(word.offset) : bits
      }
      guard answers.updateValue(bits, forKey: String(words[0])) == nil else {
        throw fault(number, "the picture \(words[0]) for the second time")
      }
    }
    guard answers.count == promised else {
      throw fault(0, "it promises \(promised) pictures, and has \(answers.count)")
    }
  }
}

/// CelebA's official partition: for each picture 0 to learn from, 1 to choose by or 2 to report on.
struct CelebAPartition {
  /// The pictures of each split with their answers, in the file's order.
  private(set) var faces: [Split: [CelebAFolder.Face]] = [:]

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - answers: The answers of each picture by its name.
  /// - Throws: `FileFault` with the line, or where it has fewer pictures than there are answers.
  init(contentsOf path: String, _ answers: [String: UInt64]) throws(FileFault) {
    var seen: Set<Substring> = []
    for (number, line) in try TextLines(path).lines.enumerated() where !line.isEmpty {
      func fault(_ reason: String, help: String = "get the file again") -> FileFault {
        FileFault(path: path, line: number + 1, reason: reason, help: help)
      }
      let words = line.split(separator: " ")
      guard words.count == 2, let split = Self.split(of: words[1]) else {
        throw fault("no picture's name with 0, 1 or 2")
      }
      guard seen.insert(words[0]).inserted else { throw fault("the picture \(words[0]) for the second time") }
      guard let bits = answers[String(words[0])] else {
        throw fault("the picture \(words[0]) has no attributes", help: "get both lists again")
      }
      faces[split, default: []].append(CelebAFolder.Face(name: String(words[0]), answers: bits))
    }
    try checkWhole(path, count: seen.count, of: answers.count)
  }

  private static func split(of word: Substring) -> Split? {
    switch word {
    case "0": .training
    case "1": .validation
    case "2": .test
    default: nil
    }
  }

  private func checkWhole(_ path: String, count: Int, of expected: Int) throws(FileFault) {
    for split in Split.allCases where faces[split] == nil {
      throw FileFault(
        path: path, reason: "it has no picture for \(split.rawValue)", help: "get the file again")
    }
    guard count < expected else { return }
    throw FileFault(
      path: path, reason: "it has \(count) pictures, the list of attributes \(expected)",
      help: "it was copied in part: get the file again")
  }
}
