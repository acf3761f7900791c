/// Words a specification lists, with which fields of a file are compared.
///
/// A field is the same word where the texts are the same, or where both are the same number: `1` is `1.0`.
struct WordSet: Equatable, Sendable, Codable {
  let words: [String]
  private let texts: Set<String>
  private let numbers: Set<Double>

  init(_ words: [String]) {
    self.words = words
    texts = Set(words)
    numbers = Set(words.compactMap(Double.init))
  }

  func contains(_ text: String) -> Bool {
    texts.contains(text) || (!numbers.isEmpty && Double(text).map(numbers.contains) ?? false)
  }

  func contains(_ number: Double) -> Bool { numbers.contains(number) }
}
