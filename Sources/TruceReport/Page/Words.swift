/// Small words for sentences made from data.
enum Words {
  private static let names = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
  ]

  /// A count with its noun: "no runs", "one run", "14 runs".
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    let word = names.indices.contains(number) ? names[number] : "\(number)"
    return "\(word) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// A list: "a", "a and b", "a, b and c".
  static func list(_ items: [String], last: String = "and") -> String {
    guard let end = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " \(last) " + end
  }

  /// A text whose arrows stay on the line of the word before them.
  static func keepingArrows(_ text: String) -> String {
    text.replacing(" ↑", with: "\u{A0}↑").replacing(" ↓", with: "\u{A0}↓")
  }

  /// A sentence with a capital at its beginning.
  static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}

extension String {
  /// The text with a small letter at its beginning, for the middle of a sentence.
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
