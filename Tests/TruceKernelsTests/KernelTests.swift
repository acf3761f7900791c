import CTruceKernels
import Testing

/// Every path that this machine has.
private let paths = [TK_BASELINE, TK_AVX2, TK_AVX512].filter { tk_runs($0) }

private let rowCounts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 16, 19, 24, 33]
private let columnCounts = [0, 1, 7, 15, 31, 511, 512, 513, 1000]

/// A pattern over and over: 2^doublings times.
private func repeated(_ pattern: [Float], doublings: Int) -> [Float] {
  (0..<doublings).reduce(into: pattern) { numbers, _ in numbers.append(contentsOf: numbers) }
}

@Suite("The kernels on each path")
struct KernelTests {
  @Test("The best path is the last that runs here, and every path has a name of its own")
  func choice() {
    #expect(paths.contains(TK_BASELINE) && paths.contains(tk_best_path()))
    let names = paths.map { String(cString: tk_path_name($0)) }
    #expect(Set(names).count == names.count && names.allSatisfy { !$0.isEmpty })
    #expect(names.last == String(cString: tk_path_name(tk_best_path())))
  }

  @Test("Gramians are those of a plain loop in double precision", arguments: rowCounts)
  func gramian(rows: Int) {
    for columns in columnCounts {
      check(
        KernelCase(rows: rows, columns: columns) { Float($0.number()) }, tolerance: rows > 4 ? 1e-6 : 1e-14)
      check(KernelCase(rows: rows, columns: columns) { $0.number() }, tolerance: 1e-14)
    }
  }

  private func check(_ sample: KernelCase<some KernelElement>, tolerance: Double) {
    let (products, magnitudes) = sample.reference()
    for path in paths {
      let gramian = sample.gramian(path)
      let isClose = zip(zip(gramian, products), magnitudes).allSatisfy { pair, magnitude in
        abs(pair.0 - pair.1) <= tolerance * magnitude
      }
      #expect(
        isClose && gramian.count == products.count,
        "path \(path), \(sample.rowCount) rows of \(sample.columnCount)")
    }
  }

  @Test("Weighted sums are those of a plain loop", arguments: rowCounts)
  func combination(rows: Int) {
    for columns in columnCounts {
      // Sums of small integers are exact in either precision.
      check(KernelCase(rows: rows, columns: columns) { Float($0.integer()) })
      check(KernelCase(rows: rows, columns: columns) { Double($0.integer()) })
    }
  }

  private func check<Element: KernelElement>(_ sample: KernelCase<Element>) {
    let weights = (0..<sample.rowCount).map { Double($0 % 7) - 2.5 }
    let expected = (0..<sample.columnCount).map { column in
      weights.indices.reduce(0) { $0 + Element(weights[$1]) * sample[$1, column] }
    }
    for path in paths {
      let vector = sample.combination(path, weights: weights)
      #expect(
        vector == [77] + expected + [77],
        "path \(path), \(sample.rowCount) rows of \(sample.columnCount)")
      guard sample.rowCount > 0 else { continue }
      var written = sample
      for column in 0..<sample.columnCount { written[0, column] = expected[column] }
      #expect(
        sample.combinationInPlace(path, weights: weights) == written.elements,
        "in place, path \(path), \(sample.rowCount) rows of \(sample.columnCount)")
    }
  }

  @Test("A million columns of integers are multiplied and added exactly", arguments: [2, 5])
  func manyColumns(rows: Int) {
    let sample = KernelCase(rows: rows, columns: 1_000_003) { Float($0.integer()) }
    let whole = [0..<sample.chunkCount]
    let pieces = (0..<sample.chunkCount).reversed().map { $0..<($0 + 1) }
    let weights = (1...rows).map(Double.init)
    let products = sample.reference().products
    let sum = sample.combination(TK_BASELINE, weights: weights, parts: whole)
    #expect(sum[1_000_003] == (0..<rows).reduce(0) { $0 + Float($1 + 1) * sample[$1, 1_000_002] })
    for path in paths {
      #expect(sample.gramian(path, parts: whole) == products)
      #expect(sample.gramian(path, parts: pieces) == products)
      #expect(sample.combination(path, weights: weights, parts: pieces) == sum)
    }
  }

  @Test("The order and the threads of the chunks change no bit", arguments: [3, 10, 70])
  func order(rows: Int) {
    var source = SplitMix(state: 5)
    let sample = KernelCase(overlapping: (0..<70_001).map { _ in Float(source.number()) }, rows: rows)
    let count = sample.chunkCount
    let weights = (0..<rows).map { 1 / Double($0 + 3) }
    for path in paths {
      let gramian = sample.gramian(path)
      let vector = sample.combination(path, weights: weights)
      for parts in [(0..<count).reversed().map { $0..<($0 + 1) }, [count / 2..<count, 0..<count / 2]] {
        #expect(sample.gramian(path, parts: parts) == gramian)
        #expect(sample.combination(path, weights: weights, parts: parts) == vector)
      }
    }
  }

  @Test("Errors do not grow with the number of columns", arguments: [4, 5])
  func growth(rows: Int) {
    let value: Float = 0.7
    let sample = KernelCase(overlapping: repeated([value, -value], doublings: 22), rows: rows)
    // Four rows at most are multiplied in double precision.
    let tolerance = rows > 4 ? 2e-6 : 1e-13
    for path in paths {
      for (index, product) in sample.gramian(path).enumerated() {
        let sign: Double = (index / rows + index % rows) % 2 == 0 ? 1 : -1
        let expected = sign * Double(value) * Double(value) * Double(sample.columnCount)
        #expect(abs(product - expected) <= tolerance * abs(expected), "path \(path), pair \(index)")
      }
    }
  }
}

@Suite("What the kernels do with numbers at the edges")
struct KernelEdgeTests {
  @Test("A number that is not finite shows in its row's products alone", arguments: [2, 6, 14])
  func notFinite(rows: Int) {
    for (column, value) in [(0, Float.nan), (300, .infinity), (1002, .nan)] {
      var sample = KernelCase(rows: rows, columns: 1003) { Float($0.number() + 2) }
      sample[1, column] = value
      for path in paths {
        for (index, product) in sample.gramian(path).enumerated() {
          #expect(product.isFinite == (index / rows != 1 && index % rows != 1), "path \(path), pair \(index)")
        }
        #expect(!sample.combination(path, weights: [Double](repeating: 1, count: rows))[column + 1].isFinite)
      }
    }
  }

  @Test("What single precision cannot hold is held for up to four rows")
  func range() {
    var sample = KernelCase(rows: 3, columns: 100) { _ in Float(0) }
    sample[0, 40] = 1e30
    sample[1, 41] = 1e-30
    sample[2, 42] = .leastNonzeroMagnitude
    for path in paths {
      let gramian = sample.gramian(path)
      #expect(gramian[0] == Double(sample[0, 40]) * Double(sample[0, 40]))
      #expect(gramian[4] == Double(sample[1, 41]) * Double(sample[1, 41]))
      #expect(gramian[8] == Double(sample[2, 42]) * Double(sample[2, 42]) && gramian[8] > 0)
      #expect(sample.combination(path, weights: [0, 0, 2])[43] == 2 * .leastNonzeroMagnitude)
    }
  }

  @Test("Sums longer than the caches are written whole, wherever they start")
  func longSums() {
    let sample = KernelCase(overlapping: repeated((0..<11).map(Float.init), doublings: 19), rows: 2)
    let expected = repeated((0..<11).map { Float($0 + 10 * (($0 + 1) % 11)) }, doublings: 19)
    for path in paths {
      let vector = sample.combination(path, weights: [1, 10])
      #expect(vector == [77] + expected.prefix(sample.columnCount) + [77], "path \(path)")
    }
  }

  @Test("A path that this processor lacks computes with what it has")
  func missingPath() {
    let sample = KernelCase(rows: 5, columns: 40) { Float($0.integer()) }
    #expect(sample.gramian(tk_path(rawValue: 99)) == sample.gramian(TK_BASELINE))
  }
}
