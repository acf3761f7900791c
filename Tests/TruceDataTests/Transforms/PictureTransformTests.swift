import Foundation
import Testing
import Torch
import Truce

@testable import TruceData

/// A picture with labels, depths and normals of its own numbers, every third pixel without a depth.
private func picture(height: Int, width: Int) -> Sample {
  let area = height * width
  func numbers(_ channels: Int, _ scale: Float) -> [Float] {
    (0..<(channels * area)).map { sin(Float($0) * scale) + 2 }
  }
  return Sample(
    inputs: [Sample.Input("image", HostArray(numbers(3, 0.7), shape: [3, height, width]))],
    targets: [
      Sample.Target("labels", HostArray((0..<area).map { Int64($0 % 13) }, shape: [height, width])),
      Sample.Target(
        "depth", HostArray(numbers(1, 1.3), shape: [1, height, width]),
        mask: HostArray((0..<area).map { $0 % 3 != 0 }, shape: [1, height, width])),
      Sample.Target("normal", HostArray(numbers(3, 0.3), shape: [3, height, width])),
    ])
}

private let fields: [PictureField] = [
  .input("image"), .target("labels", .nearest), .target("depth", .nearest, zooming: .divides),
  .target("normal", .bilinear, mirroring: .negates(channel: 0)),
]

private func refusal(_ body: () throws -> Void) -> String? {
  #expect(throws: DataError.self, performing: body)?.description
}

@Suite("Flips of pictures")
struct RandomFlipTests {
  @Test("reverse the rows of all fields and turn the normals' x")
  func flip() throws {
    let before = picture(height: 3, width: 4)
    var after = before
    var source = RandomSource(seed: 1)
    try RandomFlip(fields, probability: 1).change(&after, using: &source)
    for row in 0..<9 {
      for column in 0..<4 {
        let (here, there) = (4 * row + column, 4 * row + 3 - column)
        #expect(floats(after[input: "image"])[here] == floats(before[input: "image"])[there])
        let sign: Float = row < 3 ? -1 : 1
        #expect(
          floats(after[task: "normal"]?.values)[here] == sign * floats(before[task: "normal"]?.values)[there])
        guard row < 3 else { continue }
        #expect(floats(after[task: "depth"]?.values)[here] == floats(before[task: "depth"]?.values)[there])
        #expect(truths(after)[here] == truths(before)[there])
        #expect(labels(after)[here] == labels(before)[there])
      }
    }
  }

  @Test("happen as often as they should, and leave the rest alone")
  func chance() throws {
    let flip = try RandomFlip(fields)
    let before = picture(height: 2, width: 3)
    let augmentation = Augmentation([flip], seed: 3)
    let flipped = try (0..<1000).count { position in
      var sample = before
      try augmentation.change(&sample, epoch: 0, position: position)
      return sample != before
    }
    // Within four standard deviations of a half.
    #expect(abs(flipped - 500) < 64)
  }

  @Test("refuse what they cannot mirror")
  func refusals() throws {
    #expect(
      refusal { _ = try RandomFlip([], probability: 1.5) }
        == "the flip's probability must be in 0 … 1, got 1.5")
    func text(_ fields: [PictureField]) -> String? {
      var sample = picture(height: 2, width: 3)
      sample.targets.append(Sample.Target("class", HostArray([Int64(1)])))
      sample.targets.append(Sample.Target("other", HostArray(zeros: [4, 4], dtype: .float32)))
      var source = RandomSource(seed: 1)
      return #expect(throws: DataError.self) {
        try RandomFlip(fields, probability: 1).change(&sample, using: &source)
      }?.description
    }
    #expect(text([.input("photo")]) == "the flip cannot be done: the input 'photo' is not there")
    #expect(
      text([.target("class", .nearest)])
        == "the flip cannot be done: the target of task 'class' of shape [1] has no rows and columns")
    #expect(
      text([.input("image"), .target("other", .nearest)])
        == "the flip cannot be done: the target of task 'other' is 4×4, the input 'image' 2×3")
    #expect(
      text([.target("labels", .nearest, mirroring: .negates(channel: 0))])
        == "the flip cannot be done: the target of task 'labels', [2, 3] of int64, has no channel 0 to negate"
    )
  }
}

@Suite("Enlarged parts of pictures")
struct RandomScaleCropTests {
  @Test("lie between the pixels of the part, the corners being one")
  func bilinear() {
    // The example of PyTorch's documentation of UpsamplingBilinear2d.
    var picture = HostArray(zeros: [4, 4], dtype: .float32)
    picture.withMutableElements(as: Float.self) {
      ($0[5], $0[6], $0[9], $0[10]) = (1, 2, 3, 4)
    }
    let crop = Crop(
      size: PictureSize(height: 4, width: 4), part: PictureSize(height: 2, width: 2), top: 1, left: 1)
    let expected: [Float] = [
      1, 4 / 3, 5 / 3, 2, 5 / 3, 2, 7 / 3, 8 / 3, 7 / 3, 8 / 3, 3, 10 / 3, 3, 10 / 3, 11 / 3, 4,
    ]
    for (value, expected) in zip(floats(crop.bilinear(picture)), expected) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(
      floats(crop.nearest(picture)) == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
  }

  @Test("are what the formula says at every pixel", arguments: [1.2, 1.5, 2.6])
  func formula(scale: Double) throws {
    let (height, width) = (12, 17)
    let before = picture(height: height, width: width)
    for draw in 0..<4 {
      var after = before
      var source = RandomSource(seed: UInt64(draw))
      var sameDraws = source
      try RandomScaleCrop(fields, scales: [scale]).change(&after, using: &source)
      _ = sameDraws.below(1)
      let (partHeight, partWidth) = (Int(Double(height) / scale), Int(Double(width) / scale))
      let top = sameDraws.below(height - partHeight + 1)
      let left = sameDraws.below(width - partWidth + 1)
      for row in 0..<height {
        for column in 0..<width {
          let here = row * width + column
          let y = Double(row * (partHeight - 1)) / Double(height - 1)
          let x = Double(column * (partWidth - 1)) / Double(width - 1)
          for channel in 0..<3 {
            func exact(_ values: HostArray?) -> Double {
              let plane = floats(values).dropFirst(channel * height * width)
              func pixel(_ row: Int, _ column: Int) -> Double {
                let place = (top + min(row, partHeight - 1)) * width + left + min(column, partWidth - 1)
                return Double(plane[plane.startIndex + place])
              }
              let (i, j) = (Int(y), Int(x))
              let (v, u) = (y - Double(i), x - Double(j))
              return (1 - v) * ((1 - u) * pixel(i, j) + u * pixel(i, j + 1))
                + v * ((1 - u) * pixel(i + 1, j) + u * pixel(i + 1, j + 1))
            }
            let place = channel * height * width + here
            let image = Double(floats(after[input: "image"])[place])
            #expect(abs(image - exact(before[input: "image"])) < 1e-5)
            let normal = Double(floats(after[task: "normal"]?.values)[place])
            #expect(abs(normal - exact(before[task: "normal"]?.values)) < 1e-5)
          }
          let from = (top + row * partHeight / height) * width + left + column * partWidth / width
          #expect(labels(after)[here] == labels(before)[from])
          #expect(truths(after)[here] == truths(before)[from])
          let depth = floats(before[task: "depth"]?.values)[from] / Float(scale)
          #expect(floats(after[task: "depth"]?.values)[here] == depth)
        }
      }
    }
  }

  @Test("draw every factor, and leave a picture alone with factor 1")
  func factors() throws {
    let before = picture(height: 6, width: 6)
    let crop = try RandomScaleCrop(fields)
    let unchanged = try (0..<600).count { position in
      var sample = before
      try Augmentation([crop]).change(&sample, epoch: 2, position: position)
      return sample == before
    }
    // Within four standard deviations of a third.
    #expect(abs(unchanged - 200) < 47)
    var inverse = before
    var source = RandomSource(seed: 1)
    let target = PictureField.target("depth", .nearest, zooming: .multiplies)
    try RandomScaleCrop([target], scales: [3]).change(&inverse, using: &source)
    #expect(floats(inverse[task: "depth"]?.values).max() ?? 0 > 3)
  }

  @Test("refuse what they cannot enlarge")
  func refusals() throws {
    #expect(
      refusal { _ = try RandomScaleCrop(fields, scales: [0.5]) }
        == "the factors of the enlargement must be at least one, each at least 1, got [0.5]")
    var source = RandomSource(seed: 1)
    var sample = picture(height: 2, width: 3)
    #expect(
      refusal { try RandomScaleCrop([.target("labels", .bilinear)]).change(&sample, using: &source) }
        == "the enlargement cannot be done: the target of task 'labels' is of int64, "
        + "which cannot hold what is between")
    #expect(
      refusal { try RandomScaleCrop(fields, scales: [3]).change(&sample, using: &source) }
        == "the enlargement cannot be done: a picture of 2×3 has no part 1/3.0 as large")
    sample.targets[1].mask = HostArray(zeros: [1, 2, 1], dtype: .bool)
    #expect(
      refusal { try RandomScaleCrop(fields).change(&sample, using: &source) }
        == "the enlargement cannot be done: the mask of task 'depth' is neither for each pixel nor for none")
  }
}

@Suite("Normalised inputs")
struct NormalisationTests {
  @Test("are divided, centred and scaled by channel")
  func normalisation() throws {
    var sample = Sample(
      inputs: [Sample.Input("image", HostArray([UInt8(0), 51, 102, 255], shape: [2, 1, 2]))], targets: [])
    var source = RandomSource(seed: 1)
    let transform = try Normalisation(
      input: "image", divisor: 255, means: [0.1, 0.5], deviations: [0.2, 0.25])
    try transform.change(&sample, using: &source)
    let expected: [Float] = [-0.5, 0.5, -0.4, 2]
    for (value, expected) in zip(floats(sample[input: "image"]), expected) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(sample[input: "image"]?.shape == [2, 1, 2])
  }

  @Test("refuse numbers that do not fit")
  func refusals() throws {
    #expect(
      refusal { _ = try Normalisation(input: "x", deviations: [0]) }
        == "the divisor and the deviations of the normalisation must be above 0, got 1.0 and [0.0]")
    #expect(
      refusal { _ = try Normalisation(input: "x", means: [1, 2]) }
        == "the deviations of the normalisation must be as many as the means, 2, and one at least, got 1")
    var source = RandomSource(seed: 1)
    func text(_ input: String, _ values: HostArray) throws -> String? {
      var sample = Sample(inputs: [Sample.Input("x", values)], targets: [])
      let transform = try Normalisation(input: input, means: [0, 0], deviations: [1, 1])
      return #expect(throws: DataError.self) { try transform.change(&sample, using: &source) }?.description
    }
    #expect(
      try text("y", HostArray([Float(1)])) == "the normalisation cannot be done: no input is called 'y'")
    #expect(
      try text("x", HostArray([Float(1)]))
        == "the normalisation cannot be done: the input 'x' of shape [1] is normalised by 2 means")
    #expect(
      try text("x", HostArray([Int64(1), 2]))
        == "the normalisation cannot be done: the input 'x' is of int64, not bytes or real numbers")
  }
}

private func floats(_ array: HostArray?) -> [Float] { array?.elements(as: Float.self) ?? [] }
private func labels(_ sample: Sample) -> [Int64] { sample[task: "labels"]?.values.elements() ?? [] }
private func truths(_ sample: Sample) -> [Bool] { sample[task: "depth"]?.mask?.elements() ?? [] }
