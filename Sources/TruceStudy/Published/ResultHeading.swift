/// What the heading of a column of results says.
struct ResultHeading: Equatable {
  /// What a column holds.
  enum Role: Equatable { case method, seed, deltaM, meanRank, metric, other }

  /// The heading without direction and unit.
  let name: String
  /// Whether a larger value is a better one; nil where the heading does not say.
  let higherIsBetter: Bool?
  /// The unit in brackets.
  let unit: String?
  /// What the column holds.
  let role: Role

  private static let higher: Set<String> = ["↑", "higher", "up", "max", "higher is better"]
  private static let lower: Set<String> = ["↓", "lower", "down", "min", "lower is better"]

  /// The direction that a word or an arrow means; nil where it means none.
  static func direction(_ word: String) -> Bool? {
    let word = word.trimmedOfSpaces.lowercased()
    return higher.contains(word) ? true : lower.contains(word) ? false : nil
  }

  /// Reads a heading such as `mIoU ↑`, `Abs Err:lower` or `mIoU (%) (higher)`.
  init(_ text: String) {
    var rest = text.trimmedOfSpaces
    var direction: Bool?
    var unit: String?
    while let (front, word) = Self.lastWord(of: rest) {
      if direction == nil, let found = Self.direction(word) {
        direction = found
      } else if unit == nil, rest.hasSuffix(")") || rest.hasSuffix("]") {
        unit = word
      } else {
        break
      }
      rest = front.trimmedOfSpaces
    }
    name = rest
    higherIsBetter = direction
    self.unit = unit
    role = Self.role(of: rest)
  }

  /// What stands in brackets, after a colon or as an arrow at the end, and the text before it.
  private static func lastWord(of text: String) -> (front: String, word: String)? {
    if let arrow = text.last, "↑↓".contains(arrow) { return (String(text.dropLast()), String(arrow)) }
    for (open, close) in [("(", ")"), ("[", "]")] where text.hasSuffix(close) {
      guard let start = text.lastIndex(of: Character(open)), start != text.startIndex else { continue }
      return (String(text[..<start]), String(text[text.index(after: start)...].dropLast()))
    }
    guard let colon = text.lastIndex(of: ":"), direction(String(text[text.index(after: colon)...])) != nil
    else { return nil }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }

  private static func role(of name: String) -> Role {
    switch LooseName.key(name) {
    case "method", "methods", "model", "name", "approach", "algorithm": .method
    case "seed": .seed
    case "δm", "deltam", "dm": .deltaM
    case "mr", "meanrank": .meanRank
    case "source", "δmbytask": .other
    default: name.hasSuffix(" std") || name.hasSuffix(" remark") ? .other : .metric
    }
  }
}

extension String {
  /// The text without spaces at its ends.
  var trimmedOfSpaces: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
