/// Reads the Python literals of which the header of a NumPy file is made.
struct PythonLiteral {
  enum Value: Equatable {
    case text(String)
    case bool(Bool)
    /// Whole numbers of at least 0.
    case tuple([Int])
    /// A list, which stands for the fields of records.
    case list
  }

  private var rest: Substring.UnicodeScalarView

  init(_ text: String) {
    rest = Substring(text).unicodeScalars
  }

  /// The entries of the only dictionary in the text; nil where it is none, or something follows it.
  mutating func dictionary() -> [(key: String, value: Value)]? {
    guard take("{") else { return nil }
    var entries: [(key: String, value: Value)] = []
    while !take("}") {
      guard entries.isEmpty || take(",") else { return nil }
      if !entries.isEmpty, take("}") { break }
      guard let key = text(), take(":"), let value = value() else { return nil }
      entries.append((key, value))
    }
    skipSpace()
    return rest.isEmpty ? entries : nil
  }

  private mutating func value() -> Value? {
    skipSpace()
    switch rest.first {
    case "(": return tuple().map(Value.tuple)
    case "[": return skipList() ? .list : nil
    case "T" where takeWord("True"): return .bool(true)
    case "F" where takeWord("False"): return .bool(false)
    default: return text().map(Value.text)
    }
  }

  /// A text between single or double quotes, as Python 2 and 3 write plain names.
  private mutating func text() -> String? {
    skipSpace()
    if rest.first == "u", rest.dropFirst().first.map({ "'\"".unicodeScalars.contains($0) }) == true {
      rest.removeFirst()
    }
    guard let quote = rest.first, "'\"".unicodeScalars.contains(quote) else { return nil }
    let content = rest.dropFirst().prefix { $0 != quote && $0 != "\\" && $0 != "\n" }
    let after = rest.dropFirst(1 + content.count)
    guard after.first == quote else { return nil }
    rest = after.dropFirst()
    return String(String.UnicodeScalarView(content))
  }

  /// `()`, `(3,)`, `(2, 3)`, `(2L, 3L)`; a number in parentheses is no tuple.
  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    var hasComma = false
    while !take(")") {
      guard numbers.isEmpty || hasComma, let number = number() else { return nil }
      numbers.append(number)
      hasComma = take(",")
    }
    return numbers.count == 1 && !hasComma ? nil : numbers
  }

  /// Passes over a list with whatever is in it.
  private mutating func skipList() -> Bool {
    var depth = 0
    while let scalar = rest.first {
      if "'\"".unicodeScalars.contains(scalar) {
        guard text() != nil else { return false }
        continue
      }
      rest.removeFirst()
      if scalar == "[" { depth += 1 }
      if scalar == "]" { depth -= 1 }
      if depth == 0 { return true }
    }
    return false
  }

  private mutating func number() -> Int? {
    skipSpace()
    let digits = rest.prefix { ("0"..."9").contains($0) }
    rest = rest.dropFirst(digits.count)
    if rest.first == "L" { rest.removeFirst() }
    guard digits.count == 1 || digits.first != "0" else { return nil }
    return Int(String(String.UnicodeScalarView(digits)))
  }

  private mutating func takeWord(_ word: String) -> Bool {
    guard rest.starts(with: word.unicodeScalars) else { return false }
    rest = rest.dropFirst(word.unicodeScalars.count)
    return true
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\u{C}" }
  }
}
