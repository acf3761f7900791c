import Foundation
import Torch

/// A picture in the making: coloured pixels, other pictures and small text.
struct Canvas {
  /// Red, green and blue, 0 … 255.
  typealias Colour = (red: UInt8, green: UInt8, blue: UInt8)

  let height, width: Int
  private var samples: [UInt8]

  /// A white canvas.
  init(height: Int, width: Int) {
    (self.height, self.width) = (height, width)
    samples = [UInt8](repeating: 255, count: 3 * height * width)
  }

  /// Colours a pixel; one beyond the border is left out.
  mutating func set(_ row: Int, _ column: Int, _ colour: Colour) {
    guard (0..<height).contains(row), (0..<width).contains(column) else { return }
    let start = 3 * (row * width + column)
    (samples[start], samples[start + 1], samples[start + 2]) = colour
  }

  /// Colours a rectangle.
  mutating func fill(_ rows: Range<Int>, _ columns: Range<Int>, _ colour: Colour) {
    for row in rows { for column in columns { set(row, column, colour) } }
  }

  /// Draws a picture.
  ///
  /// - Parameters:
  ///   - height: Its lines.
  ///   - width: The pixels of a line.
  ///   - top: The row of its first line.
  ///   - left: The column of its first pixel.
  ///   - colour: The colour of a pixel, counted line by line.
  mutating func draw(
    height: Int, width: Int, top: Int, left: Int, _ colour: (_ pixel: Int) -> Colour
  ) {
    for row in 0..<height {
      for column in 0..<width { set(top + row, left + column, colour(row * width + column)) }
    }
  }

  /// Writes a line of capitals, figures and dots, each 6 × 10 pixels.
  mutating func write(_ text: String, row: Int, column: Int) {
    for (place, character) in text.uppercased().enumerated() {
      for (line, bits) in SmallLetters.rows(of: character).enumerated() {
        for bit in 0..<3 where bits >> (2 - bit) & 1 == 1 {
          let (top, left) = (row + 2 * line, column + 8 * place + 2 * bit)
          fill(top..<(top + 2), left..<(left + 2), (0, 0, 0))
        }
      }
    }
  }

  /// The picture as a PNG file.
  var png: Data? {
    let pixels = Tensor(samples, shape: [height, width, 3]).permuted([2, 0, 1]).to(.float32)
    return PNG.data(of: pixels / 255)
  }
}

/// Letters of 3 × 5 pixels, so that no font is needed.
private enum SmallLetters {
  /// The rows from the top, a bit for each pixel.
  static func rows(of character: Character) -> [Int] {
    let code = codes[character] ?? 0
    return (0..<5).map { code >> (3 * (4 - $0)) & 7 }
  }

  /// The rows as octal figures, the topmost first.
  private static let codes: [Character: Int] = [
    "A": 0o25755, "B": 0o65656, "C": 0o34443, "D": 0o65556, "E": 0o74647, "F": 0o74644, "G": 0o34553,
    "H": 0o55755, "I": 0o72227, "J": 0o11152, "K": 0o55655, "L": 0o44447, "M": 0o57755, "N": 0o75555,
    "O": 0o25552, "P": 0o65644, "Q": 0o25563, "R": 0o65655, "S": 0o34216, "T": 0o72222, "U": 0o55557,
    "V": 0o55552, "W": 0o55775, "X": 0o55255, "Y": 0o55222, "Z": 0o71247, "0": 0o75557, "1": 0o26227,
    "2": 0o71747, "3": 0o71717, "4": 0o55711, "5": 0o74717, "6": 0o74757, "7": 0o71111, "8": 0o75757,
    "9": 0o75717, ".": 0o00002, "-": 0o00700,
  ]
}
