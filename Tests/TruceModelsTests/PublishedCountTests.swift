import Testing
import Torch
import TorchNN
import TruceModels
import TruceOptions

/// Numbers of parameters as the public code of CAGrad and LibMTL has them, counted there for three tasks of NYUv2.
@Suite("Networks have the published numbers of parameters", .serialized)
struct PublishedCountTests {
  private func network(
    _ trunk: String, _ trunkOptions: [String: OptionValue], _ architecture: String,
    _ options: [String: OptionValue] = [:]
  ) throws -> any MultiTaskNetwork {
    let tasks = [("segmentation", 13), ("depth", 1), ("normal", 3)].map {
      NetworkTask(name: $0, output: .map(channels: $1))
    }
    let choice = NetworkChoice(
      trunk: trunk, trunkOptions: trunkOptions, architecture: architecture, architectureOptions: options)
    return try NetworkCatalogues().makeNetwork(
      choice, inputShape: [3, 288, 384], tasks: tasks, using: Generator(seed: 1))
  }

  @Test(
    "SegNet with divided channels",
    arguments: [
      (2, [6_269_937, 11_076_849, 18_753_228]), (4, [1_570_561, 2_779_009, 4_697_212]),
      (8, [394_185, 699_657, 1_178_772]),
    ])
  func segnet(width: Int, counts: [Int]) throws {
    for (architecture, count) in zip(["hard-sharing", "mtan", "cross-stitch"], counts) {
      #expect(try network("segnet", ["width": .number(Double(width))], architecture).parameterCount == count)
    }
  }

  @Test(
    "DeepLabV3, all together and shared",
    arguments: [
      ("hard-sharing", [:], 71_888_721, 23_508_032), ("cross-stitch", [:], 118_904_821, 70_524_132),
      ("ltb", [:], 118_904_839, 70_524_150), ("mtan", ["shared": "trunk"], 92_347_921, 23_508_032),
      ("mmoe", [:], 121_890_778, 70_524_096), ("cgc", [:], 144_403_479, 23_508_032),
      ("ple", [:], 173_599_791, 23_508_032), ("dselect-k", [:], 148_384_803, 94_032_128),
    ] as [(String, [String: OptionValue], Int, Int)])
  func deepLab(architecture: String, options: [String: OptionValue], total: Int, shared: Int) throws {
    let network = try network("deeplabv3", [:], architecture, options)
    #expect(network.parameterCount == total)
    #expect(network.sharedParameters.elementCount == shared)
  }
}
