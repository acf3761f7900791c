package import Truce

/// What a source of randomness is for; sources of one seed for different purposes are independent.
package enum RandomPurpose: UInt64 {
  case buildTraining = 1
  case buildTest
  case subset
  case split
  case order
  case sample
  case tasks
  case augmentation
  case drawnAugmentation
  case roomsTraining
  case roomsTest
}

// The standard library may change how it shuffles from one version to the next, so that orders which must
// stay the same for a seed are drawn here.
extension RandomSource {
  /// A source for one purpose, and for one number of it such as the epoch.
  package init(seed: UInt64, for purpose: RandomPurpose, number: Int = 0) {
    var bySeed = RandomSource(seed: seed)
    var byPurpose = RandomSource(seed: bySeed.next() ^ purpose.rawValue)
    self.init(seed: byPurpose.next() ^ UInt64(bitPattern: Int64(number)))
  }

  /// Returns a uniform number in 0 ..< `bound`.
  ///
  /// - Source: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019, algorithm 5.
  mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Returns a uniform number in 0 ..< 1, of 53 random bits.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Returns the numbers 0 ..< `count` in uniformly random order.
  ///
  /// - Source: R. Durstenfeld, "Algorithm 235: random permutation", CACM 7(7), 1964.
  mutating func order(of count: Int) -> [Int] {
    swapping(count) { source, last in source.below(last + 1) }
  }

  /// Returns a uniformly random permutation of 0 ..< `count` that is one cycle, so that none stays in place.
  ///
  /// - Source: S. Sattolo, "An algorithm to generate a random cyclic permutation", Information Processing
  ///   Letters 22(6), 1986.
  mutating func cycle(of count: Int) -> [Int] {
    swapping(count) { source, last in source.below(last) }
  }

  /// Returns a uniformly random choice of so many of the numbers 0 ..< `total`, ascending.
  ///
  /// - Source: J. Bentley and R. Floyd, "Programming pearls: a sample of brilliance", CACM 30(9), 1987.
  package mutating func choice(of count: Int, from total: Int) -> [Int] {
    var chosen: Set<Int> = []
    for last in (total - count)..<total {
      let draw = below(last + 1)
      chosen.insert(chosen.contains(draw) ? last : draw)
    }
    return chosen.sorted()
  }

  private mutating func swapping(_ count: Int, with draw: (inout RandomSource, Int) -> Int) -> [Int] {
    var numbers = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      numbers.swapAt(last, draw(&self, last))
    }
    return numbers
  }
}
