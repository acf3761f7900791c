import Testing
import Torch
import TruceData

@Suite("Corruptions")
struct CorruptionTests {
  /// Three pictures of one channel with structure in all directions.
  private static func pictures(side: Int = 36) -> Tensor {
    var values: [Double] = []
    for n in 0..<3 {
      for y in 0..<side {
        for x in 0..<side { values.append(Double((7 * y + 3 * x + x * y + 5 * n) % 16) / 15) }
      }
    }
    return Tensor(values, shape: [3, 1, side, side])
  }

  private func corrupted(
    _ corruption: Corruption, _ severity: Int, seed: UInt64 = 4, _ pictures: Tensor = Self.pictures()
  ) -> Tensor {
    corruption.apply(to: pictures, severity: severity, using: Generator(seed: seed))
  }

  @Test("keep shape, type and range, and leave the original alone", arguments: Corruption.allCases)
  func range(corruption: Corruption) {
    let pictures = Self.pictures()
    for severity in Corruption.severities {
      let result = corrupted(corruption, severity, pictures)
      #expect(result.shape == pictures.shape && result.dtype == pictures.dtype)
      #expect(result.amin().item() >= 0 && result.amax().item() <= 1)
    }
    #expect(pictures.toArray() == Self.pictures().toArray(as: Double.self))
  }

  @Test("move pictures the further the severer they are", arguments: Corruption.allCases)
  func severity(corruption: Corruption) {
    // At 36 pixels a side, 32 of them fit worse than 30 do.
    let pictures = Self.pictures(side: 64)
    let distances = Corruption.severities.map { severity in
      (corrupted(corruption, severity, pictures) - pictures).square().mean().item()
    }
    #expect(distances[0] > 0)
    #expect(zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 }, "\(distances)")
  }

  @Test("are the same for the same seed", arguments: Corruption.allCases)
  func determinism(corruption: Corruption) {
    let first = corrupted(corruption, 3).toArray(as: Double.self)
    #expect(corrupted(corruption, 3).toArray(as: Double.self) == first)
    let isRandom = [.gaussianNoise, .speckleNoise, .impulseNoise].contains(corruption)
    #expect((corrupted(corruption, 3, seed: 5).toArray(as: Double.self) != first) == isRandom)
  }

  @Test("take pictures of three channels and unequal sides", arguments: Corruption.allCases)
  func color(corruption: Corruption) {
    let pictures = Tensor.uniform([2, 3, 24, 40], using: Generator(seed: 1))
    #expect(corrupted(corruption, 5, pictures).shape == [2, 3, 24, 40])
  }

  @Test(
    "of one gray leave it where they only move light about",
    arguments: [
      Corruption.gaussianBlur, .defocusBlur, .zoomBlur, .contrast, .pixelate,
    ])
  func constants(corruption: Corruption) {
    let gray = Tensor.full([1, 1, 36, 36], 0.25, dtype: .float64)
    for severity in Corruption.severities {
      #expect(corrupted(corruption, severity, gray).isClose(to: gray, relative: 0, absolute: 1e-12))
    }
  }

  /// Pixels of row 17 of the first picture as other libraries make them by the formulas of `make_cifar_c.py`.
  ///
  /// They are scikit-image 0.26, SciPy 1.17, OpenCV 5.0 and Pillow 13. SciPy zooms in the mode "nearest", since its
  /// usual one can lose the last line to rounding.
  static let references: [(Corruption, Int, [Double])] = [
    (.gaussianBlur, 2, [0.482490, 0.584859, 0.700932, 0.702136, 0.730907, 0.452816]),
    (.gaussianBlur, 5, [0.479301, 0.522364, 0.603484, 0.565577, 0.613207, 0.552757]),
    (.defocusBlur, 2, [0.499270, 0.631826, 0.721233, 0.796985, 0.809085, 0.435619]),
    (.defocusBlur, 5, [0.407407, 0.496296, 0.614815, 0.525926, 0.644444, 0.614815]),
    (.zoomBlur, 2, [0.425013, 0.661395, 0.743632, 0.735122, 0.697235, 0.540879]),
    (.zoomBlur, 5, [0.470956, 0.543967, 0.777530, 0.679046, 0.478065, 0.478009]),
    (.pixelate, 2, [0.466667, 0.733333, 0.733333, 1.000000, 0.600000, 0.200000]),
    (.pixelate, 5, [0.583333, 0.583333, 0.616667, 0.616667, 0.633333, 0.650000]),
  ]

  @Test("agree with the libraries their authors use", arguments: references)
  func reference(corruption: Corruption, severity: Int, expected: [Double]) {
    let row = corrupted(corruption, severity).selected(0, 0).selected(0, 0).selected(0, 17)
    let found = row.toArray(as: Double.self)
    for (position, value) in zip([0, 1, 9, 18, 30, 35], expected) {
      #expect((found[position] - value).magnitude < 1e-5, "pixel \(position)")
    }
  }

  @Test("Noise has the spread it is said to have")
  func spread() {
    let gray = Tensor.full([1, 1, 200, 200], 0.5, dtype: .float64)
    func deviation(_ corruption: Corruption) -> Double {
      corrupted(corruption, 2, gray).standardDeviation().item()
    }
    #expect((deviation(.gaussianNoise) - 0.06).magnitude < 0.001)
    #expect((deviation(.speckleNoise) - 0.05).magnitude < 0.001)
    let impulses = corrupted(.impulseNoise, 5, gray)
    #expect((impulses.equal(0.0).to(.float64).mean().item() - 0.035).magnitude < 0.003)
    #expect((impulses.equal(1.0).to(.float64).mean().item() - 0.035).magnitude < 0.003)
  }

  @Test("Brightness raises the largest channel and keeps the hue")
  func brightness() {
    let colors = Tensor([0.2, 0.4, 0.1, 0, 0, 0, 0.9, 0.3, 0.6], shape: [3, 3, 1, 1])
    let found = corrupted(.brightness, 5, colors).toArray(as: Double.self)
    let expected = [0.35, 0.7, 0.175, 0.3, 0.3, 0.3, 1, 1.0 / 3, 2.0 / 3]
    #expect(zip(found, expected).allSatisfy { ($0 - $1).magnitude < 1e-12 })
  }

  @Test("Contrast shrinks the distance to each picture's mean")
  func contrast() {
    let found = corrupted(.contrast, 2, Tensor([0.0, 0.4, 1.0, 0.6], shape: [2, 1, 1, 2]))
    #expect(
      zip(found.toArray(as: Double.self), [0.1, 0.3, 0.9, 0.7]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
  }
}
