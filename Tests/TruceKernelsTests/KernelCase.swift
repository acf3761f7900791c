import CTruceKernels

/// A number type that the kernels know.
protocol KernelElement: BinaryFloatingPoint & Sendable {
  static var code: tk_element { get }
}

extension Float: KernelElement {
  static var code: tk_element { TK_FLOAT32 }
}

extension Double: KernelElement {
  static var code: tk_element { TK_FLOAT64 }
}

/// K rows of P numbers in one buffer, each followed by numbers that belong to no row.
struct KernelCase<Element: KernelElement> {
  let rowCount: Int
  let columnCount: Int
  let stride: Int
  /// Numbers before the first row: with an odd one no vector starts where the processor likes it best.
  let offset: Int
  var elements: [Element]

  init(
    rows: Int, columns: Int, padding: Int = 3, offset: Int = 1, seed: UInt64 = 1,
    number: (inout SplitMix) -> Element
  ) {
    (rowCount, columnCount, stride) = (rows, columns, columns + padding)
    self.offset = offset
    var source = SplitMix(state: seed)
    elements = (0..<(offset + rows * stride)).map { _ in number(&source) }
  }

  /// Rows that overlap: row k starts k numbers after the first, so that many rows need little memory.
  init(overlapping elements: [Element], rows: Int) {
    (rowCount, columnCount, stride, offset) = (rows, elements.count - rows, 1, 0)
    self.elements = elements
  }

  subscript(row: Int, column: Int) -> Element {
    get { elements[offset + row * stride + column] }
    set { elements[offset + row * stride + column] = newValue }
  }

  func withMatrix<Result>(_ body: (inout tk_matrix) -> Result) -> Result {
    elements.withUnsafeBufferPointer { buffer in
      var matrix = tk_matrix(
        elements: buffer.baseAddress.map { UnsafeRawPointer($0 + offset) }, element: Element.code,
        row_count: Int64(rowCount), column_count: Int64(columnCount), stride: Int64(stride))
      return body(&matrix)
    }
  }

  var chunkCount: Int { withMatrix { Int(tk_chunk_count(&$0)) } }

  /// The Gramian, its chunks made in the order of `parts`.
  func gramian(_ path: tk_path, parts: [Range<Int>]? = nil) -> [Double] {
    withMatrix { matrix in
      let count = rowCount * rowCount
      var products = [Double](repeating: .nan, count: max(1, chunkCount * count))
      for part in parts ?? [0..<chunkCount] {
        tk_gramian_chunks(path, &matrix, Int64(part.lowerBound), Int64(part.upperBound), &products)
      }
      var gramian = [Double](repeating: .nan, count: max(1, count))
      tk_gramian_sum(&matrix, products, &gramian)
      return Array(gramian.prefix(count))
    }
  }

  /// The weighted sum, its chunks made in the order of `parts`, between two numbers that must stay as they are.
  func combination(_ path: tk_path, weights: [Double], parts: [Range<Int>]? = nil) -> [Element] {
    withMatrix { matrix in
      var vector = [Element](repeating: 77, count: columnCount + 2)
      for part in parts ?? [0..<chunkCount] {
        vector.withUnsafeMutableBufferPointer {
          guard let start = $0.baseAddress else { return }
          tk_combine_chunks(
            path, &matrix, weights, Int64(part.lowerBound), Int64(part.upperBound), start + 1)
        }
      }
      return vector
    }
  }

  /// The weighted sum written over the first row, and the numbers before and after that.
  func combinationInPlace(_ path: tk_path, weights: [Double]) -> [Element] {
    var elements = elements
    elements.withUnsafeMutableBufferPointer { buffer in
      guard let first = buffer.baseAddress.map({ $0 + offset }) else { return }
      var matrix = tk_matrix(
        elements: UnsafeRawPointer(first), element: Element.code, row_count: Int64(rowCount),
        column_count: Int64(columnCount), stride: Int64(stride))
      tk_combine_chunks(path, &matrix, weights, 0, tk_chunk_count(&matrix), first)
    }
    return elements
  }

  /// The Gramian by a plain loop in double precision, and the sums of the products' magnitudes.
  func reference() -> (products: [Double], magnitudes: [Double]) {
    var products = [Double](repeating: 0, count: rowCount * rowCount)
    var magnitudes = products
    for a in 0..<rowCount {
      for b in 0...a {
        var (sum, magnitude) = (0.0, 0.0)
        for column in 0..<columnCount {
          let product = Double(self[a, column]) * Double(self[b, column])
          sum += product
          magnitude += abs(product)
        }
        (products[a * rowCount + b], products[b * rowCount + a]) = (sum, sum)
        (magnitudes[a * rowCount + b], magnitudes[b * rowCount + a]) = (magnitude, magnitude)
      }
    }
    return (products, magnitudes)
  }
}

/// Numbers that depend on a seed alone.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From −1 to 1.
  mutating func number() -> Double { Double(next() >> 11) * 0x1p-52 - 1 }

  /// From −4 to 4, of which single precision keeps any sum of a few hundred products.
  mutating func integer() -> Int { Int(next() % 9) - 4 }
}
