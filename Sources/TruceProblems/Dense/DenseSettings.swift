import Foundation
import Torch
import TruceData
import TruceOptions
import TruceTasks

/// What problems over folders of maps have in common: their options and how data are read.
struct DenseSettings {
  private static let folder = path(
    "data", "The folder with `train` and `val`; none for the data set's own in the usual places.")
  private static let augments = Parameter<Bool>.any(
    "augment", default: true,
    "Whether training pictures are enlarged by 1, 1.2 or 1.5 and mirrored by chance, as published.")
  private static let validationCount = Parameter<Int>.atLeast(
    0, "validation_samples", default: 0,
    "How many training pictures are held out for validation; none as published.")
  private static let dataSeed = Parameter<Int>.atLeast(
    0, "data_seed", default: 0, "The seed of the validation split.")
  private static let keepsInMemory = Parameter<Bool>.any(
    "in_memory", default: false,
    "Whether decoded pictures are kept in memory, so that later epochs read no file; of NYUv2 at 96×128 0.6 GB."
  )
  private static let badSamples = Parameter<BadSamples>.any(
    "bad_samples", default: .fail,
    "Whether a training example that cannot be read ends the run or is left out; a measured one always ends it."
  )
  private static let averaging = Parameter<MetricAveraging>.any(
    "averaging", default: .set,
    "How metrics are averaged: over the set, over batches, or as the published code does.")
  private static let validity = Parameter<PixelValidity>.any(
    "normal_mask", default: .sum,
    "What marks a pixel without a normal: components that add up to 0, as published, or that are all 0.")
  private static let zooming = Parameter<InverseDepthZooming>.any(
    "inverse_depth_zoom", default: .divides,
    "What enlarging does to inverse depth: divides, as published, or multiplies, which is right.")

  /// The options of a problem over a layout.
  static func parameters(of layout: DenseLayout) -> [ParameterDescription] {
    var parameters = [
      folder.description, augments.description, validationCount.description, dataSeed.description,
      keepsInMemory.description, SplitReader.workers.description, badSamples.description,
      averaging.description,
    ]
    if layout.hasNormals { parameters.append(validity.description) }
    if layout.hasInverseDepth { parameters.append(zooming.description) }
    return parameters
  }

  private static func path(_ name: String, _ summary: String) -> Parameter<String?> {
    Parameter(name, default: .some(nil), rule: "a path, or none", summary) { $0 != "" }
  }

  private let layout: DenseLayout
  /// The folder that the option names; nil for none.
  let folder: String?
  private let augments, keepsInMemory: Bool
  private let validationCount, workers: Int
  private let dataSeed: UInt64
  private let badSamples: BadSamplePolicy
  private let averaging: MetricAveraging
  private let validity: PixelValidity
  private let zooming: PictureField.Zooming

  init(_ layout: DenseLayout, _ options: Options) throws {
    self.layout = layout
    folder = try options.value(of: Self.folder)
    augments = try options.value(of: Self.augments)
    keepsInMemory = try options.value(of: Self.keepsInMemory)
    validationCount = try options.value(of: Self.validationCount)
    workers = try options.value(of: SplitReader.workers)
    dataSeed = UInt64(try options.value(of: Self.dataSeed))
    badSamples = try options.value(of: Self.badSamples).policy
    averaging = try options.value(of: Self.averaging)
    validity = layout.hasNormals ? try options.value(of: Self.validity) : .sum
    zooming =
      layout.hasInverseDepth ? try options.value(of: Self.zooming).zooming : PictureField.Zooming.divides
  }

  // MARK: Tasks

  /// The layout's tasks.
  var tasks: [any ProblemTask] {
    layout.maps.map { $0.task(averaging: averaging, validity: validity) }
  }

  // MARK: Data

  /// The data of some tasks.
  ///
  /// - Parameters:
  ///   - request: What the problem is asked for.
  ///   - standIn: The folder where the option names none.
  func data(for request: ProblemRequest, orElse standIn: () throws -> String) throws -> ProblemData {
    let layout = layout.keeping(request.tasks)
    let found = try DenseFolder(folder ?? standIn(), layout)
    let (train, test) = (kept(found.samples(of: .train)), kept(found.samples(of: .val)))
    // Never more at once than in a training step: maps take much memory.
    let reader = SplitReader(
      for: request, workers: workers, badSamples: badSamples,
      augmentation: try augmentation(layout, seed: request.seed),
      measuredBatchSize: min(request.evaluationBatchSize, request.batchSize))
    guard validationCount > 0 else {
      return try ProblemData(reader, training: train, validation: nil, test: test)
    }
    let parts = try SampleSubset.holdingOut(validationCount, of: train, seed: dataSeed)
    return try ProblemData(reader, training: parts.rest, validation: parts.heldOut, test: test)
  }

  private func kept(_ samples: DenseSamples) -> any SampleSource {
    keepsInMemory ? CachedSamples(samples) : samples
  }

  /// The published changes of training pictures, each with fields for the tasks that take part.
  private func augmentation(_ layout: DenseLayout, seed: UInt64) throws -> Augmentation {
    guard augments else { return .none }
    let fields = [PictureField.input(DenseLayout.input)] + layout.maps.map(field)
    return Augmentation([try RandomScaleCrop(fields), try RandomFlip(fields)], seed: seed)
  }

  private func field(_ map: DenseMap) -> PictureField {
    switch map.content {
    case .classes: .target(map.task, .nearest)
    case .depth(let isInverse): .target(map.task, .nearest, zooming: isInverse ? zooming : .divides)
    case .normals: .target(map.task, .bilinear, mirroring: .negates(channel: 0))
    }
  }
}

/// What enlarging a picture does to its inverse depth.
enum InverseDepthZooming: String, CaseIterable, ParameterValue {
  case divides, multiplies

  var zooming: PictureField.Zooming { self == .divides ? .divides : .multiplies }
}

extension DenseLayout {
  var hasNormals: Bool { maps.contains { $0.content == .normals } }
  var hasInverseDepth: Bool { maps.contains { $0.content == .depth(isInverse: true) } }
}
